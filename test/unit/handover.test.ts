import { describe, expect, it } from 'vitest';
import { handoverMs, keptAtEnd, samplesDraining, samplesOutdated } from '../../src/core/capacity/handover.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const groups = Array.from({ length: 1_000 }, (_, i) => `Group${i}`);

/** How many groups are sampled in each of some minutes. */
const perMinute = (minutes: number, isSampled: (group: string, now: number) => boolean): number[] =>
  Array.from(
    { length: minutes },
    (_, minute) => groups.filter((group) => isSampled(group, NOON + minute * MINUTE)).length,
  );

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count);

describe('an upcoming table', () => {
  it.each([
    [{ read: 1, write: 1 }, 7],
    [{ read: 12_000, write: 4_000 }, 7],
    [{ read: 1, write: 4_001 }, 20],
    [{ read: 12_001, write: 1 }, 20],
    [{ read: 1, write: 200_000 }, 20],
  ])('is raised to %o %i minutes before its period', (units, minutes) => {
    expect(handoverMs(units) / MINUTE).toBe(minutes);
  });
});

describe('a table whose period ends', () => {
  it.each([
    [1, 400],
    [0.5, 600],
    [0, 900],
  ])('serves five minutes of its capacity with %d of its burst capacity', (reliance, least) => {
    const kept = keptAtEnd(800, reliance);
    expect(kept * (1 + reliance)).toBeGreaterThanOrEqual(800);
    expect(kept).toBeLessThanOrEqual(least);
  });

  it('keeps a small capacity', () => {
    expect(keptAtEnd(99, 1)).toBe(99);
  });
});

describe('the samples of many groups', () => {
  it.each([
    ['draining tables', 5, (group: string, now: number) => samplesDraining(group, HOUR / 2, now)],
    ['outdated tables', 10, (group: string, now: number) => samplesOutdated(group, DAY, false, now)],
    [
      'outdated tables of one series',
      30,
      (group: string, now: number) => samplesOutdated(group, DAY, true, now),
    ],
    [
      'writes of outdated tables of one series',
      180,
      (group: string, now: number) => samplesOutdated(group, DAY, true, now, 'write'),
    ],
  ] as const)('of %s come once in %i minutes, at other minutes for other groups', (_, every, isSampled) => {
    const counts = perMinute(every, isSampled);
    expect(sum(counts)).toBe(groups.length);
    expect(Math.max(...counts)).toBeLessThan((3 * groups.length) / every);
    expect(perMinute(every, (group, now) => isSampled(group, now + every * MINUTE))).toEqual(counts);
  });

  it('of writes come with those of reads', () => {
    for (let now = NOON; now < NOON + 3 * HOUR; now += MINUTE)
      for (const group of groups.slice(0, 50))
        if (samplesOutdated(group, DAY, true, now, 'write'))
          expect(samplesOutdated(group, DAY, true, now)).toBe(true);
  });

  it('come each minute just after the period has ended', () => {
    expect(perMinute(3, (group, now) => samplesOutdated(group, MINUTE, true, now))).toEqual([
      1000, 1000, 1000,
    ]);
  });
});
