// SPDX-License-Identifier: Apache-2.0
// Processes for as long as a measurement needs them. All that are left end with this one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function start(command, args, stdio) {
  const child = spawn(command, args, { stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
  });
  return child;
}

// A process that goes on until stop(); ready when it writes a line that matches, whose first group
// is where it is.
export async function serve(command, args, line, stream = 'stdout') {
  const stdio = ['ignore', 'ignore', 'ignore'];
  stdio[stream === 'stdout' ? 1 : 2] = 'pipe';
  const child = start(command, args, stdio);
  const lines = createInterface({ input: child[stream] });
  const where = await new Promise((resolve, reject) => {
    lines.on('line', (text) => {
      const match = line.exec(text);
      if (match) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error(`${command} ${args[0] ?? ''} has ended`)));
  });
  const stop = async () => {
    const ended = child.exitCode !== null || once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { where, pid: child.pid, stop };
}

// Runs to the end; what it wrote to standard output. A failure is the whole run's.
export async function run(command, args) {
  const child = start(command, args, ['ignore', 'pipe', 'inherit']);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}`);
  return output;
}

// The same for a line of shell; how many seconds it took.
export async function time(line) {
  const begin = performance.now();
  await run('sh', ['-c', line]);
  return (performance.now() - begin) / 1000;
}

// The last line of what it wrote, which is JSON.
export async function result_of(command, args) {
  return JSON.parse((await run(command, args)).trimEnd().split('\n').at(-1));
}
