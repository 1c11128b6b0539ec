/** Which tables a group may have had, and what their metrics say that they have cost. */
import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/core/calendar/rotation.ts';
import type { MetricSeries } from '../../src/core/capacity/demand.ts';
import type { TableState } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { prices } from '../../src/core/prices.ts';
import type { Spec } from '../../src/core/spec.ts';
import { type Life, livesOf } from '../../src/core/spending/lives.ts';
import { spentOn } from '../../src/core/spending/spent.ts';
import { at, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';

const NOW = at('2025-11-21T12:00');
const window = { from: at('2025-11-19'), to: NOW };

const present = (spec: Spec, day: string, state: Partial<TableState> = {}) => {
  const table = tableOf(spec, periodOf(spec, at(day)), NOW);
  return {
    ...table,
    state: { createdAt: table.period.start - DAY, tableClass: 'STANDARD', ...state } as TableState,
  };
};
const namesOf = (lives: readonly Life[]): string[] =>
  lives.map(({ table }) => table.replace('production.Events', ''));

describe('the tables of a window', () => {
  it.each<[string, Parameters<typeof specOf>[0], string[]]>([
    [
      'are upcoming, current, retained, and deleted within it',
      { scheme: 'daily', keep: 2 },
      [
        '.20251115',
        '.20251116',
        '.20251117',
        '.20251118',
        '.20251119',
        '.20251120',
        '.20251121',
        '.20251122',
      ],
    ],
    ['are two of a month', { scheme: 'monthly', keep: 1 }, ['.20251101', '.20251201']],
    [
      'are those of its periods if all are retained and older ones do not exist',
      { scheme: 'daily', keep: Infinity },
      ['.20251119', '.20251120', '.20251121', '.20251122'],
    ],
    ['are one without rotation', { scheme: 'none' }, ['']],
  ])('%s', (_, options, expected) => {
    expect(namesOf(livesOf(specOf(options), [], window, NOW))).toEqual(expected);
  });

  it('include every existing table, whatever its age', () => {
    const spec = specOf({ keep: 2 });
    const lives = livesOf(spec, [present(spec, '2025-10-01')], window, NOW);
    expect(lives[0]).toMatchObject({ table: 'production.Events.20251001', ...window });
  });

  it('are deleted some days after their retention, unless they exist', () => {
    const spec = specOf({ keep: 2 });
    const wide = { from: at('2025-11-01'), to: NOW };
    const of = (lives: Life[]) => lives.find(({ table }) => table.endsWith('.20251110'))!;
    // Retention ends on the 12th, then come the waiting period of 12 hours and two runs of purge.
    expect(of(livesOf(spec, [], wide, NOW)).to).toBe(at('2025-11-14T12:00'));
    expect(of(livesOf(spec, [present(spec, '2025-11-10')], wide, NOW)).to).toBe(NOW);
  });
});

describe('what a table has cost', () => {
  const stepMs = 300_000;
  const day = { from: at('2025-11-21'), to: at('2025-11-22'), stepMs } as const;
  const spec = specOf({ keep: 2 });
  const life = (more: Partial<Life> = {}): Life => ({
    table: 'production.Events.20251121',
    from: day.from,
    to: day.to,
    replayed: day,
    tableClass: 'STANDARD',
    ...more,
  });
  const every = (value: number, from = day.from, to = day.to): MetricSeries => ({
    sums: new Map(Array.from({ length: (to - from) / stepMs }, (_, i) => [from + i * stepMs, value])),
  });
  const none: MetricSeries = { sums: new Map() };
  /** Of reads and writes: consumed units in five minutes, and provisioned units per second. */
  const spent = (series: readonly MetricSeries[], more?: Partial<Life>) => {
    const answer = spentOn(spec, life(more), series, day, prices);
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  };

  it('is its provisioned capacity by the hour', () => {
    const { measured, beside } = spent([none, every(10), none, every(20)]);
    expect(measured).toBeCloseTo(24 * (10 * 0.00013 + 20 * 0.00065), 10);
    expect(beside).toBe(0);
  });

  it('is its consumption while it has no capacity', () => {
    const { measured, onDemand, lastHour } = spent([every(300), none, every(600), none]);
    expect(measured).toBeCloseTo((86_400 * (1 * 0.125 + 2 * 0.625)) / 1e6, 10);
    expect(onDemand).toBeCloseTo(measured, 10);
    expect(lastHour).toEqual({ read: 1, write: 2 });
  });

  it('includes the writes of its replicas', () => {
    const series = [every(300), none, every(600), none];
    const copied = specOf({ onDemand: true, replicas: ['eu-west-1', 'us-west-2'] });
    const answer = spentOn(copied, life(), series, day, prices);
    expect(answer).toMatchObject({
      measured: expect.closeTo((86_400 * (1 * 0.125 + 3 * 2 * 0.625)) / 1e6, 10),
    });
  });

  it('is compared with on-demand at the same consumption', () => {
    const { measured, onDemand } = spent([none, none, every(600), every(20)]);
    expect(measured).toBeCloseTo(24 * 20 * 0.00065, 10);
    expect(onDemand).toBeCloseTo((86_400 * 2 * 0.625) / 1e6, 10);
  });

  it('is split at the time from which no replay has the table', () => {
    const replayed = { from: day.from, to: day.from + 6 * HOUR };
    const { measured, beside } = spent([none, none, none, every(20)], { replayed });
    expect(beside).toBeCloseTo(0.75 * measured, 10);
  });

  it('is priced by its class', () => {
    const series = [none, none, none, every(20)];
    const { measured } = spent(series, { tableClass: 'STANDARD_INFREQUENT_ACCESS' });
    expect(measured).toBeCloseTo(1.25 * spent(series).measured, 10);
  });

  it('ignores points of another table of its name, and knows since when there is data', () => {
    const later = day.from + 12 * HOUR;
    const { measured, since } = spent([none, none, none, every(20)], { from: later });
    expect(measured).toBeCloseTo(12 * 20 * 0.00065, 10);
    expect(since).toBe(day.from);
    expect(spent([none, none, every(5, later), none]).since).toBe(later);
    expect(spent([none, none, none, none]).since).toBe(Infinity);
  });

  it('is unknown if a metric cannot be read', () => {
    const error = { error: 'not allowed' };
    expect(spentOn(spec, life(), [none, none, none, error], day, prices)).toEqual(error);
    expect(spentOn(spec, life(), [none], day, prices)).toEqual({ error: 'no answer' });
  });

  it.each([
    ['is carried over missing points', 15, 20],
    ['is unknown after 20 minutes without a point', 60, 25 + 5],
    ['ends with the last point', 0, 5],
  ])('has a capacity that %s', (_, gapMinutes, minutes) => {
    const times = new Set([day.from, day.from + gapMinutes * MINUTE]);
    const { measured } = spent([none, none, none, { sums: new Map([...times].map((one) => [one, 20])) }]);
    expect(measured).toBeCloseTo(((minutes * MINUTE) / HOUR) * 20 * 0.00065, 10);
  });
});
