import type { Action, Hold, Job, ThroughputChange } from '../generated/plan.ts';
import { actionKinds } from './action-kinds.ts';
import type { Remembered } from './capacity/remembered.ts';
import type { Table } from './fleet.ts';
import type { Need } from './observed.ts';
import type { Spec } from './spec.ts';

export type {
  Action,
  ActionKind,
  ActionReason,
  Create,
  Hold,
  HoldReason,
  Job,
  Plan,
  Provision,
  Recommendation,
  ThroughputChange,
} from '../generated/plan.ts';

/** Why something that is wanted is held. */
export type Objection = Pick<Hold, 'reason' | 'message'>;
export type CreateTable = Extract<Action, { kind: 'create' }>['input'];

/** What a planner makes: what to do, what was wanted and refused, and what it has yet to be told. */
export interface Draft {
  readonly actions: Action[];
  readonly holds: Hold[];
  readonly needs: Need[];
  /** What is to be remembered of demand, by group: those of which something was learned. */
  readonly learned: ReadonlyMap<string, Remembered>;
}

/** When a run carries out an action. Lower stages go first. */
export const stageOf = ({ kind }: Action): number => actionKinds[kind].stage;

/** Whether an action keeps its table UPDATING. DynamoDB accepts no other change of the table meanwhile. */
export const keepsUpdating = ({ kind }: Action): boolean => actionKinds[kind].keepsUpdating;

/** A table takes one update at a time, and rotate's comes before what scale would do. */
export function mergeDrafts(drafts: readonly Draft[]): Draft {
  const actions = drafts.flatMap((draft) => draft.actions);
  const stepped = new Set(
    actions.filter((action) => action.job === 'rotate' && keepsUpdating(action)).map(({ table }) => table),
  );
  return {
    actions: actions
      .filter((action) => action.job !== 'scale' || !stepped.has(action.table))
      .sort((a, b) => stageOf(a) - stageOf(b)),
    holds: saidOnce(
      actions,
      drafts.flatMap((draft) => draft.holds),
    ),
    needs: drafts.flatMap((draft) => draft.needs),
    learned: new Map(drafts.flatMap((draft) => [...draft.learned])),
  };
}

/**
 * What two jobs say of one table, as one of them: that it drains, which scale sees sooner than rotate where it lowers it
 * or says why not; why it may not be changed, which is the same for both; and why scale would not lower what rotate does.
 */
function saidOnce(actions: readonly Action[], holds: readonly Hold[]): Hold[] {
  const lowers = [...actions, ...holds].filter(({ job, kind }) => job === 'scale' && kind === 'lower');
  const seen = new Set(lowers.map(({ table }) => table));
  const reasonOf = ({ table, kind, reason }: Hold): string => `${table} ${kind} ${reason}`;
  const rotates = new Set(holds.filter(({ job }) => job === 'rotate').map(reasonOf));
  const lowered = new Set(
    actions.filter(({ job, kind }) => job === 'rotate' && kind === 'lower').map(({ table }) => table),
  );
  return holds.filter((hold) => {
    if (hold.job === 'rotate') return hold.reason !== 'draining' || !seen.has(hold.table);
    if (hold.job !== 'scale') return true;
    return !rotates.has(reasonOf(hold)) && !(hold.kind === 'lower' && lowered.has(hold.table));
  });
}

/** The table that actions and holds are about; `resources` tells which learned dimensions it still has. */
export interface Subject extends Pick<Table, 'name'> {
  readonly spec: Pick<Spec, 'name' | 'resources'>;
}

/** The parts that every action and hold of a table begins with. */
export function subject(job: Job, table: Subject): { job: Job; group: string; table: string } {
  return { job, group: table.spec.name, table: table.name };
}

type WithoutSubject<A> = A extends Action ? Omit<A, 'job' | 'group' | 'table'> : never;
export type ActionBody = WithoutSubject<Action>;

/** A raise where anything rises: those are done before any decrease. */
export function kindOf(changes: readonly ThroughputChange[]): 'raise' | 'lower' {
  return changes.some(({ from, to }) => to.read > from.read || to.write > from.write) ? 'raise' : 'lower';
}
