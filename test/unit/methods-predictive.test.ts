import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayOfLearner } from '../../src/backtest/own.ts';
import { targetTracking } from '../../src/backtest/peers/target-tracking.ts';
import { simulate } from '../../src/backtest/simulate.ts';
import { minutesOf, sum } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';
import { afterMinute, fullBucket } from '../../src/core/scaling/methods/predictive/burst-balance.ts';
import {
  booked,
  cautionOf,
  emptyLedger,
  followingOf,
} from '../../src/core/scaling/methods/predictive/caution.ts';
import { predictive } from '../../src/core/scaling/methods/predictive/index.ts';
import {
  newPatience,
  spent,
  waitedBeyond,
  waitedEnough,
  waiting,
} from '../../src/core/scaling/methods/predictive/patience.ts';
import { measured, yardstickAt } from '../../src/core/scaling/methods/predictive/yardstick.ts';

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

  it('leaves a short peak to the burst', () => {
    const quiet = flat(2 * DAY_MINUTES, 100);
    const { throttled, capacity } = replay([...quiet, ...flat(2, 200), ...flat(30, 100)]);
    expect(sum(throttled)).toBe(0);
    expect(capacity.slice(quiet.length).every((units) => units <= capacity[quiet.length]!)).toBe(true);
  });

  it.each([0, 1, 2, 3, 4])(
    'raises for demand that stays, before the burst runs dry, %i minutes after a look',
    (later) => {
      const quiet = flat(2 * DAY_MINUTES + later, 100);
      const { throttled, capacity } = replay([...quiet, ...flat(60, 165)]);
      expect(sum(throttled)).toBe(0);
      expect(capacity.at(-1)).toBeGreaterThanOrEqual(165);
    },
  );

  it('goes up to what was asked for, not only to what was served', () => {
    const { capacity } = replay([...flat(2 * DAY_MINUTES, 100), ...flat(8, 2000)]);
    expect(capacity.at(-1)).toBeGreaterThanOrEqual(2000);
  });

  it('learns that peaks of one minute are over before a raise serves', () => {
    const demand = Array.from({ length: 4 * DAY_MINUTES }, (_, t) => (t % 360 === 7 ? 2_000 : 100));
    const { capacity } = replay(demand);
    expect(Math.max(...capacity.slice(0, DAY_MINUTES))).toBeGreaterThan(1_500);
    expect(Math.max(...capacity.slice(3 * DAY_MINUTES))).toBeLessThan(1_300);
  });

  it('carries a ramp on, for it goes on while the raise is under way', () => {
    const ramp = Array.from({ length: 40 }, (_, t) => 100 + 25 * t);
    const { throttled } = replay([...flat(2 * DAY_MINUTES, 100), ...ramp]);
    expect(sum(throttled)).toBeLessThan(0.01 * ramp.reduce((a, b) => a + b, 0));
  });

  it('stands ready for what came yesterday at this time', () => {
    const day = [...flat(720, 100), ...flat(60, 900), ...flat(660, 100)];
    const { throttled } = replay([...day, ...day]);
    expect(sum(throttled.slice(0, DAY_MINUTES))).toBeGreaterThan(0);
    expect(sum(throttled.slice(DAY_MINUTES))).toBe(0);
  });

  it('lowers all the way once a peak is forgotten, not half of it sooner', () => {
    const peaks = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => (t % 120 < 40 ? 500 : 100));
    const { capacity } = replay(peaks);
    const beforePeaks = Array.from({ length: 12 }, (_, i) => capacity[2 * DAY_MINUTES + i * 120 + 90]!);
    expect(Math.max(...beforePeaks)).toBeLessThan(200);
  });

  it.each([
    ['one minute in eight', 8, 1, { burstReliance: 0 }],
    ['one minute in ten', 10, 1, { burstReliance: 0 }],
    ['two minutes in 16', 16, 2, { burstSeconds: 0 }],
  ])('does not wait for ever for peaks to be forgotten that come again, %s', (_, every, long, options) => {
    const peaks = flat(2 * DAY_MINUTES, 20).map((low, t) => (t % every < long ? 400 : low));
    const { capacity } = replay(peaks.fill(1400, DAY_MINUTES, DAY_MINUTES + 30), options);
    expect(Math.max(...capacity.slice(DAY_MINUTES + 360, -60))).toBeLessThan(500);
  });

  it('stops relying on a burst that is not there', () => {
    const demand = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => (t % 10 === 0 ? 150 : 100));
    const { throttled, capacity } = replay(demand, { burstSeconds: 0 });
    const lastDay = throttled.slice(2 * DAY_MINUTES);
    expect(sum(lastDay) / sum(series(demand).demand.slice(2 * DAY_MINUTES))).toBeLessThan(0.005);
    expect(sum(capacity) / sum(replay(demand).capacity)).toBeGreaterThan(1.1);
  });

  it('never asks for a decrease that the quota would refuse', () => {
    const demand = Array.from({ length: 3 * DAY_MINUTES }, (_, t) => 100 + 90 * Math.sin(t / 9));
    const { refused, decreases } = replay(demand);
    expect(refused).toBe(0);
    expect(decreases).toBeLessThanOrEqual(3 * 27);
  });

  it('reads metrics more rarely where nothing is at risk', () => {
    const minutes = 2 * DAY_MINUTES;
    const idle = replay(flat(minutes, 0)).metricReads;
    const restless = replay(Array.from({ length: minutes }, (_, t) => (t % 30 < 10 ? 500 : 100))).metricReads;
    expect(idle).toBeLessThan(minutes / 4);
    expect(restless).toBeGreaterThan(2 * idle);
  });

  it('keeps plain data between runs', () => {
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

describe('the bucket', () => {
  it('fills with what is unused, up to five minutes of it', () => {
    const empty = { held: 0, trust: 1 };
    expect(afterMinute(empty, minute(60), 100).held).toBe(40 * 60);
    expect(afterMinute(fullBucket(100), minute(0), 100).held).toBe(30_000);
    expect(afterMinute(fullBucket(100), minute(0), 50).held).toBe(15_000);
  });

  it('is empty once something was throttled', () => {
    expect(afterMinute(fullBucket(100), minute(500, 100), 100).held).toBe(0);
  });

  it('is not trusted where it throttled while it should have held, and regains trust by holding', () => {
    const broken = afterMinute(fullBucket(100), minute(100, 50), 100);
    expect(broken.trust).toBe(0);
    const holding = afterMinute({ held: 30_000, trust: 0 }, minute(200), 100);
    expect(holding.trust).toBeCloseTo(0.1);
  });
});

describe('caution', () => {
  const week = 7 * DAY_MINUTES;
  const cautionAfter = (throttled: number, yardstick: number) =>
    cautionOf(booked(emptyLedger, 1_000, throttled, yardstick), 1, week);

  it('is complete at first, and fades within days where nothing is throttled', () => {
    expect(cautionOf(emptyLedger, 1, 0)).toBe(1);
    expect(cautionAfter(0, 0)).toBeLessThan(0.01);
  });

  it('grows with what is throttled, measured by what target tracking would have throttled', () => {
    expect(cautionAfter(5, 5)).toBe(1);
    expect(cautionAfter(5, 100)).toBeLessThan(0.01);
    expect(cautionAfter(2, 5)).toBeGreaterThan(cautionAfter(1, 5));
  });
});

describe('target tracking', () => {
  const following = (throttled: number, yardstick: number, minutes = 7 * DAY_MINUTES): number =>
    followingOf({ minutes, demand: 1_000 * minutes, throttled, yardstick }, 1);

  it('is followed where it would have throttled no more, and not where it would have throttled far more', () => {
    expect(following(9e4, 9e4)).toBe(1);
    expect(following(9e4, 1e5)).toBeCloseTo(0.5);
    expect(following(7e4, 1e5)).toBe(0);
  });

  it('is not followed for throttles that go unnoticed, measured by a week', () => {
    expect(following(3_000, 0)).toBe(0);
    expect(following(3_000, 0, DAY_MINUTES)).toBe(0);
    expect(following(6_000, 0)).toBe(1);
  });
});

describe('the yardstick', () => {
  it('throttles exactly what target tracking throttles in a replay', () => {
    const name = 'nab_tweets_goog';
    const file = new URL(`../fixtures/traces/${name}.csv`, import.meta.url);
    const { start, demand } = minutesOf(parseTrace(name, readFileSync(file, 'utf8')), 500);
    const replayed = simulate({ name, start, demand }, targetTracking(70));
    let yardstick = yardstickAt(replayed.capacity[0]!);
    let throttled = 0;
    for (let t = 0; t < demand.length; t++) {
      const step = measured(yardstick, start + t * MINUTE, demand[t]!, 1);
      yardstick = step.next;
      throttled += step.throttled;
    }
    expect(throttled).toBeCloseTo(sum(replayed.throttled), 3);
  });
});

describe('patience', () => {
  it('waits until waiting has cost a part of what a lock costs', () => {
    const begun = waiting(newPatience, 0.5, 1, true);
    expect(waitedEnough(begun)).toBe(false);
    expect(waitedEnough(waiting(begun, 0.5, 2, true))).toBe(true);
    expect(waitedEnough(spent(begun))).toBe(false);
  });

  it('has waited beyond some minutes once they have cost what they do', () => {
    const enough = waiting(newPatience, 0.5, 3, true);
    expect(waitedBeyond(waiting(enough, 0.5, 14, true), 0.5, 15)).toBe(false);
    expect(waitedBeyond(waiting(enough, 0.5, 15, true), 0.5, 15)).toBe(true);
  });

  it('learns from locks what they cost', () => {
    const locked = waiting(waiting(newPatience, 2, 30, false), 2, 30, false);
    expect(waiting(locked, 0, 1, true).price).toBeGreaterThan(newPatience.price);
    const free = waiting(waiting(newPatience, 0, 60, false), 0, 1, true);
    expect(free.price).toBeLessThan(newPatience.price);
  });
});
