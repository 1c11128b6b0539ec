import { describe, expect, it } from 'vitest';
import { rowsPerChart } from '../../src/core/report/chart.ts';
import { packed, tenths, threeDigits, unpacked } from '../../src/core/report/runs.ts';
import { metricCount } from '../../src/core/report/series.ts';
import { reduced, reportWindow, stepsPerPoint, sum } from '../../src/core/report/window.ts';
import { fleetReport } from '../../src/jobs/report.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { confirmAll, run } from '../support/worlds.ts';

const START = at('2026-11-21T22:00');
const FIRST = 'production.Events.20261121';
const SECOND = 'production.Events.20261122';

const spec = specOf({ keep: 1, full: units(10, 10), outdated: units(2, 2), scaling: { method: 'none' } });
const config = configOf([spec]);

const place = { region: 'eu-west-1', account: '123456789012' };

/** Two days of a group: 4 writes per second, one minute of 500, and what the jobs do meanwhile. */
async function world(until: number): Promise<World> {
  const sim = new World(START - 30 * MINUTE);
  await confirmAll(config, sim);
  const tables = new Map([
    [21, FIRST],
    [22, SECOND],
    [23, 'production.Events.20261123'],
  ]);
  for (let now = sim.clock.now(); now < until; now += 5 * MINUTE) {
    sim.clock.moveTo(now);
    if (now % (30 * MINUTE) === 0) await run('rotate', config, sim);
    if (now % (6 * HOUR) === 0) await run('purge', config, sim);
    const table = tables.get(new Date(now).getUTCDate());
    if (now >= START && table) sim.demand(table, 'write', now === START + HOUR ? 5000 : 4);
  }
  sim.clock.moveTo(until);
  return sim;
}

const reportAt = async (now: number, sinceMs = DAY) =>
  fleetReport({ config, now, place, window: reportWindow(sinceMs, now) }, (await world(now)).ports());

describe('the window of a report', () => {
  const now = at('2026-11-22T12:03');
  it.each([
    [DAY, 1],
    [7 * DAY, 5],
    [30 * DAY, 60],
    [400 * DAY, 60],
  ])('of %d ms has steps of %d minutes that CloudWatch still retains', (sinceMs, minutes) => {
    const { from, to, stepMs } = reportWindow(sinceMs, now);
    expect(stepMs).toBe(minutes * MINUTE);
    expect([from % stepMs, to % stepMs]).toEqual([0, 0]);
    expect(now - to).toBeGreaterThanOrEqual(5 * MINUTE);
  });

  it('is at least one step', () => {
    const { from, to, stepMs } = reportWindow(MINUTE, now);
    expect(to - from).toBe(stepMs);
  });

  it('has fewer points per chart the more charts there are', () => {
    const window = reportWindow(7 * DAY, now);
    expect([1, 60, 600, 10_000].map((charts) => stepsPerPoint(window, charts))).toEqual([1, 2, 11, 14]);
  });

  it('has fewer named tables per chart the more charts there are', () => {
    expect([1, 60, 600, 10_000].map(rowsPerChart)).toEqual([48, 48, 6, 4]);
  });

  it('keeps peaks and counts of steps that make one point', () => {
    const values = Float64Array.of(1, 9, 2, 3, 4);
    expect([...reduced(values, 2, Math.max)]).toEqual([9, 3, 4]);
    expect([...reduced(values, 2, sum)]).toEqual([10, 5, 4]);
  });
});

describe('runs', () => {
  it('pack equal values and unpack to the same', () => {
    const values = [3, 3, 3, 0, 2.04, 1234.5];
    expect(packed(values, tenths)).toEqual([3, 3, 1, 0, 1, 2, 1, 1234.5]);
    expect(packed(values, threeDigits)).toEqual([3, 3, 1, 0, 1, 2.04, 1, 1230]);
    expect([...unpacked([3, 3, 1, 0], 4)]).toEqual([3, 3, 3, 0]);
  });
});

describe('fleetReport', () => {
  const NOON = at('2026-11-22T12:00');

  it('has the life of each table, deleted and planned ones included', async () => {
    const now = at('2026-11-23T18:00');
    const { groups, until } = await reportAt(now, 2 * DAY);
    expect(until).toBe('2026-11-24T06:00:00.000Z');
    const lives = groups[0]!.tables.map(({ name, state, deletedAt, stretches }) => [
      name,
      state,
      deletedAt?.slice(0, 16) ?? null,
      stretches.map((one) => `${one.state} ${one.from.slice(8, 16)} ${one.to.slice(8, 16)}`),
    ]);
    expect(lives).toEqual([
      [
        'production.Events.20261124',
        'upcoming',
        null,
        ['upcoming 23T00:00 24T00:00', 'active 24T00:00 24T06:00'],
      ],
      [
        'production.Events.20261123',
        'active',
        null,
        [
          'upcoming 22T00:00 23T00:00',
          'active 23T00:00 24T00:00',
          'draining 24T00:00 24T01:00',
          'expired 24T01:00 24T06:00',
        ],
      ],
      [
        SECOND,
        'deletion-scheduled',
        null,
        [
          'upcoming 21T21:30 22T00:00',
          'active 22T00:00 23T00:00',
          'draining 23T00:00 23T01:00',
          'expired 23T01:00 23T06:00',
          'deletion-scheduled 23T06:00 23T18:00',
        ],
      ],
      [
        FIRST,
        'deleted',
        '2026-11-22T18:00',
        [
          'active 21T21:30 22T00:00',
          'draining 22T00:00 22T01:00',
          'expired 22T01:00 22T06:00',
          'deletion-scheduled 22T06:00 22T18:00',
        ],
      ],
    ]);
  });

  it('has consumption, capacity and throttled requests of the current table, with every peak', async () => {
    const { groups, points } = await reportAt(NOON, 16 * HOUR);
    expect(points).toMatchObject({ start: '2026-11-21T20:00:00.000Z', minutes: 1, averagedMinutes: 1 });
    const writes = groups[0]!.charts.find(({ dimension }) => dimension === 'write')!;
    const consumed = unpacked(writes.consumed, points.count);
    const peak = (START + HOUR - Date.parse(points.start)) / MINUTE;
    expect(consumed[peak - 60]).toBe(4);
    expect(consumed[peak]).toBeGreaterThan(4);
    expect(unpacked(writes.capacity, points.count)[peak + 2]).toBe(10);
    expect(unpacked(writes.throttled, points.count)[peak]).toBeGreaterThan(1000);
    expect(writes.tables.map(({ table, throttled }) => [table, throttled > 0])).toEqual([
      [FIRST, true],
      [SECOND, false],
    ]);
    expect(writes.tables[0]).toMatchObject({ from: points.start, lowestCapacity: 10, highestCapacity: 10 });
  });

  it('sums up the earlier of many tables of a chart', async () => {
    const hourly = configOf([{ ...spec, scheme: 'hourly' as const, keep: 2 }]);
    const sim = new World(NOON);
    const window = reportWindow(4 * DAY, NOON);
    const { groups } = await fleetReport({ config: hourly, now: NOON, place, window }, sim.ports());
    const { tables } = groups[0]!.charts[0]!;
    expect(tables).toHaveLength(48);
    expect([tables[0]!.table, tables[0]!.from]).toEqual([
      '49 earlier tables',
      new Date(window.from).toISOString(),
    ]);
    expect(tables[1]!.from).toBe(tables[0]!.to);
  });

  it('has the cost by phase at present, and by month as metrics say', async () => {
    const { cost } = await reportAt(NOON, 16 * HOUR);
    expect(cost.phases.map(({ phase, tables }) => [phase, tables])).toEqual([
      ['upcoming', 1],
      ['active', 1],
      ['expired', 1],
    ]);
    expect(cost.phases.reduce((all, { throughput, storage }) => all + throughput + storage, 0)).toBeCloseTo(
      cost.month,
    );
    const { write } = config.prices.unitHour;
    expect(cost.months).toHaveLength(1);
    expect(cost.months[0]).toMatchObject({ month: '2026-11', hours: expect.closeTo(15.9, 0) });
    // Ten writes for the nearly 14 hours since the first metric.
    expect(cost.months[0]!.throughput).toBeCloseTo(10 * write * 13.9, 3);
  });

  it('says what happens next, the earliest first', async () => {
    const { next } = await reportAt(NOON, 4 * DAY);
    expect(
      next.filter(({ at: when }) => when !== null).map(({ at: when, table, what }) => [when, table, what]),
    ).toEqual([
      ['2026-11-22T18:00:00.000Z', FIRST, 'purge deletes it, if it is still due'],
      ['2026-11-23T00:00:00.000Z', SECOND, 'its period ends'],
      ['2026-11-23T00:00:00.000Z', SECOND, 'its retention ends'],
      ['2026-11-23T00:00:00.000Z', 'production.Events.20261123', 'its period starts'],
      ['2026-11-23T01:00:00.000Z', SECOND, 'its drain window ends'],
    ]);
  });

  it('has what happened, the newest first', async () => {
    const { past } = await reportAt(at('2026-11-22T20:00'), DAY);
    expect(past.events.slice(0, 2).map(({ kind, table, reason }) => [kind, table, reason])).toEqual([
      ['delete', FIRST, 'still-expired'],
      ['hold-ended', FIRST, 'waiting-period'],
    ]);
    expect(past.events.at(-1)).toMatchObject({ kind: 'create', group: 'Events', reason: 'missing' });
    expect(past.omitted).toBe(0);
  });

  it('knows since when a hold lasts that began before the time of the report', async () => {
    const { groups } = await reportAt(at('2026-11-22T15:00'), 2 * HOUR);
    const held = groups[0]!.holds.find(({ reason }) => reason === 'waiting-period');
    expect(held).toMatchObject({ table: FIRST, since: expect.stringMatching(/^2026-11-22T12:00/) });
  });

  it('says why the history is unknown, and knows no time of a deletion then', async () => {
    const now = at('2026-11-22T20:00');
    const ports = (await world(now)).ports();
    const history = async (): Promise<string[]> => {
      throw new Error('not allowed');
    };
    const report = await fleetReport(
      { config, now, place, window: reportWindow(DAY, now) },
      { ...ports, state: { ...ports.state, history } },
    );
    expect(report.past).toEqual({
      events: [],
      omitted: 0,
      unknown: 'Could not read the history: not allowed',
    });
    const first = report.groups[0]!.tables.find(({ name }) => name === FIRST);
    expect(first).toMatchObject({ state: 'deleted', deletedAt: null });
  });

  it('counts the metrics that it reads, and knows those of its charts before', async () => {
    const now = NOON;
    const { metricReads, metricReadsUsd } = await reportAt(now, 16 * HOUR);
    const planned = metricCount([spec], reportWindow(16 * HOUR, now));
    // Two tables, reads and writes, three metrics.
    expect(planned).toBe(12);
    expect(metricReads).toBeGreaterThan(planned);
    expect(metricReadsUsd).toBeCloseTo(metricReads * 0.00001);
  });

  it('reports the other charts if the metrics of one cannot be read', async () => {
    const sim = await world(NOON);
    sim.metrics.broken = ({ metric }) => metric === 'ConsumedReadCapacityUnits';
    const { groups } = await fleetReport(
      { config, now: NOON, place, window: reportWindow(DAY, NOON) },
      sim.ports(),
    );
    expect(groups[0]!.charts.map(({ dimension, error }) => [dimension, error])).toEqual([
      ['read', 'The metric cannot be read.'],
      ['write', undefined],
    ]);
  });
});
