// SPDX-License-Identifier: Apache-2.0
// The SDK against a service with TLS, as against the hosted one: the credential alone says where
// cache, control and token service are.

import { authority, server_flags } from './certificates.mjs';

import assert from 'node:assert/strict';
import test from 'node:test';
import { CredentialProvider, DisposableTokenScopes, PutWebhook } from '@gomomento/sdk';

import { disposable_token, guarded_service } from './guarded.mjs';
import { expect_response, publish, subscribe, topic_client } from './sdk.mjs';
import { run } from './support.mjs';

const cache = 'default-cache';

function client_with(service, credential_provider) {
  return topic_client(service, { credential_provider });
}

test('a credential alone leads the SDK to the service, and its tokens lead back', async (t) => {
  const service = await guarded_service(t, ...server_flags);
  const admin = CredentialProvider.fromString(service.credential);
  const client = client_with(service, admin);
  const subscription = await subscribe(t, client, cache, 'topic');
  const webhook = { topicName: 'other', destination: 'http://127.0.0.1:9/' };
  expect_response(await client.putWebhook(cache, 'name', webhook), PutWebhook.Success);

  const scope = DisposableTokenScopes.topicPublishOnly(cache, 'topic');
  const token = await disposable_token(admin, scope, 'desk 7');
  assert.equal(token.endpoint, `localhost:${service.where.split(':')[1]}`);
  const publisher = client_with(service, CredentialProvider.fromString(token.authToken));
  await publish(publisher, cache, 'topic', 'text');

  const [item] = await subscription.items.count(1, 'items');
  assert.equal(item.value(), 'text');
  assert.equal(item.tokenId(), 'desk 7');
});

test('the SDK finds the service by endpoint overrides too', async (t) => {
  const service = await guarded_service(t, ...server_flags);
  const port = service.where.split(':')[1];
  const provider = CredentialProvider.fromString({
    apiKey: service.credential,
    endpointOverrides: { baseEndpoint: `localhost:${port}` },
  });
  const client = client_with(service, provider);
  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'text');
  await subscription.items.count(1, 'items');
});

test('a credential, and a token of the SDK, lead topicloop to the service too', async (t) => {
  const service = await guarded_service(t, ...server_flags);
  const admin = CredentialProvider.fromString(service.credential);
  const subscription = await subscribe(t, client_with(service, admin), cache, 'topic');
  const scope = DisposableTokenScopes.topicPublishOnly(cache, 'topic');
  const { authToken } = await disposable_token(admin, scope, 'desk 7');
  for (const MOMENTO_API_KEY of [service.credential, authToken]) {
    const args = ['publish', 'topic', 'text', '--cacert', authority];
    await run(t, args, { env: { MOMENTO_API_KEY } });
  }
  const [, item] = await subscription.items.count(2, 'items');
  assert.equal(item.tokenId(), 'desk 7');
});

test('topicloop and the SDK meet on a service with TLS', async (t) => {
  const service = await guarded_service(t, ...server_flags);
  const client = client_with(service, CredentialProvider.fromString(service.credential));
  const subscription = await subscribe(t, client, cache, 'topic');
  const port = service.where.split(':')[1];
  const connection = ['--local', `localhost:${port}`, '--cacert', authority];
  const env = { MOMENTO_API_KEY: service.credential };
  await run(t, ['publish', 'topic', 'text', ...connection], { env });
  const [item] = await subscription.items.count(1, 'items');
  assert.equal(item.value(), 'text');
});
