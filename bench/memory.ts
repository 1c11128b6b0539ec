/**
 * Finds which `MemorySize` a fleet needs: `node bench/memory.ts [GROUPS:MB...]`. Plays the midnight of groups of ten daily tables with
 * bench/midnight.ts, and prints the rows of docs/deployment.md.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { MidnightSums } from './midnight.ts';

const RETAINED = 8;
const SIZES = ['10:256', '50:256', '100:256', '100:512', '250:512', '500:512', '500:1024', '1000:1024'];

function play(size: string): MidnightSums {
  const [groups = '', memory = ''] = size.split(':');
  const options = { groups, memory, retained: String(RETAINED), from: '23:40', minutes: '30' };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const text = execFileSync(process.execPath, [join(import.meta.dirname, 'midnight.ts'), ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: Infinity,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text.trim().split('\n').at(-1)!);
}

console.log(
  '| tables | `MemorySize` | most memory, MB | scale in a minute, s | in its longest minute, s | raised before midnight, minutes | failed runs | scale, USD per month |',
);
console.log('| --: | --: | --: | --: | --: | --: | --: | --: |');
const given = process.argv.slice(2);
for (const size of given.length > 0 ? given : SIZES) {
  const { tables, memoryMb, mostMb, meanSeconds, dearestSeconds, minutesBefore, troubles, usdPerMonth } =
    play(size);
  const cells = [
    tables.toLocaleString('en-US'),
    memoryMb,
    mostMb.toFixed(0),
    meanSeconds.toFixed(1),
    dearestSeconds.toFixed(1),
    minutesBefore ?? 'never',
    troubles.length,
    usdPerMonth.toFixed(2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
