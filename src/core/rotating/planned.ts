import { MINUTE_MS, type Period } from '../calendar/period.ts';
import { handoverMs } from '../capacity/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import type { Resource, Spec, Units } from '../spec.ts';

/** Rotate looks after the handover so much earlier than scale, should that not come to it. */
const LOOKED_AFTER_MS = 7 * MINUTE_MS;

/** From when on a coming table, or an index of it, stands ready: at full capacity, or at what demand needs then. */
export function warmFrom(spec: Spec, resource: Resource, period: Period): number {
  const { full, scaling } = resource;
  return period.start - (learns(scaling) ? handoverMs(full) + LOOKED_AFTER_MS : spec.settings.warmUpMs);
}

/** What a table or index should have at `now` when demand has no say: what the spec calls full or outdated. */
export function plannedUnits(spec: Spec, resource: Resource, period: Period, now: number): Units {
  return now >= warmFrom(spec, resource, period) && now < period.end ? resource.full : resource.outdated;
}
