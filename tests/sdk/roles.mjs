// SPDX-License-Identifier: Apache-2.0
// The four roles of the pattern, each played by the SDK or by a topicloop command. A role is a
// function that takes the test and the service, and gives back what its player can then do.

import { PutWebhook } from '@gomomento/sdk';

import {
  create_cache,
  expect_response,
  publish,
  subscribe,
  topic_client,
  values_of,
} from './sdk.mjs';
import { run, Topicloop } from './support.mjs';
import { webhook_endpoint } from './webhook_endpoint.mjs';

export const cache = 'mirror';
const webhook = 'upper';

function start(t, service, ...args) {
  return new Topicloop(t, [...args, '--local', service.where, '--cache', cache, '-o', 'json']);
}

export const sdk = {
  // put(url): points the webhook on topic 1 there; its secret.
  async registrar(t, service) {
    const client = topic_client(service);
    return {
      async put(url) {
        const options = { topicName: 'topic 1', destination: url };
        const response = await client.putWebhook(cache, webhook, options);
        return expect_response(response, PutWebhook.Success).secretString();
      },
    };
  },

  // Publishes what it is sent, in upper case, on topic 2. The webhook must exist.
  async handler(t, service, secret) {
    const client = topic_client(service);
    const endpoint = await webhook_endpoint(t, (event) =>
      publish(client, cache, 'topic 2', event.text.toUpperCase()),
    );
    endpoint.secret = secret;
    return { url: endpoint.url, stop() {} };
  },

  // values(): the first `number` texts on topic 2.
  async subscriber(t, service, number) {
    const subscription = await subscribe(t, topic_client(service), cache, 'topic 2');
    return { values: () => values_of(subscription, number) };
  },

  async publisher(t, service) {
    const client = topic_client(service);
    return {
      async send(texts) {
        for (const text of texts) await publish(client, cache, 'topic 1', text);
      },
    };
  },
};

export const topicloop = {
  async registrar(t, service) {
    return {
      async put(url) {
        const args = ['webhook', 'put', webhook, '--topic', 'topic 1', '--url', url];
        const secret = await run(t, [...args, '--local', service.where, '--cache', cache]);
        return secret.trimEnd();
      },
    };
  },

  async handler(t, service) {
    const args = ['--webhook', webhook, '--transform', 'upper', '--publish-to', 'topic 2'];
    const command = start(t, service, 'serve-webhook', '--listen', '127.0.0.1:0', ...args);
    return { url: await command.ready(), stop: () => command.stop() };
  },

  async subscriber(t, service, number) {
    const command = start(t, service, 'subscribe', 'topic 2', '--count', String(number));
    await command.ready();
    return {
      async values() {
        await command.expect_exit(0);
        return command.records('message').map((message) => message.text);
      },
    };
  },

  async publisher(t, service) {
    return {
      async send(texts) {
        const input = texts.map((text) => `${text}\n`).join('');
        await run(t, ['publish', 'topic 1', '--local', service.where, '--cache', cache], { input });
      },
    };
  },
};

// Plays the pattern with the given roles; the texts that came back on topic 2.
export async function play(t, service, roles, texts) {
  await create_cache(t, service, cache);
  const registrar = await roles.registrar(t, service);
  // A handler listens on a free port and needs the secret to start, and a webhook keeps its secret
  // when it is pointed elsewhere: so it is put twice.
  const secret = await registrar.put('http://127.0.0.1:9/');
  const handler = await roles.handler(t, service, secret);
  await registrar.put(handler.url);
  const subscriber = await roles.subscriber(t, service, texts.length);
  const publisher = await roles.publisher(t, service);
  await publisher.send(texts);
  const values = await subscriber.values();
  await handler.stop();
  return values;
}
