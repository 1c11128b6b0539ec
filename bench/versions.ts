/**
 * Compares what versions of Turntable ask of AWS and take of a processor, in the steady state and at midnight:
 * `node bench/versions.ts FOLDER...`. Each folder is a checkout with its packages installed. Their runs take turns. The ratios are to the
 * first one. `--tables`: of all daily groups together, ten each. `--method`: the scaling method instead of the default one. `--times`: how
 * many steady half hours, of which the medians count. `--steady`: without the midnight.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../src/cli/views/text.ts';
import { HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { configFor, TABLES_A_GROUP } from './fleet.ts';
import type { Event } from './handlers-process.ts';
import { ENVIRONMENT, openVersion, type Received, type Version } from './version.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tables: { type: 'string', default: '1000' },
    method: { type: 'string' },
    times: { type: 'string', default: '1' },
    steady: { type: 'boolean', default: false },
  },
});
const TABLES = Number(values.tables);
const GROUPS = TABLES / TABLES_A_GROUP;
const NOON = Date.parse('2026-11-21T12:00:00Z');
const MIDNIGHT = NOON + 12 * HOUR_MS;
/** So long, every outdated table has been looked at, and every history is learned: a run learns up to 40, of the reads and the writes of groups. */
const LEARNING_MINUTES = Math.max(40, Math.ceil((GROUPS * 2 * 1.5) / 40));
const HALF_HOUR = 30;
/** The metrics of larger fleets would need more memory than a machine has. */
const RECORDED_HOURS = TABLES > 2_000 ? 3 : 24;
/** Rotate is scheduled at these minutes of an hour, and scale in every minute: serverless.yml. */
const ROTATES_AT = [5, 50, 54];

/** Runs that follow each other. What they take counts if they have a name. */
interface Phase {
  readonly run?: string;
  readonly events: readonly Event[];
}

const rotate = (at: number): Event => ({ job: 'rotate', at });
const scale = (at: number): Event => ({ job: 'scale', at });
const minutes = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i * MINUTE_MS);
/** The scheduled runs of some minutes. */
const scheduled = (from: number, count: number): Event[] =>
  minutes(from, count).flatMap((at) => [
    ...(ROTATES_AT.includes(new Date(at).getUTCMinutes()) ? [rotate(at)] : []),
    scale(at),
  ]);

function phases(): Phase[] {
  const learned = NOON + (6 + LEARNING_MINUTES) * MINUTE_MS;
  const halfHours = Array.from({ length: Number(values.times) }, (_, i) => ({
    run: 'scale, half an hour, steady',
    events: minutes(learned + i * HALF_HOUR * MINUTE_MS, HALF_HOUR).map(scale),
  }));
  return [
    // The first run creates the tables, and the second one sees their tags.
    { events: [rotate(NOON - HOUR_MS), rotate(NOON)] },
    { run: 'rotate, steady', events: [rotate(NOON + 5 * MINUTE_MS)] },
    { events: scheduled(NOON + 6 * MINUTE_MS, LEARNING_MINUTES) },
    ...halfHours,
    ...(values.steady ? [] : midnight()),
  ];
}

/** The scheduled runs before midnight see the tags of the next tables first. */
const midnight = (): Phase[] => [
  { events: [70, 55].map((before) => rotate(MIDNIGHT - before * MINUTE_MS)) },
  { events: scheduled(MIDNIGHT - 20 * MINUTE_MS, 10) },
  { run: 'rotate and scale, 23:50 to 00:10', events: scheduled(MIDNIGHT - 10 * MINUTE_MS, 20) },
];

/** Even traffic on the current tables, from before noon until after the midnight. */
function traffic(version: Version): void {
  const last = values.steady ? NOON + (LEARNING_MINUTES + 60) * MINUTE_MS + HOUR_MS : MIDNIGHT + HOUR_MS;
  const end = Math.max(last, NOON + (LEARNING_MINUTES + HALF_HOUR * (Number(values.times) + 1)) * MINUTE_MS);
  for (let group = 0; group < GROUPS; group += 1)
    for (let minute = NOON - RECORDED_HOURS * HOUR_MS; minute < end; minute += MINUTE_MS) {
      const date = new Date(minute).toISOString().slice(0, 10).replaceAll('-', '');
      version.record(`${ENVIRONMENT}.Group${group}.${date}`, minute, 300);
    }
}

/** A measured figure, and whether it compares with those of other versions. */
const figures = {
  actions: false,
  calls: false,
  tagReads: false,
  metrics: false,
  cpuMs: true,
  ms: true,
} as const satisfies Record<keyof Received, boolean>;
type Figure = keyof typeof figures;

interface Measured {
  readonly version: Version;
  readonly commit: string;
  readonly byRun: Map<string, Received[]>;
}

async function open(folder: string): Promise<Measured> {
  const args = ['rev-parse', '--short', 'HEAD'];
  const commit = execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  const version = await openVersion(resolve(folder), configFor(TABLES, values.method));
  traffic(version);
  return { version, commit, byRun: new Map() };
}

async function measure(all: readonly Measured[]): Promise<void> {
  for (const { run, events } of phases())
    for (const { version, byRun } of all) {
      version.received();
      for (const event of events) await version.run(event);
      if (run !== undefined) byRun.set(run, [...(byRun.get(run) ?? []), version.received()]);
    }
}

const median = (all: readonly Received[], figure: Figure): number =>
  all.map((one) => one[figure]).sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

function rowsOf(run: string, all: readonly Measured[]): string[][] {
  const of = ({ byRun }: Measured, figure: Figure): number => median(byRun.get(run)!, figure);
  return all.map((one) => [
    run,
    one.commit,
    ...Object.entries(figures).flatMap(([name, compares]) => {
      const figure = name as Figure;
      const value = of(one, figure);
      return [String(Math.round(value)), ...(compares ? [(value / of(all[0]!, figure)).toFixed(2)] : [])];
    }),
  ]);
}

const titles = 'RUN,COMMIT,ACTIONS,CALLS,LISTTAGSOFRESOURCE,METRICS,CPU MS,RATIO,MS,RATIO'.split(',');
const all: Measured[] = [];
for (const folder of positionals) all.push(await open(folder));
await measure(all);
const runs = [...(all[0]?.byRun.keys() ?? [])];
console.log(
  table(
    titles.map((title, i) => ({ title, align: i > 1 ? 'right' : 'left' })),
    runs.flatMap((run) => rowsOf(run, all)),
  ),
);
for (const { version } of all) await version.close();
