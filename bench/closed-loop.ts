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
import { standingOf } from '../src/backtest/standing.ts';
import { minutesOf, sum } from '../src/backtest/trace.ts';
import { parseTrace } from '../src/backtest/trace-csv.ts';
import { loadConfig } from '../src/config/index.ts';
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
const demanded = sum(demand);
const cost = (units: number): string => (units / demanded).toFixed(3);
const beside = [counted, three].map((one) => sum(one.beside!)) as [number, number];
const { current, upcoming, previous, older } = lived.billed;
const rows = [
  ['tables', 'closed loop', 'backtest with `--spec`', 'without `--spec`', 'why'],
  [
    'current',
    ...[current, sum(counted.capacity), sum(three.capacity)].map(cost),
    'nearly the same decisions',
  ],
  [
    'upcoming and previous',
    ...[upcoming + previous, beside[1], beside[1]].map(cost),
    'one unit each, and the capacity of the current table around midnight. Rotate raises the upcoming table at 23:50, three minutes earlier than in a backtest',
  ],
  [
    'older',
    ...[older, beside[0] - beside[1], 0].map(cost),
    'one unit each until purge deletes them, which a backtest knows from the spec',
  ],
  ['all', ...[current + upcoming + previous + older, counted.billed, three.billed].map(cost), ''],
  [
    'throttled %',
    ...[lived.throttled, counted.throttled, three.throttled].map((units) => percent(sum(units) / demanded)),
    '',
  ],
];
const caption = `${days} days of \`${TRACE}\` at a mean of ${mean} writes per second, with \`PurgeRotation\` ${retained}. Cost relative to demand.`;
place({ 'closed loop': `${caption}\n\n${markdown(rows)}` }, false);
