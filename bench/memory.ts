/**
 * Measures the memory and the processor time that the functions take, by the size of the fleet: `node bench/memory.ts [TABLES...]`.
 * The bundled handlers run in a process of their own, with groups of ten tables, and even demand on the current ones.
 */
import { resolve } from 'node:path';
import { table } from '../src/cli/views/text.ts';
import { HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { configFor } from './fleet.ts';
import { ENVIRONMENT, openVersion } from './version.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const TABLES_A_GROUP = 10;
/** Histories of groups, each for reads and for writes, that one run of scale learns. */
const HISTORIES_PER_RUN = 40;
const STEADY_MINUTES = 30;

async function measure(tables: number): Promise<string[]> {
  const version = await openVersion(resolve(import.meta.dirname, '..'), configFor(tables));
  const groups = tables / TABLES_A_GROUP;
  const learning = Math.ceil((groups * 2) / HISTORIES_PER_RUN) + 2;
  for (let group = 0; group < groups; group += 1)
    for (let minute = -20; minute < learning + STEADY_MINUTES + 1; minute += 1)
      version.record(`${ENVIRONMENT}.Group${group}.20261121`, NOON + minute * MINUTE_MS, 180);
  const runs = [
    await version.run({ job: 'rotate', at: NOON - HOUR_MS }),
    await version.run({ job: 'rotate', at: NOON - HOUR_MS / 2 }),
  ];
  const scale = (minute: number) => version.run({ job: 'scale', at: NOON + minute * MINUTE_MS });
  for (let minute = 0; minute < learning; minute += 1) runs.push(await scale(minute));
  const steady = [];
  for (let minute = learning; minute < learning + STEADY_MINUTES; minute += 1)
    steady.push(await scale(minute));
  await version.close();
  const cpu = steady.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b);
  const peak = Math.max(...[...runs, ...steady].map(({ peakMb }) => peakMb));
  return [
    String(tables),
    peak.toFixed(0),
    (cpu[Math.floor(cpu.length / 2)]! / 1000).toFixed(2),
    (cpu.at(-1)! / 1000).toFixed(2),
  ];
}

const sizes = process.argv.slice(2).map(Number);
const rows: string[][] = [];
for (const tables of sizes.length > 0 ? sizes : [100, 500, 1_000, 2_400]) rows.push(await measure(tables));
const right = (title: string) => ({ title, align: 'right' as const });
console.log(
  table(
    [right('TABLES'), right('PEAK MB'), right('CPU S, USUAL MINUTE'), right('CPU S, DEAREST MINUTE')],
    rows,
  ),
);
