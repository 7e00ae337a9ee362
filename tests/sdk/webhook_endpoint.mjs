// SPDX-License-Identifier: Apache-2.0
// An HTTP server for webhooks that verifies their signatures, as a user's own handler would.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

// Listens on a free port. `on_event` gets each verified event; the answer is 200 once it is
// through. Set `secret` before the first request.
export async function webhook_endpoint(t, on_event) {
  const endpoint = { secret: undefined, url: undefined };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    response.statusCode = await handle(body, request.headers['momento-signature']);
    response.end();
  });

  async function handle(body, signature) {
    const expected = createHmac('sha3-256', endpoint.secret).update(body).digest('hex');
    if (signature !== expected) return 403;
    try {
      await on_event(JSON.parse(body));
      return 200;
    } catch {
      return 500;
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  endpoint.url = `http://127.0.0.1:${server.address().port}/`;
  return endpoint;
}
