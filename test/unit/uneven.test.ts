/** Demand that is uneven within minutes: DynamoDB throttles seconds of it, although each minute consumes less than the capacity. */
import { describe, expect, it } from 'vitest';
import { replays } from '../../src/backtest/methods.ts';
import type { DemandSeries } from '../../src/backtest/trace.ts';
import { sum } from '../../src/backtest/trace.ts';
import { soughtBy, type Uneven, unevenAfter } from '../../src/core/scaling/methods/predictive/uneven.ts';
import { unevenSeries, unevenWorlds } from '../support/uneven.ts';

const HOURS = 48;

/** The share of demand that a method throttles in some minutes. */
const share = (throttled: Float64Array, { demand }: DemandSeries, from: number, to: number): number =>
  sum(throttled.subarray(from, to)) / sum(demand.subarray(from, to));

const withheld = unevenWorlds.filter(({ burstSeconds }) => burstSeconds < 150);

describe('bursts within minutes', () => {
  it.each(withheld)('are served from the second hour on: $name', (world) => {
    const series = unevenSeries(world.name, world, HOURS);
    const { throttled } = replays.predictive!(series, world);
    const tracking = replays['target-tracking-70']!(series, world);
    const began = world.from ?? 0;
    const first = share(throttled, series, began, began + 60);
    expect(first).toBeLessThan(share(tracking.throttled, series, began, began + 60));
    expect(first).toBeLessThan(0.15);
    expect(share(throttled, series, began + 60, HOURS * 60)).toBeLessThan(0.006);
    expect(share(tracking.throttled, series, began + 60, HOURS * 60)).toBeGreaterThan(0.07);
  });

  it('raise nothing if burst capacity serves them', () => {
    const world = unevenWorlds.find(({ burstSeconds }) => burstSeconds === 150)!;
    const series = unevenSeries(world.name, world, HOURS);
    const { throttled, raises, capacity } = replays.predictive!(series, world);
    expect([sum(throttled), raises]).toEqual([0, 0]);
    expect(capacity.at(-1)).toBeLessThan(1.2 * 600);
  });

  it('cost little more when they have ended', () => {
    const DAYS = 6;
    const bursty = unevenSeries('ends', { base: 320, burst: 2_000, seconds: 10 }, DAYS * 24);
    const within = (t: number) => (t < 1440 ? bursty.within!(t) : [{ seconds: 60, demand: 600 }]);
    const { capacity } = replays.predictive!({ ...bursty, within }, { burstSeconds: 0 });
    expect(capacity[1439]).toBeGreaterThan(1_800);
    expect(sum(capacity.subarray(-1440)) / 1440).toBeLessThan(1.35 * 600);
  });
});

describe('throttled requests at low consumption', () => {
  const LEVEL = 100;
  /** The highest capacity that is sought while some part of each minute is throttled at a capacity. */
  function highest(throttledAt: (capacity: number) => number): number {
    let uneven: Uneven | undefined;
    let capacity = 120;
    for (let t = 0; t < 300; t++) {
      const throttled = throttledAt(capacity);
      uneven = unevenAfter(
        uneven,
        { at: t * 60_000, consumed: LEVEL - throttled, throttled },
        capacity,
        LEVEL,
      );
      // A raise takes some minutes.
      if (t % 4 === 0) capacity = soughtBy(uneven, capacity, LEVEL) ?? capacity;
    }
    return capacity;
  }

  it('lead to two raises at most if more capacity does not help', () => {
    const highestIfInVain = highest(() => 20);
    expect(highestIfInVain).toBeGreaterThan(120);
    expect(highestIfInVain).toBeLessThan(300);
  });

  it('lead to no raise while an earlier raise has not taken effect yet', () => {
    const served = { at: 0, consumed: 100, throttled: 60 };
    // Before, bursts within minutes are known or unknown.
    for (const known of [undefined, unevenAfter(undefined, { ...served, consumed: 50 }, 100, LEVEL)]) {
      let uneven: Uneven | undefined = known;
      for (let minute = 0; minute < 10; minute++) {
        uneven = unevenAfter(uneven, served, 160, LEVEL);
        expect(soughtBy(uneven, 160, LEVEL)).toBeUndefined();
      }
    }
  });

  it('never lead to more than six times the level of demand', () => {
    expect(highest((capacity) => (60 * 100) / capacity)).toBe(6 * LEVEL);
  });

  it('lead to no raise if they are few', () => {
    expect(highest(() => 0.15)).toBe(120);
  });
});
