// SPDX-License-Identifier: Apache-2.0
// The pattern again with topicloop's commands: each in one role while the SDK plays the other
// three, then all of them, then the tour of the README as a user types it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { cache, play, sdk, topicloop } from './roles.mjs';
import { subscribe, topic_client, values_of } from './sdk.mjs';
import { run, serve_topics, Topicloop, within_deadline } from './support.mjs';

const texts = ['hello, world', 'straße', 'πλανήτης'];
const expected = texts.map((text) => text.toUpperCase());

const titles = {
  registrar: 'topicloop webhook put registers a webhook for the SDK',
  handler: 'topicloop serve-webhook processes webhooks for the SDK',
  subscriber: 'topicloop subscribe follows what the SDK publishes',
  publisher: 'topicloop publish sends what the SDK receives',
};

// --webhook-concurrency 1 keeps the messages in order.
for (const [role, title] of Object.entries(titles)) {
  test(title, async (t) => {
    const service = await serve_topics(t, '--webhook-concurrency', '1');
    const roles = { ...sdk, [role]: topicloop[role] };
    assert.deepEqual(await play(t, service, roles, texts), expected);
    await service.stop();
  });
}

test('topicloop plays all four roles', async (t) => {
  const service = await serve_topics(t, '--webhook-concurrency', '1');
  assert.deepEqual(await play(t, service, topicloop, texts), expected);
  await service.stop();
});

test('topicloop loop goes round a running service with the SDK listening', async (t) => {
  const service = await serve_topics(t, '--cache', cache);
  const client = topic_client(service);
  const inbound = await subscribe(t, client, cache, 'topic 1');
  const outbound = await subscribe(t, client, cache, 'topic 2');

  await run(t, ['loop', '--local', service.where, '--cache', cache, '--message', 'straße']);

  assert.deepEqual(await values_of(inbound, 1), ['straße']);
  assert.deepEqual(await values_of(outbound, 1), ['STRASSE']);
});

// What `args` writes to its ready file, and its process.
async function start_with_ready_file(t, directory, args, options) {
  const file = join(directory, `${args[0]}.ready`);
  const command = new Topicloop(t, [...args, '--ready-file', file], options);
  const written = () => {
    try {
      return readFileSync(file, 'utf8').endsWith('\n');
    } catch {
      return false;
    }
  };
  let watcher;
  const ready = new Promise((resolve) => {
    watcher = watch(directory, () => written() && resolve());
    if (written()) resolve();
  });
  try {
    await within_deadline(ready, () => `the ready file of ${command}`);
  } finally {
    watcher.close();
  }
  return { command, where: readFileSync(file, 'utf8').trimEnd() };
}

test('the tour: serve, process, subscribe and publish in four terminals', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'topicloop-sdk-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const start = (args, options) => start_with_ready_file(t, directory, args, options);
  const anywhere = ['--listen', '127.0.0.1:0'];
  const processing = ['--register', 'topic 1', '--transform', 'upper', '--publish-to', 'topic 2'];

  const service = await start(['serve-topics', ...anywhere]);
  const options = { env: { TOPICLOOP_LOCAL: service.where } };
  const handler = await start(['serve-webhook', ...anywhere, ...processing], options);
  const subscriber = await start(['subscribe', 'topic 2'], options);

  const webhooks = await run(t, ['webhook', 'list'], options);
  assert.equal(webhooks, `topicloop-topic-1\ttopic 1\t${handler.where}\n`);
  assert.equal(await run(t, ['publish', 'topic 1', 'straße'], options), '');
  assert.deepEqual(await subscriber.command.lines.count(1, 'lines'), ['STRASSE']);
  // A request and its answer are two lines, with the handler and with the service.
  await handler.command.lines.count(2, 'lines of the handler');
  await service.command.lines.count(2, 'lines of the service');

  await subscriber.command.stop('SIGINT', 130);
  await handler.command.stop('SIGINT', 130);
  assert.match(handler.command.stderr, /1 accepted, 0 refused/);
  assert.equal(await run(t, ['webhook', 'list'], options), '', 'it takes its webhook away again');
  await service.command.stop();
  assert.match(service.command.stderr, /1 delivered, 0 failed, 0 never sent/);
});
