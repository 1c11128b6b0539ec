import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayOfLearner } from '../../src/backtest/own.ts';
import { targetTracking } from '../../src/backtest/peers/target-tracking.ts';
import { type Simulation, simulate } from '../../src/backtest/simulate.ts';
import { minutesOf, sum } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';
import type { LearningMethod } from '../../src/core/capacity/method.ts';
import { baselineAfter, baselineAt } from '../../src/core/scaling/methods/predictive/baseline.ts';
import { afterMinute, fullBurst } from '../../src/core/scaling/methods/predictive/burst.ts';
import { type Compared, variantFor } from '../../src/core/scaling/methods/predictive/choose.ts';
import {
  afterDecrease,
  isOverdue,
  isTime,
  newTiming,
  timingAfter,
} from '../../src/core/scaling/methods/predictive/decrease-timing.ts';
import { predictive } from '../../src/core/scaling/methods/predictive/index.ts';
import { readyAfter } from '../../src/core/scaling/methods/predictive/jumps.ts';
import type { Memory } from '../../src/core/scaling/methods/predictive/memory.ts';
import { emptyProfile, isNovel, profileAfter } from '../../src/core/scaling/methods/predictive/profile.ts';
import { newestOf } from '../../src/core/scaling/methods/predictive/totals.ts';
import { leastVariant, moreCautious, VARIANTS } from '../../src/core/scaling/methods/predictive/variant.ts';

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
    const { throttled, capacity } = replay([...quiet, ...flat(2, 160), ...flat(30, 100)]);
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

describe('the choice of caution', () => {
  const demand = 1_000 * 1440;
  const share = (part: number) => part * demand;
  const compared = (baseline: [number, number], trust = 1, throttled = 0): Compared => ({
    totals: { minutes: 1440, demand },
    baseline: { cost: share(baseline[0]), throttled: share(baseline[1]) },
    throttled: share(throttled),
    trust,
    tolerable: 1,
  });

  it.each<[string, [number, number][], Compared, number]>([
    [
      'the cheapest if no copy throttles',
      [
        [1.1, 0],
        [1.3, 0],
      ],
      compared([1.7, 0]),
      0,
    ],
    [
      'the cheapest if target tracking throttles more',
      [
        [1.1, 0.004],
        [1.3, 0],
      ],
      compared([1.7, 0.01]),
      0,
    ],
    [
      'a negligible share of throttles',
      [
        [1.1, 0.0004],
        [1.3, 0],
      ],
      compared([1.7, 0]),
      0,
    ],
    [
      'fewer throttles if target tracking has few',
      [
        [1.1, 0.004],
        [1.3, 0.0004],
      ],
      compared([1.7, 0.001]),
      1,
    ],
    [
      'not caution that prevents nothing',
      [
        [1.1, 0.004],
        [1.3, 0.004],
      ],
      compared([1.7, 0.001]),
      0,
    ],
    [
      'not caution that costs more than it prevents',
      [
        [1.1, 0.0012],
        [2, 0],
      ],
      compared([1.7, 0.001]),
      0,
    ],
    [
      'more throttles without burst capacity',
      [
        [1.1, 0.0019],
        [1.3, 0],
      ],
      compared([1.7, 0], 0),
      0,
    ],
    [
      'fewer throttles after unforeseen ones',
      [
        [1.15, 0.0004],
        [1.2, 0],
      ],
      compared([1.7, 0], 1, 0.003),
      1,
    ],
    [
      'no copy that is dearer than target tracking',
      [
        [1.6, 0.003],
        [1.8, 0.0015],
      ],
      compared([1.7, 0.002]),
      0,
    ],
  ])('accepts or prefers %s', (_, shares, known, expected) => {
    const bills = shares.map(([cost, throttled]) => ({ cost: share(cost), throttled: share(throttled) }));
    expect(variantFor(bills, known)).toBe(expected);
  });

  it('has two copies in turn rather than one that costs more than they do', () => {
    const bills = [
      { cost: share(1.1), throttled: share(0.004) },
      { cost: share(1.29), throttled: share(0.001) },
      { cost: share(1.3), throttled: 0 },
    ];
    const known = compared([1.7, 0.002]);
    const totals = { minutes: 10 * DAY_MINUTES, demand };
    expect([0, 0.0017].map((had) => variantFor(bills, { ...known, throttled: share(had), totals }))).toEqual([
      0, 2,
    ]);
  });

  it.each([
    ['nothing', 0, 0],
    ['half of what it may', 0.0008, 0],
    ['nearly what it may', 0.0016, 1],
    ['more than it may', 0.003, 1],
  ])('spends a day on little caution if the table has throttled %s in ten days', (_, had, expected) => {
    const known = compared([1.7, 0.002], 1, had);
    const totals = { minutes: 10 * DAY_MINUTES, demand };
    const bills = [
      { cost: share(1.1), throttled: share(0.004) },
      { cost: share(1.3), throttled: 0 },
    ];
    expect(variantFor(bills, { ...known, totals })).toBe(expected);
  });

  it('accepts no more throttles than are tolerable, whatever target tracking throttles', () => {
    const bills = [
      { cost: share(1.1), throttled: share(0.004) },
      { cost: share(1.3), throttled: 0 },
    ];
    const known = compared([1.7, 0.01]);
    expect([1, 0.0025].map((tolerable) => variantFor(bills, { ...known, tolerable }))).toEqual([0, 1]);
  });

  it('is ready for jumps like those of the last day, in three minutes of which burst capacity has to serve', () => {
    const jump = [...flat(20, 100), 900, 900, 900];
    const ready = jump.reduce((known, _, t) => readyAfter(known, jump.slice(Math.max(0, t - 19), t + 1)), 0);
    expect(ready).toBeCloseTo((3 * 900) / (3 + 4.5));
    const later = flat(DAY_MINUTES, 100).reduce((known) => readyAfter(known, flat(20, 100)), ready);
    expect(later).toBeCloseTo(ready / Math.E, 0);
  });

  it('starts with caution and headroom, which fall within a day', () => {
    expect(leastVariant(60, false)).toMatchObject({ caution: 1, headroom: 1 });
    expect(leastVariant(60 + DAY_MINUTES / 2, false).caution).toBeCloseTo(Math.exp(-1));
    expect(leastVariant(60 + 5 * 60, false).headroom).toBeCloseTo(Math.exp(-1));
    expect(leastVariant(DAY_MINUTES, false).patience).toBeCloseTo(1 - Math.exp(-1));
    expect(leastVariant(14 * DAY_MINUTES, false)).toMatchObject({ following: 0, ready: 0 });
    expect(leastVariant(14 * DAY_MINUTES, false).caution).toBeLessThan(1e-5);
  });

  it('is as cautious as possible while demand is far above all that was seen', () => {
    expect(leastVariant(14 * DAY_MINUTES, true)).toEqual({
      caution: 1,
      headroom: 1,
      following: 1,
      ready: 0,
      patience: 0,
    });
  });
});

/** Days of demand that rises and falls, with noise. */
const daily = (days: number): number[] =>
  Array.from({ length: days * DAY_MINUTES }, (_, t) => {
    const noise = ((t * 7_919) % 97) / 97;
    return 100 * (1 + 0.6 * Math.sin((2 * Math.PI * t) / DAY_MINUTES)) * (0.8 + 0.4 * noise);
  });

const withPeaks = (days: number): number[] => daily(days).map((rate, t) => (t % 61 === 0 ? 2 * rate : rate));

const learnedAll = ({ consumed, throttled, capacity }: Simulation): Memory => {
  let memory = predictive.begin(capacity[0]!);
  for (const [t, units] of capacity.entries()) {
    const seen = { at: t * MINUTE, consumed: consumed[t]!, throttled: throttled[t]! };
    memory = predictive.learn(memory, seen, units);
  }
  return memory;
};

describe('the copies', () => {
  /** The method if it always has one variant, and samples as if that cost nothing. */
  const fixed = (index: number): LearningMethod<Memory> => ({
    ...predictive,
    decide: (memory, moment) => predictive.decide(memory, { ...moment, thrift: 0 }),
    learn: (memory, minute, capacity) => {
      const next = predictive.learn(memory, minute, capacity);
      const least = leastVariant(next.age, isNovel(next.profile, next.recent));
      return { ...next, variant: moreCautious(VARIANTS[index]!, least) };
    },
  });

  it.each(VARIANTS.map((variant, index) => ({ ...variant, index })))(
    'decide exactly as the method would: caution $caution, following $following, ready $ready, patience $patience',
    ({ index }) => {
      const demand = [...withPeaks(3), ...flat(3, 900), ...daily(1), ...flat(90, 500), ...daily(1)];
      const { capacity, consumed, throttled } = replayOfLearner(fixed(index))(series(demand), {});
      let memory = predictive.begin(capacity[0]!);
      for (let t = 0; t < demand.length; t++) {
        expect(memory.copies[index]!.model.provisioned, `minute ${t}`).toBe(capacity[t]);
        const seen = { at: t * MINUTE, consumed: consumed[t]!, throttled: throttled[t]! };
        memory = predictive.learn(memory, seen, capacity[t]!);
      }
    },
  );

  it('lead to the variant of the copy with the least cost, and what is stored decides the same', () => {
    const replayed = replayOfLearner(predictive)(series(daily(5)), {});
    const memory = learnedAll(replayed);
    const { copies, totals, baseline, throttled, burst } = memory;
    const least = variantFor(copies, { totals, baseline, throttled, trust: burst.trust, tolerable: 1 });
    expect(memory.chosen).toBe(least);
    expect(memory.variant.caution).toBeCloseTo(Math.max(VARIANTS[least]!.caution, Math.exp(-5)));
    const moment = { now: 5 * DAY_MINUTES * MINUTE, provisioned: 120, decreases: { decreases: 0 } };
    const stored = JSON.parse(JSON.stringify(memory));
    expect(predictive.decide(stored, moment)).toEqual(predictive.decide(memory, moment));
  });

  it.each([
    ['hardly more', 'without peaks', 1.05, daily],
    ['little more', 'that is throttled from time to time', 1.1, withPeaks],
  ])('let two weeks after a flood of three minutes cost %s, with demand %s', (_, __, most, demand) => {
    const [before, after] = [demand(7), demand(14)];
    const costAfter = (middle: number[]): number => {
      const { capacity } = replay([...before, ...middle, ...after]);
      return sum(capacity.slice(before.length + middle.length + DAY_MINUTES));
    };
    expect(costAfter(flat(3, 5_000)) / costAfter(flat(3, 100))).toBeLessThan(most);
  });

  it('rely on burst capacity no more than the settings allow', () => {
    const [all, none] = [1, 0].map((burstReliance) => {
      let memory = predictive.begin(150);
      for (const [t, consumed] of withPeaks(3).entries()) {
        memory = predictive.learn(memory, { at: t * MINUTE, consumed, throttled: 0 }, 400);
        const moment = { now: (t + 1) * MINUTE, provisioned: 400, decreases: { decreases: 0 } };
        memory = predictive.decide(memory, { ...moment, reliance: burstReliance }).memory;
      }
      return memory.copies[0]!.cost;
    });
    expect(none! / all!).toBeGreaterThan(1.1);
  });
});

describe('falling demand', () => {
  const falling = (means: number[]): number =>
    means
      .flatMap((mean) => flat(10, mean))
      .reduce((known, rate, t) => profileAfter(known, t * MINUTE, rate), emptyProfile).falling;
  const evening = (slots: number): number[] => Array.from({ length: slots }, (_, i) => 700 - 10 * i);
  const DAY_SLOTS = 144;

  it.each([
    ['not known in the first hour', evening(6), 0],
    ['half of what it was, if yesterday is unknown', evening(9), 0.5],
    ['none if demand is steady', Array<number>(9).fill(500), 0],
    ['none if demand rises', evening(9).toReversed(), 0],
    [
      'none if it rose yesterday',
      [...evening(20).toReversed(), ...Array<number>(DAY_SLOTS - 20).fill(500), ...evening(10)],
      0,
    ],
    [
      'what it was, if it was the same yesterday',
      [...evening(20), ...Array<number>(DAY_SLOTS - 20).fill(500), ...evening(10)],
      1,
    ],
  ])('loses per minute: %s', (_, means, expected) => {
    expect(falling(means)).toBeCloseTo(expected);
  });

  it('is met by lower capacity, because burst capacity bridges the time until it has fallen', () => {
    const days = Array.from(
      { length: 4 * DAY_MINUTES },
      (_, t) => 500 + 300 * Math.sin((2 * Math.PI * t) / DAY_MINUTES),
    );
    const { capacity, throttled } = replay(days);
    const last = days.length - DAY_MINUTES;
    const below = capacity.filter((units, t) => t >= last && days[t]! < days[t - 1]! && units < days[t]!);
    expect(below.length).toBeGreaterThan(DAY_MINUTES / 12);
    expect(sum(throttled)).toBe(0);
  });
});

describe('the baseline', () => {
  it('costs and throttles what target tracking does in a replay', () => {
    const name = 'nab_tweets_goog';
    const file = new URL(`../fixtures/traces/${name}.csv`, import.meta.url);
    const { start, demand } = minutesOf(parseTrace(name, readFileSync(file, 'utf8')), 500);
    const replayed = simulate({ name, start, demand }, targetTracking(70));
    let baseline = baselineAt(replayed.capacity[0]!);
    let throttled = 0;
    let cost = 0;
    for (let t = 0; t < demand.length; t++) {
      const before = baseline;
      baseline = baselineAfter(before, start + t * MINUTE, demand[t]!, 1);
      throttled += newestOf(baseline.throttled, before.throttled);
      cost += newestOf(baseline.cost, before.cost);
    }
    expect(throttled).toBeCloseTo(sum(replayed.throttled), 3);
    expect(cost).toBeCloseTo(sum(replayed.capacity), 3);
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
