import { type Action, kindOf } from '../plan.ts';
import { describeChanges, onlyDecreases, onlyRaises } from '../throughput.ts';

/** What is left of an action, and what of it is held. */
export function withoutLowering(action: Action, why: string): { left?: Action; held?: string } {
  // Back from on-demand a table has no more than what is provisioned then.
  if (action.kind === 'billing' && action.billingMode === 'PROVISIONED') return { held: why };
  if (!('changes' in action)) return { left: action };
  const changes = onlyRaises(action.changes);
  const lowering = onlyDecreases(action.changes);
  if (lowering.length === 0) return { left: action };
  const held = `${describeChanges(lowering)}: ${why}`;
  if (changes.length === 0) return { held };
  const message = `${describeChanges(changes)}, without the decreases of: ${action.message}`;
  return { left: { ...action, kind: kindOf(changes), changes, message } as Action, held };
}
