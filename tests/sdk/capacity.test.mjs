// SPDX-License-Identifier: Apache-2.0
// As many subscriptions as the SDK's own tests open, and connections that do nothing but ping.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

import { count_frames, frame_types } from './frame_counter.mjs';
import { RawClient } from './raw_client.mjs';
import { publish, subscribe, topic_client, values_of } from './sdk.mjs';
import { serve_topics, within_deadline } from './support.mjs';

const cache = 'default-cache';
const connections = 20;
const per_connection = 100;  // The SDK opens no more on one.

async function subscribe_all(t, client) {
  const subscribing = [];
  for (let i = 0; i < connections * per_connection; ++i) {
    subscribing.push(subscribe(t, client, cache, 'topic'));
  }
  return Promise.all(subscribing);
}

// As the service itself counts them.
async function subscribers_of(service) {
  const [{ http }] = service.records('ready');
  const state = await (await fetch(`${http}/state`)).json();
  return state.caches[0].topics.reduce((sum, topic) => sum + topic.subscribers, 0);
}

test('2000 subscriptions on one topic all get a message, and so do the next 2000', async (t) => {
  const service = await serve_topics(t, '--http', '127.0.0.1:0');
  const options = { timeout_ms: 170_000, busy: true };
  const client = topic_client(service, { ...options, stream_connections: connections });
  const publisher = topic_client(service, options);

  const first = await subscribe_all(t, client);
  await publish(publisher, cache, 'topic', 'first');
  for (const one of first) assert.deepEqual(await values_of(one, 1), ['first']);

  assert.equal(await subscribers_of(service), 2000);

  const cancelled = performance.now();
  first.forEach((one) => one.unsubscribe());
  while ((await subscribers_of(service)) > 0);
  t.diagnostic(`2000 slots were free ${Math.round(performance.now() - cancelled)} ms after cancel`);
  for (const one of first) await one.ends.count(1, 'ends');
  const second = await subscribe_all(t, client);
  await publish(publisher, cache, 'topic', 'second');
  for (const one of second) assert.deepEqual(await values_of(one, 1), ['second']);
  for (const one of first) assert.deepEqual(one.items.entries.length, 1);
});

test('one connection carries 1000 streams, and new ones when old ones end', async (t) => {
  const service = await serve_topics(t);
  const client = await RawClient.connect(t, service);
  for (let round = 0; round < 3; ++round) {
    const streams = Array.from({ length: 1000 }, () => client.subscribe(cache, 'topic'));
    for (const stream of streams) await stream.kinds.count(1, 'messages');
    assert.equal(await client.publish(cache, 'topic', 'text'), 0);
    for (const stream of streams) {
      await stream.kinds.until((kinds) => kinds.includes('item'), 'the item');
      stream.cancel();
    }
  }
  assert.deepEqual(client.goaways.entries, []);
});

// The status of cache_client.Ping.
function call_ping(client) {
  const as_is = (bytes) => bytes;
  const called = new Promise((resolve) => {
    const done = (error) => resolve(error?.code ?? 0);
    const [path, nothing] = ['/cache_client.Ping/Ping', Buffer.alloc(0)];
    client.makeUnaryRequest(path, as_is, as_is, nothing, new Metadata(), {}, done);
  });
  return within_deadline(called, () => 'an answer to a Ping');
}

test('a client that pings without any call keeps its connection', async (t) => {
  const counter = await count_frames(t, await serve_topics(t));
  // As the SDK, only more often.
  const client = new Client(counter.where, credentials.createInsecure(), {
    'grpc.keepalive_time_ms': 100,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.keepalive_permit_without_calls': 1,
  });
  t.after(() => client.close());
  assert.equal(await call_ping(client), 0);

  const pings = (types) => types.filter((type) => type === frame_types.ping).length;
  await counter.sent.until((types) => pings(types) >= 10, 'ten pings');

  assert.equal(await call_ping(client), 0);
  assert.ok(!counter.received.entries.includes(frame_types.goaway));
  assert.equal(counter.connections.entries.length, 1);
});
