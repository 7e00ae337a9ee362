// SPDX-License-Identifier: Apache-2.0
// A service that requires keys, and keys for it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthClient,
  AuthClientConfigurations,
  CredentialProvider,
  ExpiresIn,
  GenerateDisposableToken,
} from '@gomomento/sdk';

import { expect_response } from './sdk.mjs';
import { run, serve_topics } from './support.mjs';

// Its `credential` is a super user's, made with the signing secret that the service has made.
export async function guarded_service(t, ...flags) {
  const directory = mkdtempSync(join(tmpdir(), 'topicloop-sdk-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const secret = join(directory, 'signing.secret');
  const service = await serve_topics(t, '--require-auth', '--auth-secret', secret, ...flags);
  service.secret = secret;
  service.credential = await credential_of(t, service, '--superuser');
  return service;
}

// What `topicloop token create` prints.
export async function credential_of(t, service, ...flags) {
  const port = service.where.split(':')[1];
  const endpoint = ['--endpoint', `localhost:${port}`];
  const args = ['token', 'create', '--auth-secret', service.secret, ...endpoint, ...flags];
  return (await run(t, args)).trimEnd();
}

// In plain text: where the credential itself leads, SDKs speak TLS only.
export function plaintext_provider(service, credential) {
  return CredentialProvider.fromString({
    apiKey: credential,
    endpointOverrides: {
      cacheEndpoint: service.where,
      controlEndpoint: service.where,
      tokenEndpoint: service.where,
      secureConnection: false,
    },
  });
}

// The response of a request for a token of ten minutes.
export function request_token(credential_provider, scope, token_id) {
  const client = new AuthClient({
    credentialProvider: credential_provider,
    configuration: AuthClientConfigurations.Default.latest(),
  });
  return client.generateDisposableToken(scope, ExpiresIn.minutes(10), { tokenId: token_id });
}

export async function disposable_token(credential_provider, scope, token_id) {
  const response = await request_token(credential_provider, scope, token_id);
  return expect_response(response, GenerateDisposableToken.Success);
}
