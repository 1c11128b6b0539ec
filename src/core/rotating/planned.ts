import { MINUTE_MS, type Period } from '../calendar/period.ts';
import { handoverMs } from '../capacity/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import { parkedUnits, type Resource, type Spec, type Units } from '../spec.ts';

/** A raise so much before scale makes it was already for the period: demand can need more than the spec, and so be handed over earlier. */
const BEFORE_SCALE_MS = 7 * MINUTE_MS;

/**
 * When an upcoming table or index must have full capacity, or the capacity that demand then needs. Epoch milliseconds.
 */
export function warmFrom(spec: Spec, resource: Resource, period: Period): number {
  const { full, scaling } = resource;
  const { queueMs, settings } = spec;
  return period.start - (learns(scaling) ? handoverMs(full) + queueMs + BEFORE_SCALE_MS : settings.warmUpMs);
}

/** When rotate raises it. With a method that learns, that is when scale should have, in case scale does not run. Epoch milliseconds. */
export const raiseFrom = (spec: Spec, resource: Resource, period: Period): number =>
  warmFrom(spec, resource, period) + (learns(resource.scaling) ? BEFORE_SCALE_MS : 0);

/**
 * The throughput that the spec sets at `now`, regardless of demand, in units per second: full throughput in its period, and
 * outdated throughput after it. Before that, a table needs neither, so it is parked.
 */
export function plannedUnits(spec: Spec, resource: Resource, period: Period, now: number): Units {
  const { full, outdated } = resource;
  if (now >= period.end) return outdated;
  if (now >= warmFrom(spec, resource, period)) return full;
  return parkedUnits(resource);
}
