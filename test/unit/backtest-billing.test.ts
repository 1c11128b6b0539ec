import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { replays } from '../../src/backtest/methods.ts';
import { noComparison } from '../../src/core/capacity/comparison.ts';
import { onDemandFactor } from '../../src/core/prices.ts';
import { type Billing, verdictOn, type Weighed } from '../../src/core/scaling/billing/verdict.ts';

const DAY_MINUTES = 1440;
const unitPrice = { provisioned: 1, requested: onDemandFactor };
const seen: Weighed = {
  ...noComparison,
  quiet: DAY_MINUTES,
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
    expect(verdict('on-demand', { throttled: 4.5 })).toBeUndefined();
    expect(verdict('on-demand', { provisioned: 3_300 })).toBeUndefined();
  });

  it.each<[string, Billing, Partial<Weighed>, object | undefined]>([
    [
      'on-demand during a flood',
      'provisioned',
      { throttled: 20, largest: 20, newest: 20, quiet: 5 },
      asThrottled,
    ],
    ['kept after a flood', 'provisioned', { throttled: 20, largest: 20, newest: 20, quiet: 60 }, undefined],
    [
      'on-demand after several',
      'provisioned',
      { throttled: 20, largest: 12, newest: 8, quiet: 60 },
      asThrottled,
    ],
    [
      'kept during a small event',
      'provisioned',
      { throttled: 20, largest: 18, newest: 2, quiet: 0 },
      undefined,
    ],
    [
      'kept soon after a flood',
      'on-demand',
      { throttled: 20, largest: 20, newest: 20, quiet: 700 },
      undefined,
    ],
    [
      'provisioned twelve hours after a flood',
      'on-demand',
      { throttled: 20, largest: 20, newest: 20, quiet: 720 },
      toProvisioned,
    ],
    [
      'kept after several floods',
      'on-demand',
      { throttled: 20, largest: 12, newest: 8, quiet: 900 },
      undefined,
    ],
  ])('is %s', (_, now, one, expected) => {
    expect(verdict(now, one)).toEqual(expected);
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

  /** Units per second: a daily swing, with a flood or an outage on the fifth day. */
  const swing = (event: (minute: number) => number): Float64Array =>
    Float64Array.from(
      { length: 9 * DAY_MINUTES },
      (_, t) => 500 * (1 + 0.5 * Math.sin((t / DAY_MINUTES) * 2 * Math.PI)) * event(t - 4.4 * DAY_MINUTES),
    );
  const during = (minutes: number, factor: number) => (t: number) => (t >= 0 && t < minutes ? factor : 1);

  it.each([
    ['a flood of three minutes', during(3, 20)],
    ['a flood of half an hour', during(30, 6)],
    ['an outage of three hours', during(180, 0)],
  ])('is provisioned again within a day after %s', (_, event) => {
    const series = { name: 'test', start: 0, demand: swing(event) };
    const auto = replays['predictive-auto-billing']!(series, {});
    const own = replays.predictive!(series, {});
    const aDayLater = (values: Float64Array): number[] => Array.from(values.subarray(5.4 * DAY_MINUTES));
    expect(aDayLater(auto.capacity)).toEqual(aDayLater(own.capacity));
  });

  it('becomes provisioned after a day of steady demand', () => {
    const { costRelative } = run(Array.from({ length: 10 * DAY_MINUTES }, () => 500));
    expect(costRelative).toBeLessThan(1.5);
  });
});
