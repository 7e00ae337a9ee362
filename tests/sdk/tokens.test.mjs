// SPDX-License-Identifier: Apache-2.0
// Keys and disposable tokens through the official SDK, on a service that requires them.

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  AllTopics,
  DisposableTokenScopes,
  GenerateDisposableToken,
  PutWebhook,
  TopicPublish,
  TopicRole,
  TopicSubscribe,
} from '@gomomento/sdk';

import {
  credential_of,
  disposable_token,
  guarded_service,
  plaintext_provider,
  request_token,
} from './guarded.mjs';
import { expect_error, expect_response, publish, subscribe, topic_client } from './sdk.mjs';
import { Arrivals, serve_topics } from './support.mjs';
import { webhook_endpoint } from './webhook_endpoint.mjs';

const cache = 'default-cache';

function client_with(service, credential) {
  return topic_client(service, { credential_provider: plaintext_provider(service, credential) });
}

async function token_client(service, scope, token_id) {
  const admin = plaintext_provider(service, service.credential);
  const token = await disposable_token(admin, scope, token_id);
  return client_with(service, token.authToken);
}

test('without a key everything is an authentication error', async (t) => {
  const service = await guarded_service(t);
  const client = topic_client(service);
  const webhook = { topicName: 'topic', destination: 'http://127.0.0.1:9/' };
  const code = 'AUTHENTICATION_ERROR';
  expect_error(await client.publish(cache, 'topic', 'text'), TopicPublish.Error, code);
  expect_error(await client.subscribe(cache, 'topic', {}), TopicSubscribe.Error, code);
  expect_error(await client.putWebhook(cache, 'name', webhook), PutWebhook.Error, code);
});

test('the credential that token create prints is one the SDK takes', async (t) => {
  const service = await guarded_service(t);
  const client = client_with(service, service.credential);
  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'text');
  const [item] = await subscription.items.count(1, 'items');
  assert.equal(item.value(), 'text');
  assert.ok(!item.tokenId(), 'a super user has no token id');
});

test('a disposable token tells subscribers and webhooks whose message it is', async (t) => {
  const service = await guarded_service(t);
  const admin = client_with(service, service.credential);
  const events = new Arrivals();
  const endpoint = await webhook_endpoint(t, (event) => events.add(event));
  const options = { topicName: 'topic', destination: endpoint.url };
  const webhook = await admin.putWebhook(cache, 'name', options);
  endpoint.secret = expect_response(webhook, PutWebhook.Success).secretString();
  const subscription = await subscribe(t, admin, cache, 'topic');

  const scope = DisposableTokenScopes.topicPublishOnly(cache, 'topic');
  const client = await token_client(service, scope, 'desk 7');
  await publish(client, cache, 'topic', 'text');

  const [item] = await subscription.items.count(1, 'items');
  assert.equal(item.tokenId(), 'desk 7');
  const [event] = await events.count(1, 'webhook events');
  assert.equal(event.token_id, 'desk 7');
});

test('without required keys a token still tells whose message it is', async (t) => {
  const service = await guarded_service(t);
  const open = await serve_topics(t, '--auth-secret', service.secret);
  const subscription = await subscribe(t, topic_client(open), cache, 'topic');
  const credential = await credential_of(t, service, '--role', 'read', '--token-id', 'desk 7');
  await publish(client_with(open, credential), cache, 'topic', 'text');
  const [item] = await subscription.items.count(1, 'items');
  assert.equal(item.tokenId(), 'desk 7');
});

test('a token permits what its scope says and nothing else', async (t) => {
  const service = await guarded_service(t);
  const code = 'PERMISSION_ERROR';
  const publisher = await token_client(
    service,
    DisposableTokenScopes.topicPublishOnly(cache, 'topic'),
  );
  await publish(publisher, cache, 'topic', 'text');
  expect_error(await publisher.publish(cache, 'other', 'text'), TopicPublish.Error, code);
  expect_error(await publisher.publish('elsewhere', 'topic', 'text'), TopicPublish.Error, code);
  expect_error(await publisher.subscribe(cache, 'topic', {}), TopicSubscribe.Error, code);
  const webhook = { topicName: 'topic', destination: 'http://127.0.0.1:9/' };
  expect_error(await publisher.putWebhook(cache, 'name', webhook), PutWebhook.Error, code);

  const reader = await token_client(
    service,
    DisposableTokenScopes.topicSubscribeOnly(cache, AllTopics),
  );
  const subscription = await subscribe(t, reader, cache, 'topic');
  await publish(publisher, cache, 'topic', 'again');
  await subscription.items.count(1, 'items');
  expect_error(await reader.publish(cache, 'topic', 'text'), TopicPublish.Error, code);

  const both = await token_client(service, {
    permissions: [
      { role: TopicRole.PublishSubscribe, cache, topic: 'one' },
      { role: TopicRole.PublishOnly, cache, topic: 'two' },
    ],
  });
  await subscribe(t, both, cache, 'one');
  await publish(both, cache, 'two', 'text');
  expect_error(await both.subscribe(cache, 'two', {}), TopicSubscribe.Error, code);
});

test('only a super user makes tokens', async (t) => {
  const service = await guarded_service(t);
  const scope = DisposableTokenScopes.topicPublishSubscribe(cache, 'topic');
  const limited = await credential_of(t, service, '--topics', '*');
  const refused = await request_token(plaintext_provider(service, limited), scope);
  expect_error(refused, GenerateDisposableToken.Error, 'PERMISSION_ERROR');
  const foreign = await guarded_service(t);
  const unknown = await request_token(plaintext_provider(service, foreign.credential), scope);
  expect_error(unknown, GenerateDisposableToken.Error, 'AUTHENTICATION_ERROR');
});

test('a subscription ends for good when its token expires', async (t) => {
  const service = await guarded_service(t);
  const credential = await credential_of(t, service, '--expires', '3s');
  const subscription = await subscribe(t, client_with(service, credential), cache, 'topic');
  const [error] = await subscription.errors.count(1, 'errors');
  assert.equal(error.errorCode(), 'AUTHENTICATION_ERROR');
  await subscription.ends.count(1, 'ends');
});
