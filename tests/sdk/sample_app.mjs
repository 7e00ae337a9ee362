// SPDX-License-Identifier: Apache-2.0
// usage: node sample_app.mjs PORT: the consumer of the pattern as its users write it. Each event that is
// signed with TOPICLOOP_WEBHOOK_SECRET is published to "topic 2" in upper case. SAMPLE_BUG makes it
// forget that there are more letters than those of English.

import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { MomentoLocalProvider, TopicClient, TopicConfigurations, TopicPublish } from '@gomomento/sdk';

const [hostname, port] = process.env.TOPICLOOP_LOCAL.split(':');
const topics = new TopicClient({
  configuration: TopicConfigurations.Default.latest(),
  credentialProvider: new MomentoLocalProvider({ hostname, port: Number(port) }),
});

function is_signed(body, signature = '') {
  const expected = createHmac('sha3-256', process.env.TOPICLOOP_WEBHOOK_SECRET).update(body).digest('hex');
  return signature.length === expected.length &&
    timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

const to_upper = process.env.SAMPLE_BUG
  ? (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())
  : (text) => text.toUpperCase();

async function answer(body, signature) {
  if (!is_signed(body, signature)) return 403;
  const { cache, text } = JSON.parse(body);
  const response = await topics.publish(cache, 'topic 2', to_upper(text));
  return response instanceof TopicPublish.Success ? 200 : 502;
}

http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    response.statusCode = await answer(Buffer.concat(parts), request.headers['momento-signature']);
    response.end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.error('listening'));
