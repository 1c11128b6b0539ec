import { HOUR_MS } from '../calendar/period.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import { withoutLowering } from './lowering.ts';

/** No run takes a quarter of an hour, so no lease lasts for longer than this. */
export const LONGEST_LEASE_MS = HOUR_MS;

/**
 * What a run may do though nobody can tell whether another one is at work: make what is missing, which AWS does once,
 * whoever asks how often, and raise what is too low. All else waits for a lease.
 */
export function withoutLease<T extends Pick<Draft, 'actions' | 'holds'>>(draft: T, why: string): T {
  const actions: Action[] = [];
  const holds: Hold[] = [];
  for (const action of draft.actions) {
    const { job, group, table, kind } = action;
    const { left } = withoutLowering(action, why);
    const goes = left?.kind === 'create' || left?.kind === 'raise';
    if (goes) actions.push(left);
    if (goes && left === action) continue;
    const refused = goes ? 'lower' : kind;
    holds.push({
      job,
      group,
      table,
      kind: refused,
      reason: 'no-lease',
      message: `Waits for a lease: ${why}`,
    });
  }
  return { ...draft, actions, holds: [...draft.holds, ...holds] };
}
