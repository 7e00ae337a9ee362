// SPDX-License-Identifier: Apache-2.0
// Waiting and processes, for every test here. Nothing sleeps: a test waits on a condition, and a
// deadline says what was missing. A process started here ends with its test, whatever happens.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

const binary = process.env.TOPICLOOP_BINARY;
assert.ok(binary, 'TOPICLOOP_BINARY names the program to test');

// What the developer has set for daily work must not reach a test.
for (const name of Object.keys(process.env)) {
  if (/^(MOMENTO|TOPICLOOP|GITHUB)_|_proxy$/i.test(name)) delete process.env[name];
}
process.env.MOMENTO_CONFIG_DIR = '/nonexistent/momento';

// Generous, for sanitizers on a busy machine; only a failing test ever waits this long.
const deadline_ms = 30_000;

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// The promise's value; fails at the deadline with what `describe` then returns.
export async function within_deadline(promise, describe, limit_ms = deadline_ms) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not in time: ${describe()}`)), limit_ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

// What has come in so far, in order.
export class Arrivals {
  entries = [];
  #waiting = new Set();

  add(entry) {
    this.entries.push(entry);
    this.recheck();
  }

  // For conditions that something else has to do with, too.
  recheck() {
    this.#waiting.forEach((check) => check());
  }

  // The entries, once `condition` holds for them.
  until(condition, what, limit_ms) {
    const holds = new Promise((resolve) => {
      const check = () => {
        if (!condition(this.entries)) return;
        this.#waiting.delete(check);
        resolve(this.entries);
      };
      this.#waiting.add(check);
      check();
    });
    const so_far = () => `${what}; so far ${JSON.stringify(this.entries.slice(-1_000))}`;
    return within_deadline(holds, so_far, limit_ms);
  }

  count(number, what) {
    return this.until((entries) => entries.length >= number, `${number} ${what}`);
  }
}

// A topicloop process. Its standard output arrives line by line in `lines`.
export class Topicloop {
  lines = new Arrivals();
  stdout = '';
  stderr = '';
  #unfinished_line = '';

  constructor(t, args, { env = {}, input = '' } = {}) {
    this.command = `topicloop ${args.join(' ')}`;
    this.child = spawn(binary, args, { env: { ...process.env, ...env } });
    running.add(this.child);
    this.child.stdin.on('error', () => {});  // It may end without reading its input.
    this.child.stdin.end(input);
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.child.stdout.setEncoding('utf8').on('data', (text) => this.#on_output(text));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        running.delete(this.child);
        resolve(code ?? signal);
      });
    });
    t.after(() => this.child.kill('SIGKILL'));
  }

  #on_output(text) {
    this.stdout += text;
    const lines = (this.#unfinished_line + text).split('\n');
    this.#unfinished_line = lines.pop();
    lines.forEach((line) => this.lines.add(line));
  }

  // The `where` of its ready record; it has to be started with -o json. Its HTTP port, if it has one,
  // is then in `http`.
  async ready() {
    const first = this.lines.count(1, `lines of ${this.command}`);
    const died = this.ended.then((code) => assert.fail(`ended with ${code}: ${this}`));
    const [line] = await Promise.race([first, died]);
    const record = JSON.parse(line);
    assert.equal(record.type, 'ready', line);
    this.http = record.http;
    return record.where;
  }

  records(type) {
    return this.lines.entries.map((line) => JSON.parse(line)).filter((r) => r.type === type);
  }

  async expect_exit(code, limit_ms) {
    const actual = await within_deadline(this.ended, () => `the end of ${this}`, limit_ms);
    assert.equal(actual, code, `exit code of ${this}`);
  }

  async stop(signal = 'SIGTERM', code = 143) {
    this.child.kill(signal);
    await this.expect_exit(code);
  }

  toString() {
    return `${this.command}\n${this.stdout}${this.stderr}`;
  }
}

// Runs a command that ends by itself, successfully; its standard output.
export async function run(t, args, options) {
  const command = new Topicloop(t, args, options);
  await command.expect_exit(0);
  return command.stdout;
}

// A service on a free port, with the given further flags; without HTTP unless they say so.
export function serve_topics(t, ...flags) {
  return serve_topics_at(t, '127.0.0.1:0', ...flags);
}

// The same where another one was before.
export async function serve_topics_at(t, where, ...flags) {
  const http = flags.includes('--http') ? [] : ['--http', 'none'];
  const args = ['serve-topics', '--listen', where, '-o', 'json', ...http, ...flags];
  const service = new Topicloop(t, args);
  service.where = await service.ready();
  return service;
}
