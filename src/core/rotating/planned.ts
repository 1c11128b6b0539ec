import { MINUTE_MS, type Period } from '../calendar/period.ts';
import { handoverMs } from '../capacity/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import { parkedUnits, type Resource, type Spec, type Units } from '../spec.ts';

/** Rotate starts the handover this much earlier than scale, in case scale does not run. */
const BEFORE_SCALE_MS = 7 * MINUTE_MS;

/**
 * When an upcoming table or index must have full capacity, or the capacity that demand then needs. Epoch milliseconds.
 */
export function warmFrom(spec: Spec, resource: Resource, period: Period): number {
  const { full, scaling } = resource;
  const { queueMs, settings } = spec;
  return period.start - (learns(scaling) ? handoverMs(full) + queueMs + BEFORE_SCALE_MS : settings.warmUpMs);
}

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
