import { actionKinds } from '../action-kinds.ts';
import { HOUR_MS } from '../calendar/period.ts';
import type { Action, Draft, HoldReason } from '../plan.ts';
import { withoutLowering } from './lowering.ts';
import { type Reduced, reduceActions } from './reduce.ts';

/** No lease lasts longer, because no run takes longer than 15 minutes. */
export const LONGEST_LEASE_MS = HOUR_MS;

/** What a run may do although another run might be active. Everything else needs a lease. */
export const withoutLease = <T extends Pick<Draft, 'actions' | 'holds'>>(draft: T, why: string): T =>
  createsAndRaises(draft, 'no-lease', `No lease: ${why}`);

/** A draft that only creates missing tables, which AWS does once however often it is requested, and raises capacity. */
export const createsAndRaises = <T extends Pick<Draft, 'actions' | 'holds'>>(
  draft: T,
  reason: HoldReason,
  message: string,
): T => reduceActions(draft, { reason }, (action) => reduced(action, message));

function reduced(action: Action, message: string): Reduced {
  const allowed = actionKinds[action.kind].withoutLease;
  if (allowed === 'allowed') return { left: action };
  return allowed === 'raises' ? withoutLowering(action, message) : { held: message };
}
