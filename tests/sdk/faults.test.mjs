// SPDX-License-Identifier: Apache-2.0
// Faults that the SDK's own test middleware asks a local service for, and those of the command
// line, seen through the real SDK.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import test from 'node:test';
import { MomentoErrorCode, PutWebhook, TopicPublish, TopicSubscribe } from '@gomomento/sdk';
import { expect_response, publish, subscribe, topic_client, values_of } from './sdk.mjs';
import { serve_topics } from './support.mjs';

// In the SDK, but not among what its index exports.
const config = (path) => createRequire(import.meta.url)(`@gomomento/sdk/dist/src/config/${path}`);
const { ExperimentalMomentoLocalTestConfigMiddleware } = config(
  'middleware/experimental-momento-local-test-config-middleware.js',
);
const { MomentoRPCMethod } = config('retry/momento-rpc-method.js');
const topic_publish = MomentoRPCMethod.TopicPublish;
const topic_subscribe = MomentoRPCMethod.TopicSubscribe;
const cache = 'default-cache';

// A client that asks for faults in each of its calls.
function faulty_client(service, faults, options = {}) {
  const metadata = { requestId: randomUUID(), ...faults };
  const middlewares = [new ExperimentalMomentoLocalTestConfigMiddleware(metadata)];
  return topic_client(service, { ...options, middlewares });
}

async function publish_error(client) {
  const response = await client.publish(cache, 'topic', 'text');
  return expect_response(response, TopicPublish.Error).errorCode();
}

test('publishes fail as often as asked, and each client is counted by itself', async (t) => {
  const service = await serve_topics(t);
  const faults = {
    returnError: MomentoErrorCode.SERVER_UNAVAILABLE,
    errorRpcs: [topic_publish],
    errorCount: 2,
  };
  for (let client_number = 0; client_number < 2; client_number++) {
    const client = faulty_client(service, faults);
    assert.equal(await publish_error(client), 'SERVER_UNAVAILABLE');
    assert.equal(await publish_error(client), 'SERVER_UNAVAILABLE');
    await publish(client, cache, 'topic', 'text');
  }
});

test('every error that the SDK can ask for comes back as itself', async (t) => {
  const service = await serve_topics(t);
  const codes = [
    'INVALID_ARGUMENT_ERROR',
    'UNKNOWN_SERVICE_ERROR',
    'ALREADY_EXISTS_ERROR',
    'NOT_FOUND_ERROR',
    'INTERNAL_SERVER_ERROR',
    'PERMISSION_ERROR',
    'AUTHENTICATION_ERROR',
    'CANCELLED_ERROR',
    'LIMIT_EXCEEDED_ERROR',
    'TIMEOUT_ERROR',
    'SERVER_UNAVAILABLE',
    'FAILED_PRECONDITION_ERROR',
  ];
  for (const code of codes) {
    const client = faulty_client(service, { returnError: code, errorRpcs: [topic_publish] });
    assert.equal(await publish_error(client), code);
  }
});

test('a publish delayed beyond the timeout of the SDK is never accepted', async (t) => {
  const service = await serve_topics(t);
  const subscription = await subscribe(t, topic_client(service), cache, 'topic');
  const faults = { delayRpcs: [topic_publish], delayMs: 3_000, delayCount: 1 };
  const client = faulty_client(service, faults, { timeout_ms: 1_500 });

  assert.equal(await publish_error(client), 'TIMEOUT_ERROR');
  await publish(client, cache, 'topic', 'not delayed');
  // Delayed just as long but begun later: what the first would have sent would be before it.
  const patient = faulty_client(service, { delayRpcs: [topic_publish], delayMs: 3_000 });
  await publish(patient, cache, 'topic', 'delayed');

  assert.deepEqual(await values_of(subscription, 2), ['not delayed', 'delayed']);
});

test('a subscription refused by a fault is an error, and the next one works', async (t) => {
  const service = await serve_topics(t);
  const client = faulty_client(service, {
    returnError: MomentoErrorCode.PERMISSION_ERROR,
    errorRpcs: [topic_subscribe],
    errorCount: 1,
  });
  const refused = await client.subscribe(cache, 'topic', {});
  assert.equal(expect_response(refused, TopicSubscribe.Error).errorCode(), 'PERMISSION_ERROR');
  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(topic_client(service), cache, 'topic', 'text');
  assert.deepEqual(await values_of(subscription, 1), ['text']);
});

test('a stream that fails after three messages is resumed, again and again', async (t) => {
  const service = await serve_topics(t);
  const client = faulty_client(service, {
    streamErrorRpcs: [topic_subscribe],
    streamError: MomentoErrorCode.SERVER_UNAVAILABLE,  // Which the SDK sends as it is.
    streamErrorMessageLimit: 3,
  });
  const subscription = await subscribe(t, client, cache, 'topic');
  const publisher = topic_client(service);
  // The heartbeat that every stream begins with leaves room for two items in each.
  const texts = ['1', '2', '3', '4', '5'];
  for (const text of texts) await publish(publisher, cache, 'topic', text);

  assert.deepEqual(await values_of(subscription, 5), texts);
  await subscription.lost.count(2, 'lost connections');
  assert.deepEqual(subscription.gaps.entries, []);
});

test('a permanent stream error ends the subscription', async (t) => {
  const service = await serve_topics(t);
  const client = faulty_client(service, {
    streamErrorRpcs: [topic_subscribe],
    streamError: 'not-found',
    streamErrorMessageLimit: 2,
  });
  const subscription = await subscribe(t, client, cache, 'topic');
  const [error] = await subscription.errors.count(1, 'errors');
  assert.equal(error.errorCode(), 'NOT_FOUND_ERROR');
  await subscription.ends.count(1, 'ends');
});

test('faults of the command line are for clients that ask for none', async (t) => {
  const service = await serve_topics(
    t,
    ...['--fault', 'topic-publish:error=unavailable,count=1'],
    ...['--fault', 'topic-subscribe:stream-error=unavailable,after=2'],
    ...['--fault', 'webhook:error=503,count=1'],
  );
  const client = topic_client(service);
  assert.equal(await publish_error(client), 'SERVER_UNAVAILABLE');
  const webhook = { topicName: 'topic', destination: 'http://127.0.0.1:1/' };
  expect_response(await client.putWebhook(cache, 'w', webhook), PutWebhook.Success);
  const subscription = await subscribe(t, client, cache, 'topic');
  for (const text of ['1', '2', '3']) await publish(client, cache, 'topic', text);

  assert.deepEqual(await values_of(subscription, 3), ['1', '2', '3']);
  await subscription.lost.count(1, 'lost connections');
  const deliveries = () => service.records('delivery');
  await service.lines.until(() => deliveries().length > 0, 'a delivery');
  assert.deepEqual(
    deliveries().filter((delivery) => delivery.status === 503).map((delivery) => delivery.error),
    ['injected, the endpoint was not called'],
  );
});
