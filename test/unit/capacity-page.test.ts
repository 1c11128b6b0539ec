/** Holds the figures of docs/capacity.md to the code. After changing a method, run `node bench/capacity.ts`, `node bench/rotated.ts` and `node bench/uneven.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Figures, figuresOf } from '../../src/backtest/figures.ts';
import { groupReplays, replays } from '../../src/backtest/methods.ts';
import type { Replay } from '../../src/backtest/replay.ts';
import { minutesOf } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';
import { unevenCells, unevenWorlds } from '../support/uneven.ts';

/** The shortest trace of the project. */
const TRACE = 'nab_elb_requests';
const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/capacity.md'), 'utf8');
const csv = readFileSync(join(root, `test/fixtures/traces/${TRACE}.csv`), 'utf8');
const series = minutesOf(parseTrace(TRACE, csv), 500);

/** The rows of the named table: their cells by column title. */
function tableOf(name: string): Readonly<Record<string, string>>[] {
  const [, table = ''] = page.split(`<!-- ${name} -->\n`);
  const [titles = [], , ...rows] = table
    .split('<!--')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.map((row) => Object.fromEntries(titles.map((title, i) => [title, row[i]!])));
}

const rowOf = (name: string): Readonly<Record<string, string>> =>
  tableOf(name).find(({ trace }) => trace === TRACE)!;

const replayed = (replay: Replay, burstSeconds = 300): Figures =>
  figuresOf(series, replay(series, { burstSeconds }));
const ratio = (a: Figures, b: Figures): string => (a.costRelative! / b.costRelative!).toFixed(3);
const percent = ({ throttledShare }: Figures): string => (throttledShare * 100).toFixed(3);
const cell = (figures: Figures): string => `${figures.costRelative!.toFixed(3)} / ${percent(figures)}`;

const { trace: _, '': __, ...all } = rowOf('all methods');

it.each(Object.entries(all))('shows the figures of %s', (name, shown) => {
  expect(shown).toBe(cell(replayed(replays[name]!)));
});

it.each([
  ['one table', 300],
  ['without burst', 0],
])('shows the ratios to target tracking and clairvoyant: %s', (name, burst) => {
  const [predictive, tracking, clairvoyant] = ['predictive', 'target-tracking-70', 'clairvoyant'].map(
    (method) => replayed(replays[method]!, burst),
  ) as [Figures, Figures, Figures];
  expect(rowOf(name)).toMatchObject({
    '× target tracking': ratio(predictive, tracking),
    '× clairvoyant': ratio(predictive, clairvoyant),
    'throttled %': percent(predictive),
    'target tracking %': percent(tracking),
  });
});

it('shows the figures of a rotated group and one table, including metric reads', () => {
  const daily = groupReplays('daily');
  const [group, single] = [replayed(daily.predictive!), replayed(daily['predictive-never-rotated']!)];
  const paid = ({ costMonth, metricReadsMonth }: Figures): number => costMonth + metricReadsMonth;
  expect(rowOf('rotated daily')).toMatchObject({
    '× one table': (paid(group) / paid(single)).toFixed(3),
    predictive: cell(group),
    'one table': cell(single),
    'target tracking with floor': cell(replayed(daily['target-tracking-70-with-floor']!)),
    'full on both': cell(replayed(daily['full-on-both']!)),
  });
});

it('shows what bursts within minutes throttle and cost: node bench/uneven.ts', () => {
  const [world] = unevenWorlds;
  const shown = tableOf('bursts within minutes').find(({ bursts }) => bursts === world!.name)!;
  const [first] = unevenCells(world!, 'predictive');
  expect(shown['predictive, first hour']).toBe(first);
});

it('shows that reactive throttles less than the other methods on most traces, and is never cheaper than predictive', () => {
  const rows = tableOf('all methods').map((row) => {
    const figures = (name: string): [cost: number, throttled: number] =>
      row[name]!.split(' / ').map(Number) as [number, number];
    const [cost, throttled] = figures('reactive');
    const others = ['predictive', 'step', 'target-tracking-70'].map((name) => figures(name)[1]);
    return { least: throttled < Math.min(...others), cheaper: cost < figures('predictive')[0] };
  });
  expect(rows.filter(({ least }) => least).length).toBeGreaterThan(rows.length / 2);
  expect(rows.filter(({ cheaper }) => cheaper)).toEqual([]);
});

it('is what the README and the changelog say of target tracking', () => {
  const rows = page.split('<!-- one table -->')[1]!.split('<!--')[0]!.split('\n');
  const traces = rows.filter((row) => /^\| \w+ \| \d/.test(row));
  const notMore = traces.filter((row) => !row.includes('more throttled')).length;
  const mean = Number(/\*\*(.*)\*\*/.exec(rows.join())![1]);
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
  expect(readme).toContain(
    `On ${traces.length} recorded traces, the default method costs ${mean.toFixed(2)} times as much as target tracking. On ${notMore} of them, it throttles no more`,
  );
  expect(readme).toContain(
    `On the ${traces.length} recorded traces for which target tracking at 70% is a reasonable choice, \`predictive\` costs ${mean.toFixed(2)} times as much (geometric mean). On ${notMore} of them, it throttles no more`,
  );
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').replaceAll(/\s+/g, ' ');
  expect(changelog).toContain(`On ${traces.length} recorded traces it costs ${mean} times target tracking`);
});
