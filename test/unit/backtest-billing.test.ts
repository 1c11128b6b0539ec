import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { replays } from '../../src/backtest/methods.ts';
import { onDemandFactor } from '../../src/core/prices.ts';
import { type Billing, verdictOn, type Weighed } from '../../src/core/scaling/billing/verdict.ts';

const DAY_MINUTES = 1440;
const unitPrice = { provisioned: 1, requested: onDemandFactor };
const seen: Weighed = {
  minutes: 3 * DAY_MINUTES,
  demand: 1_000,
  provisioned: 1_200,
  throttled: 0,
  unitPrice,
};

/** A table with one dimension, or several. */
const verdict = (now: Billing, ...dimensions: Partial<Weighed>[]) =>
  verdictOn(
    now,
    dimensions.map((one) => ({ ...seen, ...one })),
  );

const toProvisioned = { billing: 'provisioned', reason: 'cheaper-provisioned' };
const asThrottled = { billing: 'on-demand', reason: 'throttled' };
const asCheaper = { billing: 'on-demand', reason: 'cheaper-on-demand' };

describe('the billing mode', () => {
  it('is provisioned if that is cheaper and throttles almost nothing', () => {
    expect(verdict('on-demand', {})).toEqual(toProvisioned);
  });

  it('stays while demand is new, unless it is throttled', () => {
    expect(verdict('on-demand', { minutes: 600 })).toBeUndefined();
    expect(verdict('provisioned', { minutes: 600, provisioned: 9_000 })).toBeUndefined();
    expect(verdict('provisioned', { minutes: 600, throttled: 6 })).toEqual(asThrottled);
  });

  it('is on-demand below 28.9% utilization', () => {
    expect(verdict('provisioned', { provisioned: 3_450 })).toBeUndefined();
    expect(verdict('provisioned', { provisioned: 3_470 })).toEqual(asCheaper);
  });

  it('is on-demand if provisioned capacity throttles more than 0.5%', () => {
    expect(verdict('provisioned', { throttled: 4 })).toBeUndefined();
    expect(verdict('provisioned', { throttled: 6 })).toEqual(asThrottled);
  });

  it('becomes provisioned again only if that is clearly better', () => {
    expect(verdict('on-demand', { throttled: 4 })).toBeUndefined();
    expect(verdict('on-demand', { provisioned: 3_300 })).toBeUndefined();
  });

  it('depends on the total cost of reads and writes', () => {
    const cheapReads = { provisioned: 0.2, requested: 0.2 * onDemandFactor };
    const dearReads = { provisioned: 9_000, unitPrice: cheapReads };
    expect(verdict('on-demand', { provisioned: 9_000 }, {})).toBeUndefined();
    expect(verdict('on-demand', dearReads, {})).toEqual(toProvisioned);
    expect(verdict('provisioned', { provisioned: 9_000 }, {})).toEqual(asCheaper);
    expect(verdict('provisioned', dearReads, {})).toBeUndefined();
  });

  it('is on-demand if any dimension is throttled', () => {
    const few = { demand: 1, provisioned: 2, throttled: 0.1 };
    expect(verdict('provisioned', few, {})).toEqual(asThrottled);
    expect(verdict('on-demand', few, {})).toBeUndefined();
  });
});

describe('a replay with Billing auto', () => {
  const run = (demand: number[]) => {
    const series = { name: 'test', start: 0, demand: Float64Array.from(demand) };
    return figuresOf(series, replays['predictive-auto-billing']!(series, {}));
  };

  it('serves sudden bursts on-demand, at the on-demand price', () => {
    const demand = Array.from({ length: 6 * DAY_MINUTES }, (_, t) => (t % 500 < 5 ? 10_000 : 1));
    const { throttledShare, costRelative } = run(demand);
    expect(throttledShare).toBe(0);
    expect(costRelative).toBeCloseTo(3.4615, 3);
  });

  it('becomes provisioned after a day of steady demand', () => {
    const { costRelative } = run(Array.from({ length: 10 * DAY_MINUTES }, () => 500));
    expect(costRelative).toBeLessThan(1.5);
  });
});
