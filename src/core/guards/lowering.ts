import { type Action, kindOf } from '../plan.ts';
import { uncapitalized } from '../text.ts';
import { describeChanges, onlyDecreases, onlyRaises } from '../throughput.ts';
import type { Reduced } from './reduce.ts';

/** An action without the changes that lower capacity. `why` is a sentence at the end of the hold's message. */
export function withoutLowering(action: Action, why: string): Reduced {
  switch (action.kind) {
    case 'raise':
    case 'lower':
      return onlyRaising(action, why);
    case 'billing':
      // After the switch from on-demand, the table has no more than its provisioned capacity.
      return action.billingMode === 'PROVISIONED' ? { held: why } : { left: action };
    case 'create':
    case 'attach-consumer':
    case 'enable-destination':
    case 'add-replica':
    case 'tag-replica':
    case 'time-to-live':
    case 'recovery':
    case 'protection':
    case 'table-class':
    case 'cancel-deletion':
    case 'schedule-deletion':
    case 'back-up':
    case 'remove-replica':
    case 'archive':
    case 'delete':
    case 'detach-consumer':
      return { left: action };
    default:
      // A kind that is not listed here is held.
      action satisfies never;
      return { held: why };
  }
}

function onlyRaising(action: Extract<Action, { kind: 'raise' | 'lower' }>, why: string): Reduced {
  const changes = onlyRaises(action.changes);
  const lowering = onlyDecreases(action.changes);
  if (lowering.length === 0) return { left: action };
  const held = `Decrease held: ${uncapitalized(describeChanges(lowering))}. ${why}`;
  if (changes.length === 0) return { held };
  const message = `${describeChanges(changes)}. The decreases are held. Planned: ${action.message}`;
  const orElse = action.kind === 'raise' && action.orElse && { orElse: onlyRaises(action.orElse) };
  return { left: { ...action, kind: kindOf(changes), changes, ...orElse, message } as Action, held };
}
