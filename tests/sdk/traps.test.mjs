// SPDX-License-Identifier: Apache-2.0
// Where a service that looks right still breaks the SDKs: what they take for granted about a
// subscription's life, seen through the real one.

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteWebhook,
  GetWebhookSecret,
  ListWebhooks,
  PutWebhook,
  RotateWebhookSecret,
  TopicPublish,
  TopicSubscribe,
} from '@gomomento/sdk';

import { RawClient } from './raw_client.mjs';
import {
  delete_cache,
  expect_error,
  expect_response,
  publish,
  subscribe,
  topic_client,
  values_of,
} from './sdk.mjs';
import { serve_topics } from './support.mjs';

const cache = 'default-cache';

test('a subscription outlives the deadline of the SDK without losing a message', async (t) => {
  const service = await serve_topics(t);
  const publisher = topic_client(service);
  const subscriber = topic_client(service, { timeout_ms: 2_500 });
  const subscription = await subscribe(t, subscriber, cache, 'topic');
  await publish(publisher, cache, 'topic', 'before');
  await subscription.items.count(1, 'items');

  // The SDK then ends its stream and resumes half a second later: the time to publish.
  await subscription.lost.count(1, 'lost connections');
  for (const text of ['first', 'second', 'third']) await publish(publisher, cache, 'topic', text);

  assert.deepEqual(await values_of(subscription, 4), ['before', 'first', 'second', 'third']);
  const numbers = subscription.items.entries.map((item) => item.sequenceNumber());
  assert.deepEqual(numbers, [1, 2, 3, 4]);
  assert.deepEqual(subscription.gaps.entries, []);
  assert.deepEqual(subscription.errors.entries, []);
});

test('heartbeats keep coming', async (t) => {
  const service = await serve_topics(t);
  const subscription = await subscribe(t, topic_client(service), cache, 'topic');
  await subscription.heartbeats.count(3, 'heartbeats');
});

test('a subscription ends with NOT_FOUND when its cache is deleted', async (t) => {
  const service = await serve_topics(t, '--cache', 'doomed');
  const subscription = await subscribe(t, topic_client(service), 'doomed', 'topic');

  await delete_cache(t, service, 'doomed');

  const [error] = await subscription.errors.count(1, 'errors');
  assert.equal(error.errorCode(), 'NOT_FOUND_ERROR');
  await subscription.ends.count(1, 'ends');
});

test('an unknown cache is NOT_FOUND to subscribers and publishers', async (t) => {
  const client = topic_client(await serve_topics(t));
  const subscribed = await client.subscribe('nowhere', 'topic', {});
  const published = await client.publish('nowhere', 'topic', 'text');
  expect_error(subscribed, TopicSubscribe.Error, 'NOT_FOUND_ERROR');
  expect_error(published, TopicPublish.Error, 'NOT_FOUND_ERROR');
});

test('payloads arrive as they were sent', async (t) => {
  const client = topic_client(await serve_topics(t));
  const subscription = await subscribe(t, client, cache, 'topic');
  const every_byte = Uint8Array.from({ length: 256 }, (_, i) => i);
  const values = [
    'text',
    'straße, πλανήτης, 世界 🌍',
    ' \n\t\u0000 ',
    'ä'.repeat(2048),  // 4 KB, the hosted service's limit.
    every_byte,
    new Uint8Array(4096).fill(0xff),
  ];

  for (const value of values) await publish(client, cache, 'topic', value);

  assert.deepEqual(await values_of(subscription, values.length), values);
  assert.deepEqual(subscription.errors.entries, []);
});

test('empty text and empty binary arrive as items without bytes', async (t) => {
  const client = topic_client(await serve_topics(t));
  const subscription = await subscribe(t, client, cache, 'topic');

  await publish(client, cache, 'topic', '');
  await publish(client, cache, 'topic', new Uint8Array());

  // The SDK cannot tell them apart and gives empty bytes for both.
  const empty = new Uint8Array();
  assert.deepEqual(await values_of(subscription, 2), [empty, empty]);
  assert.deepEqual(subscription.errors.entries, []);
});

test('100 subscriptions share one connection of the SDK', async (t) => {
  const service = await serve_topics(t);
  const client = topic_client(service, { stream_connections: 1 });
  const subscribed = Array.from({ length: 100 }, () => subscribe(t, client, cache, 'topic'));
  const subscriptions = await Promise.all(subscribed);

  await publish(topic_client(service), cache, 'topic', 'to all');

  for (const subscription of subscriptions) {
    assert.deepEqual(await values_of(subscription, 1), ['to all']);
  }
  const one_more = await client.subscribe(cache, 'topic', {});
  expect_error(one_more, TopicSubscribe.Error, 'CLIENT_RESOURCE_EXHAUSTED');
});

test('subscribing again after unsubscribing begins with what is new', async (t) => {
  const client = topic_client(await serve_topics(t));
  const first = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'one');
  await values_of(first, 1);
  first.unsubscribe();
  await first.ends.count(1, 'ends');
  await publish(client, cache, 'topic', 'two');

  const second = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'three');

  assert.deepEqual(await values_of(second, 1), ['three']);
  assert.equal(second.items.entries[0].sequenceNumber(), 3);
  assert.deepEqual(await values_of(first, 1), ['one']);
  assert.deepEqual(second.gaps.entries, []);
});

test('webhooks are put, listed, given a new secret and deleted', async (t) => {
  const client = topic_client(await serve_topics(t));
  const put = async (destination) => {
    const response = await client.putWebhook(cache, 'hook', { topicName: 'topic', destination });
    return expect_response(response, PutWebhook.Success).secretString();
  };
  const listed = async () => {
    const response = await client.listWebhooks(cache);
    return expect_response(response, ListWebhooks.Success).getWebhooks();
  };
  const secret = async () => {
    const response = await client.getWebhookSecret(cache, 'hook');
    return expect_response(response, GetWebhookSecret.Success).secret();
  };

  const first = await put('http://127.0.0.1:9/a');
  const [webhook, ...others] = await listed();
  assert.deepEqual(others, []);
  assert.deepEqual(webhook.id, { cacheName: cache, webhookName: 'hook' });
  assert.equal(webhook.topicName, 'topic');
  assert.equal(webhook.destination.url(), 'http://127.0.0.1:9/a');
  assert.equal(await secret(), first);

  assert.equal(await put('http://127.0.0.1:9/b'), first, 'an update keeps the secret');
  assert.deepEqual((await listed()).map((w) => w.destination.url()), ['http://127.0.0.1:9/b']);

  const rotated = await client.rotateWebhookSecret(cache, 'hook');
  const second = expect_response(rotated, RotateWebhookSecret.Success).secret();
  assert.notEqual(second, first);
  assert.equal(await secret(), second);

  expect_response(await client.deleteWebhook(cache, 'hook'), DeleteWebhook.Success);
  assert.deepEqual(await listed(), []);
  const gone = await client.getWebhookSecret(cache, 'hook');
  expect_error(gone, GetWebhookSecret.Error, 'NOT_FOUND_ERROR');
});

test('the first message of a stream is a heartbeat and a replay follows at once', async (t) => {
  const service = await serve_topics(t);
  const client = await RawClient.connect(t, service);
  for (const text of ['one', 'two']) {
    assert.equal(await client.publish(cache, 'topic', text), 0);
  }

  // On connections of their own: nothing else must be needed to make the service write.
  const other = await RawClient.connect(t, service);
  const fresh = other.subscribe(cache, 'other topic');
  const [first] = await fresh.kinds.count(1, 'messages');
  assert.equal(first, 'heartbeat');

  const replaying = (await RawClient.connect(t, service)).subscribe(cache, 'topic', { from: 1 });
  const items = (kinds) => kinds.filter((kind) => kind === 'item').length;
  const kinds = await replaying.kinds.until((seen) => items(seen) >= 2, 'two items');
  assert.equal(kinds[0], 'heartbeat');
});

test('a grpc-timeout on a subscription is not enforced', async (t) => {
  const client = await RawClient.connect(t, await serve_topics(t));
  const stream = client.subscribe(cache, 'topic', { headers: { 'grpc-timeout': '200m' } });

  // The third one comes long after the 200 ms.
  const heartbeats = (kinds) => kinds.filter((kind) => kind === 'heartbeat').length;
  await stream.kinds.until((kinds) => heartbeats(kinds) >= 3, 'three heartbeats');
  assert.equal(await client.publish(cache, 'topic', 'late'), 0);
  await stream.kinds.until((kinds) => kinds.includes('item'), 'the item');
  assert.equal(stream.status, undefined);
});

test('100 pings in a row without a call are no reason for a GOAWAY', async (t) => {
  const client = await RawClient.connect(t, await serve_topics(t));
  await Promise.all(Array.from({ length: 100 }, () => client.ping()));
  assert.equal(await client.call_ping(), 0);
  assert.deepEqual(client.goaways.entries, []);
});

test('authorization may be empty, absent or anything', async (t) => {
  const client = await RawClient.connect(t, await serve_topics(t));
  for (const headers of [{ authorization: '' }, {}, { authorization: 'any key' }]) {
    assert.equal(await client.call_ping(headers), 0);
    assert.equal(await client.publish(cache, 'topic', 'text', headers), 0);
    const stream = client.subscribe(cache, 'topic', { from: 1, headers });
    await stream.kinds.until((kinds) => kinds.includes('item'), 'an item');
  }
});

test('shutting down ends open streams with UNAVAILABLE and no reset', async (t) => {
  const service = await serve_topics(t);
  const client = await RawClient.connect(t, service);
  const streams = Array.from({ length: 10 }, () => client.subscribe(cache, 'topic'));
  for (const stream of streams) await stream.kinds.count(1, 'messages');

  await service.stop();

  for (const stream of streams) {
    assert.equal(await stream.end(), 14);
    assert.equal(stream.reset_code, 0);
  }
});
