// SPDX-License-Identifier: Apache-2.0
// forward, its endpoint and the service are killed over and over, at points that chance, seeded,
// chooses by what has arrived. Afterwards every message that the service had acknowledged has been
// delivered, is a dead letter, or was reported as forgotten by a service that was killed.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { seeded_random, start_endpoint } from './chaos.mjs';
import { Arrivals, serve_topics_at, Topicloop } from './support.mjs';

const seed = Number(process.env.CHAOS_SEED ?? 20_261_124);
const lives = 6;  // Of the service.
// Messages are offered to each life; each but the last ends after 80% of them or more.
const in_order = {
  flags: ['--ordered'], messages_a_life: 4_000, forward_kills: 12, endpoint_kills: 6,
};
// What overtakes others is delivered and not yet noted: as much as forward holds of a topic.
const window = 1_000;
const in_any_order = {
  flags: ['--concurrency', '16'], messages_a_life: 2_000, forward_kills: 6, endpoint_kills: 3,
};
const retries = 4;
const secret = 'chaos';
const patience_ms = 150_000;  // Only a failing test waits this long.
const topic = 'topic 1';

const random = seeded_random(seed);
const between = (least, most) => least + Math.floor(random() * (most - least + 1));

// A message's text says which life of the service it belongs to, and its sequence number there:
// publishing one at a time, into a topic of its own, makes them equal.
function text_of(life, number) {
  return `${life} ${number}${number % 1_500 === 700 ? ' poison' : ''}`;
}

function place_of(text) {
  const [life, number] = text.split(' ').map(Number);
  return { life, number };
}

class Chaos {
  delivered = new Arrivals();  // Texts, as the endpoint took them, repetitions included.
  gaps = [];  // As all forwards reported them.
  pages = [];  // By life.
  acknowledged = [];  // By life.
  killed = { forward: 0, endpoint: 0 };
  #settled = new Set();  // Of the last life, which no kill of the service excuses.

  constructor(t, mode) {
    this.t = t;
    Object.assign(this, mode);
    this.directory = mkdtempSync(join(tmpdir(), 'topicloop-chaos-'));
    t.after(() => rmSync(this.directory, { recursive: true }));
  }

  is_over() {
    return this.#settled.size === this.messages_a_life;
  }

  #settle(text) {
    if (place_of(text).life !== lives - 1) return;
    this.#settled.add(text);
    if (!this.is_over()) return;
    // Whoever waits for more of one kind learns that there is none to come.
    this.delivered.recheck();
    this.forward?.lines.recheck();
  }

  async #start_endpoint(port) {
    const on_line = (line) => {
      const [what, ...words] = line.split(' ');
      if (what !== 'delivered') return;
      this.#settle(words.join(' '));
      this.delivered.add(words.join(' '));
    };
    const options = { port, secret, seed: between(1, 1_000_000), on_line };
    this.endpoint = await start_endpoint(this.t, options);
  }

  // Kills the endpoint each time it has taken some more, and starts it again.
  async #torment_endpoint() {
    while (this.killed.endpoint < this.endpoint_kills) {
      const enough = this.delivered.entries.length + between(500, 2_500);
      await this.delivered.until(
        (all) => this.is_over() || all.length >= enough, `${enough} deliveries`, patience_ms);
      if (this.is_over()) return;
      this.killed.endpoint += 1;
      await this.endpoint.kill();
      await this.#start_endpoint(this.endpoint.port);
    }
  }

  #start_forward() {
    const file = (name) => join(this.directory, name);
    const forward = new Topicloop(
      this.t,
      ['forward', topic, '--to', `http://127.0.0.1:${this.endpoint.port}/`, ...this.flags,
        '--retry', `${retries}`, '--timeout', '60s', '--local', this.where,
        '--connect-timeout', '60s', '--from', 'beginning', '--resume-file', file('position'),
        '--dead-letter', file('dead.jsonl'), '-o', 'json'],
      { env: { TOPICLOOP_WEBHOOK_SECRET: secret } },
    );
    forward.read = 0;
    return forward;
  }

  // Takes up what forward has told since the last time.
  #read(forward) {
    for (const line of forward.lines.entries.slice(forward.read)) {
      forward.read += 1;
      const record = JSON.parse(line);
      if (record.type === 'gap') this.gaps.push(...record.missing);
      const is_given_up =
        record.type === 'delivery' && !record.delivered && record.retry_in_ms === undefined;
      if (is_given_up) this.dead_letters().forEach((letter) => this.#settle(letter.text));
    }
  }

  // Kills forward each time it has told some more, and starts it again; the last one sees the end.
  async #torment_forward() {
    while (true) {
      const forward = this.#start_forward();
      this.forward = forward;
      const is_last = this.killed.forward === this.forward_kills;
      const enough = is_last ? Infinity : between(1, 2_500);
      await forward.lines.until((lines) => {
        this.#read(forward);
        return this.is_over() || lines.length >= enough;
      }, `${enough} lines`, patience_ms);
      if (this.is_over()) {
        await forward.stop();
        return;
      }
      this.killed.forward += 1;
      forward.child.kill('SIGKILL');
      assert.equal(await forward.ended, 'SIGKILL', `${forward}`);
      this.#read(forward);
    }
  }

  async #start_service(life) {
    const where = this.where ?? '127.0.0.1:0';
    const flags = ['--retain', '100000', '--http', '127.0.0.1:0'];
    const service = await serve_topics_at(this.t, where, ...flags);
    this.where = service.where;
    const state = await (await fetch(`${service.http}/state`)).json();
    this.pages[life] = state.caches[0].sequence_page;
    return service;
  }

  async #wait_for_delivery_of(life, count) {
    let looked_at = 0;
    const seen = new Set();
    await this.delivered.until((all) => {
      for (; looked_at < all.length; looked_at += 1) {
        if (place_of(all[looked_at]).life === life) seen.add(all[looked_at]);
      }
      return seen.size >= count;
    }, `${count} deliveries of life ${life}`, patience_ms);
  }

  // Publishes the messages of one life; unless it is the last, the service does not survive it.
  async #publish(life, service) {
    const texts = Array.from({ length: this.messages_a_life }, (_, i) => text_of(life, i + 1));
    const publishing = new Topicloop(
      this.t, ['publish', topic, '--local', this.where, '-o', 'json'],
      { input: texts.map((text) => `${text}\n`).join('') });
    if (life === lives - 1) {
      await publishing.expect_exit(0, patience_ms);
    } else {
      const enough = between(this.messages_a_life * 0.8, this.messages_a_life - 1);
      await publishing.lines.until((lines) => lines.length >= enough, `${enough}`, patience_ms);
      // The rest is what this service will be known to have forgotten.
      await this.#wait_for_delivery_of(life, between(1, enough - 100));
      service.child.kill('SIGKILL');
      await service.ended;
      await publishing.ended;
    }
    this.acknowledged[life] = publishing.records('published').length;
  }

  async run() {
    let service = await this.#start_service(0);
    await this.#start_endpoint(0);
    const torments = Promise.all([this.#torment_endpoint(), this.#torment_forward()]);
    for (let life = 0; life < lives; ++life) {
      if (life > 0) service = await this.#start_service(life);
      await this.#publish(life, service);
    }
    await torments;
  }

  dead_letters() {
    const lines = readFileSync(join(this.directory, 'dead.jsonl'), 'utf8').split('\n');
    return lines
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];  // Torn by a kill, or the end.
        }
      })
      .filter((record) => record.type === 'request')
      .map((record) => ({ ...record, text: JSON.parse(record.body).text }));
  }
}

// Nothing is lost without a word, and no gap claims more than `unnoted` messages that arrived.
function check_losses(chaos, arrived, dead, unnoted) {
  let forgotten = 0;
  for (let life = 0; life < lives; ++life) {
    const acknowledged = chaos.acknowledged[life];
    const reported = chaos.gaps.filter((gap) => gap.sequence_page === chaos.pages[life]);
    for (let number = 1; number <= acknowledged; ++number) {
      const text = text_of(life, number);
      if (arrived.has(text) || dead.has(text)) continue;
      forgotten += 1;
      assert.ok(life < lives - 1, `message ${number} of the last life was lost`);
      assert.ok(
        reported.some(({ first, last }) => number >= first && number <= (last ?? Infinity)),
        `message ${number} of life ${life} is in no gap of ${JSON.stringify(reported)}`);
    }
    // And a gap begins where the loss does.
    for (const { first } of reported) {
      let needless = 0;
      for (let number = first; number <= acknowledged; ++number) {
        if (arrived.has(text_of(life, number))) needless += 1;
      }
      assert.ok(needless <= unnoted, `the gap from ${first} on of life ${life} claims too much`);
    }
  }
  return forgotten;
}

// What arrives for the first time comes after all that has arrived before.
function check_order(delivered) {
  const seen = new Set();
  let newest = { life: 0, number: 0 };
  for (const text of delivered) {
    if (seen.has(text)) continue;
    seen.add(text);
    const place = place_of(text);
    const later = place.life - newest.life || place.number - newest.number;
    assert.ok(later > 0, `"${text}" came after ${JSON.stringify(newest)}`);
    newest = place;
  }
}

// `unnoted`: how many messages can be delivered and not be noted as that when something is killed.
async function torment(t, mode, unnoted) {
  const chaos = new Chaos(t, mode);
  await chaos.run();

  const letters = chaos.dead_letters();
  const dead = new Set(letters.map((letter) => letter.text));
  const delivered = chaos.delivered.entries;
  const arrived = new Set(delivered);
  const total = chaos.acknowledged.reduce((sum, count) => sum + count, 0);
  const offered = lives * mode.messages_a_life;
  assert.ok(total >= 0.8 * offered, `${total} messages were acknowledged`);

  const forgotten = check_losses(chaos, arrived, dead, unnoted);
  const duplicates = delivered.length - arrived.size;
  const kills = chaos.killed.forward + chaos.killed.endpoint;
  assert.ok(duplicates <= kills * unnoted, `${duplicates} duplicates after ${kills} kills`);

  for (const letter of letters) assert.equal(letter.attempts, retries + 1, letter.text);
  for (let number = 700; number <= chaos.acknowledged[lives - 1]; number += 1_500) {
    assert.ok(dead.has(text_of(lives - 1, number)), `number ${number} is no dead letter`);
  }

  t.diagnostic(`seed ${seed}: ${total} acknowledged, ${arrived.size} delivered, ${duplicates} ` +
    `duplicates, ${dead.size} dead letters, ${forgotten} forgotten by ${lives - 1} killed ` +
    `services, ${chaos.killed.forward} forwards and ${chaos.killed.endpoint} endpoints killed`);
  return delivered;
}

test('in order nothing acknowledged is lost without a word whatever is killed', async (t) => {
  // One delivery is under way at a time.
  check_order(await torment(t, in_order, 1));
});

test('in any order nothing acknowledged is lost without a word whatever is killed', async (t) => {
  await torment(t, in_any_order, window);
});
