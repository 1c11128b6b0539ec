import { actionKinds } from '../action-kinds.ts';
import { HOUR_MS } from '../calendar/period.ts';
import type { Action, Draft } from '../plan.ts';
import { withoutLowering } from './lowering.ts';
import { type Reduced, reduceActions } from './reduce.ts';

/** No lease lasts longer, because no run takes longer than 15 minutes. */
export const LONGEST_LEASE_MS = HOUR_MS;

/**
 * What a run may do although another run might be active: create missing tables, which AWS does once however often it
 * is requested, and raise capacity. Everything else needs a lease.
 */
export const withoutLease = <T extends Pick<Draft, 'actions' | 'holds'>>(draft: T, why: string): T =>
  reduceActions(draft, { reason: 'no-lease' }, (action) => reduced(action, `No lease: ${why}`));

function reduced(action: Action, message: string): Reduced {
  const allowed = actionKinds[action.kind].withoutLease;
  if (allowed === 'allowed') return { left: action };
  return allowed === 'raises' ? withoutLowering(action, message) : { held: message };
}
