import type { Action, Hold, Job, Reason, ThroughputChange } from '../generated/plan.ts';
import type { Table } from './fleet.ts';
import type { Fact, Facts, Need, Observed } from './observed.ts';
import { disowned } from './ownership.ts';

export type {
  Action,
  Advice,
  Create,
  Hold,
  Job,
  Plan,
  Provision,
  Reason,
  ThroughputChange,
} from '../generated/plan.ts';
export type CreateTable = Extract<Action, { kind: 'create' }>['input'];

/** What a planner makes: what to do, what was wanted and refused, and what it has yet to be told. */
export interface Draft {
  readonly actions: Action[];
  readonly holds: Hold[];
  readonly needs: Need[];
}

/**
 * Creation first and deletion last: where time or limits run out, the valuable is done. What needs an ACTIVE
 * table comes before what keeps it UPDATING for minutes.
 */
const order: readonly Action['kind'][] = [
  'create',
  'time-to-live',
  'recovery',
  'raise',
  'billing',
  'protection',
  'lower',
  'table-class',
  'pardon',
  'condemn',
  'delete',
];

export const stageOf = (action: Action): number => order.indexOf(action.kind);

/** Changes that keep a table UPDATING, in which it takes no other. */
const updates: ReadonlySet<Action['kind']> = new Set(['raise', 'lower', 'billing', 'table-class']);

/** A table takes one update at a time, and rotate's comes before what scale would do. */
export function mergeDrafts(drafts: readonly Draft[]): Draft {
  const actions = drafts.flatMap((draft) => draft.actions);
  const stepped = new Set(
    actions.filter((action) => action.job === 'rotate' && updates.has(action.kind)).map(({ table }) => table),
  );
  return {
    actions: actions
      .filter((action) => action.job !== 'scale' || !stepped.has(action.table))
      .sort((a, b) => stageOf(a) - stageOf(b)),
    holds: drafts.flatMap((draft) => draft.holds),
    needs: drafts.flatMap((draft) => draft.needs),
  };
}

/** The parts that every action and hold of a table begins with. */
export function subject(job: Job, table: Table): { job: Job; group: string; table: string } {
  return { job, group: table.spec.name, table: table.name };
}

/** Collects what one planner says. */
export class Drafting implements Draft {
  readonly actions: Action[] = [];
  readonly holds: Hold[] = [];
  readonly needs: Need[] = [];
  readonly #job: Job;

  constructor(job: Job) {
    this.#job = job;
  }

  do(table: Table, action: ActionBody): void {
    this.actions.push({ ...subject(this.#job, table), ...action } as Action);
  }

  /** Whether an action makes the table UPDATING already. */
  updates({ name }: Table): boolean {
    return this.actions.some(({ table, kind }) => table === name && updates.has(kind));
  }

  /** Says it once, however many steps ran into it. */
  hold(table: Table, kind: Hold['kind'], reason: Reason, message: string, urgent = false): void {
    const known = this.holds.some(
      (hold) => hold.table === table.name && hold.kind === kind && hold.message === message,
    );
    if (known) return;
    this.holds.push({ ...subject(this.#job, table), kind, reason, message, ...(urgent && { urgent }) });
  }

  /** The fact; undefined after noting that it has yet to be read, or holding where it could not be. */
  ask<F extends Fact>(observed: Observed, table: Table, fact: F): { value: Facts[F] } | undefined {
    const reading = observed.get(fact, table.name);
    if (!reading) this.needs.push({ fact, table: table.name });
    else if ('error' in reading)
      this.hold(table, 'read', 'unreadable', `Could not read its ${fact}: ${reading.error}`);
    else return reading;
    return undefined;
  }

  /** Whether the table is ours to change; where it is not, what was wanted is held. */
  owns(observed: Observed, table: Table, wanted: Hold['kind'], urgent = false): boolean {
    const tags = this.ask(observed, table, 'tags');
    if (!tags) return false;
    const objection = disowned(table.spec, table.period, table.name, tags.value);
    if (objection) this.hold(table, wanted, objection.reason, objection.message, urgent);
    return !objection;
  }
}

type WithoutSubject<A> = A extends Action ? Omit<A, 'job' | 'group' | 'table'> : never;
export type ActionBody = WithoutSubject<Action>;

/** A raise where anything rises: those are done before any decrease. */
export function kindOf(changes: readonly ThroughputChange[]): 'raise' | 'lower' {
  return changes.some(({ from, to }) => to.read > from.read || to.write > from.write) ? 'raise' : 'lower';
}
