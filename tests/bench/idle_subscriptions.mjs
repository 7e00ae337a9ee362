// SPDX-License-Identifier: Apache-2.0
// usage: node idle_subscriptions.mjs BINARY [COUNT]: memory the service needs per idle subscription
//
// Opens COUNT subscriptions (10000) over 20 connections by hand, each on a topic of its own or all
// on one, waits for the first heartbeat of each and compares the service's resident memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { createInterface } from 'node:readline';

const [binary, count = '10000'] = process.argv.slice(2);
const connections = 20;
const warm_up = 200;  // What the first subscriptions cost once and for all is not theirs.

// A _SubscriptionRequest in its gRPC frame.
function request_for(topic) {
  const cache = 'default-cache';
  const field = (tag, text) => tag + String.fromCharCode(text.length) + text;
  const message = Buffer.from(field('\x0a', cache) + field('\x12', topic));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function subscribe(session, topic) {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/cache_client.pubsub.Pubsub/Subscribe',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.end(request_for(topic));
  await once(stream, 'data');
  stream.resume();
}

function resident_kib(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]);
}

async function measure(title, topic_of) {
  const args = ['serve-topics', '--listen', '127.0.0.1:0', '-o', 'json'];
  const service = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [ready] = await once(createInterface({ input: service.stdout }), 'line');
  const where = JSON.parse(ready).where;
  const sessions = Array.from({ length: connections }, () => connect(`http://${where}`));
  sessions.forEach((session) => session.on('error', () => {}));
  const open = async (number) => {
    const opening = [];
    for (let i = 0; i < number; ++i) {
      opening.push(subscribe(sessions[i % connections], topic_of(i)));
      if (opening.length === 1000) await Promise.all(opening.splice(0));
    }
    await Promise.all(opening);
  };

  await open(warm_up);
  const before = resident_kib(service.pid);
  await open(Number(count));
  const after = resident_kib(service.pid);
  console.log(
    `${title}: ${((after - before) / Number(count)).toFixed(2)} KiB each ` +
      `(${before} KiB before, ${after} KiB after ${count} more)`,
  );
  sessions.forEach((session) => session.destroy());
  service.kill('SIGTERM');
  await once(service, 'exit');
}

await measure('on one topic', () => 'topic');
await measure('on topics of their own', (i) => `topic ${i}`);
