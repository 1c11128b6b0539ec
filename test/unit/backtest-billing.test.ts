import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { replays } from '../../src/backtest/methods.ts';
import { billingFor, type Comparison } from '../../src/core/billing.ts';

const DAY_MINUTES = 1440;
const seen: Comparison = { minutes: 3 * DAY_MINUTES, demand: 1_000, provisioned: 1_200, throttled: 0 };

describe('the billing mode', () => {
  it('is provisioned where that is cheaper and throttles next to nothing', () => {
    expect(billingFor('on-demand', seen)).toBe('provisioned');
  });

  it('is on demand while demand is new', () => {
    expect(billingFor('on-demand', { ...seen, minutes: 600 })).toBe('on-demand');
  });

  it('is on demand below 28.9 % utilisation', () => {
    expect(billingFor('provisioned', { ...seen, provisioned: 3_450 })).toBe('provisioned');
    expect(billingFor('provisioned', { ...seen, provisioned: 3_470 })).toBe('on-demand');
  });

  it('is on demand where provisioned capacity throttles more than half a percent', () => {
    expect(billingFor('provisioned', { ...seen, throttled: 4 })).toBe('provisioned');
    expect(billingFor('provisioned', { ...seen, throttled: 6 })).toBe('on-demand');
  });

  it('goes back only where provisioned is clearly better', () => {
    expect(billingFor('on-demand', { ...seen, throttled: 4 })).toBe('on-demand');
    expect(billingFor('on-demand', { ...seen, provisioned: 3_300 })).toBe('on-demand');
  });
});

describe('a replay with the billing mode left to scaling', () => {
  const run = (demand: number[]) => {
    const series = { name: 'test', start: 0, demand: Float64Array.from(demand) };
    return figuresOf(series, replays['riding-either-billing']!(series, {}));
  };

  it('serves bursts out of nothing on demand, at the price of that', () => {
    const demand = Array.from({ length: 6 * DAY_MINUTES }, (_, t) => (t % 500 < 5 ? 10_000 : 1));
    const { throttledShare, costRelative } = run(demand);
    expect(throttledShare).toBe(0);
    expect(costRelative).toBeCloseTo(3.4615, 3);
  });

  it('comes to provisioned capacity after a day of steady demand', () => {
    const { costRelative } = run(Array.from({ length: 10 * DAY_MINUTES }, () => 500));
    expect(costRelative).toBeLessThan(1.5);
  });
});
