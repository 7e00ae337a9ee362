// SPDX-License-Identifier: Apache-2.0
// The HTTP port next to the SDK: one publishes, the other receives; and how the SDK takes it when a
// test suite blocks the service.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TopicPublish } from '@gomomento/sdk';

import { expect_response, publish, subscribe, topic_client, values_of } from './sdk.mjs';
import { serve_topics, within_deadline } from './support.mjs';

const cache = 'default-cache';

function serve(t, ...flags) {
  return serve_topics(t, '--http', '127.0.0.1:0', ...flags);
}

async function request(service, path, options) {
  const response = fetch(service.http + path, options);
  return within_deadline(response, () => `an answer to ${path}`);
}

function topic_path(topic) {
  return `/topics/${cache}/${encodeURIComponent(topic)}`;
}

async function post(service, topic, body, type) {
  const headers = type ? { 'Content-Type': type } : {};
  const response = await request(service, topic_path(topic), { method: 'POST', headers, body });
  assert.equal(response.status, 204, await response.text());
}

// What a poll gives from a number on.
async function poll(service, topic, number = 0, page = 0) {
  const query = `?sequence_number=${number}&sequence_page=${page}`;
  const response = await request(service, topic_path(topic) + query);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text).items;
}

test('what is posted over HTTP reaches subscribers of the SDK', async (t) => {
  const service = await serve(t);
  const topic = 'a topic/with a slash, 世界';
  const subscription = await subscribe(t, topic_client(service), cache, topic);

  await post(service, topic, 'straße 🌍');
  await post(service, topic, 'typed', 'text/plain');
  await post(service, topic, Uint8Array.from([0, 128, 255]), 'application/octet-stream');
  await post(service, topic, new URLSearchParams({ a: '1' }));

  const expected = ['straße 🌍', 'typed', Uint8Array.from([0, 128, 255]), 'a=1'];
  assert.deepEqual(await values_of(subscription, 4), expected);
});

test('a poller follows what the SDK publishes without losing a message', async (t) => {
  const service = await serve(t);
  const client = topic_client(service);
  await publish(client, cache, 'topic', 'one');
  const [first, ...others] = await poll(service, 'topic', 1);
  assert.deepEqual(others, []);
  assert.deepEqual(first.item.value, { text: 'one' });
  const page = first.item.sequence_page;

  const next = poll(service, 'topic', first.item.topic_sequence_number + 1, page);
  await publish(client, cache, 'topic', new Uint8Array([255, 0]));
  const [second] = await next;
  assert.deepEqual(second, {
    item: { topic_sequence_number: 2, sequence_page: page, value: { binary: '/wA=' } },
  });

  const [gap] = await poll(service, 'topic', 9, page);
  assert.deepEqual(gap, {
    discontinuity: { last_topic_sequence: 9, new_topic_sequence: 2, new_sequence_page: page },
  });
});

test('errors over HTTP are JSON with a reason', async (t) => {
  const service = await serve(t);
  const response = await request(service, '/topics/nowhere/topic', { method: 'POST', body: 'x' });
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), {
    status: 'error',
    reason: 'cache "nowhere" does not exist',
  });
});

test('a blocked service is one lost connection to the SDK, which resumes afterwards', async (t) => {
  const service = await serve(t);
  const client = topic_client(service);
  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'before');
  await values_of(subscription, 1);

  assert.equal((await request(service, '//block')).status, 200);
  await subscription.lost.count(1, 'lost connections');
  const beats = subscription.heartbeats.entries.length;
  const refused = expect_response(
    await client.publish(cache, 'topic', 'lost'), TopicPublish.Error);
  assert.equal(refused.errorCode(), 'SERVER_UNAVAILABLE');
  assert.equal((await request(service, '/readyz')).status, 503);
  // The SDK tries again every half second: three refusals, as the service counts them.
  await refusals(service, 4);
  assert.equal(subscription.heartbeats.entries.length, beats);

  assert.equal((await request(service, '//unblock')).status, 200);
  await post(service, 'topic', 'after');
  assert.deepEqual(await values_of(subscription, 2), ['before', 'after']);
  await subscription.heartbeats.count(beats + 1, 'heartbeats');
  assert.equal(subscription.lost.entries.length, 1);
  assert.deepEqual(subscription.gaps.entries, []);
});

// Waits until so many subscriptions have ended as UNAVAILABLE.
async function refusals(service, number) {
  const pattern = /^topicloop_rpcs_total\{code="UNAVAILABLE",method="[^"]*\/Subscribe"\} (\d+)$/m;
  const counted = async () => {
    for (let seen = 0; seen < number;) {
      const metrics = await (await request(service, '/metrics')).text();
      seen = Number(pattern.exec(metrics)?.[1] ?? 0);
    }
  };
  await within_deadline(counted(), () => `${number} refused subscriptions`);
}
