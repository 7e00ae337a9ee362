// SPDX-License-Identifier: Apache-2.0
// The official SDK, set up for a local service, and subscriptions whose callbacks are recorded.

import assert from 'node:assert/strict';
import {
  CacheClient,
  Configurations,
  CreateCache,
  DeleteCache,
  MomentoLocalProvider,
  TopicClient,
  TopicConfigurations,
  TopicPublish,
  TopicSubscribe,
} from '@gomomento/sdk';

import { Arrivals } from './support.mjs';

function credentials(service) {
  const [hostname, port] = service.where.split(':');
  return new MomentoLocalProvider({ hostname, port: Number(port) });
}

// The SDK puts its timeout (5 s by default) on the whole stream of a new subscription and loses
// messages if that strikes before the first of them: hence a long one where it is not the point.
// And it drops a connection whose ping is not answered within a second, which is long for us but
// not for a client with thousands of callbacks to run: hence `busy`, without pings.
export function topic_client(
  service,
  {
    timeout_ms = 60_000,
    stream_connections = 4,
    busy = false,
    credential_provider = credentials(service),
    middlewares = [],
  } = {},
) {
  const { Default, Lambda } = TopicConfigurations;
  return new TopicClient({
    credentialProvider: credential_provider,
    configuration: (busy ? Lambda : Default)
      .latest()
      .withClientTimeoutMillis(timeout_ms)
      .withNumStreamConnections(stream_connections)
      .withMiddlewares(middlewares),
  });
}

export async function cache_client(t, service) {
  const client = await CacheClient.create({
    credentialProvider: credentials(service),
    configuration: Configurations.Laptop.latest(),
    defaultTtlSeconds: 60,
  });
  t.after(() => client.close());
  return client;
}

// A response of the wanted class; whatever else fails with the response's text.
export function expect_response(response, wanted) {
  assert.ok(response instanceof wanted, `not a ${wanted.name}: ${response}`);
  return response;
}

// The same for an error, which must have the wanted code.
export function expect_error(response, wanted, code) {
  assert.equal(expect_response(response, wanted).errorCode(), code);
}

export async function create_cache(t, service, name) {
  const client = await cache_client(t, service);
  expect_response(await client.createCache(name), CreateCache.Success);
}

export async function delete_cache(t, service, name) {
  const client = await cache_client(t, service);
  expect_response(await client.deleteCache(name), DeleteCache.Success);
}

export async function publish(client, cache, topic, value) {
  expect_response(await client.publish(cache, topic, value), TopicPublish.Success);
}

// Subscribes and records what the callbacks are given.
export async function subscribe(t, client, cache, topic) {
  const seen = {
    items: new Arrivals(),
    errors: new Arrivals(),
    gaps: new Arrivals(),
    heartbeats: new Arrivals(),
    lost: new Arrivals(),
    ends: new Arrivals(),
  };
  const response = await client.subscribe(cache, topic, {
    onItem: (item) => seen.items.add(item),
    onError: (error) => seen.errors.add(error),
    onDiscontinuity: (gap) => seen.gaps.add(gap),
    onHeartbeat: (heartbeat) => seen.heartbeats.add(heartbeat),
    onConnectionLost: () => seen.lost.add('lost'),
    onSubscriptionEnd: () => seen.ends.add('end'),
  });
  const subscription = expect_response(response, TopicSubscribe.Subscription);
  t.after(() => subscription.unsubscribe());
  return { ...seen, unsubscribe: () => subscription.unsubscribe() };
}

// The values of the first `number` items, in order.
export async function values_of(subscription, number) {
  const items = await subscription.items.count(number, 'items');
  return items.map((item) => item.value());
}
