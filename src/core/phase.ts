/** The phases of a table. All times are epoch milliseconds. */

import { type Period, shift } from './calendar/period.ts';
import type { Spec } from './spec.ts';

/** The phase of a table. `draining`: the period has ended, and late writers may still write. */
export type Phase = 'upcoming' | 'active' | 'draining' | 'outdated' | 'expired';

/** When retention of a table's period ends; Infinity if the spec retains all periods. */
export function expiresAt(spec: Spec, period: Period): number {
  return spec.keep === Infinity ? Infinity : shift(spec.scheme, period.start, spec.keep).start;
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
