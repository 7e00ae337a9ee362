// SPDX-License-Identifier: Apache-2.0
// The pattern as its users write it, with the SDK in every role: create a cache and a webhook,
// subscribe to topic 2, publish each webhook's text in upper case there, publish on topic 1.

import assert from 'node:assert/strict';
import test from 'node:test';
import { PutWebhook } from '@gomomento/sdk';

import {
  create_cache,
  expect_response,
  publish,
  subscribe,
  topic_client,
  values_of,
} from './sdk.mjs';
import { serve_topics } from './support.mjs';
import { webhook_endpoint } from './webhook_endpoint.mjs';

const cache = 'pattern';

// The whole pattern around `service`; the events its handler was given are in `events`.
async function set_up(t, service) {
  await create_cache(t, service, cache);
  const client = topic_client(service);
  const events = [];
  const endpoint = await webhook_endpoint(t, async (event) => {
    events.push(event);
    await publish(client, cache, 'topic 2', event.text.toUpperCase());
  });
  const webhook = await client.putWebhook(cache, 'upper', {
    topicName: 'topic 1',
    destination: endpoint.url,
  });
  endpoint.secret = expect_response(webhook, PutWebhook.Success).secretString();
  const subscription = await subscribe(t, client, cache, 'topic 2');
  return { client, events, subscription };
}

test('a message goes round the pattern and comes back in upper case', async (t) => {
  const service = await serve_topics(t);
  const { client, events, subscription } = await set_up(t, service);

  await publish(client, cache, 'topic 1', 'hello, world');

  assert.deepEqual(await values_of(subscription, 1), ['HELLO, WORLD']);
  const [event] = events;
  assert.deepEqual(Object.keys(event), [
    'cache',
    'topic',
    'event_timestamp',
    'publish_timestamp',
    'topic_sequence_number',
    'token_id',
    'text',
  ]);
  assert.equal(event.cache, cache);
  assert.equal(event.topic, 'topic 1');
  assert.equal(event.topic_sequence_number, 1);
  assert.equal(event.token_id, '');
  assert.equal(event.text, 'hello, world');
  assert.ok(event.publish_timestamp >= event.event_timestamp);

  // The message is on topic 2 before the webhook's answer is with the service.
  await service.lines.until(() => service.records('delivery').length === 1, 'the delivery');
  await service.stop();
  const [summary] = service.records('summary');
  assert.deepEqual([summary.delivered, summary.failed, summary.never_sent], [1, 0, 0]);
});

test('text in any script goes round unharmed', async (t) => {
  const service = await serve_topics(t);
  const { client, subscription } = await set_up(t, service);
  const texts = [
    'straße',
    'πλανήτης',
    'привет',
    '世界 🌍',
    'quote " \\ / \u0001 \u007f',
    'x'.repeat(4096),
  ];

  for (const [index, text] of texts.entries()) {
    await publish(client, cache, 'topic 1', text);
    await subscription.items.count(index + 1, 'items');  // One at a time: webhooks may overtake.
  }

  const expected = texts.map((text) => text.toUpperCase());
  assert.deepEqual(await values_of(subscription, texts.length), expected);
});

test('a burst goes round complete and nothing comes twice', async (t) => {
  const service = await serve_topics(t);
  const { client, events, subscription } = await set_up(t, service);
  const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);

  await Promise.all(texts.map((text) => publish(client, cache, 'topic 1', text)));

  const values = await values_of(subscription, texts.length);
  assert.deepEqual(values.sort(), texts.map((text) => text.toUpperCase()).sort());
  const numbers = events.map((event) => event.topic_sequence_number).sort((a, b) => a - b);
  assert.deepEqual(numbers, texts.map((_, i) => i + 1));
});
