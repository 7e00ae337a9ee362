// SPDX-License-Identifier: Apache-2.0
// usage: node node_sdk.mjs SDK HOST:PORT COUNT IN_FLIGHT: publishes with the official SDK, whose
// folder is SDK, and prints the rate.

import { createRequire } from 'node:module';

const [folder, where, count, in_flight] = process.argv.slice(2);
const { MomentoLocalProvider, TopicClient, TopicConfigurations, TopicPublish } = createRequire(
  `${folder}/`,
)('@gomomento/sdk');

const [hostname, port] = where.split(':');
const client = new TopicClient({
  credentialProvider: new MomentoLocalProvider({ hostname, port: Number(port) }),
  configuration: TopicConfigurations.Default.latest().withClientTimeoutMillis(60_000),
});

const payload = 'x'.repeat(100);
async function publish(messages) {
  let left = messages;
  const lane = async () => {
    while (left-- > 0) {
      const response = await client.publish('default-cache', 'topic', payload);
      if (!(response instanceof TopicPublish.Success)) throw new Error(String(response));
    }
  };
  await Promise.all(Array.from({ length: Number(in_flight) }, lane));
}

const warm_up = Math.floor(Number(count) / 10);
await publish(warm_up);
const begin = performance.now();
await publish(Number(count));
console.log(JSON.stringify({ per_second: Number(count) / ((performance.now() - begin) / 1000) }));
process.exit(0);  // The SDK keeps its connections, and with them the process.
