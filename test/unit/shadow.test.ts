/** The shadow of an on-demand table is the provisioned run that the backtest simulates. */
import { describe, expect, it } from 'vitest';
import { replays } from '../../src/backtest/methods.ts';
import { compared, noComparison, RUN_TOLERABLE } from '../../src/core/capacity/comparison.ts';
import { followed, type Shadow, startingModel } from '../../src/core/scaling/billing/shadow.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';
import { at, MINUTE } from '../support/specs.ts';

const START = at('2026-11-21T06:00');
const bounds = { min: 1, max: 40_000 };
const options = { bounds, dimension: 'write' } as const;
const learner = methods.predictive;

/** Units per second: a day's swing, noise, and bursts that exceed the burst capacity. */
function demandOf(minutes: number): Float64Array {
  let seed = 11;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Float64Array.from({ length: minutes }, (_, t) => {
    const swing = 200 + 120 * Math.sin((t / 1440) * 2 * Math.PI);
    return swing * (0.9 + 0.2 * random()) + (t % 317 < 12 ? 900 : 0);
  });
}

const demand = demandOf(4 * 1440);
const minutes = Array.from(demand, (consumed, t) => ({ at: START + t * MINUTE, consumed, throttled: 0 }));
const beginning: Shadow<never> = {
  model: startingModel(demand[0]!, bounds),
  series: undefined,
  comparison: noComparison,
};

describe('a shadow', () => {
  it('equals the simulated run, minute by minute', () => {
    const run = replays.predictive!({ name: 'same', start: START, demand }, { tolerable: RUN_TOLERABLE });
    let comparison = noComparison;
    let shadow = beginning as Shadow<unknown>;
    const capacity: number[] = [];
    minutes.forEach((minute, t) => {
      capacity.push(shadow.model.provisioned);
      shadow = followed(learner, shadow as never, [minute], options);
      comparison = compared(comparison, demand[t]!, run.capacity[t]!, run.throttled[t]!);
    });
    expect(capacity).toEqual(Array.from(run.capacity));
    expect(shadow.comparison).toEqual(comparison);
    expect(run.throttled.some((units) => units > 0)).toBe(true);
    expect(new Set(capacity).size).toBeGreaterThan(20);
  });

  it('is the same whatever the number of minutes in a sample, and after a restore from the state table', () => {
    const whole = followed(learner, beginning, minutes, options);
    let parts: Shadow<never> = beginning;
    for (let t = 0; t < minutes.length; t += 7)
      parts = followed(learner, JSON.parse(JSON.stringify(parts)), minutes.slice(t, t + 7), options) as never;
    expect(parts).toEqual(JSON.parse(JSON.stringify(whole)));
  });
});
