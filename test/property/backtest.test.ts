import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupReplays, replays } from '../../src/backtest/methods.ts';
import type { Replay } from '../../src/backtest/replay.ts';
import { simulate } from '../../src/backtest/simulate.ts';
import { sum } from '../../src/backtest/trace.ts';
import { sufficient } from '../../src/core/scaling/methods/predictive/recent.ts';

const clairvoyants = ['clairvoyant', 'static-peak', 'on-demand'];
const deciding = Object.keys(replays).filter((name) => !clairvoyants.includes(name));

/** Bursts, plateaus and idle times, over some hours to two days. */
const demands = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.double({ min: 0, max: 3_000, noNaN: true })), {
    minLength: 2,
    maxLength: 60,
  })
  .map((parts) => parts.flatMap(([minutes, rate]) => Array.from({ length: minutes }, () => rate)));

const series = (demand: readonly number[]) => ({ name: 'any', start: 0, demand: Float64Array.from(demand) });

describe('no method knows the future', () => {
  it.each(deciding)('%s decides the same on a prefix as on the whole', (name) => {
    fc.assert(
      fc.property(demands, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (demand, part) => {
        const length = Math.max(1, Math.floor(demand.length * part));
        const whole = replays[name]!(series(demand), {});
        const prefix = replays[name]!(series(demand.slice(0, length)), {});
        expect([...prefix.capacity]).toEqual([...whole.capacity.slice(0, length)]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a rotated group', () => {
  const daily = groupReplays('daily').predictive!;

  it('is never throttled more than a table that does not rotate', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const throttled = (replay: Replay): number => sum(replay(series(demand), {}).throttled);
        expect(throttled(daily)).toBeLessThanOrEqual(throttled(replays.predictive!) + 1e-6);
      }),
      { numRuns: 100 },
    );
  });

  it('does not know the future either', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const length = Math.ceil(demand.length / 2);
        const prefix = daily(series(demand.slice(0, length)), {});
        expect([...prefix.capacity]).toEqual([...daily(series(demand), {}).capacity.slice(0, length)]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the model', () => {
  it('serves or throttles all demand, and serves no more than capacity and burst capacity allow', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 1, max: 3_000 }), (demand, initial) => {
        const { consumed, throttled } = simulate(series(demand), ({ provisioned }) => provisioned, {
          initial,
        });
        let served = 0;
        for (let t = 0; t < demand.length; t++) {
          expect(consumed[t]! + throttled[t]!).toBeCloseTo(demand[t]!, 6);
          served += consumed[t]! * 60;
          expect(served).toBeLessThanOrEqual((initial * 300 + initial * 60 * (t + 1)) * (1 + 1e-9));
        }
      }),
    );
  });
});

describe('the arrival curve', () => {
  it('gives a capacity at which the demand would not have been throttled', () => {
    const recents = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(recents, (recent) => {
        // The method checks windows of every length up to three, so for three minutes the result is exact.
        const last = recent.slice(-3);
        const initial = Math.max(1, Math.ceil(sufficient(last, 3, 5)));
        const { throttled } = simulate(series(last), ({ provisioned }) => provisioned, { initial });
        expect(Math.max(...throttled)).toBeLessThan(1e-6);
      }),
    );
  });
});
