/**
 * What a decision comes to, as plain values. Deciding functions return them, and `PlanBuilder.add` is the one place
 * that writes them down. A function that reads like a question returns an answer and writes nothing.
 */
import type { Learned } from './capacity/remembered.ts';
import type { Need } from './observed.ts';
import type { Action, ActionBody, Hold } from './plan.ts';

/** A hold without the job, group and table that it is about. */
export type HoldBody = Omit<Hold, 'job' | 'group' | 'table'>;

/** What was decided for one table. Its parts carry no table: `PlanBuilder.add` knows for which one they are. */
export interface Outcome {
  readonly actions: readonly ActionBody[];
  /** What was wanted and is held. */
  readonly holds: readonly HoldBody[];
  /** What has to be read before the decision is final: the plan is then made again. */
  readonly needs: readonly Need[];
  /** What was learned of the demand on the table's group, by `keyOf`. */
  readonly learned: Readonly<Record<string, Learned>>;
}

export const nothing: Outcome = { actions: [], holds: [], needs: [], learned: {} };

export const acting = (...actions: ActionBody[]): Outcome => ({ ...nothing, actions });

export const holding = (...holds: HoldBody[]): Outcome => ({ ...nothing, holds });

export const needing = (...needs: Need[]): Outcome => ({ ...nothing, needs });

/** All of some outcomes, in their order. What is learned of the same dimension twice is as in the later one. */
export function combined(...outcomes: readonly Outcome[]): Outcome {
  return {
    actions: outcomes.flatMap(({ actions }) => actions),
    holds: outcomes.flatMap(({ holds }) => holds),
    needs: outcomes.flatMap(({ needs }) => needs),
    learned: Object.assign({}, ...outcomes.map(({ learned }) => learned)),
  };
}

/**
 * The answer to a question: its value, or the outcome to return as long as there is none, which is a need while it has
 * yet to be read and a hold if it could not be read.
 */
export type Answer<T> = { readonly value: T } | { readonly pending: Outcome };

/** What this run has decided for other tables before this one; read-only. */
export interface DecidedSoFar {
  /** Of the job that decides, in the order of the decisions. */
  readonly actions: readonly Action[];
  /** What is remembered of a group's demand, what this run has learned included. */
  remembered(group: string): Readonly<Record<string, Learned>> | undefined;
}

/**
 * The values of all answers. As long as anything has yet to be read, what is pending is all of that; after that, only the
 * first that could not be read, because others usually fail for the same reason.
 */
export function allOf<T extends readonly unknown[] | []>(
  answers: {
    readonly [K in keyof T]: Answer<T[K]>;
  },
): Answer<T> {
  const all: readonly Answer<unknown>[] = answers;
  const pending = all.flatMap((answer) => ('pending' in answer ? [answer.pending] : []));
  const needed = pending.filter(({ needs }) => needs.length > 0);
  if (needed.length > 0) return { pending: combined(...needed) };
  if (pending[0]) return { pending: pending[0] };
  return { value: all.map((answer) => ('value' in answer ? answer.value : undefined)) as unknown as T };
}
