/** Reading metrics costs little beside the capacity, and less if nothing is at stake. */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/backtest/figures.ts';
import { figuresOf } from '../../src/backtest/figures.ts';
import { replays } from '../../src/backtest/methods.ts';
import { minutesOf } from '../../src/backtest/trace.ts';
import { countedAt, type SampleCount, thriftOf } from '../../src/core/capacity/sampling-budget.ts';
import { seeksThrottles } from '../../src/core/capacity/series.ts';
import { prices } from '../../src/core/prices.ts';
import { mayHaveThrottled } from '../../src/core/scaling/methods/predictive/burst.ts';
import { at, MINUTE } from '../support/specs.ts';
import { traces } from '../support/traces.ts';

const NOON = at('2026-11-21T12:00');

/** After samples for some days, one in a number of minutes, at a capacity in units per second. */
function sampledEvery(minutes: number, provisioned = 1_000, days = 5): SampleCount {
  let sampled: SampleCount | undefined;
  for (let t = 0; t <= days * 1440; t += minutes)
    sampled = countedAt(sampled, NOON + t * MINUTE, provisioned);
  return sampled!;
}

describe('thrift', () => {
  it.each([
    ['one sample per minute is too many for any capacity', 1, 10_000, 'write', 1],
    ['one in five minutes is few', 5, 10_000, 'write', 0],
    ['one in five minutes is allowed for a capacity that costs little', 5, 1, 'read', 0],
    ['two in five minutes are allowed for a large capacity', 2.7, 100, 'write', 0],
    ['one in two minutes is too many for a small capacity', 2.2, 1, 'write', 1],
    ['the same number of read units costs less', 2.2, 20, 'read', 1],
    ['the same number of write units costs more', 2.7, 20, 'write', 0],
  ] as const)('%s', (_, every, provisioned, dimension, thrift) => {
    expect(thriftOf(sampledEvery(every, provisioned), dimension)).toBe(thrift);
  });

  it('is partial in between, and grows with the number of samples', () => {
    const thrifts = [2.4, 2.3, 2.2, 2.1, 2].map((every) => thriftOf(sampledEvery(every), 'write'));
    for (const thrift of thrifts) expect(thrift > 0 && thrift < 1).toBe(true);
    expect(thrifts).toEqual(thrifts.toSorted((a, b) => a - b));
  });

  it('is the same by day and by night', () => {
    const day = sampledEvery(2.7, 20);
    const night = countedAt(day, day.at + MINUTE, 2);
    expect([day, night].map((sampled) => thriftOf(sampled, 'write'))).toEqual([0, 0]);
  });

  it('ends within a day of few samples', () => {
    const busy = sampledEvery(1);
    expect(thriftOf(countedAt(busy, busy.at + 1440 * MINUTE, 1_000), 'write')).toBe(0);
  });

  it('begins only after hours: a new group has to be known first', () => {
    expect(thriftOf(sampledEvery(1, 1_000, 0.35), 'write')).toBe(0);
    expect(thriftOf(sampledEvery(1, 1_000, 2), 'write')).toBe(1);
  });
});

describe('throttles at low consumption', () => {
  const series = (minutes: number) => ({
    memory: {},
    learnedTo: NOON,
    sampleAt: NOON + minutes * MINUTE,
    samples: 7,
    age: 7,
  });
  it.each([
    [1, 0, 20],
    [2, 0, 20],
    [5, 0, 25],
    [10, 0, 25],
    [5, 8, 5],
  ])(
    'are read if samples are %i minutes apart, with %i outdated tables, after %i minutes',
    (gap, outdated, after) => {
      const seen = { checkedTo: NOON, throttledAt: undefined };
      const seeks = (minutes: number) => seeksThrottles(series(gap), seen, NOON + minutes * MINUTE, outdated);
      expect([seeks(after - 1), seeks(after)]).toEqual([false, true]);
    },
  );

  it('are read by each sample for a day after requests were throttled at low consumption', () => {
    const seeks = (hoursAgo: number) => {
      const seen = { checkedTo: NOON, throttledAt: NOON - hoursAgo * 60 * MINUTE };
      return seeksThrottles(series(5), seen, NOON + 5 * MINUTE);
    };
    expect([seeks(1), seeks(23), seeks(25)]).toEqual([true, true, false]);
  });
});

describe('throttles are expected', () => {
  const full = { balance: 100 * 300, trust: 1 };
  it.each([
    ['if all of the capacity was consumed', full, [60, 99], true],
    ['if slightly more than the capacity was consumed', full, [101], true],
    ['not below the capacity', full, [60, 90], false],
    ['not while burst capacity serves well above the capacity', full, [150, 150], false],
    ['if burst capacity must be nearly empty', full, [200, 200, 200, 200, 200], true],
    ['above the capacity if burst capacity is not trusted', { balance: 30_000, trust: 0.2 }, [150], true],
  ])('%s', (_, burst, consumed, expected) => {
    const minutes = consumed.map((units, t) => ({ at: NOON + t * MINUTE, consumed: units, throttled: 0 }));
    expect(mayHaveThrottled(burst, minutes, () => 100)).toBe(expected);
  });
});

describe('metric reads of recorded traces', () => {
  const known = new Map<string, Figures[]>();
  const replayed = (mean: number, dimension: 'read' | 'write'): Figures[] => {
    const figures =
      known.get(`${mean} ${dimension}`) ??
      traces.map((trace) => {
        const series = minutesOf(trace, mean);
        return figuresOf(series, replays.predictive!(series, { dimension }), { prices, dimension });
      });
    known.set(`${mean} ${dimension}`, figures);
    return figures;
  };

  it.each([500, 20, 5])(
    'cost at most USD 0.25 a month on average, at a mean of %i writes per second',
    (mean) => {
      const months = replayed(mean, 'write').map(({ metricReadsMonth }) => metricReadsMonth);
      expect(months.reduce((a, b) => a + b, 0) / months.length).toBeLessThanOrEqual(0.25);
    },
  );

  it.each(['read', 'write'] as const)(
    'cost at most a tenth of the capacity, at a mean of 20 %ss per second',
    (dimension) => {
      for (const { metricReadsMonth, costMonth } of replayed(20, dimension))
        expect(metricReadsMonth / costMonth).toBeLessThanOrEqual(0.1);
    },
  );
});
