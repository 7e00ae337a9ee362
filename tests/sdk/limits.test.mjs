// SPDX-License-Identifier: Apache-2.0
// Limits as the SDK tells its users about them: the error code, and the sentence it makes of what
// the service says.

import assert from 'node:assert/strict';
import test from 'node:test';
import { CreateCache, PutWebhook, TopicPublish, TopicSubscribe } from '@gomomento/sdk';

import {
  cache_client,
  expect_response,
  publish,
  subscribe,
  topic_client,
  values_of,
} from './sdk.mjs';
import { serve_topics } from './support.mjs';

const cache = 'default-cache';

function expect_limit(response, wanted, sentence) {
  const error = expect_response(response, wanted);
  assert.equal(error.errorCode(), 'LIMIT_EXCEEDED_ERROR');
  assert.ok(error.toString().includes(sentence), `"${sentence}" is not in ${error}`);
}

test('a payload over 4 KB is over the request size limit', async (t) => {
  const service = await serve_topics(t, '--limits', 'momento');
  const client = topic_client(service);
  const subscription = await subscribe(t, client, cache, 'topic');
  const largest = 'x'.repeat(4096);

  const refused = await client.publish(cache, 'topic', `${largest}x`);
  expect_limit(refused, TopicPublish.Error, 'Request size limit exceeded for this account');
  await publish(client, cache, 'topic', largest);
  assert.deepEqual(await values_of(subscription, 1), [largest]);
});

test('too many publishes in a second are over the request rate limit', async (t) => {
  const client = topic_client(await serve_topics(t, '--limits', 'publish-rate=10'));
  const publishes = Array.from({ length: 100 }, () => client.publish(cache, 'topic', 'text'));
  const responses = await Promise.all(publishes);
  const refused = responses.filter((response) => response instanceof TopicPublish.Error);
  assert.ok(responses.length - refused.length >= 10, 'a second\'s worth passes at once');
  assert.ok(refused.length > 0, 'not all of them pass');
  for (const response of refused) {
    expect_limit(response, TopicPublish.Error, 'Request rate limit exceeded for this account');
  }
});

test('too many subscriptions are over the subscription limit until one ends', async (t) => {
  const service = await serve_topics(t, '--limits', 'subscriptions=2');
  const client = topic_client(service);
  const first = await subscribe(t, client, cache, 'topic');
  await subscribe(t, client, cache, 'topic');

  const refused = await client.subscribe(cache, 'topic', {});
  const sentence = 'Topic subscriptions limit exceeded for this account';
  expect_limit(refused, TopicSubscribe.Error, sentence);

  first.unsubscribe();
  let response;
  do {
    response = await client.subscribe(cache, 'topic', {});
    if (response instanceof TopicSubscribe.Error) {
      expect_limit(response, TopicSubscribe.Error, sentence);
    }
  } while (!(response instanceof TopicSubscribe.Subscription));
  response.unsubscribe();
});

test('too many caches and webhooks are over a limit, existing ones are not', async (t) => {
  const service = await serve_topics(t, '--limits', 'momento,webhooks=1');
  const caches = await cache_client(t, service);
  for (const name of ['b', 'c']) {
    expect_response(await caches.createCache(name), CreateCache.Success);
  }
  const sentence = 'Limit exceeded for this account';
  expect_limit(await caches.createCache('d'), CreateCache.Error, sentence);
  expect_response(await caches.createCache('b'), CreateCache.AlreadyExists);

  const client = topic_client(service);
  const webhook = { topicName: 'topic', destination: 'http://127.0.0.1:1/' };
  expect_response(await client.putWebhook(cache, 'one', webhook), PutWebhook.Success);
  expect_limit(await client.putWebhook(cache, 'two', webhook), PutWebhook.Error, sentence);
  expect_response(await client.putWebhook(cache, 'one', webhook), PutWebhook.Success);
  const nameless = await client.putWebhook('b', 'x'.repeat(129), webhook);
  const error = expect_response(nameless, PutWebhook.Error);
  assert.equal(error.errorCode(), 'INVALID_ARGUMENT_ERROR');
});

test('without limits 10 MiB is the most, and after more the client goes on', async (t) => {
  const client = topic_client(await serve_topics(t));
  const subscription = await subscribe(t, client, cache, 'topic');
  const largest = 'x'.repeat(10 * 1024 * 1024);

  const refused = await client.publish(cache, 'topic', `${largest}x`);
  expect_limit(refused, TopicPublish.Error, 'Request size limit exceeded for this account');
  // This much it does not even send.
  const unsent = await client.publish(cache, 'topic', `${largest}${largest}`);
  assert.equal(expect_response(unsent, TopicPublish.Error).errorCode(), 'LIMIT_EXCEEDED_ERROR');

  await publish(client, cache, 'topic', largest);
  const [value] = await values_of(subscription, 1);
  assert.equal(value.length, largest.length);
});
