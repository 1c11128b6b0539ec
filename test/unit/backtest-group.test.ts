import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { type GroupController, simulateGroup } from '../../src/backtest/group.ts';
import { groupReplays, replays } from '../../src/backtest/methods.ts';
import type { Replay } from '../../src/backtest/replay.ts';
import { standingOf } from '../../src/backtest/standing.ts';
import { sum } from '../../src/backtest/trace.ts';
import { MINUTE_MS } from '../../src/core/calendar/period.ts';
import { defaultSettings, specOf } from '../support/specs.ts';

const DAY_MINUTES = 1440;
const series = (demand: readonly number[]) => ({ name: 'test', start: 0, demand: Float64Array.from(demand) });
const days = (count: number, demand: (minute: number) => number): number[] =>
  Array.from({ length: count * DAY_MINUTES }, (_, t) => demand(t % DAY_MINUTES));

const daily = groupReplays('daily');

describe('a simulated group', () => {
  const idle = (created: number): GroupController => ({ created, decide: () => {} });

  it('sends all demand to the current table, and pays for the upcoming and the previous one too', () => {
    const { capacity, throttled, billed } = simulateGroup(series(days(3, () => 10)), 'daily', idle(20), {
      initial: 30,
    });
    expect(capacity[0]).toBe(30);
    expect(capacity[DAY_MINUTES]).toBe(20);
    expect(Math.max(...throttled)).toBe(0);
    // Two tables on the first day, then the first one as well, then three of 20.
    expect(billed).toBe(DAY_MINUTES * (50 + 70 + 60));
  });

  it('pays for the tables ahead, and for each until purge deletes it', () => {
    const purge = { ...defaultSettings.purge, waitingPeriodMs: DAY_MINUTES * MINUTE_MS };
    const spec = specOf({ keep: 2, settings: { periodsAhead: 3, purge } });
    const standing = standingOf(spec, 'daily');
    const { beside } = simulateGroup(series(days(7, () => 1)), 'daily', idle(1), { initial: 1, standing });
    const at = (day: number, hour: number) => beside![day * DAY_MINUTES + hour * 60];
    // Three upcoming tables, and those of the days before: retained, due for deletion, and in its waiting period.
    expect([at(0, 12), at(1, 12), at(5, 2), at(5, 12)]).toEqual([3, 4, 6, 5]);
    expect(standingOf(specOf({ keep: Infinity }), 'daily').goneAt(0)).toBe(Infinity);
  });

  it('gives each table its own burst capacity and its own decreases', () => {
    const spending: GroupController = {
      created: 100,
      decide: ({ t, now, current }) => current.ask(current.provisioned - 1, t, now),
    };
    // A table created at 23:00 has four free decreases, and four more after midnight. So does the next.
    const { decreases } = simulateGroup(series(days(2, () => 1)), 'daily', spending);
    const one = simulateGroup(series(days(2, () => 1)), 'none', spending).decreases;
    expect(decreases).toBe(one);
  });
});

describe('predictive on a rotated group', () => {
  const steady = series(days(6, () => 500));

  it('costs little more than on one table, because each table starts with the capacity of the one before', () => {
    const group = figuresOf(steady, daily.predictive!(steady, {}));
    const single = figuresOf(steady, replays.predictive!(steady, {}));
    expect(group.costRelative).toBeLessThan(1.05 * single.costRelative!);
    expect(group.throttledShare).toBe(0);
  });

  it('has the next table ready at midnight, and lowers the previous one after', () => {
    const { capacity, billed } = daily.predictive!(steady, {});
    for (let day = 1; day < 6; day++) expect(capacity[day * DAY_MINUTES]).toBeGreaterThanOrEqual(500);
    const current = capacity.reduce((a, b) => a + b, 0);
    expect(billed / current).toBeLessThan(1.02);
  });

  it('has the next table ready if demand starts minutes before midnight', () => {
    const late = { ...steady, start: steady.start - MINUTE_MS };
    expect(sum(daily.predictive!(late, {}).throttled)).toBe(0);
  });

  it('continues with what it has learned on the table before', () => {
    const daytime = series(days(5, (minute) => (minute >= 600 && minute < 660 ? 3_000 : 300)));
    const { throttled } = daily.predictive!(daytime, {});
    expect(throttled.slice(2 * DAY_MINUTES).every((rate) => rate === 0)).toBe(true);
  });

  it('costs much less than the alternatives', () => {
    const wavy = series(days(6, (minute) => 500 + 400 * Math.sin((minute / DAY_MINUTES) * 2 * Math.PI)));
    const cost = (name: string): number => figuresOf(wavy, daily[name]!(wavy, {})).costRelative!;
    expect(cost('target-tracking-70-with-floor')).toBeGreaterThan(2 * cost('predictive'));
    expect(cost('full-on-both')).toBeGreaterThan(2 * cost('predictive'));
  });
});

describe('a group under a method without a memory', () => {
  const wavy = series(days(4, (minute) => 500 + 400 * Math.sin((minute / DAY_MINUTES) * 2 * Math.PI)));

  it.each(['reactive', 'target-tracking', 'step'])('starts each period at full capacity: %s', (name) => {
    const { capacity, throttled } = daily[name]!(wavy, { full: 900 });
    for (let day = 1; day < 4; day++)
      for (let minute = 0; minute < 15; minute++)
        expect(capacity[day * DAY_MINUTES + minute]).toBeGreaterThanOrEqual(900);
    expect(sum(throttled)).toBe(0);
  });

  it('starts at the capacity for midnight if no spec gives full throughput', () => {
    const { capacity } = daily['target-tracking']!(wavy, {});
    expect(capacity[DAY_MINUTES]).toBeGreaterThan(500 / 0.7);
    expect(capacity[DAY_MINUTES]).toBeLessThan(600 / 0.7);
  });

  it('pays for the upcoming table for a day, and for the previous one until it has drained', () => {
    const { beside } = daily.step!(wavy, { full: 900, parked: 7 });
    const at = (minute: number): number => beside![2 * DAY_MINUTES + minute]!;
    expect(at(30)).toBeGreaterThan(900 + 7);
    expect(at(120)).toBe(900 + 7);
  });
});

describe('figures of a group', () => {
  it('include metric reads of the previous table', () => {
    const steady = series(days(6, () => 500));
    const reads = (replay: Replay): number => replay(steady, {}).metricReads;
    // Five periods end. Each table is then sampled for 15 minutes, and every five minutes until an hour has passed.
    const over = 5 * (15 + 9) * 2;
    const more = reads(daily.predictive!) - reads(replays.predictive!);
    expect(more).toBeGreaterThan(0.8 * over);
    expect(more).toBeLessThan(1.2 * over);
  });

  it('have a mean capacity below the peak capacity', () => {
    const demand = series(days(3, (minute) => (minute % 60 === 0 ? 900 : 300)));
    for (const replay of Object.values(daily)) {
      const { meanCapacity, peakCapacity } = figuresOf(demand, replay(demand, {}));
      expect(peakCapacity).toBeGreaterThanOrEqual(meanCapacity);
    }
  });

  it('have the on-demand cost of one table, because the other tables have no traffic', () => {
    // One minute in every third hour: provisioned throughput never pays off.
    const rare = series(days(4, (minute) => (minute % 180 === 0 ? 3_000 : 0)));
    const { costRelative, throttledShare } = figuresOf(rare, daily['predictive-auto-billing']!(rare, {}));
    expect(costRelative).toBeCloseTo(figuresOf(rare, replays['on-demand']!(rare, {})).costRelative!, 9);
    expect(throttledShare).toBe(0);
  });

  it('include the overlap of provisioned tables, also with Billing auto', () => {
    const steady = series(days(6, () => 500));
    const group = figuresOf(steady, daily['predictive-auto-billing']!(steady, {}));
    const single = figuresOf(steady, replays['predictive-auto-billing']!(steady, {}));
    expect(group.costRelative!).toBeGreaterThan(single.costRelative!);
    expect(group.costRelative).toBeLessThan(1.05 * single.costRelative!);
  });
});
