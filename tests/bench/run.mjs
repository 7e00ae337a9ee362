// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs BUILD [--short] [--rounds N] [--only WORD] [--tables] [--sdk FOLDER]
//
// Compares topicloop with the least code on the bare libraries (floor_*.cpp) and with other
// programs, as far as they are installed. All contestants of a case run one after the other in each
// round, in an order that turns from round to round; what is printed is the median of the ratios
// within the rounds, and their spread: absolute figures of a shared machine mean little. --short
// shows that everything works, and judges no times. --tables shows instead what the same costs at
// growing numbers.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { cases_of } from './cases.mjs';
import { tables_of } from './tables.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', default: '' },
    tables: { type: 'boolean', default: false },
    sdk: { type: 'string' },
    peers: { type: 'boolean' }, // For ./dev, which has installed them.
  },
});
const [build = 'build/bench'] = positionals;
const rounds = Number(values.rounds ?? (values.short ? 1 : 5));
const scale = values.short ? 0.01 : 1;

process.env.PATH += ':/usr/sbin';  // Where servers are, for everybody to run.
const is_installed = (program) =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

function environment(folder) {
  const scaled = (number) => Math.max(Math.round(number * scale), 200);
  // Lines of 100 bytes, for those that read them.
  const lines = (count) => {
    const name = join(folder, `lines-${count}`);
    const text = (i) => String(i).padStart(16, '0') + 'x'.repeat(84);
    writeFileSync(name, Array.from({ length: count }, (_, i) => text(i) + '\n').join(''));
    return name;
  };
  return {
    folder,
    scaled,
    lines,
    topicloop: resolve(build, 'src/topicloop'),
    floor: (name) => resolve(build, `tests/bench/floor_${name}`),
    sdk: values.sdk && resolve(values.sdk),
    has: (program) => !values.short && is_installed(program),
  };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const rounded = (number) => Number(number.toPrecision(3));

// One value of each contestant in each round.
async function measure(contestants) {
  const names = Object.keys(contestants);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    for (let i = 0; i < names.length; ++i) {
      const name = names[(i + round) % names.length];
      measured[name].push(await contestants[name]());
    }
  }
  return measured;
}

function describe_goal(goal, ratio) {
  if (!goal) return '';
  const wanted = goal.at_least ? `>= ${goal.at_least}` : `<= ${goal.at_most}`;
  if (values.short) return `wanted ${wanted}`;
  const reached = goal.at_least ? ratio >= goal.at_least : ratio <= goal.at_most;
  return `wanted ${wanted}: ${reached ? 'reached' : 'MISSED'}`;
}

function show(title, unit, measured, goals) {
  console.log(`\n${title} (${unit})`);
  const [first] = Object.keys(measured);
  for (const [name, figures] of Object.entries(measured)) {
    let line = `  ${name.padEnd(28)} ${String(rounded(median(figures))).padStart(9)}`;
    if (name !== first) {
      const ratios = figures.map((figure, round) => measured[first][round] / figure);
      const ratio = median(ratios);
      const spread = `${rounded(Math.min(...ratios))} to ${rounded(Math.max(...ratios))}`;
      line += `   ${first} is ${String(rounded(ratio)).padStart(6)} of it (${spread})`;
      line += `  ${describe_goal(goals[name], ratio)}`;
    }
    console.log(line.trimEnd());
  }
}

const folder = mkdtempSync(join(tmpdir(), 'topicloop-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const given = environment(folder);
if (values.tables) {
  for (const { title, make } of tables_of(given)) {
    console.log(`\n${title}`);
    console.table(await make());
  }
  console.log('\nidle subscriptions');
  const idle = new URL('idle_subscriptions.mjs', import.meta.url).pathname;
  spawnSync(process.execPath, [idle, given.topicloop, given.scaled(10_000)], { stdio: 'inherit' });
} else {
  console.log(`medians of ${rounds} round${rounds === 1 ? '' : 's'}`);
  for (const { title, unit, contestants, goals } of cases_of(given)) {
    if (!title.includes(values.only)) continue;
    show(title, unit, await measure(contestants), goals);
  }
}
process.exit(0);
