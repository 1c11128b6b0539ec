import { sayInstant } from '../calendar/instant.ts';
import { HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { type Demand, type Dimension, dimensions } from '../capacity/demand.ts';
import type { Table } from '../fleet.ts';
import type { Need, Observed } from '../observed.ts';
import { dueAt } from '../phase.ts';
import type { Objection } from '../plan.ts';
import type { PlanBuilder } from '../plan-builder.ts';

const minuteOf = (instant: number): number => Math.floor(instant / MINUTE_MS) * MINUTE_MS;

/** A backup is sure to hold what was written up to a minute before it was asked for (CreateBackup). */
const BACKUP_SKEW_MS = MINUTE_MS;

/** A minute is complete once it is over for a minute. */
const newestMinute = (now: number): number => minuteOf(now) - MINUTE_MS;

/** Whole minutes that cover all that was asked for. */
export const trafficWindow = (needs: readonly Need[], now: number): { from: number; to: number } => ({
  from: minuteOf(
    Math.min(newestMinute(now), ...needs.flatMap((need) => (need.fact === 'traffic' ? need.from : []))),
  ),
  to: newestMinute(now),
});

/**
 * What is still read or written though nobody should: since the table is due, and not longer ago than the settings
 * say, or than its final backup: what came after that would be lost. What came while it was kept was in order. Unknown
 * traffic holds.
 */
export function trafficObjection(
  draft: PlanBuilder,
  observed: Observed,
  table: Table,
  now: number,
  backedUpAt = Infinity,
): Objection | 'unknown' | undefined {
  const { spec, period, name } = table;
  const { trafficMs } = spec.settings.purge;
  const watched = trafficMs > 0;
  const since = Math.min(watched ? now - trafficMs : Infinity, backedUpAt - BACKUP_SKEW_MS);
  const from = Math.max(since, dueAt(spec, period));
  if (from >= newestMinute(now)) return undefined;
  const traffic = observed.get('traffic', name);
  if (!traffic) {
    draft.needs.push({ fact: 'traffic', table: name, from });
    return 'unknown';
  }
  const error = 'error' in traffic ? traffic.error : traffic.value.find((one) => one.error)?.error;
  if (error !== undefined || !('value' in traffic)) {
    const message = `Could not read whether anybody still uses it, so it stays: ${error}.`;
    draft.hold(table, 'delete', 'metrics-unknown', message);
    return 'unknown';
  }
  // Where readers are in order, what was written since the backup would still be lost.
  const used = useOf(traffic.value, from, watched ? dimensions : ['write']);
  if (!used) return undefined;
  const hours = Math.ceil((now - from) / HOUR_MS);
  return {
    reason: 'in-use',
    message: `Due since ${sayInstant(dueAt(spec, period))}, but still in use: ${used} in the last ${hours} h.`,
  };
}

/** `120 units read, 3 units written, the last 2026-11-21 11:04 UTC`; undefined where there was nothing. */
function useOf(demand: Demand, from: number, counted: readonly Dimension[]): string | undefined {
  const minutes = (dimension: Dimension) =>
    demand
      .flatMap((resource) => resource[dimension] ?? [])
      .filter(({ at, consumed, throttled }) => at >= from && consumed + throttled > 0);
  const all = { read: minutes('read'), write: minutes('write') };
  const last = Math.max(...counted.flatMap((dimension) => all[dimension].map(({ at }) => at)));
  if (!Number.isFinite(last)) return undefined;
  const units = (dimension: Dimension): string =>
    String(Math.ceil(all[dimension].reduce((sum, { consumed }) => sum + consumed * 60, 0)));
  return `${units('read')} units read, ${units('write')} units written, the last ${sayInstant(last)}`;
}
