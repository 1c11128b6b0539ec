/** What a drill does next, by what is known of its scratch table. */
import { HOUR_MS } from '../calendar/period.ts';
import type { TableState } from '../facts.ts';
import type { Drill } from './record.ts';
import type { Verdict } from './verdict.ts';

/** A restore of 100 GB takes an hour or less, and a drill reads some 100 GB per hour. */
const LONGEST_DRILL_MS = 48 * HOUR_MS;

export type Step =
  /** Starts the restore, or starts it again. */
  | { readonly kind: 'restore' }
  /** DynamoDB is not ready. The next run looks again. */
  | { readonly kind: 'wait'; readonly scratch: TableState }
  | { readonly kind: 'compare'; readonly scratch: TableState }
  | { readonly kind: 'give-up'; readonly verdict: Verdict }
  | { readonly kind: 'delete'; readonly scratch: TableState }
  /** The scratch table is gone, and the drill is over. */
  | { readonly kind: 'finish' };

const CHANGING: ReadonlySet<string> = new Set(['CREATING', 'UPDATING', 'DELETING']);

/** `scratch`: the table of the name; undefined if it does not exist. */
export function nextStep(drill: Drill, scratch: TableState | undefined, now: number): Step {
  const own = scratch && isOf(drill, scratch) ? scratch : undefined;
  if (drill.verdict) {
    if (!own) return { kind: 'finish' };
    return CHANGING.has(own.status) ? { kind: 'wait', scratch: own } : { kind: 'delete', scratch: own };
  }
  if (now - drill.begunAt > LONGEST_DRILL_MS)
    return givenUp('unfinished', `It has not ended within ${LONGEST_DRILL_MS / HOUR_MS} hours.`);
  if (!own) {
    // Another one of the name, whose deletion this or an earlier run has started.
    if (scratch?.status === 'DELETING') return { kind: 'wait', scratch };
    if (scratch)
      return givenUp(
        'restore-failed',
        `${scratch.name} exists, and this drill did not restore it. Delete it.`,
      );
    return drill.tableId === undefined
      ? { kind: 'restore' }
      : givenUp('restore-failed', 'The scratch table is gone before it was compared.');
  }
  if (own.status === 'ACTIVE') return { kind: 'compare', scratch: own };
  return CHANGING.has(own.status)
    ? { kind: 'wait', scratch: own }
    : givenUp('restore-failed', `The scratch table is ${own.status}.`);
}

const givenUp = (reason: Verdict['reason'], message: string): Step => ({
  kind: 'give-up',
  verdict: { outcome: 'failed', reason, message },
});

/** Whether a table is what the drill has restored, and no later table of the name. */
const isOf = ({ backup, tableId }: Drill, { restoredFrom, id }: TableState): boolean =>
  restoredFrom === backup.arn && (tableId === undefined || tableId === id);
