/** Counts the AWS calls of each job, and measures its time, for fleets of several sizes on the embedded AWS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { table } from '../src/cli/views/text.ts';
import { loadConfig } from '../src/config/index.ts';
import { tableName } from '../src/core/calendar/naming.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, periodAt } from '../src/core/calendar/period.ts';
import type { Job } from '../src/core/plan.ts';
import { startEmbeddedAws } from '../src/embedded/index.ts';
import { runJob } from '../src/jobs/run.ts';
import type { Ports } from '../src/ports.ts';
import { awsPorts, wallClock } from '../src/runtime.ts';
import { configFor } from './fleet.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const SETTLE_MS = 200;

interface Measurement {
  readonly run: string;
  readonly tables: number;
  readonly actions: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Metrics asked for, each time. AWS charges for them and not for calls of GetMetricData. */
  readonly metrics: number;
  readonly ms: number;
}

/** Runs every job on a fleet of `tables` tables: in an empty account, in the steady state, and a day later. */
export async function measureCalls(tables: number): Promise<Measurement[]> {
  let now = START;
  const aws = await startEmbeddedAws({ now: () => now });
  Object.assign(process.env, aws.env);
  const config = loadConfig(configFor(tables), 'bench');
  const real = awsPorts('bench');
  let metrics = 0;
  const counted: Ports['metrics'] = {
    ...real.metrics,
    read: (queries, ...window) => {
      metrics += queries.length;
      return real.metrics.read(queries, ...window);
    },
  };
  const ports = { ...real, metrics: counted, clock: { ...wallClock, now: () => now } };
  await ports.state.initialize();

  const measure = async (run: string, job: Job, minutes = 1): Promise<Measurement> => {
    aws.resetCalls();
    metrics = 0;
    let actions = 0;
    const began = performance.now();
    for (let minute = 0; minute < minutes; minute++) {
      if (minute > 0) now += MINUTE_MS;
      const summary = await runJob(job, config, ports, now, { owner: 'bench' });
      if (summary.outcome !== 'done') throw new Error(summary.message);
      actions += summary.results.length;
    }
    const ms = performance.now() - began;
    const calls = Object.fromEntries(aws.calls);
    await sleep(SETTLE_MS);
    return { run, tables, actions, calls, metrics, ms };
  };
  /** Records consumption of the current tables for every minute in [from, to). */
  const traffic = (from: number, to: number): void => {
    for (const spec of config.specs)
      for (let minute = from; minute < to; minute += MINUTE_MS)
        for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
          aws.recordMetric({
            metric,
            table: tableName(spec, periodAt(spec.scheme, minute)),
            minute,
            sum: 300,
          });
  };

  const measurements = [
    await measure('rotate, empty account', 'rotate'),
    await measure('rotate, new tables', 'rotate'),
    await measure('rotate, steady', 'rotate'),
    await measure('purge, steady', 'purge'),
  ];
  traffic(START - DAY_MS, START + 6 * HOUR_MS);
  now = START + HOUR_MS;
  measurements.push(await measure('scale, first run', 'scale'));
  now += MINUTE_MS;
  await measure('scale, until every group is learned', 'scale', 20);
  now += MINUTE_MS;
  measurements.push(await measure('scale, half an hour', 'scale', 30));
  now += MINUTE_MS;
  measurements.push(await measure('scale, two hours and a half', 'scale', 150));
  now = START + DAY_MS + HOUR_MS;
  measurements.push(
    await measure('rotate, a day later', 'rotate'),
    await measure('purge, schedule deletions', 'purge'),
  );
  now += DAY_MS;
  await measure('rotate', 'rotate');
  measurements.push(await measure('purge, delete', 'purge'));
  await aws.close();
  return measurements;
}

const isCloudWatch = (operation: string): boolean => operation === 'GetMetricData';

const sum = (calls: Measurement['calls'], of: (operation: string) => boolean): number =>
  Object.entries(calls).reduce((total, [operation, count]) => total + (of(operation) ? count : 0), 0);

const titles = ['run', 'tables', 'actions', 'DynamoDB', 'CloudWatch', 'metrics', 'ms', 'calls'];

function cellsOf({ run, tables, actions, calls, metrics, ms }: Measurement): string[] {
  const byCount = Object.entries(calls).sort(([, a], [, b]) => b - a);
  return [
    run,
    String(tables),
    String(actions),
    String(sum(calls, (operation) => !isCloudWatch(operation))),
    String(sum(calls, isCloudWatch)),
    String(metrics),
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
    '# AWS calls per job',
    '',
    '`npm run bench -- --write` writes this table. Each job runs through the SDK against the embedded AWS on one machine.',
    'The counts are what AWS would receive. Compare the times only with each other.',
    '',
    '- Groups are daily and have ten tables each.',
    '- `rotate, new tables` is the run after the creations. It reads the tags of the current and the next table of each group once.',
    '- Every run acquires and releases a lease (PutItem, DeleteItem).',
    '- Not counted: in the functions and the daemon, each run also reads the records of runs for [metrics](metrics.md) (Query). Rotate and',
    '  purge write theirs after each success, and scale every ten minutes (PutItem).',
    '- Scale runs its default method. Its first run learns up to 40 histories, one each for the reads and writes of a group.',
    '- `scale, half an hour` is 30 runs, one per minute, after every history is learned and while demand is even.',
    '- `scale, two hours and a half` is 150 further runs. Nothing is throttled.',
    '- `metrics` are those that GetMetricData is asked for, each time. AWS charges for each of them.',
    '',
    ...[titles, rule, ...measurements.map(cellsOf)].map(row),
    '',
  ].join('\n');
}
