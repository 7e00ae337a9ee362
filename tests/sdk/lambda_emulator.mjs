// SPDX-License-Identifier: Apache-2.0
// A stand-in for AWS's Lambda runtime interface emulator: its one route, an invocation at a time, a
// handler's answer or, if it throws, the error payload that the Node runtime makes of it.

import { once } from 'node:events';
import { createServer } from 'node:http';

const path = '/2015-03-31/functions/function/invocations';

// Listens on a free port; the URL is what `forward --lambda` is given. `events` are the handler's.
export async function lambda_emulator(t, handler) {
  const emulator = { events: [], refused: 0, url: undefined };
  let busy = false;

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method !== 'POST' || request.url !== path) {
      response.writeHead(404).end();
    } else if (busy) {
      emulator.refused += 1;
      response.writeHead(400).end();
    } else {
      busy = true;
      const answer = await invoke(JSON.parse(Buffer.concat(chunks)));
      busy = false;
      response.end(JSON.stringify(answer) ?? 'null');
    }
  });

  async function invoke(event) {
    emulator.events.push(event);
    try {
      return await handler(event, { awsRequestId: String(emulator.events.length) });
    } catch (error) {
      return { errorType: error.name, errorMessage: error.message, trace: [] };
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  emulator.url = `http://127.0.0.1:${server.address().port}`;
  return emulator;
}
