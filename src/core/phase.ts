/** Where a table stands in its life. All times are epoch milliseconds. */

import { type Period, shift } from './calendar/period.ts';
import type { Spec } from './spec.ts';

/** Where a table stands in its life; `draining` just ended and may still see late writes. */
export type Phase = 'upcoming' | 'active' | 'draining' | 'outdated' | 'expired';

/** When a table's period is no longer among those the spec keeps; Infinity where all are kept. */
export function expiresAt(spec: Spec, period: Period): number {
  return spec.keep === Infinity ? Infinity : shift(spec.scheme, period.start, spec.keep).start;
}

/** When late writers have had their time. */
export function drainedAt(spec: Spec, period: Period): number {
  return period.end + spec.settings.drainMs;
}

/** When retention wants it gone. */
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
