// SPDX-License-Identifier: Apache-2.0
// `topicloop forward` in front of handlers that use the SDK: an HTTP server's, and a Lambda's.

import assert from 'node:assert/strict';
import test from 'node:test';

import { lambda_emulator } from './lambda_emulator.mjs';
import { make_handler } from './lambda_handler.mjs';
import { create_cache, publish, subscribe, topic_client, values_of } from './sdk.mjs';
import { run, serve_topics, Topicloop } from './support.mjs';
import { webhook_endpoint } from './webhook_endpoint.mjs';

const cache = 'forwarded';
const secret = 'a secret both sides know';

// A service with a subscription to topic 2, and a client of it.
async function set_up(t) {
  const service = await serve_topics(t);
  await create_cache(t, service, cache);
  const client = topic_client(service);
  const subscription = await subscribe(t, client, cache, 'topic 2');
  return { service, client, subscription };
}

// A forward of topic 1, ready.
async function forward(t, service, ...flags) {
  const process = new Topicloop(
    t,
    ['forward', 'topic 1', '--local', service.where, '--cache', cache, '-o', 'json', ...flags],
    { env: { TOPICLOOP_WEBHOOK_SECRET: secret } },
  );
  await process.ready();
  return process;
}

test('a message goes round through forward and an HTTP handler', async (t) => {
  const { service, client, subscription } = await set_up(t);
  const endpoint = await webhook_endpoint(t, async (event) => {
    await publish(client, cache, 'topic 2', event.text.toUpperCase());
  });
  endpoint.secret = secret;
  const forwarding = await forward(t, service, '--to', endpoint.url, '--ordered');

  const texts = ['straße', 'quote " \\ / \u0001', 'x'.repeat(4096)];
  for (const text of texts) await publish(client, cache, 'topic 1', text);

  const expected = texts.map((text) => text.toUpperCase());
  assert.deepEqual(await values_of(subscription, texts.length), expected);
  await forwarding.lines.until(
    () => forwarding.records('delivery').length === texts.length, 'the deliveries');
  await forwarding.stop();
  const [summary] = forwarding.records('summary');
  assert.deepEqual([summary.delivered, summary.failed, summary.open], [3, 0, 0]);
});

test('the whole pattern runs as processes around an SDK handler', async (t) => {
  const { service, client } = await set_up(t);
  const endpoint = await webhook_endpoint(t, async (event) => {
    await publish(client, cache, 'topic 2', event.text.toUpperCase());
  });
  endpoint.secret = secret;
  const forwarding = await forward(t, service, '--to', endpoint.url, '--ordered');
  const subscribing = new Topicloop(
    t,
    ['subscribe', 'topic 2', '--local', service.where, '--cache', cache, '-n', '3', '-o', 'json']);
  await subscribing.ready();

  await run(
    t, ['publish', 'topic 1', '--local', service.where, '--cache', cache],
    { input: 'straße\nπλανήτης\n世界 🌍\n' });

  await subscribing.expect_exit(0);
  const texts = subscribing.records('message').map((message) => message.text);
  assert.deepEqual(texts, ['STRASSE', 'ΠΛΑΝΉΤΗΣ', '世界 🌍']);
  await forwarding.stop();
});

test('the same Lambda handler runs behind a runtime emulator', async (t) => {
  const { service, client, subscription } = await set_up(t);
  const handler = make_handler({
    client, secret, topic: 'topic 2', process: (text) => text.toUpperCase(),
  });
  const emulator = await lambda_emulator(t, handler);
  const forwarding = await forward(t, service, '--lambda', emulator.url, '-n', '20');

  const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
  for (const text of texts) await publish(client, cache, 'topic 1', text);

  const expected = texts.map((text) => text.toUpperCase());
  assert.deepEqual(await values_of(subscription, texts.length), expected);
  await forwarding.expect_exit(0);
  assert.equal(emulator.refused, 0, 'one invocation at a time');
  const [event] = emulator.events;
  assert.equal(event.path, '/');
  assert.equal(event.isBase64Encoded, false);
  assert.equal(JSON.parse(event.body).text, 'message 0');
});

test('a Lambda that throws is invoked again', async (t) => {
  const { service, client, subscription } = await set_up(t);
  let invocations = 0;
  const emulator = await lambda_emulator(t, async (event) => {
    invocations += 1;
    if (invocations < 3) throw new TypeError('not yet');
    await publish(client, cache, 'topic 2', JSON.parse(event.body).text);
    return { statusCode: 204 };
  });
  const forwarding = await forward(t, service, '--lambda', emulator.url, '-n', '1');

  await publish(client, cache, 'topic 1', 'again');

  assert.deepEqual(await values_of(subscription, 1), ['again']);
  await forwarding.expect_exit(0);
  const deliveries = forwarding.records('delivery');
  assert.deepEqual(deliveries.map((delivery) => delivery.status), [502, 502, 204]);
  assert.equal(deliveries[0].error, 'the function failed: TypeError: not yet');
});

test('a Lambda that refuses the signature is not asked twice', async (t) => {
  const { service, client } = await set_up(t);
  const handler = make_handler({ client, secret: 'another', topic: 'topic 2', process: String });
  const emulator = await lambda_emulator(t, handler);
  const forwarding = await forward(t, service, '--lambda', emulator.url, '-n', '1');

  await publish(client, cache, 'topic 1', 'forged');

  await forwarding.expect_exit(1);
  assert.equal(emulator.events.length, 1);
  assert.equal(forwarding.records('delivery')[0].status, 403);
});
