// SPDX-License-Identifier: Apache-2.0
// What the same costs at growing numbers: a column that stays as it is grows no faster than they do.

import { readFileSync } from 'node:fs';

import { bench, during, free_port, service } from './cases.mjs';
import { run, serve } from './processes.mjs';

const part = (record, name) => record.processes.find((process) => process.name === name);
const mebibytes = (bytes) => Number((bytes / 2 ** 20).toFixed(1));
const tenths = (number) => Number(number.toFixed(1));

// A benchmark with each of these values of a flag.
const by_flag = (given, numbers, heading, args_of) => async () => {
  const rows = {};
  for (const number of numbers) {
    const record = await bench(given, ...args_of(number));
    rows[`${number} ${heading}`] = {
      'per second': Math.round(record.per_second),
      'p99 us': tenths(record.latency_us.p99),
      'client us each': tenths(part(record, 'client').cpu_us_each),
      'service us each': tenths(part(record, 'service').cpu_us_each),
      'client MiB': mebibytes(part(record, 'client').resident_bytes),
      'service MiB': mebibytes(part(record, 'service').resident_bytes),
    };
  }
  return rows;
};

// Processor time in seconds and resident memory of a process.
function usage_of(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
    resident_bytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024,
  };
}

function row_of(before, after, count) {
  return {
    'service us each': tenths(((after.cpu - before.cpu) * 1e6) / count),
    'service MiB': mebibytes(after.resident_bytes),
  };
}

const by_topics = (given, numbers) => async () => {
  const rows = {};
  for (const number of numbers) {
    const each = given.scaled(100_000) / number;
    const lines = given.lines(Math.max(Math.round(each), 1));
    rows[`${number} topics`] = await during(service(given), async (where, pid) => {
      const before = usage_of(pid);
      const publish = `${given.topicloop} publish topic-$i --local ${where} --in-flight 64`;
      const script = `for i in $(seq ${number}); do ${publish} <${lines}; done`;
      await run('sh', ['-c', script]);
      return row_of(before, usage_of(pid), each * number);
    });
  }
  return rows;
};

// Every message goes to every webhook; together there are always as many deliveries.
const by_webhooks = (given, numbers) => async () => {
  const rows = {};
  const deliveries = given.scaled(20_000);
  const receiver = ['serve-webhook', '--no-verify', '--listen', '127.0.0.1:0'];
  for (const number of numbers) {
    const messages = Math.max(Math.round(deliveries / number), 1);
    const lines = given.lines(messages);
    await during(serve(given.topicloop, receiver, /^receiving webhooks on (.*)/, 'stderr'), async (url) => {
      const http = `127.0.0.1:${await free_port()}`;
      const args = ['--retain', deliveries, '--http', http];
      return during(service(given, args), async (where, pid) => {
        const put = `${given.topicloop} webhook put hook-$i --topic topic --url ${url} --local ${where}`;
        await run('sh', ['-c', `for i in $(seq ${number}); do ${put}; done`]);
        const before = usage_of(pid);
        const publish = `${given.topicloop} publish topic --local ${where} --in-flight 64`;
        await run('sh', ['-c', `${publish} <${lines}`]);
        while ((await delivered(http)) < messages * number) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        rows[`${number} webhooks`] = row_of(before, usage_of(pid), messages * number);
      });
    });
  }
  return rows;
};

async function delivered(http) {
  const text = await (await fetch(`http://${http}/metrics`)).text();
  let count = 0;
  for (const match of text.matchAll(/^topicloop_webhook_deliveries_total\{.*\} (\d+)/gm)) {
    count += Number(match[1]);
  }
  return count;
}

export function tables_of(given) {
  const counts = [10_000, 100_000, 1_000_000].map(given.scaled);
  const publish = (count) => ['publish', '--messages', count, '--in-flight', 64];
  const subscribe = (number) => {
    const messages = Math.max(Math.round(given.scaled(200_000) / number), 100);
    return ['subscribe', '--messages', messages, '--in-flight', 16, '--subscribers', number];
  };
  const few = [1, 10, 100];
  return [
    { title: 'publish', make: by_flag(given, counts, 'messages', publish) },
    { title: 'fan-out', make: by_flag(given, [...few, 1_000], 'subscribers', subscribe) },
    { title: 'topics', make: by_topics(given, few) },
    { title: 'webhooks on one topic', make: by_webhooks(given, few) },
  ];
}
