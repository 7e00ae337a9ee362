// SPDX-License-Identifier: Apache-2.0
// gRPC by hand over node:http2, for what the SDK hides: the order of messages on a stream, the
// headers sent, the trailers and resets that come back.

import { once } from 'node:events';
import { connect, constants } from 'node:http2';

import { Arrivals, within_deadline } from './support.mjs';

const pubsub = '/cache_client.pubsub.Pubsub';

function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) + 128);
  return Buffer.from([...bytes, number]);
}

// A protobuf field: a number as varint, all else as length and bytes.
function field(tag, value) {
  if (typeof value === 'number') return Buffer.concat([varint(tag * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(tag * 8 + 2), varint(bytes.length), bytes]);
}

function framed(message) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

// The kind of a _SubscriptionItem shows in its first byte: field 1, 2 or 3, with a length.
const kinds = { 0x0a: 'item', 0x12: 'discontinuity', 0x1a: 'heartbeat' };

class Call {
  kinds = new Arrivals();
  status = undefined;  // A number, once the trailers are there.
  #received = Buffer.alloc(0);

  constructor(stream, message) {
    this.stream = stream;
    this.closed = new Promise((resolve) => stream.on('close', resolve));
    const take_status = (headers) => {
      if ('grpc-status' in headers) this.status = Number(headers['grpc-status']);
    };
    stream.on('response', take_status);  // Without a message there are no trailers of their own.
    stream.on('trailers', take_status);
    stream.on('error', () => {});  // Shows in reset_code.
    stream.on('data', (bytes) => this.#on_data(bytes));
    stream.end(framed(message));
  }

  #on_data(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 5) {
      const size = 5 + this.#received.readUInt32BE(1);
      if (this.#received.length < size) return;
      this.kinds.add(kinds[this.#received[5]] ?? 'unknown');
      this.#received = this.#received.subarray(size);
    }
  }

  // The gRPC status the call ended with; undefined if it was cut off.
  async end() {
    await within_deadline(this.closed, () => 'the end of a call');
    return this.status;
  }

  // As clients do it who want no more: the stream is reset.
  cancel() {
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  // 0: the stream was not reset.
  get reset_code() {
    return this.stream.rstCode;
  }
}

// One connection, quiet but for what a test does on it.
export class RawClient {
  goaways = new Arrivals();

  static async connect(t, service) {
    const client = new RawClient(service);
    t.after(() => client.session.destroy());
    const connected = once(client.session, 'connect');
    await within_deadline(connected, () => `a connection to ${service}`);
    return client;
  }

  constructor(service) {
    this.session = connect(`http://${service.where}`, { maxOutstandingPings: 1000 });
    this.session.on('goaway', (code) => this.goaways.add(code));
    this.session.on('error', () => {});  // Shows in the calls.
  }

  #call(path, message, headers) {
    const stream = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    return new Call(stream, message);
  }

  // The HTTP/2 ping, acknowledged.
  ping() {
    const acknowledged = new Promise((resolve, reject) => {
      this.session.ping((error) => (error ? reject(error) : resolve()));
    });
    return within_deadline(acknowledged, () => 'an answer to a ping');
  }

  // The status of cache_client.Ping.
  call_ping(headers = {}) {
    return this.#call('/cache_client.Ping/Ping', Buffer.alloc(0), headers).end();
  }

  subscribe(cache, topic, { from = 0, headers = {} } = {}) {
    const message = Buffer.concat([field(1, cache), field(2, topic), field(3, from)]);
    return this.#call(`${pubsub}/Subscribe`, message, headers);
  }

  // The status of a publish.
  publish(cache, topic, text, headers = {}) {
    const value = field(1, text);
    const message = Buffer.concat([field(1, cache), field(2, topic), field(3, value)]);
    return this.#call(`${pubsub}/Publish`, message, headers).end();
  }
}
