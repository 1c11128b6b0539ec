/**
 * Compares what versions of Turntable ask of AWS in the steady state and at midnight, with 100 daily groups that have
 * 1,000 tables together: `node bench/versions.ts FOLDER...`. Each folder is a checkout with its packages installed.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { table } from '../src/cli/views/text.ts';
import { HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { configFor } from './fleet.ts';
import { ENVIRONMENT, openVersion, type Received, type Version } from './version.ts';

const TABLES = 1_000;
const NOON = Date.parse('2026-11-21T12:00:00Z');
const MIDNIGHT = NOON + 12 * HOUR_MS;
const LEARNING_MINUTES = 10;
/** Rotate is scheduled at these minutes of an hour, and scale in every minute: serverless.yml. */
const ROTATES_AT = [5, 50];

interface Row extends Received {
  readonly run: string;
  readonly commit: string;
}

async function measure(folder: string): Promise<Row[]> {
  const version = await openVersion(resolve(folder), configFor(TABLES));
  const rows: Row[] = [];
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const take = (run: string): number => rows.push({ run, commit, ...version.received() });
  traffic(version);
  const rotates = (at: number) => version.run({ job: 'rotate', at });
  // The first run creates the tables, and the second one sees their tags.
  await rotates(NOON - HOUR_MS);
  await rotates(NOON);
  version.received();
  await rotates(NOON + 5 * MINUTE_MS);
  take('rotate, steady');
  await minutes(version, NOON + 6 * MINUTE_MS, LEARNING_MINUTES);
  version.received();
  await scales(version, NOON + 20 * MINUTE_MS, 30);
  take('scale, half an hour, steady');
  // The scheduled runs before midnight, which see the tags of the next tables first.
  for (const before of [70, 55]) await rotates(MIDNIGHT - before * MINUTE_MS);
  await minutes(version, MIDNIGHT - 20 * MINUTE_MS, 10);
  version.received();
  await minutes(version, MIDNIGHT - 10 * MINUTE_MS, 20);
  take('rotate and scale, 23:50 to 00:10');
  await version.close();
  return rows;
}

async function scales(version: Version, from: number, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1)
    await version.run({ job: 'scale', at: from + minute * MINUTE_MS });
}

/** The scheduled runs of some minutes. */
async function minutes(version: Version, from: number, count: number): Promise<void> {
  for (let at = from; at < from + count * MINUTE_MS; at += MINUTE_MS) {
    if (ROTATES_AT.includes(new Date(at).getUTCMinutes())) await version.run({ job: 'rotate', at });
    await version.run({ job: 'scale', at });
  }
}

/** Even traffic on the current tables, from a day before until after the midnight. */
function traffic(version: Version): void {
  for (let group = 0; group < TABLES / 10; group += 1)
    for (let minute = NOON - 24 * HOUR_MS; minute < MIDNIGHT + HOUR_MS; minute += MINUTE_MS) {
      const date = new Date(minute).toISOString().slice(0, 10).replaceAll('-', '');
      version.record(`${ENVIRONMENT}.Group${group}.${date}`, minute, 300);
    }
}

const titles = ['run', 'commit', 'actions', 'calls', 'ListTagsOfResource', 'metrics', 'ms'] as const;

const cellsOf = ({ run, commit, actions, calls, tagReads, metrics, ms }: Row): string[] => [
  run,
  commit,
  ...[actions, calls, tagReads, metrics, Math.round(ms)].map(String),
];

const rows: Row[] = [];
for (const folder of process.argv.slice(2)) rows.push(...(await measure(folder)));
const columns = titles.map((title, i) => ({
  title: title.toUpperCase(),
  align: i > 1 ? ('right' as const) : ('left' as const),
}));
const runs = new Set(rows.map(({ run }) => run));
const together = [...runs].flatMap((run) => rows.filter((row) => row.run === run));
console.log(table(columns, together.map(cellsOf)));
