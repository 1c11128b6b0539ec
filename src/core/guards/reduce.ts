import type { Action, Draft, Hold, HoldReason } from '../plan.ts';

/** What remains of an action, and why the rest is held. At least one of the two is present. */
export interface Reduced {
  readonly left?: Action;
  readonly held?: string;
}

/** Why a guard holds something. */
interface Guard {
  readonly reason: HoldReason;
  readonly urgent?: true;
}

/** A draft with what a guard leaves of each action. A hold names what the guard has removed. */
export function reduceActions<T extends Pick<Draft, 'actions' | 'holds'>>(
  draft: T,
  guard: Guard,
  reduce: (action: Action) => Reduced,
): T {
  const actions: Action[] = [];
  const holds: Hold[] = [];
  for (const action of draft.actions) {
    const { left, held } = reduce(action);
    if (left) actions.push(left);
    if (held === undefined) continue;
    const { job, group, table, kind } = action;
    holds.push({ job, group, table, kind: left ? 'lower' : kind, message: held, ...guard });
  }
  return { ...draft, actions, holds: [...draft.holds, ...holds] };
}
