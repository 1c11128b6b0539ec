import { handoverMs } from '../scaling/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import type { Resource, Spec, Units } from '../spec.ts';
import { MINUTE_MS, type Period, shift } from './period.ts';

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

/** Rotate looks after the handover so much earlier than scale, should that not come to it. */
const LOOKED_AFTER_MS = 7 * MINUTE_MS;

/** From when on a coming table, or an index of it, stands ready: at full capacity, or at what demand needs then. */
export function warmFrom(spec: Spec, resource: Resource, period: Period): number {
  const { full, scaling } = resource;
  return period.start - (learns(scaling) ? handoverMs(full) + LOOKED_AFTER_MS : spec.settings.warmUpMs);
}

export function phaseOf(spec: Spec, period: Period, now: number): Phase {
  if (now < period.start) return 'upcoming';
  if (now < period.end) return 'active';
  if (now < drainedAt(spec, period)) return 'draining';
  return now < expiresAt(spec, period) ? 'outdated' : 'expired';
}

/** What a table or index should have at `now` when demand has no say: what the spec calls full or outdated. */
export function plannedUnits(spec: Spec, resource: Resource, period: Period, now: number): Units {
  return now >= warmFrom(spec, resource, period) && now < period.end ? resource.full : resource.outdated;
}
