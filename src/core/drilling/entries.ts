/** What the history says of drills. */
import { iso } from '../calendar/instant.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import type { DrillEntry } from '../history/entry.ts';
import { plural, sayBytes, withoutFinalDot } from '../text.ts';
import type { ToSkip } from './choose.ts';
import { scratchName } from './name.ts';
import type { Drill } from './record.ts';
import { saySource, sayUsd } from './say.ts';
import type { Verdict } from './verdict.ts';

export const skippedEntry = ({ spec, reason, message }: ToSkip, now: number): DrillEntry => ({
  at: iso(now),
  kind: 'drill-skipped',
  job: 'drill',
  group: spec.name,
  table: scratchName(spec.environment, spec.name),
  reason,
  message,
});

/** The entry of a drill that ended at `now`. `usd`: what it has cost, with its storage. */
export function endedEntry(
  { environment, group }: { readonly environment: string; readonly group: string },
  { begunAt, restoredAt, backup, counted }: Drill,
  { outcome, reason, message }: Verdict,
  usd: number,
  now: number,
): DrillEntry {
  const size = sayBytes(backup.sizeBytes);
  const minutes = restoredAt === undefined ? 0 : Math.max(1, Math.ceil((restoredAt - begunAt) / MINUTE_MS));
  // A restore is seen by the first run after its end.
  const took = minutes === 0 ? '' : ` It took ${plural(minutes, 'minute')} or less.`;
  const what =
    outcome === 'passed'
      ? `Restored ${saySource(backup)} (${size}).${took}`
      : `Drill failed with ${saySource(backup)} (${size}).${took}`;
  return {
    at: iso(now),
    kind: outcome === 'passed' ? 'drill-passed' : 'drill-failed',
    job: 'drill',
    group,
    table: scratchName(environment, group),
    reason,
    message: `${what} ${withoutFinalDot(message)}. Cost: ${sayUsd(usd)}.`,
    backup: backup.arn,
    sizeBytes: backup.sizeBytes,
    usd: Number(usd.toPrecision(3)),
    ...(restoredAt !== undefined && { restoreSeconds: Math.ceil((restoredAt - begunAt) / 1000) }),
    ...(counted && { items: counted.items }),
  };
}
