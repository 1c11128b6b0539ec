/** Since when runs have seen unrequested holds. A plan does not say so, because each run plans by itself. */
import { HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import type { StandingHold } from '../facts.ts';
import type { Hold, Job } from '../plan.ts';
import { isUnrequested } from './hold-causes.ts';

/**
 * A hold that runs of its job have not seen for so long has ended. Scale samples some tables every three hours. Each run of the
 * other jobs plans everything.
 */
const ENDS_AFTER_MS: Readonly<Record<Job, number>> = { scale: 4 * HOUR_MS, rotate: 0, purge: 0 };

/** A record has at most so many holds, the oldest ones. */
const MOST_HOLDS = 500;

/** The same hold in another run has the same key. */
const keyOf = ({ group, table, kind, reason }: StandingHold): string =>
  [group, table, kind, reason].join(' ');

/** The standing holds after a run, oldest first. Times are whole minutes, epoch milliseconds. */
export function standingAfter(
  job: Job,
  known: readonly StandingHold[],
  holds: readonly Hold[],
  now: number,
): StandingHold[] {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const standing = new Map(known.map((hold) => [keyOf(hold), hold]));
  for (const { group, table, kind, reason } of holds.filter(isUnrequested)) {
    const hold = { group, table, kind, reason, since: minute, seen: minute };
    const before = standing.get(keyOf(hold));
    standing.set(keyOf(hold), before ? { ...before, seen: minute } : hold);
  }
  return [...standing.values()]
    .filter(({ since, seen }) => since <= minute && minute - seen <= ENDS_AFTER_MS[job])
    .sort((a, b) => a.since - b.since)
    .slice(0, MOST_HOLDS);
}

/** When a record is written again although only the times in it are older; a part of `ENDS_AFTER_MS`. */
const REFRESH_PART = 1 / 4;

/** Whether the record of a job has to be written: a hold began or ended, or the record would soon be too old. */
export function isRecordDue(
  job: Job,
  known: readonly StandingHold[],
  after: readonly StandingHold[],
): boolean {
  const seen = new Map(known.map((hold) => [keyOf(hold), hold.seen]));
  const isOld = (hold: StandingHold): boolean =>
    hold.seen - (seen.get(keyOf(hold)) ?? -Infinity) >= ENDS_AFTER_MS[job] * REFRESH_PART;
  return known.length !== after.length || after.some(isOld);
}
