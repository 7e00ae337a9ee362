// SPDX-License-Identifier: Apache-2.0
// `topicloop exec` as a test runner would use it: a program with the SDK finds the service by its
// environment, and captured events are replayed against it, once as it should be and once with a bug.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { Topicloop, within_deadline } from './support.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, 'sample_app.mjs');

// Free a moment ago.
async function free_port() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function temporary_directory(t) {
  const directory = mkdtempSync(join(tmpdir(), 'topicloop-exec-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

// Runs a shell script with a service whose webhook of topic 1 is at `port`.
async function exec_script(t, port, script, env = {}) {
  const webhook = `topic 1=http://127.0.0.1:${port}/`;
  const command = new Topicloop(t, ['exec', '--webhook', webhook, '--', 'sh', '-euc', script], { env });
  // More than other commands need: there are several programs in it.
  command.code = await within_deadline(command.ended, () => `the end of ${command}`, 90_000);
  return command;
}

// In the background until the script ends; ready once its standard error says so.
const in_background = (command, log, ready) => `
  rm -f ${log}  # What another run said there is no sign of this one.
  ${command} 2>${log} & children="\${children:-} $!"; trap 'kill $children' EXIT
  until grep -qs '${ready}' ${log}; do sleep 0.05; done`;

// Three events and what comes of them, with our own consumer in place of the app.
async function record(t, directory) {
  const port = await free_port();
  const events = join(directory, 'events.jsonl');
  const expected = join(directory, 'expected.jsonl');
  const log = join(directory, 'log');
  const recording = await exec_script(t, port, `
    ${in_background(`topicloop serve-webhook --listen 127.0.0.1:${port} --capture ${events} \
      --transform upper --publish-to 'topic 2'`, `${log}.1`, 'receiving')}
    number=0
    for text in hello straße bye; do
      topicloop publish 'topic 1' $text
      number=$((number + 1))
      until [ "$(grep -c '"type":"request"' ${events})" = $number ]; do sleep 0.05; done
    done
    topicloop subscribe 'topic 2' --from beginning -n 3 -o json >${expected}`);
  assert.equal(recording.code, 0, `${recording}`);
  return { events, expected };
}

async function replay(t, directory, { events, expected }, env) {
  const port = await free_port();
  return exec_script(t, port, `
    ${in_background(`node ${app} ${port}`, join(directory, 'app.log'), 'listening')}
    topicloop replay ${events} --to http://127.0.0.1:${port}/ --resign \
      --expect-topic 'topic 2' --expect-file ${expected} \
      --report junit:${directory}/report.xml --report json:${directory}/report.json`, env);
}

test('captured events find a bug, and none where there is none', async (t) => {
  const directory = temporary_directory(t);
  const captured = await record(t, directory);

  const good = await replay(t, directory, captured, {});
  assert.equal(good.code, 0, `${good}`);
  assert.doesNotMatch(readFileSync(join(directory, 'report.xml'), 'utf8'), /<(failure|error)/);

  const bad = await replay(t, directory, captured, { SAMPLE_BUG: '1' });
  assert.equal(bad.code, 1, `${bad}`);
  const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'));
  const failed = report.cases.filter((one) => one.outcome === 'failed');
  assert.equal(failed.length, 1, JSON.stringify(report));
  // It names the line, what was expected there and what came.
  const lines = readFileSync(captured.expected, 'utf8').split('\n');
  assert.match(lines[failed[0].line - 1], /STRASSE/);
  assert.match(failed[0].detail, /^- .*STRASSE/m);
  assert.match(failed[0].detail, /^\+ .*STRAßE/m);
  assert.match(readFileSync(join(directory, 'report.xml'), 'utf8'), /<failure [^]*STRAßE/);
});

test('a program with the SDK goes round the pattern by its environment alone', async (t) => {
  const directory = temporary_directory(t);
  const port = await free_port();
  const round = await exec_script(t, port, `
    ${in_background(`node ${app} ${port}`, join(directory, 'app.log'), 'listening')}
    topicloop publish 'topic 1' straße
    topicloop subscribe 'topic 2' --from beginning -n 1 --timeout 20s`);
  assert.equal(round.code, 0, `${round}`);
  assert.equal(round.stdout, 'STRASSE\n');
});
