// SPDX-License-Identifier: Apache-2.0
// Chance that is the same every time, and what the chaos test starts and kills.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Numbers from 0 to below 1 (mulberry32).
export function seeded_random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// Starts chaos_endpoint.mjs; `on_line` gets every line it writes. Resolves once it listens.
export async function start_endpoint(t, { port, secret, seed, on_line }) {
  const script = fileURLToPath(new URL('chaos_endpoint.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, port, secret, seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const closed = once(lines, 'close');
  const listening = new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith('listening ')) resolve(Number(line.split(' ')[1]));
      else on_line(line);
    });
  });
  return {
    port: await listening,
    // All it wrote has been given to on_line when this resolves.
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
