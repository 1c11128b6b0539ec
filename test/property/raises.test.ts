import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LearningScaler } from '../../src/backtest/own.ts';
import { type SimulationOptions, simulate } from '../../src/backtest/simulate.ts';
import { PAUSE_MINUTES } from '../../src/core/capacity/refusals.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';

const learning = Object.entries(methods).flatMap(([name, method]) =>
  method.learns ? [[name, method] as const] : [],
);

const HOUR = 60;
const DAY = 1440;

interface Raise {
  readonly minute: number;
  readonly to: number;
  /** The highest demand of the last hour, and of the same hours of the day before. */
  readonly seen: number;
}

interface Options extends SimulationOptions {
  /** The demand of ten seconds of each minute, as a multiple of the mean of the minute. */
  readonly concentrated: number;
}

/** The raises that a method decides while no requests are throttled. */
function quietRaises(
  learner: (typeof learning)[number][1],
  demand: readonly number[],
  { concentrated, ...options }: Options,
): Raise[] {
  const scaler = new LearningScaler(learner, options);
  const raises: Raise[] = [];
  const highest = (from: number, to: number) =>
    Math.max(0, ...demand.slice(Math.max(0, from), Math.max(0, to)));
  simulate(
    {
      name: 'any',
      start: 0,
      demand: Float64Array.from(demand),
      within: (t) => [
        { seconds: 10, demand: demand[t]! * concentrated },
        { seconds: 50, demand: (demand[t]! * (60 - 10 * concentrated)) / 50 },
      ],
    },
    (view) => {
      const { t, provisioned, throttled } = view;
      const to = scaler.units(view);
      const isThrottled = throttled.slice(Math.max(0, t - PAUSE_MINUTES), t).some((rate) => rate > 0);
      if (to > provisioned && !isThrottled) {
        const seen = Math.max(highest(t - HOUR, t), highest(t - DAY - HOUR, t - DAY + HOUR));
        raises.push({ minute: t, to, seen });
      }
      return to;
    },
    options,
  );
  return raises;
}

const repeated = <A>(count: number, value: A): A[] => Array.from({ length: count }, () => value);

/** Nothing, traffic of a test, usual demand, peaks, floods. */
const rates = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.double({ min: 0.02, max: 2, noNaN: true }) },
    { weight: 2, arbitrary: fc.double({ min: 2, max: 60, noNaN: true }) },
  )
  .map((share) => 80 * share);

const minutes = (max: number) => fc.integer({ min: 1, max });

const parts = fc.oneof(
  fc.tuple(minutes(90), rates).map(([length, rate]) => repeated(length, rate)),
  fc.tuple(minutes(12), rates).map(([length, rate]) => repeated(length, rate)),
  // Ramps.
  fc
    .tuple(minutes(60), rates, rates)
    .map(([length, from, to]) => repeated(length, 0).map((_, i) => from + ((to - from) * i) / length)),
  fc.array(rates, { minLength: 1, maxLength: 40 }),
  // Peaks that repeat, or clumps with nothing in between.
  fc
    .tuple(minutes(20), minutes(3), minutes(20), rates, rates)
    .map(([every, long, times, rate, between]) =>
      repeated(times, [...repeated(long, rate), ...repeated(every, between)]).flat(),
    ),
);

const hours = fc.array(parts, { minLength: 1, maxLength: 8 }).map((each) => each.flat());

const days = fc
  .tuple(hours, minutes(2), hours)
  .map(([day, times, last]) => [
    ...repeated(times, [...day, ...repeated(DAY, 0)].slice(0, DAY)).flat(),
    ...last,
  ]);

/**
 * Burst capacity that exists or not, and is relied on or not. Without it, demand above capacity is throttled, also that of
 * seconds if demand is uneven within minutes.
 */
const options = fc.record({
  concentrated: fc.constantFrom(1, 1, 3, 5),
  burstSeconds: fc.constantFrom(300, 0),
  burstReliance: fc.constantFrom(1, 0),
  initial: fc.constantFrom(1, 100),
});

describe.each(learning)('%s', (_, learner) => {
  it.each([
    ['the first hours of a group', hours, 200],
    ['days', days, 40],
  ])('raises to no more than twice what was seen, in %s', (_, demands, numRuns) => {
    let raises = 0;
    fc.assert(
      fc.property(demands, options, (demand, given) => {
        const decided = quietRaises(learner, demand, given);
        raises += decided.length;
        expect(decided.filter(({ to, seen }) => to > Math.max(1, Math.ceil(2 * seen)))).toEqual([]);
      }),
      { numRuns },
    );
    expect(raises).toBeGreaterThan(2 * numRuns);
  });
});
