/** The phases of a table. All times are epoch milliseconds. */

import { type Period, shift } from './calendar/period.ts';
import { rotationAt } from './calendar/rotation.ts';
import type { Spec } from './spec.ts';

/** The phase of a table. `draining`: the period has ended, and late writers may still write. */
export type Phase = 'upcoming' | 'active' | 'draining' | 'outdated' | 'expired';

/**
 * When retention of a table's period ends; Infinity if all such periods are retained. A table of an earlier scheme has
 * the retention of that scheme.
 */
export function expiresAt(spec: Spec, { start }: Period): number {
  const { scheme, keep } = rotationAt(spec, start);
  return keep === Infinity ? Infinity : shift(scheme, start, keep).start;
}

/** When the drain window ends. */
export function drainedAt(spec: Spec, period: Period): number {
  return period.end + spec.settings.drainMs;
}

/** When a table is due for deletion. */
export function dueAt(spec: Spec, period: Period): number {
  return Math.max(drainedAt(spec, period), expiresAt(spec, period));
}

/** A table's phase at `now`. */
export function phaseOf(spec: Spec, period: Period, now: number): Phase {
  if (now < period.start) return 'upcoming';
  if (now < period.end) return 'active';
  if (now < drainedAt(spec, period)) return 'draining';
  return now < expiresAt(spec, period) ? 'outdated' : 'expired';
}
