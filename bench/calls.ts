/** How many AWS calls, and how long, each job takes over fleets of several sizes, against the embedded AWS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { table } from '../src/cli/views/text.ts';
import { loadConfig } from '../src/config/index.ts';
import { DAY_MS, HOUR_MS } from '../src/core/period.ts';
import type { Job } from '../src/core/plan.ts';
import { startEmbeddedAws } from '../src/embedded/index.ts';
import { runJob } from '../src/jobs/run.ts';
import { awsPorts, wallClock } from '../src/runtime.ts';
import { configFor } from './fleet.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const SETTLE_MS = 200;

interface Measurement {
  readonly run: string;
  readonly tables: number;
  readonly actions: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly ms: number;
}

/** Every job on a fleet of `tables` tables: from nothing, in the steady state, and a day later. */
export async function measureCalls(tables: number): Promise<Measurement[]> {
  let now = START;
  const aws = await startEmbeddedAws({ now: () => now });
  Object.assign(process.env, aws.env);
  const config = loadConfig(configFor(tables), 'bench');
  const ports = { ...awsPorts('bench'), clock: { ...wallClock, now: () => now } };
  await ports.state.initialise();

  const measure = async (run: string, job: Job): Promise<Measurement> => {
    aws.resetCalls();
    const began = performance.now();
    const summary = await runJob(job, config, ports, now, { owner: 'bench' });
    const ms = performance.now() - began;
    if (summary.outcome !== 'done') throw new Error(summary.message);
    const calls = Object.fromEntries(aws.calls);
    await sleep(SETTLE_MS);
    return { run, tables, actions: summary.results.length, calls, ms };
  };

  const measurements = [
    await measure('rotate, empty account', 'rotate'),
    await measure('rotate, steady', 'rotate'),
    await measure('purge, steady', 'purge'),
    await measure('scale, steady', 'scale'),
  ];
  now = START + DAY_MS + HOUR_MS;
  measurements.push(
    await measure('rotate, a day later', 'rotate'),
    await measure('purge, first look', 'purge'),
  );
  now += DAY_MS;
  await measure('rotate', 'rotate');
  measurements.push(await measure('purge, second look', 'purge'));
  await aws.close();
  return measurements;
}

const isCloudWatch = (operation: string): boolean => operation === 'GetMetricData';

const sum = (calls: Measurement['calls'], of: (operation: string) => boolean): number =>
  Object.entries(calls).reduce((total, [operation, count]) => total + (of(operation) ? count : 0), 0);

const titles = ['run', 'tables', 'actions', 'DynamoDB', 'CloudWatch', 'ms', 'calls'];

function cellsOf({ run, tables, actions, calls, ms }: Measurement): string[] {
  const byCount = Object.entries(calls).sort(([, a], [, b]) => b - a);
  return [
    run,
    String(tables),
    String(actions),
    String(sum(calls, (operation) => !isCloudWatch(operation))),
    String(sum(calls, isCloudWatch)),
    ms.toFixed(0),
    byCount.map(([operation, count]) => `${operation} ${count}`).join(', '),
  ];
}

export function viewCalls(measurements: readonly Measurement[]): string {
  const columns = titles.map((title, i) => ({
    title: title.toUpperCase(),
    align: i > 0 && i < titles.length - 1 ? ('right' as const) : ('left' as const),
  }));
  return table(columns, measurements.map(cellsOf));
}

export function callsInMarkdown(measurements: readonly Measurement[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, i) => (i > 0 && i < titles.length - 1 ? '--:' : '---'));
  return [
    '# How many calls',
    '',
    'Written by `npm run bench -- --write`. Each job runs through the SDK against the embedded AWS on one machine, so the',
    'counts are what AWS would see, and the times compare with each other only. Groups are daily and hold ten tables',
    'each; every run takes and gives back a lease (PutItem, DeleteItem). Scale is measured in a minute that reads the',
    'outdated tables too, as every tenth does.',
    '',
    ...[titles, rule, ...measurements.map(cellsOf)].map(row),
    '',
  ].join('\n');
}
