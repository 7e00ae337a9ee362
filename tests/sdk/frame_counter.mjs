// SPDX-License-Identifier: Apache-2.0
// A relay to a service that counts the HTTP/2 frames its clients send: what a client does by itself
// and tells nobody, such as pinging.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { Arrivals } from './support.mjs';

const preface_size = 24;
const head_size = 9;

export const frame_types = { goaway: 7, ping: 6 };
const acknowledgement = 1;

// Adds the type of each whole frame in a stream of bytes to `types`; acknowledgements left out.
class FrameReader {
  #bytes = Buffer.alloc(0);

  constructor(types, skip) {
    this.types = types;
    this.skip = skip;
  }

  take(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.skip > this.#bytes.length) return;
    this.#bytes = this.#bytes.subarray(this.skip);
    this.skip = 0;
    while (this.#bytes.length >= head_size) {
      const size = head_size + this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < size) return;
      const [type, flags] = [this.#bytes[3], this.#bytes[4]];
      if (type !== frame_types.ping || (flags & acknowledgement) === 0) this.types.add(type);
      this.#bytes = this.#bytes.subarray(size);
    }
  }
}

// `where` to connect to instead of the service; the types of the frames that went either way, and
// the connections there were.
export async function count_frames(t, service) {
  const counter = { where: undefined, sent: new Arrivals(), received: new Arrivals() };
  counter.connections = new Arrivals();
  const [host, port] = service.where.split(':');
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    const outward = new FrameReader(counter.sent, preface_size);
    const inward = new FrameReader(counter.received, 0);
    counter.connections.add('connection');
    near.on('data', (bytes) => outward.take(bytes));
    far.on('data', (bytes) => inward.take(bytes));
    for (const [from, to] of [[near, far], [far, near]]) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      t.after(() => from.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  counter.where = `127.0.0.1:${server.address().port}`;
  return counter;
}
