// SPDX-License-Identifier: Apache-2.0
// Every topic, webhook and cache call of the SDK that the pattern and the traps leave out, with the
// answers its users program against: what callbacks are given, which errors have which code.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import {
  CacheFlush,
  CreateCache,
  DeleteCache,
  DeleteWebhook,
  GetWebhookSecret,
  ListCaches,
  ListWebhooks,
  PutWebhook,
  RotateWebhookSecret,
  TopicDiscontinuity,
  TopicHeartbeat,
  TopicItem,
  TopicPublish,
  TopicSubscribe,
} from '@gomomento/sdk';

import {
  cache_client,
  expect_error,
  expect_response,
  publish,
  subscribe,
  topic_client,
  values_of,
} from './sdk.mjs';
import { serve_topics, serve_topics_at } from './support.mjs';

const cache = 'default-cache';

function state_directory(t) {
  const parent = mkdtempSync(join(tmpdir(), 'topicloop-sdk-'));
  t.after(() => rmSync(parent, { recursive: true }));
  return join(parent, 'state');
}

test('callbacks are given items and heartbeats of the SDK own classes', async (t) => {
  const client = topic_client(await serve_topics(t));
  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'text');
  await publish(client, cache, 'topic', Uint8Array.of(0, 255));

  const [text, binary] = await subscription.items.count(2, 'items');
  assert.ok(text instanceof TopicItem);
  assert.deepEqual([text.valueString(), text.sequenceNumber(), text.tokenId()], ['text', 1, '']);
  assert.deepEqual(binary.valueUint8Array(), Uint8Array.of(0, 255));
  assert.equal(binary.sequenceNumber(), 2);
  const [heartbeat] = await subscription.heartbeats.count(1, 'heartbeats');
  assert.ok(heartbeat instanceof TopicHeartbeat);
});

test('topics and caches do not mix and every subscriber of one gets all of it', async (t) => {
  const client = topic_client(await serve_topics(t, '--cache', 'one', '--cache', 'two'));
  const first = await subscribe(t, client, 'one', 'topic');
  const second = await subscribe(t, client, 'one', 'topic');
  const other_topic = await subscribe(t, client, 'one', 'other topic');
  const other_cache = await subscribe(t, client, 'two', 'topic');

  await publish(client, 'one', 'topic', 'a');
  await publish(client, 'two', 'topic', 'b');
  await publish(client, 'one', 'other topic', 'c');

  assert.deepEqual(await values_of(first, 1), ['a']);
  assert.deepEqual(await values_of(second, 1), ['a']);
  assert.deepEqual(await values_of(other_topic, 1), ['c']);
  assert.deepEqual(await values_of(other_cache, 1), ['b']);
  assert.equal(other_cache.items.entries[0].sequenceNumber(), 1);
});

test('an unsubscribed subscription hears nothing more and others go on', async (t) => {
  const client = topic_client(await serve_topics(t));
  const leaving = await subscribe(t, client, cache, 'topic');
  const staying = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'one');
  await values_of(leaving, 1);

  leaving.unsubscribe();
  await leaving.ends.count(1, 'ends');
  await publish(client, cache, 'topic', 'two');

  assert.deepEqual(await values_of(staying, 2), ['one', 'two']);
  assert.deepEqual(await values_of(leaving, 1), ['one']);
  assert.deepEqual(leaving.errors.entries, []);
});

test('empty names are refused by the SDK itself', async (t) => {
  const client = topic_client(await serve_topics(t));
  const code = 'INVALID_ARGUMENT_ERROR';
  expect_error(await client.publish('', 'topic', 'x'), TopicPublish.Error, code);
  expect_error(await client.publish(cache, ' ', 'x'), TopicPublish.Error, code);
  expect_error(await client.subscribe('', 'topic', {}), TopicSubscribe.Error, code);
  expect_error(await client.subscribe(cache, '', {}), TopicSubscribe.Error, code);
  const nowhere = { topicName: 'topic', destination: 'http://127.0.0.1:9/' };
  expect_error(await client.putWebhook(cache, '', nowhere), PutWebhook.Error, code);
});

test('webhooks that cannot be are refused and say why', async (t) => {
  const client = topic_client(await serve_topics(t));
  const put = (name, destination, topicName = 'topic', where = cache) =>
    client.putWebhook(where, name, { topicName, destination });
  const url = 'http://127.0.0.1:9/';

  const no_url = expect_response(await put('hook', 'someurl.com'), PutWebhook.Error);
  assert.equal(no_url.errorCode(), 'INVALID_ARGUMENT_ERROR');
  assert.match(no_url.message(), /someurl\.com/);
  expect_error(await put('hook', 'ftp://host/'), PutWebhook.Error, 'INVALID_ARGUMENT_ERROR');
  expect_error(await put('hook', url, 'topic', 'nowhere'), PutWebhook.Error, 'NOT_FOUND_ERROR');

  const listed = expect_response(await client.listWebhooks(cache), ListWebhooks.Success);
  assert.deepEqual(listed.getWebhooks(), []);
});

test('what asks for a webhook or a cache that does not exist is told NOT_FOUND', async (t) => {
  const client = topic_client(await serve_topics(t));
  const code = 'NOT_FOUND_ERROR';
  expect_error(await client.listWebhooks('nowhere'), ListWebhooks.Error, code);
  for (const where of [cache, 'nowhere']) {
    expect_error(await client.deleteWebhook(where, 'hook'), DeleteWebhook.Error, code);
    expect_error(await client.getWebhookSecret(where, 'hook'), GetWebhookSecret.Error, code);
    expect_error(await client.rotateWebhookSecret(where, 'hook'), RotateWebhookSecret.Error, code);
  }
});

test('webhooks are listed each for its own cache, and so are their secrets', async (t) => {
  const client = topic_client(await serve_topics(t, '--cache', 'one', '--cache', 'two'));
  for (const [where, name] of [['one', 'b'], ['one', 'a'], ['two', 'a']]) {
    const target = { topicName: `topic ${name}`, destination: `http://127.0.0.1:9/${where}` };
    expect_response(await client.putWebhook(where, name, target), PutWebhook.Success);
  }
  const names = async (where) => {
    const listed = expect_response(await client.listWebhooks(where), ListWebhooks.Success);
    return listed.getWebhooks().map((webhook) => webhook.id.webhookName).sort();
  };
  assert.deepEqual(await names('one'), ['a', 'b']);
  assert.deepEqual(await names('two'), ['a']);

  const secret_of = async (where) =>
    expect_response(await client.getWebhookSecret(where, 'a'), GetWebhookSecret.Success);
  const secret = await secret_of('one');
  assert.deepEqual([secret.cacheName(), secret.webhookName()], ['one', 'a']);
  assert.notEqual(secret.secret(), (await secret_of('two')).secret());
});

test('caches are created, listed, flushed and deleted', async (t) => {
  const client = await cache_client(t, await serve_topics(t));
  const names = async () => {
    const listed = expect_response(await client.listCaches(), ListCaches.Success);
    return listed.getCaches().map((info) => info.getName());
  };
  assert.deepEqual(await names(), [cache]);

  expect_response(await client.createCache('größe'), CreateCache.Success);
  expect_response(await client.createCache('größe'), CreateCache.AlreadyExists);
  assert.deepEqual(await names(), [cache, 'größe']);
  expect_response(await client.flushCache('größe'), CacheFlush.Success);
  expect_error(await client.flushCache('nowhere'), CacheFlush.Error, 'NOT_FOUND_ERROR');

  expect_response(await client.deleteCache('größe'), DeleteCache.Success);
  expect_error(await client.deleteCache('größe'), DeleteCache.Error, 'NOT_FOUND_ERROR');
  assert.deepEqual(await names(), [cache]);
  expect_error(await client.createCache(' '), CreateCache.Error, 'INVALID_ARGUMENT_ERROR');
});

test('flushing a cache keeps its subscriptions', async (t) => {
  const service = await serve_topics(t);
  const client = topic_client(service);
  const subscription = await subscribe(t, client, cache, 'topic');
  expect_response(await (await cache_client(t, service)).flushCache(cache), CacheFlush.Success);
  await publish(client, cache, 'topic', 'after');
  assert.deepEqual(await values_of(subscription, 1), ['after']);
});

test('a cache made again after its deletion starts over', async (t) => {
  const service = await serve_topics(t);
  const client = topic_client(service);
  const caches = await cache_client(t, service);
  await publish(client, cache, 'topic', 'one');
  expect_response(await caches.deleteCache(cache), DeleteCache.Success);
  expect_response(await caches.createCache(cache), CreateCache.Success);

  const subscription = await subscribe(t, client, cache, 'topic');
  await publish(client, cache, 'topic', 'again');
  const [item] = await subscription.items.count(1, 'items');
  assert.deepEqual([item.value(), item.sequenceNumber()], ['again', 1]);
});

// A service that ends or is killed and comes back at the same address, seen by one subscription.
async function restart_under_a_subscription(t, signal, ...flags) {
  const first = await serve_topics(t, ...flags);
  const client = topic_client(first);
  const subscription = await subscribe(t, client, cache, 'topic');
  for (const text of ['one', 'two']) await publish(client, cache, 'topic', text);
  await subscription.items.count(2, 'items');

  first.child.kill(signal);
  await subscription.lost.count(1, 'lost connections');
  await first.ended;
  const second = await serve_topics_at(t, first.where, ...flags);
  await subscription.gaps.count(1, 'gaps');
  await publish(topic_client(second), cache, 'topic', 'three');
  return subscription;
}

for (const signal of ['SIGTERM', 'SIGKILL']) {
  for (const state of [false, true]) {
    const title = `${signal} and ${state ? 'kept state' : 'no state'}`;
    test(`a subscription goes on over a restart and is told of it: ${title}`, async (t) => {
      const flags = state ? ['--state', state_directory(t)] : [];
      const subscription = await restart_under_a_subscription(t, signal, ...flags);

      assert.deepEqual(await values_of(subscription, 3), ['one', 'two', 'three']);
      assert.equal(subscription.items.entries[2].sequenceNumber(), 1);
      const [gap, ...others] = subscription.gaps.entries;
      assert.ok(gap instanceof TopicDiscontinuity);
      // It asked for number 3 and is told that numbers start over after 0, on a page that is new.
      assert.deepEqual([gap.lastSequenceNumber(), gap.newSequenceNumber()], [3, 0]);
      assert.ok(Number.isSafeInteger(gap.newSequencePage()) && gap.newSequencePage() > 0);
      assert.deepEqual(others, []);
      assert.deepEqual(subscription.errors.entries, []);
    });
  }
}

test('caches and webhooks with their secrets outlive a kill under --state', async (t) => {
  const flags = ['--state', state_directory(t)];
  const first = await serve_topics(t, ...flags);
  const client = topic_client(first);
  const made = await (await cache_client(t, first)).createCache('made');
  expect_response(made, CreateCache.Success);
  const target = { topicName: 'topic', destination: 'http://127.0.0.1:9/' };
  const put = await client.putWebhook('made', 'hook', target);
  const secret = expect_response(put, PutWebhook.Success).secretString();
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await serve_topics_at(t, first.where, ...flags);
  const listed = await (await cache_client(t, second)).listCaches();
  const names = expect_response(listed, ListCaches.Success).getCaches().map((c) => c.getName());
  assert.deepEqual(names, [cache, 'made']);
  const kept = await topic_client(second).getWebhookSecret('made', 'hook');
  assert.equal(expect_response(kept, GetWebhookSecret.Success).secret(), secret);
});
