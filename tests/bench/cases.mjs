// SPDX-License-Identifier: Apache-2.0
// What is compared, with whom, and how near topicloop is to be. The first contestant of a case is
// the one that the others are compared with.

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { result_of, run, serve, time } from './processes.mjs';

const cache = 'default-cache';

export function service(given, more = ['--http', 'none']) {
  const args = ['serve-topics', '--listen', '127.0.0.1:0', ...more];
  return serve(given.topicloop, args, /^serving topics on (.*)/, 'stderr');
}

const floor_server = (given) => serve(given.floor('server'), [], /^(.*)$/);

// Runs `work` with a server that is stopped in the end.
export async function during(server, work) {
  const { where, stop, pid } = await server;
  try {
    return await work(where, pid);
  } finally {
    await stop();
  }
}

export async function free_port() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export const bench = (given, ...args) => result_of(given.topicloop, ['bench', ...args, '-o', 'json']);

function publish_case(given) {
  const count = given.scaled(100_000);
  const lines = given.lines(count);
  const rate_of = (command) => async () =>
    during(service(given), async (where) => count / (await time(`${command(where)} <${lines}`)));
  const contestants = {
    topicloop: rate_of(
      (where) => `${given.topicloop} publish topic --local ${where} --in-flight 64`,
    ),
    'bare gRPC': rate_of((where) => `${given.floor('publish')} ${where} 64`),
  };
  if (given.has('redis-server') && given.has('redis-benchmark')) {
    contestants['redis PUBLISH, 64 clients'] = () => redis_publish(count);
  }
  if (given.sdk) {
    contestants['Node SDK'] = () =>
      during(service(given), async (where) => {
        const args = [new URL('node_sdk.mjs', import.meta.url).pathname, given.sdk, where];
        const few = given.scaled(10_000);
        return (await result_of(process.execPath, [...args, few, 64])).per_second;
      });
  }
  return {
    title: 'publish lines of stdin, 64 in flight, same service',
    unit: 'messages/s',
    contestants,
    goals: { 'bare gRPC': { at_least: 0.9 }, 'Node SDK': { at_least: 10 } },
  };
}

async function redis_publish(count) {
  const port = await free_port();
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return during(serve('redis-server', args, /(Ready to accept connections)/), async () => {
    const publish = ['publish', 'topic', 'x'.repeat(100)];
    const output = await run('redis-benchmark', ['-p', port, '-c', 64, '-n', count, '-q', ...publish]);
    return Number(/([\d.]+) requests per second/.exec(output)[1]);
  });
}

function service_case(given) {
  const count = given.scaled(100_000);
  const lines = given.lines(count);
  const rate_at = (server) => () =>
    during(server(given), async (where) => {
      return count / (await time(`${given.floor('publish')} ${where} 64 <${lines}`));
    });
  return {
    title: 'service under the same bare publisher, 64 in flight',
    unit: 'messages/s',
    contestants: { topicloop: rate_at(service), 'bare gRPC': rate_at(floor_server) },
    goals: { 'bare gRPC': { at_least: 0.9 } },
  };
}

// From the beginning of publishing to the end of the subscriber, both in pipes. `until_ready` is what
// the shell does until the subscriber is ready; $said is what that says on standard error.
async function pipeline({ subscribe, publish, until_ready, lines, count }) {
  const script = `said=$(mktemp)
    (${subscribe} 2>"$said" | cat >/dev/null) & follower=$!
    ${until_ready}; rm "$said"
    begin=$(date +%s%N); ${publish} <${lines}; wait $follower
    echo $(($(date +%s%N) - begin))`;
  return (count * 1e9) / Number(await run('bash', ['-c', script]));
}

const until_said = (word) => `until grep -q '^${word}' "$said"; do sleep 0.01; done`;

function pipeline_case(given) {
  const count = given.scaled(100_000);
  const lines = given.lines(count);
  const { topicloop, floor } = given;
  const contestants = {
    topicloop: () =>
      during(service(given), (at) =>
        pipeline({
          subscribe: `${topicloop} subscribe topic --local ${at} -n ${count} -o raw`,
          publish: `${topicloop} publish topic --local ${at} --in-flight 64`,
          until_ready: until_said('subscribed'),
          lines,
          count,
        }),
      ),
    'bare gRPC': () =>
      during(floor_server(given), (at) =>
        pipeline({
          subscribe: `${floor('subscribe')} ${at} ${count}`,
          publish: `${floor('publish')} ${at} 64`,
          until_ready: until_said('ready'),
          lines,
          count,
        }),
      ),
  };
  if (given.has('mosquitto') && given.has('mosquitto_pub')) {
    contestants['mosquitto, not acked'] = () => mosquitto_pipeline(given, lines, count);
  }
  return {
    title: 'publish | service | subscribe -o raw, 64 in flight',
    unit: 'messages/s',
    contestants,
    goals: { 'bare gRPC': { at_least: 0.85 } },
  };
}

async function mosquitto_pipeline(given, lines, count) {
  const port = await free_port();
  const settings = join(given.folder, 'mosquitto.conf');
  writeFileSync(
    settings,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n`,
  );
  const broker = serve('mosquitto', ['-c', settings, '-v'], /(mosquitto version .* running)/, 'stderr');
  return during(broker, () =>
    pipeline({
      subscribe: `mosquitto_sub -p ${port} -t topic -N -C ${count} -W 120`,
      publish: `mosquitto_pub -p ${port} -t topic -l`,
      until_ready: 'sleep 0.5',
      lines,
      count,
    }),
  );
}

// N messages are kept, then read from the beginning by everybody.
function backlog_case(given, subscribers) {
  const count = given.scaled(subscribers === 1 ? 200_000 : 10_000);
  const lines = given.lines(count);
  const rate_at = (server) => () =>
    during(server(), async (where) => {
      await run('sh', ['-c', `${given.floor('publish')} ${where} 64 <${lines}`]);
      return (await result_of(given.floor('subscribe'), [where, count, subscribers])).per_second;
    });
  return {
    title: `backlog to ${subscribers} subscriber${subscribers === 1 ? '' : 's'}`,
    unit: 'deliveries/s',
    contestants: {
      topicloop: rate_at(() => service(given, ['--http', 'none', '--retain', count])),
      'bare gRPC': rate_at(() => floor_server(given)),
    },
    goals: { 'bare gRPC': { at_least: 0.85 } },
  };
}

const round_trip = (given, ...args) => (where) =>
  result_of(given.floor('round_trip'), [where, ...args]);

function latency_case(given) {
  const count = given.scaled(10_000);
  return {
    title: 'one publish to its subscriber, p50',
    unit: 'us',
    contestants: {
      topicloop: async () =>
        (await bench(given, 'subscribe', '--messages', count)).latency_us.p50,
      'bare gRPC': async () =>
        (await during(floor_server(given), round_trip(given, count, 1))).latency_us.p50,
    },
    goals: { 'bare gRPC': { at_most: 1.1 } },
  };
}

// What the loop is made of: twice a publish and its delivery, and a POST between them.
async function bare_legs(given, count) {
  const topics = await during(floor_server(given), round_trip(given, count, 16, 300));
  const post = await during(floor_receiver(given), (url) => post_to(given, url, count, 16, 300));
  return 2 * topics.latency_us.p50 + post.latency_us.p50;
}

const paced_loop = (given, count) =>
  bench(given, 'loop', '--messages', count, '--in-flight', 16, '--rate', 300);

function loop_latency_case(given) {
  const count = given.scaled(1_500);
  return {
    title: 'the whole loop at 300/s, p50',
    unit: 'us',
    contestants: {
      topicloop: async () => (await paced_loop(given, count)).latency_us.p50,
      'sum of its bare legs': () => bare_legs(given, count),
    },
    goals: { 'sum of its bare legs': { at_most: 1.3 } },
  };
}

function loop_tail_case(given) {
  return {
    title: 'the whole loop at 300/s, p99',
    unit: 'times its p50',
    contestants: {
      topicloop: async () => {
        const { p50, p99 } = (await paced_loop(given, given.scaled(1_500))).latency_us;
        return p99 / p50;
      },
      'three times': () => 3,
    },
    goals: { 'three times': { at_most: 1 } },
  };
}

function loop_rate_case(given) {
  const count = given.scaled(20_000);
  return {
    title: 'the whole loop, flooded',
    unit: 'messages/s',
    contestants: {
      topicloop: async () =>
        (await bench(given, 'loop', '--messages', count, '--in-flight', 64)).per_second,
      'bare publish to subscribe': async () =>
        (await during(floor_server(given), round_trip(given, count, 64))).per_second,
    },
    goals: { 'bare publish to subscribe': { at_least: 0.33 } },
  };
}

const secret = 'a secret for the benchmark';

function post_to(given, url, count, in_flight, rate) {
  process.env.TOPICLOOP_WEBHOOK_SECRET = secret;
  const args = ['webhook', '--to', url, '--messages', count, '--in-flight', in_flight];
  return bench(given, ...args, ...(rate ? ['--rate', rate] : []));
}

const floor_receiver = (given) => serve(given.floor('receiver'), [secret], /^(.*)$/);

function receiver(given) {
  process.env.TOPICLOOP_WEBHOOK_SECRET = secret;
  const args = ['serve-webhook', '--listen', '127.0.0.1:0'];
  return serve(given.topicloop, args, /^receiving webhooks on (.*)/, 'stderr');
}

async function nginx(given) {
  const port = await free_port();
  const settings = join(given.folder, 'nginx.conf');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    settings,
    `daemon off; pid ${given.folder}/nginx.pid; error_log stderr notice;
     events { worker_connections 1024; }
     http { access_log off; keepalive_requests 1000000000;
       ${folders.map((name) => `${name}_temp_path ${given.folder}/${name};`).join(' ')}
       server { listen 127.0.0.1:${port}; location / { return 200; } } }`,
  );
  const args = ['-e', 'stderr', '-p', given.folder, '-c', settings];
  const server = await serve('nginx', args, /(start worker process )/, 'stderr');
  return { ...server, where: `http://127.0.0.1:${port}/` };
}

async function adnanh_webhook(given) {
  const port = await free_port();
  const hooks = join(given.folder, 'hooks.json');
  writeFileSync(hooks, JSON.stringify([{ id: 'hook', 'execute-command': '/bin/true' }]));
  const args = ['-ip', '127.0.0.1', '-port', port, '-hooks', hooks, '-verbose'];
  const server = await serve('webhook', args, /(serving hooks on)/, 'stderr');
  return { ...server, where: `http://127.0.0.1:${port}/hooks/hook` };
}

function receiver_case(given) {
  const count = given.scaled(50_000);
  const rate_of = (server, messages = count) => async () =>
    (await during(server(given), (url) => post_to(given, url, messages, 32))).per_second;
  const contestants = {
    topicloop: rate_of(receiver),
    'bare httplib with HMAC': rate_of(floor_receiver),
  };
  if (given.has('nginx')) contestants['nginx, return 200'] = rate_of(nginx);
  if (given.has('webhook')) contestants['adnanh/webhook'] = rate_of(adnanh_webhook, 5_000);
  return {
    title: 'receive webhooks, 32 at a time',
    unit: 'requests/s',
    contestants,
    goals: {
      'bare httplib with HMAC': { at_least: 0.9 },
      'adnanh/webhook': { at_least: 4 },
    },
  };
}

function one_message_case(given) {
  const times = 20;
  const milliseconds = (command) => () =>
    during(service(given), async (where) => {
      const script = `for i in $(seq ${times}); do ${command(where)}; done >/dev/null`;
      return ((await time(script)) * 1000) / times;
    });
  const contestants = {
    topicloop: milliseconds((at) => `${given.topicloop} publish topic message --local ${at}`),
  };
  if (given.sdk) {
    const script = new URL('node_sdk.mjs', import.meta.url).pathname;
    contestants['Node SDK'] = milliseconds((at) => `node ${script} ${given.sdk} ${at} 1 1`);
  }
  return {
    title: 'one message: the whole process',
    unit: 'ms',
    contestants,
    goals: { 'Node SDK': { at_most: 0.05 } },
  };
}

function start_case(given) {
  return {
    title: 'topicloop --version',
    unit: 'ms',
    contestants: {
      topicloop: async () => {
        const script = `for i in $(seq 20); do ${given.topicloop} --version; done >/dev/null`;
        return ((await time(script)) * 1000) / 20;
      },
      '10 ms': () => 10,
    },
    goals: { '10 ms': { at_most: 1 } },
  };
}

export function cases_of(given) {
  return [
    publish_case(given),
    service_case(given),
    pipeline_case(given),
    backlog_case(given, 1),
    backlog_case(given, 100),
    latency_case(given),
    loop_latency_case(given),
    loop_tail_case(given),
    loop_rate_case(given),
    receiver_case(given),
    one_message_case(given),
    start_case(given),
  ];
}
