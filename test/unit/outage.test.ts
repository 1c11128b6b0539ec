/** Demand that stops from one minute to the next probably returns: part of the capacity stays for some hours. */
import { describe, expect, it } from 'vitest';
import { replays } from '../../src/backtest/methods.ts';
import {
  noOutage,
  type Outage,
  outageAfter,
  returned,
  returningTo,
} from '../../src/core/scaling/methods/predictive/outage.ts';
import { type Recent, withNewest } from '../../src/core/scaling/methods/predictive/recent.ts';
import { at } from '../support/specs.ts';

const START = at('2026-11-21T00:00');
const HOUR = 60;
const DAY = 24 * HOUR;

interface Known {
  readonly outage: Outage;
  readonly recent: Recent;
}

/** After minutes of demand, units per second: `[minutes, demand]` in turn. */
const played = (...runs: readonly (readonly [minutes: number, demand: number])[]): Known =>
  runs
    .flatMap(([minutes, demand]) => Array<number>(minutes).fill(demand))
    .reduce<Known>(
      ({ outage, recent }, demand) => ({
        outage: outageAfter(outage, demand, recent),
        recent: withNewest(recent, demand),
      }),
      { outage: noOutage, recent: [] },
    );

const nights = (count: number) =>
  Array.from({ length: count }, () => [[16 * HOUR, 100] as const, [8 * HOUR, 0] as const]).flat();

describe('the demand that returns', () => {
  it.each<[string, Known, returning: number, returned: number]>([
    ['is that before the outage', played([HOUR, 100], [90, 0]), 100, 0],
    ['is nothing while demand goes on', played([HOUR, 100]), 0, 0],
    ['is nothing after demand that fell, even to very little', played([HOUR, 100], [90, 0.01]), 0, 0],
    ['is nothing after demand that was not steady', played([10, 100], [1, 0], [15, 100], [10, 0]), 0, 0],
    ['is nothing after less than 20 minutes of demand', played([19, 100], [10, 0]), 0, 0],
    ['is nothing after four hours', played([HOUR, 100], [4 * HOUR + 1, 0]), 0, 0],
    ['is the same for 20 minutes after its return', played([HOUR, 100], [90, 0], [20, 120]), 100, 100],
    ['is returned only as far as it is there', played([HOUR, 100], [90, 0], [5, 30]), 100, 30],
    ['is then like any other', played([HOUR, 100], [90, 0], [21, 120]), 0, 0],
    ['is remembered if demand stops again at once', played([HOUR, 100], [90, 0], [5, 100], [10, 0]), 100, 0],
    ['is nothing if demand stops every night', played(...nights(4), [16 * HOUR, 100], [30, 0]), 0, 0],
    ['is known again after weeks without stops', played(...nights(4), [21 * DAY, 100], [30, 0]), 100, 0],
    [
      'is known despite stalls of a minute',
      played(
        ...Array<[number, number]>(99)
          .fill([30, 100])
          .flatMap((run): [number, number][] => [run, [1, 0]]),
        [30, 100],
        [30, 0],
      ),
      100,
      0,
    ],
  ])('%s', (_, { outage, recent }, returning, back) => {
    expect([returningTo(outage), returned(outage, recent)]).toEqual([returning, back]);
  });
});

/** Units per second over five days, which are zero for some minutes of the fourth day. */
function demandOf(shape: (t: number) => number, hour: number, minutes: number): Float64Array {
  const from = 3 * DAY + hour * HOUR;
  return Float64Array.from({ length: 5 * DAY }, (_, t) => (t >= from && t < from + minutes ? 0 : shape(t)));
}

const jitter = (t: number): number => 0.8 + 0.4 * (((t * 7_919) % 97) / 97);
const shapes = {
  even: () => 500,
  noisy: (t: number) => 500 * jitter(t),
  daily: (t: number) => 500 * (1 + 0.6 * Math.sin((t / DAY) * 2 * Math.PI)) * jitter(t),
};

describe.each(Object.entries(shapes))('an outage of %s demand', (_, shape) => {
  const lived = (hour: number, minutes: number) => {
    const demand = demandOf(shape, hour, minutes);
    const { capacity, throttled } = replays.predictive!({ name: 'outage', start: START, demand }, {});
    const back = 3 * DAY + hour * HOUR + minutes;
    const sum = (values: Float64Array): number =>
      values.subarray(back, back + HOUR / 2).reduce((a, b) => a + b, 0);
    return { refused: sum(throttled) / sum(demand), before: capacity[back - minutes - 1]!, capacity, back };
  };

  it.each([
    [4, 15],
    [4, 60],
    [4, 180],
    [10, 180],
    [16, 180],
    [16, 230],
  ])(
    'at %i:00 leaves at most 1%% refused in the half hour after it, if it lasts for %i minutes',
    (hour, minutes) => {
      expect(lived(hour, minutes).refused).toBeLessThan(0.01);
    },
  );

  it('keeps about two thirds of the capacity from the second hour on, and less than half after five hours', () => {
    const { before, capacity, back } = lived(10, 9 * HOUR);
    const start = back - 9 * HOUR;
    const of = (hours: number): number => capacity[start + hours * HOUR]! / before;
    expect(of(3)).toBeGreaterThan(0.5);
    expect(of(3)).toBeLessThan(0.8);
    expect(of(6)).toBeLessThan(0.5);
  });
});
