/** The demand on a group over its tables: the calculation, and reading it from the simulated CloudWatch. */
import { describe, expect, it } from 'vitest';
import { parseTrace, traceCsv } from '../../src/backtest/trace-csv.ts';
import { historyWindow, partsOf, stepFor, stretchesOf } from '../../src/core/capacity/history.ts';
import { readHistory } from '../../src/jobs/export-trace.ts';
import { World } from '../support/sim/world.ts';
import { at, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';

const NOW = at('2026-11-21T10:37');

describe('the step of a history', () => {
  it.each([
    [1, 1],
    [15, 1],
    [16, 5],
    [63, 5],
    [64, 60],
    [455, 60],
  ])('of %i days is %i minutes', (days, minutes) => {
    expect(stepFor(days)).toBe(minutes * MINUTE);
    const { from, to } = historyWindow(days, NOW);
    expect([from % HOUR, to % (minutes * MINUTE)]).toEqual([0, 0]);
    expect(NOW - from).toBeLessThanOrEqual(days * DAY - 5 * MINUTE);
    expect(NOW - from).toBeGreaterThan(days * DAY - 65 * MINUTE);
    expect(NOW - to).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(NOW - to).toBeLessThan(5 * MINUTE + minutes * MINUTE);
  });

  it('does not exist for longer than CloudWatch retains metrics', () => {
    expect(() => stepFor(456)).toThrow(RangeError);
  });
});

describe('the tables of a group', () => {
  it('follow each other, each in its own period', () => {
    const parts = partsOf(specOf(), { from: at('2026-11-19T23:00'), to: at('2026-11-21T01:00') });
    expect(parts).toEqual([
      { table: 'production.Events.20261119', from: at('2026-11-19T23:00'), to: at('2026-11-20') },
      { table: 'production.Events.20261120', from: at('2026-11-20'), to: at('2026-11-21') },
      { table: 'production.Events.20261121', from: at('2026-11-21'), to: at('2026-11-21T01:00') },
    ]);
  });

  it('are one if the group does not rotate', () => {
    const window = { from: NOW - DAY, to: NOW };
    expect(partsOf(specOf({ scheme: 'none' }), window)).toEqual([{ table: 'production.Events', ...window }]);
  });

  it.each([
    ['hourly', 15, 13],
    ['hourly', 455, 49],
    ['daily', 15, 3],
    ['daily', 455, 11],
    ['weekly', 63, 2],
    ['none', 455, 1],
  ] as const)('are read in few calls, in order and completely: %s, %i days', (scheme, days, most) => {
    const stepMs = stepFor(days);
    const parts = partsOf(specOf({ scheme }), historyWindow(days, NOW));
    const stretches = stretchesOf(parts, stepMs);
    expect(stretches.flat()).toEqual(parts);
    expect(stretches.length).toBeLessThanOrEqual(most);
    for (const stretch of stretches)
      expect((stretch.length * 2 * (stretch.at(-1)!.to - stretch[0]!.from)) / stepMs).toBeLessThanOrEqual(
        100_800,
      );
  });
});

describe('the history of a group', () => {
  const spec = specOf({
    indexes: { byUser: { full: { read: 5, write: 5 }, outdated: { read: 1, write: 1 } } },
  });
  const yesterday = 'production.Events.20261120';
  const today = 'production.Events.20261121';
  const wanted = { spec, index: undefined, dimension: 'write', days: 2, now: NOW } as const;

  function world(): World {
    const world = new World(NOW);
    const add = (metric: string, table: string, instant: string, sum: number, index?: string) =>
      world.metrics.add({ metric, table, ...(index === undefined ? {} : { index }) }, at(instant), sum);
    add('ConsumedWriteCapacityUnits', yesterday, '2026-11-20T23:57', 60);
    add('ConsumedWriteCapacityUnits', yesterday, '2026-11-20T23:59', 120);
    add('WriteThrottleEvents', yesterday, '2026-11-20T23:59', 30);
    // Late writes do not count for the next table.
    add('ConsumedWriteCapacityUnits', yesterday, '2026-11-21T00:00', 6000);
    add('ConsumedWriteCapacityUnits', today, '2026-11-21T00:00', 180);
    add('ConsumedWriteCapacityUnits', today, '2026-11-21T00:00', 6, 'byUser');
    add('ConsumedReadCapacityUnits', today, '2026-11-21T00:00', 12);
    add('ConsumedWriteCapacityUnits', today, '2026-11-21T10:33', 6000);
    return world;
  }

  const historyOf = async (more = {}) => {
    const history = await readHistory(world().metrics, { ...wanted, ...more });
    if ('error' in history) throw new Error(history.error);
    return history;
  };

  it('starts with the first point, adds consumed and throttled, and is zero without points', async () => {
    const { start, stepMs, values, tables, metricReads } = await historyOf();
    expect([start, stepMs, tables, metricReads]).toEqual([at('2026-11-20T23:57'), MINUTE, 3, 6]);
    expect([...values.slice(0, 5)]).toEqual([1, 0, 2.5, 3, 0]);
    expect(start + values.length * MINUTE).toBe(at('2026-11-21T10:32'));
    expect(Math.max(...values.slice(4))).toBe(0);
  });

  it.each([
    ['reads', { dimension: 'read' }, 0.2],
    ['an index', { index: 'byUser' }, 0.1],
  ])('can be that of %s', async (_, more, first) => {
    const { start, values } = await historyOf(more);
    expect([start, values[0]]).toEqual([at('2026-11-21T00:00'), first]);
  });

  it('is the mean over longer steps', async () => {
    const { start, stepMs, values } = await historyOf({ days: 30 });
    expect([start, stepMs]).toEqual([at('2026-11-20T23:55'), 5 * MINUTE]);
    expect([...values.slice(0, 3)]).toEqual([0.7, 0.6, 0]);
  });

  it('is unknown if a part of it cannot be read', async () => {
    const { metrics } = world();
    metrics.broken = ({ metric, table }) => metric === 'WriteThrottleEvents' && table === yesterday;
    expect(await readHistory(metrics, wanted)).toEqual({ error: 'The metric cannot be read.' });
  });

  it('reports the progress of each read', async () => {
    const reported: [string, number][] = [];
    const options = { ...wanted, spec: specOf({ scheme: 'hourly' }) };
    await readHistory(world().metrics, options, (what, of) => void reported.push([what, of]));
    expect(reported).toHaveLength(reported[0]![1]);
    expect(reported.length).toBeGreaterThan(1);
  });

  it('is a trace for a backtest', async () => {
    const history = await historyOf();
    const csv = traceCsv(history);
    expect(csv.split('\n').slice(0, 4)).toEqual([
      'timestamp,value',
      '2026-11-20T23:57:00Z,1',
      '2026-11-20T23:58:00Z,0',
      '2026-11-20T23:59:00Z,2.5',
    ]);
    const { start, stepMs, values } = history;
    expect(parseTrace('mine', csv)).toEqual({ name: 'mine', start, stepMs, values });
  });
});
