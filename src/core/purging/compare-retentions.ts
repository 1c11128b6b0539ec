/** Which of two retentions retains less, and what that makes due. Times are epoch milliseconds. */
import { shift } from '../calendar/period.ts';
import { periodOf, rotationAt } from '../calendar/rotation.ts';
import type { Retention } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { drainedAt, expiresAt } from '../phase.ts';
import type { Spec } from '../spec.ts';

/** The start of the oldest period that is retained, counted back from `now` in periods of the scheme at `instant`. */
function oldestRetained(retention: Retention, instant: number, now: number): number {
  const { scheme, keep } = rotationAt(retention, instant);
  return keep === Infinity ? -Infinity : shift(scheme, now, 1 - keep).start;
}

/** The start of each scheme of both retentions. Between two of them, each has one scheme. */
const startsOf = (...retentions: readonly Retention[]): number[] => [
  -Infinity,
  ...retentions.flatMap(({ previously = [] }) => previously.map(({ until }) => until)),
];

/** Whether one retention retains less than another at `now`, epoch milliseconds, or will after a change of scheme. */
export const isShorter = (one: Retention, other: Retention, now: number): boolean => {
  const starts = startsOf(one, other);
  if ([now, ...starts.filter((start) => start > now)].some((instant) => endsEarlier(one, other, instant)))
    return true;
  return starts
    .filter((start) => start <= now)
    .some((start) => {
      const oldest = oldestRetained(other, start, now);
      const isOver = starts.some((next) => next > start && next <= oldest);
      return !isOver && oldest < oldestRetained(one, start, now);
    });
};

/**
 * Whether the first retention ends for the table of an instant while the second would retain some of its data. One month
 * is no shorter than 30 days from the start of the month, but it ends right after the last day.
 */
function endsEarlier(one: Retention, other: Retention, instant: number): boolean {
  const { start, end } = periodOf(one, instant);
  return retainedUntil(one, start) < retainedUntil(other, end - 1);
}

/** When the retention of the period that contains `instant` ends. */
function retainedUntil(retention: Retention, instant: number): number {
  const { scheme, keep } = rotationAt(retention, instant);
  return keep === Infinity ? Infinity : shift(scheme, instant, keep).start;
}

export const sameRetention = (one: Retention, other: Retention): boolean => {
  const parts = ({ scheme, keep, previously = [] }: Retention) =>
    [...previously, { scheme, keep, until: 0 }].map((each) => [each.scheme, String(each.keep), each.until]);
  return JSON.stringify(parts(one)) === JSON.stringify(parts(other));
};

/** The tables whose retention has ended by their spec, also those whose drain window has not. */
export const beyondRetention = (tables: readonly Table[], now: number): ReadonlySet<Table> =>
  new Set(tables.filter(({ spec, period }) => expiresAt(spec, period) <= now));

/** Of the tables whose retention has ended, those whose newest data the applied retention retains for longer. */
export const dueOnlyBy = (
  spec: Spec,
  retention: Retention,
  beyond: Iterable<Table>,
  now: number,
): ReadonlySet<Table> =>
  new Set(
    [...beyond].filter(
      ({ period }) => Math.max(now, drainedAt(spec, period)) < retainedUntil(retention, period.end - 1),
    ),
  );
