/**
 * Compares a backtest with what the functions do: rotate, scale and purge, bundled as for Lambda, run in virtual time on an embedded AWS
 * that serves and throttles demand by the capacity that they set, and every table is billed each minute. Writes a table of
 * docs/capacity.md: `node bench/closed-loop.ts [OPTIONS]`. 14 days take from 20 minutes to an hour.
 *
 * --days N      days of the trace nab_elb_requests. Default: 14
 * --mean N      mean demand, units per second. Default: 100
 * --retained N  PurgeRotation. Default: 3
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { groupReplays } from '../src/backtest/methods.ts';
import type { Simulation } from '../src/backtest/simulate.ts';
import { standingOf } from '../src/backtest/standing.ts';
import { minutesOf, sum } from '../src/backtest/trace.ts';
import { parseTrace } from '../src/backtest/trace-csv.ts';
import { loadConfig } from '../src/config/index.ts';
import { MINUTE_MS } from '../src/core/calendar/period.ts';
import { LONGEST_HANDOVER_MS } from '../src/core/capacity/handover.ts';
import { closedLoop, writeGroup } from '../test/support/closed-loop.ts';
import { markdown, percent, place } from './capacity-page.ts';
import { ENVIRONMENT, openVersion } from './version.ts';

const ROOT = join(import.meta.dirname, '..');
const TRACE = 'nab_elb_requests';
const DAY_MINUTES = 1440;

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '14' },
    mean: { type: 'string', default: '100' },
    retained: { type: 'string', default: '3' },
  },
});
const [days, mean, retained] = [Number(values.days), Number(values.mean), Number(values.retained)];

const csv = readFileSync(join(ROOT, `test/fixtures/traces/${TRACE}.csv`), 'utf8');
const all = minutesOf(parseTrace(TRACE, csv), mean);
const series = { ...all, demand: all.demand.subarray(0, days * DAY_MINUTES) };
const { start, demand } = series;
const config = mkdtempSync(join(tmpdir(), 'turntable-closed-loop-'));
writeGroup(config, 'daily', demand[0]!, retained);
const [spec] = loadConfig(config, ENVIRONMENT).specs;

const version = await openVersion(ROOT, config);
const began = performance.now();
const fleet = {
  aws: version.aws,
  client: version.client,
  run: async (job: 'rotate' | 'scale' | 'purge', at: number) => void (await version.run({ job, at })),
};
const lived = await closedLoop(fleet, spec!, start, demand, (minute) => {
  const seconds = Math.round((performance.now() - began) / 1000);
  if (minute % 60 === 0) process.stderr.write(`\r${(minute / DAY_MINUTES).toFixed(2)} days, ${seconds} s `);
});
process.stderr.write('\n');
await version.close();

const replay = groupReplays('daily').predictive!;
const counted = replay(series, { standing: standingOf(spec!, 'daily') });
const three = replay(series, {});
const besideOf = ({ beside }: Simulation): Float64Array => beside!;
const { current, upcoming, previous, older } = lived.billed;

/** The table's minutes before and after midnight in which another table than the current one has more than its idle unit. */
const OVERLAP = { before: LONGEST_HANDOVER_MS / MINUTE_MS, after: 10 };
const minuteOfDay = (t: number): number => (start / MINUTE_MS + t) % DAY_MINUTES;
const isBefore = (t: number): boolean => minuteOfDay(t) >= DAY_MINUTES - OVERLAP.before;
const isAfter = (t: number): boolean => minuteOfDay(t) < OVERLAP.after;
const within = (units: Float64Array, part: (t: number) => boolean): number =>
  sum(units.filter((_, t) => part(t)));

const standing = demand.map((_, t) => upcoming[t]! + previous[t]! + older[t]!);
const demanded = sum(demand);
const rowOf = (what: string, count: (one: Float64Array) => number, why: string): string[] => {
  const [loop, ...both] = [standing, besideOf(counted), besideOf(three)].map(count);
  return [what, ...[loop!, ...both].map((units) => (units / demanded).toFixed(4)), why];
};
const ofCurrent = [current, counted.capacity, three.capacity].map((units) => sum(units) / demanded);
const ofAll = [sum(current) + sum(standing), counted.billed, three.billed].map((units) => units / demanded);
const fixed = (shares: readonly number[]): string[] => shares.map((share) => share.toFixed(4));
const rows = [
  ['tables', 'closed loop', 'backtest with `--spec`', 'without `--spec`', 'why'],
  ['current', ...fixed(ofCurrent), 'the same decisions in each minute, unless the figures differ'],
  rowOf(
    'others, 20 minutes before midnight',
    (units) => within(units, isBefore),
    'the upcoming table is raised',
  ),
  rowOf(
    'others, 10 minutes after midnight',
    (units) => within(units, isAfter),
    'the previous table is lowered, and rotate creates the next one at 00:05',
  ),
  rowOf(
    'others, the rest of the day',
    (units) => within(units, (t) => !isBefore(t) && !isAfter(t)),
    'one unit each. Without a spec, a backtest knows only the upcoming and the previous table',
  ),
  ['all', ...fixed(ofAll), ''],
  [
    'throttled %',
    ...[lived.throttled, counted.throttled, three.throttled].map((units) => percent(sum(units) / demanded)),
    '',
  ],
];
const caption = `${days} days of \`${TRACE}\` at a mean of ${mean} writes per second, with \`PurgeRotation\` ${retained}. Cost relative to demand.`;
place({ 'closed loop': `${caption}\n\n${markdown(rows)}` }, false);
