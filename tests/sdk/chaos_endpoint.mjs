// SPDX-License-Identifier: Apache-2.0
// usage: chaos_endpoint.mjs PORT SECRET SEED
//
// An endpoint made to be killed. It writes what it decides about a request to standard output,
// which a kill cannot take back, and answers only then: "delivered TEXT" and 200, or "refused TEXT"
// and 503, for one in a hundred requests by chance, and for every "poison" text. First of all it
// writes "listening PORT".

import { createHmac } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';

import { seeded_random } from './chaos.mjs';

const [port, secret, seed] = process.argv.slice(2);
const random = seeded_random(Number(seed));

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const signature = createHmac('sha3-256', secret).update(body).digest('hex');
  if (signature !== request.headers['momento-signature']) {
    response.writeHead(403).end();
    return;
  }
  const { text } = JSON.parse(body);
  const refused = text.endsWith(' poison') || random() < 0.01;
  writeSync(1, `${refused ? 'refused' : 'delivered'} ${text}\n`);
  response.writeHead(refused ? 503 : 200).end();
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1', () => {
  writeSync(1, `listening ${server.address().port}\n`);
});
