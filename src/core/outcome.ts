/**
 * The results of decisions, as plain values. Deciding functions return them, and only `PlanBuilder.add` adds them to a
 * plan. A function that asks a question returns an answer and adds nothing.
 */
import type { Learned } from './capacity/remembered.ts';
import type { Need } from './facts.ts';
import type { ActionBody, Hold } from './plan.ts';

/** A hold without its job, group and table. */
export type HoldBody = Omit<Hold, 'job' | 'group' | 'table'>;

/** What was decided for one table. Its parts do not name the table, because `PlanBuilder.add` adds the name. */
export interface Outcome {
  readonly actions: readonly ActionBody[];
  /** The changes that are held. */
  readonly holds: readonly HoldBody[];
  /** What has to be read before the decision is final. The planner then runs again. */
  readonly needs: readonly Need[];
  /** What was learned about the demand on the table's group, by `keyOf`. */
  readonly learned: Readonly<Record<string, Learned>>;
}

export const nothing: Outcome = { actions: [], holds: [], needs: [], learned: {} };

export const acting = (...actions: ActionBody[]): Outcome => ({ ...nothing, actions });

export const holding = (...holds: HoldBody[]): Outcome => ({ ...nothing, holds });

export const needing = (...needs: Need[]): Outcome => ({ ...nothing, needs });

/** All outcomes as one, in their order. If two outcomes learned about the same dimension, the later one counts. */
export function combined(...outcomes: readonly Outcome[]): Outcome {
  const some = outcomes.filter((outcome) => outcome !== nothing);
  if (some.length < 2) return some[0] ?? nothing;
  return {
    actions: some.flatMap(({ actions }) => actions),
    holds: some.flatMap(({ holds }) => holds),
    needs: some.flatMap(({ needs }) => needs),
    learned: Object.assign({}, ...some.map(({ learned }) => learned)),
  };
}

/**
 * The answer to a question: its value, or the outcome to return instead. That is a need if the value is not read yet,
 * and a hold if it could not be read.
 */
export type Answer<T> = { readonly value: T } | { readonly pending: Outcome };

/**
 * The values of all answers. If any value is not read yet, all such needs are pending. Otherwise, only the first value
 * that could not be read is pending, because others usually fail for the same reason.
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
