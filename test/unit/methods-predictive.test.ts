import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayOfLearner } from '../../src/backtest/own.ts';
import { targetTracking } from '../../src/backtest/peers/target-tracking.ts';
import { simulate } from '../../src/backtest/simulate.ts';
import { minutesOf, sum } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';
import { baselineAfter, baselineAt } from '../../src/core/scaling/methods/predictive/baseline.ts';
import { afterMinute, fullBurst } from '../../src/core/scaling/methods/predictive/burst.ts';
import {
  cautionOf,
  emptyRecord,
  followingOf,
  recordAfter,
} from '../../src/core/scaling/methods/predictive/caution.ts';
import {
  afterDecrease,
  isOverdue,
  isTime,
  newTiming,
  timingAfter,
} from '../../src/core/scaling/methods/predictive/decrease-timing.ts';
import { predictive } from '../../src/core/scaling/methods/predictive/index.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const flat = (minutes: number, demand: number): number[] => Array.from({ length: minutes }, () => demand);
const series = (demand: number[]) => ({ name: 'test', start: 0, demand: Float64Array.from(demand) });
const replay = (demand: number[], options = {}) => replayOfLearner(predictive)(series(demand), options);
const minute = (consumed: number, throttled = 0) => ({ at: 0, consumed, throttled });

describe('predictive', () => {
  it('settles close above steady demand', () => {
    const { capacity, throttled } = replay(flat(2 * DAY_MINUTES, 100));
    expect(sum(throttled)).toBe(0);
    expect(capacity.at(-1)).toBeGreaterThan(100);
    expect(capacity.at(-1)).toBeLessThan(125);
  });

  it('serves a short peak from burst capacity', () => {
    const quiet = flat(2 * DAY_MINUTES, 100);
    const { throttled, capacity } = replay([...quiet, ...flat(2, 200), ...flat(30, 100)]);
    expect(sum(throttled)).toBe(0);
    expect(capacity.slice(quiet.length).every((units) => units <= capacity[quiet.length]!)).toBe(true);
  });

  it.each([0, 1, 2, 3, 4])(
    'raises for demand that lasts, before burst capacity runs out, %i minutes after a sample',
    (later) => {
      const quiet = flat(2 * DAY_MINUTES + later, 100);
      const { throttled, capacity } = replay([...quiet, ...flat(60, 165)]);
      expect(sum(throttled)).toBe(0);
      expect(capacity.at(-1)).toBeGreaterThanOrEqual(165);
    },
  );

  it('raises to what was demanded, not only to what was served', () => {
    const { capacity } = replay([...flat(2 * DAY_MINUTES, 100), ...flat(8, 2000)]);
    expect(capacity.at(-1)).toBeGreaterThanOrEqual(2000);
  });

  it('learns that one-minute peaks end before a raise takes effect', () => {
    const demand = Array.from({ length: 4 * DAY_MINUTES }, (_, t) => (t % 360 === 7 ? 2_000 : 100));
    const { capacity } = replay(demand);
    expect(Math.max(...capacity.slice(0, DAY_MINUTES))).toBeGreaterThan(1_500);
    expect(Math.max(...capacity.slice(3 * DAY_MINUTES))).toBeLessThan(1_300);
  });

  it('extrapolates a ramp, because it continues until a raise takes effect', () => {
    const ramp = Array.from({ length: 40 }, (_, t) => 100 + 25 * t);
    const { throttled } = replay([...flat(2 * DAY_MINUTES, 100), ...ramp]);
    expect(sum(throttled)).toBeLessThan(0.01 * ramp.reduce((a, b) => a + b, 0));
  });

  it('has capacity ready for the demand of yesterday at the same time', () => {
    const day = [...flat(720, 100), ...flat(60, 900), ...flat(660, 100)];
    const { throttled } = replay([...day, ...day]);
    expect(sum(throttled.slice(0, DAY_MINUTES))).toBeGreaterThan(0);
    expect(sum(throttled.slice(DAY_MINUTES))).toBe(0);
  });

  it.each([
    ['ten minutes at 300/s, then 20/s', 10, 300, 20],
    ['eight minutes at 70/s, then 8/s', 8, 70, 8],
  ])('does not raise for the smoke test of a new group once it has ended: %s', (_, minutes, high, low) => {
    const quietRaises = Array.from({ length: 20 }, (_, seed) => {
      const noise = (t: number) => 1 + 0.5 * Math.sin(1e4 * Math.sin(t + 101 * seed));
      const demand = [...flat(minutes, high), ...flat(180, low)].map((rate, t) => rate * noise(t));
      const { capacity } = replay(demand);
      // A raise that the last minute of the smoke test leads to takes effect three minutes later.
      return capacity.filter((units, t) => t > minutes + 3 && units > capacity[t - 1]!);
    });
    expect(Math.max(...quietRaises.flatMap((raises) => [...raises]))).toBeLessThanOrEqual(2 * 1.5 * low);
  });

  it('waits for one full decrease after a peak, instead of half of it earlier', () => {
    const peaks = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => (t % 120 < 40 ? 500 : 100));
    const { capacity } = replay(peaks);
    const beforePeaks = Array.from({ length: 12 }, (_, i) => capacity[2 * DAY_MINUTES + i * 120 + 90]!);
    expect(Math.max(...beforePeaks)).toBeLessThan(200);
  });

  it.each([
    ['one minute in eight', 8, 1, { burstReliance: 0 }],
    ['one minute in ten', 10, 1, { burstReliance: 0 }],
    ['two minutes in 16', 16, 2, { burstSeconds: 0 }],
  ])('does not wait forever for the end of peaks that repeat, %s', (_, every, long, options) => {
    const peaks = flat(2 * DAY_MINUTES, 20).map((low, t) => (t % every < long ? 400 : low));
    const { capacity } = replay(peaks.fill(1400, DAY_MINUTES, DAY_MINUTES + 30), options);
    expect(Math.max(...capacity.slice(DAY_MINUTES + 360, -60))).toBeLessThan(500);
  });

  it('stops relying on burst capacity that does not exist', () => {
    const demand = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => (t % 10 === 0 ? 150 : 100));
    const { throttled, capacity } = replay(demand, { burstSeconds: 0 });
    const lastDay = throttled.slice(2 * DAY_MINUTES);
    expect(sum(lastDay) / sum(series(demand).demand.slice(2 * DAY_MINUTES))).toBeLessThan(0.005);
    expect(sum(capacity) / sum(replay(demand).capacity)).toBeGreaterThan(1.1);
  });

  it('never requests a decrease that exceeds the quota', () => {
    const demand = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => 100 + 90 * Math.sin(t / 9));
    const { refused, decreases } = replay(demand);
    expect(refused).toBe(0);
    expect(decreases).toBeLessThanOrEqual(3 * 27);
  });

  it('reads metrics less often if the risk is low', () => {
    const minutes = 2 * DAY_MINUTES;
    const idle = replay(flat(minutes, 0)).metricReads;
    const varying = replay(Array.from({ length: minutes }, (_, t) => (t % 30 < 10 ? 500 : 100))).metricReads;
    expect(idle).toBeLessThan(minutes / 4);
    expect(varying).toBeGreaterThan(2 * idle);
  });

  it('has a memory of plain data, which can be stored between runs', () => {
    let straight = predictive.begin(100);
    let stored = predictive.begin(100);
    for (let t = 0; t < 300; t++) {
      const seen = { at: t * MINUTE, consumed: 100 + 50 * Math.sin(t), throttled: 0 };
      straight = predictive.learn(straight, seen, 120);
      stored = JSON.parse(JSON.stringify(predictive.learn(stored, seen, 120)));
    }
    const moment = { now: 301 * MINUTE, provisioned: 120, decreases: { decreases: 0 } };
    expect(predictive.decide(stored, moment)).toEqual(predictive.decide(straight, moment));
    expect(JSON.stringify(stored).length).toBeLessThan(8_000);
  });
});

describe('burst capacity', () => {
  it('gains unused capacity, up to five minutes of it', () => {
    const empty = { balance: 0, trust: 1 };
    expect(afterMinute(empty, minute(60), 100).balance).toBe(40 * 60);
    expect(afterMinute(fullBurst(100), minute(0), 100).balance).toBe(30_000);
    expect(afterMinute(fullBurst(100), minute(0), 50).balance).toBe(15_000);
  });

  it('is used up once a request was throttled', () => {
    expect(afterMinute(fullBurst(100), minute(500, 100), 100).balance).toBe(0);
  });

  it('loses trust if it does not serve what it should, and regains trust as it serves', () => {
    const failed = afterMinute(fullBurst(100), minute(100, 50), 100);
    expect(failed.trust).toBe(0);
    const serving = afterMinute({ balance: 30_000, trust: 0 }, minute(200), 100);
    expect(serving.trust).toBeCloseTo(0.1);
  });
});

describe('caution', () => {
  const week = 7 * DAY_MINUTES;
  const cautionAfter = (throttled: number, baseline: number) =>
    cautionOf(recordAfter(emptyRecord, 1_000, throttled, baseline), 1, week);

  it('is complete at first, and decreases within days if nothing is throttled', () => {
    expect(cautionOf(emptyRecord, 1, 0)).toBe(1);
    expect(cautionAfter(0, 0)).toBeLessThan(0.01);
  });

  it('grows with throttled demand, compared with what target tracking would have throttled', () => {
    expect(cautionAfter(5, 5)).toBe(1);
    expect(cautionAfter(5, 100)).toBeLessThan(0.01);
    expect(cautionAfter(2, 5)).toBeGreaterThan(cautionAfter(1, 5));
  });
});

describe('the capacity of target tracking', () => {
  const following = (throttled: number, baseline: number, minutes = 7 * DAY_MINUTES): number =>
    followingOf({ minutes, demand: 1_000 * minutes, throttled, baseline }, 1);

  it('is followed if it would have throttled no more, and not if it would have throttled far more', () => {
    expect(following(9e4, 9e4)).toBe(1);
    expect(following(9e4, 1e5)).toBeCloseTo(0.5);
    expect(following(7e4, 1e5)).toBe(0);
  });

  it('is not followed for a negligible share of throttles within a week', () => {
    expect(following(3_000, 0)).toBe(0);
    expect(following(3_000, 0, DAY_MINUTES)).toBe(0);
    expect(following(6_000, 0)).toBe(1);
  });
});

describe('the baseline', () => {
  it('throttles exactly what target tracking throttles in a replay', () => {
    const name = 'nab_tweets_goog';
    const file = new URL(`../fixtures/traces/${name}.csv`, import.meta.url);
    const { start, demand } = minutesOf(parseTrace(name, readFileSync(file, 'utf8')), 500);
    const replayed = simulate({ name, start, demand }, targetTracking(70));
    let baseline = baselineAt(replayed.capacity[0]!);
    let throttled = 0;
    for (let t = 0; t < demand.length; t++) {
      const step = baselineAfter(baseline, start + t * MINUTE, demand[t]!, 1);
      baseline = step.next;
      throttled += step.throttled;
    }
    expect(throttled).toBe(sum(replayed.throttled));
  });
});

describe('the timing of a decrease', () => {
  it('waits until waiting has cost a part of what a lock costs', () => {
    const started = timingAfter(newTiming, 0.5, 1, true);
    expect(isTime(started)).toBe(false);
    expect(isTime(timingAfter(started, 0.5, 2, true))).toBe(true);
    expect(isTime(afterDecrease(started))).toBe(false);
  });

  it('is overdue once some minutes more have cost what they do', () => {
    const enough = timingAfter(newTiming, 0.5, 3, true);
    expect(isOverdue(timingAfter(enough, 0.5, 14, true), 0.5, 15)).toBe(false);
    expect(isOverdue(timingAfter(enough, 0.5, 15, true), 0.5, 15)).toBe(true);
  });

  it('learns the usual cost of a lock', () => {
    const locked = timingAfter(timingAfter(newTiming, 2, 30, false), 2, 30, false);
    expect(timingAfter(locked, 0, 1, true).usualLockCost).toBeGreaterThan(newTiming.usualLockCost);
    const free = timingAfter(timingAfter(newTiming, 0, 60, false), 0, 1, true);
    expect(free.usualLockCost).toBeLessThan(newTiming.usualLockCost);
  });
});
