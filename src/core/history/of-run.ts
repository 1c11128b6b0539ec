/** The entries of the history about a run of a job: one constructor for each thing that a person can see. */
import { iso } from '../calendar/instant.ts';
import type { Action, Hold, Job } from '../plan.ts';
import type { CommandEntry, Entry } from './entry.ts';
import type { OpenHold } from './open-holds.ts';

/** An entry about a run. */
export type RunEntry = Exclude<Entry, CommandEntry>;

/** How an action ended. */
export interface Ended {
  readonly action: Action;
  readonly outcome: 'applied' | 'superseded' | 'postponed' | 'failed' | 'skipped';
  /** Why, unless it was applied. */
  readonly error?: string;
}

/** The entry of an action that ended at `now`, epoch milliseconds. None if nothing was done: the next run decides again. */
export function actionEntries({ action, outcome, error = '' }: Ended, now: number): RunEntry[] {
  const { kind, job, group, table, reason, message } = action;
  const about = { at: iso(now), job, group, table };
  switch (outcome) {
    case 'applied':
      return [{ ...about, kind, reason, message }];
    case 'failed':
      return [{ ...about, kind: 'failed', action: kind, reason, error }];
    case 'superseded':
    case 'postponed':
    case 'skipped':
      return [];
  }
}

export const holdBegun = ({ kind, job, group, table, reason, message }: Hold, now: number): RunEntry => ({
  at: iso(now),
  kind: 'hold-begun',
  job,
  group,
  table,
  held: kind,
  reason,
  message,
});

export const holdEnded = (
  job: Job,
  { held, group, table, reason, since }: OpenHold,
  now: number,
): RunEntry => ({
  at: iso(now),
  kind: 'hold-ended',
  job,
  group,
  table,
  held,
  reason,
  since: iso(since),
});
