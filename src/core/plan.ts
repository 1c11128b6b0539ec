import type { Action, Hold, Job, ThroughputChange } from '../generated/plan.ts';
import { actionKinds } from './action-kinds.ts';
import type { Remembered } from './capacity/remembered.ts';
import type { Need, RetentionUpdate } from './facts.ts';
import type { Table } from './fleet.ts';
import type { Spec } from './spec.ts';

export type {
  Action,
  ActionReason,
  Hold,
  HoldReason,
  Job,
  Plan,
  Provision,
  Recommendation,
  ThroughputChange,
} from '../generated/plan.ts';

/** Why a wanted action is held. */
export type Objection = Pick<Hold, 'reason' | 'message'>;
export type CreateTable = Extract<Action, { kind: 'create' }>['input'];
export type ReplicaInput = Extract<Action, { kind: 'add-replica' }>['input'];

/** The result of a planner: actions, holds, and what it still needs to read. */
export interface Draft {
  readonly actions: Action[];
  readonly holds: Hold[];
  readonly needs: Need[];
  /** Learned demand to store, for the groups that this run learned about. */
  readonly learned: ReadonlyMap<string, Remembered>;
  /** What to store about retentions, by group. */
  readonly retentions: ReadonlyMap<string, RetentionUpdate>;
}

/** When a run carries out an action. Lower stages go first. */
export const stageOf = ({ kind }: Action): number => actionKinds[kind].stage;

/** Whether an action keeps its table UPDATING. DynamoDB accepts no other change of the table meanwhile. */
export const keepsUpdating = ({ kind }: Action): boolean => actionKinds[kind].keepsUpdating;

/** The table that actions and holds are about. `resources` shows which learned dimensions it still has. */
export interface Subject extends Pick<Table, 'name'> {
  readonly spec: Pick<Spec, 'name' | 'resources'>;
}

/** The fields that name the job, the group and the table of an action or hold. */
export function subject(job: Job, table: Subject): { job: Job; group: string; table: string } {
  return { job, group: table.spec.name, table: table.name };
}

type WithoutSubject<A> = A extends Action ? Omit<A, 'job' | 'group' | 'table'> : never;
export type ActionBody = WithoutSubject<Action>;

/** `raise` if any capacity is raised, because raises come before decreases. */
export function kindOf(changes: readonly ThroughputChange[]): 'raise' | 'lower' {
  return changes.some(({ from, to }) => to.read > from.read || to.write > from.write) ? 'raise' : 'lower';
}

/** The action of a change of throughput. Only a raise can meet a quota, so only a raise has an alternative. */
export function resized(
  why: Pick<ActionBody, 'reason' | 'message'>,
  changes: readonly ThroughputChange[],
  orElse?: readonly ThroughputChange[],
): ActionBody {
  const all = { ...why, changes: [...changes] };
  return kindOf(changes) === 'lower'
    ? { kind: 'lower', ...all }
    : { kind: 'raise', ...all, ...(orElse && { orElse: [...orElse] }) };
}
