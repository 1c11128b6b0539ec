/**
 * The raises that runs of scale have sent. DynamoDB does not say how often it was asked, and LastIncreaseDateTime is one
 * time for the reads and the writes of a table or index. So runs remember it, until the capacity is higher.
 */
import { MINUTE_MS } from './calendar/period.ts';
import { type Dimension, demandWindow, dimensions } from './capacity/demand.ts';
import { keyOf } from './capacity/remembered.ts';
import { EARLIER_CAPACITY_MS } from './capacity/throttles.ts';
import type { Attempt, Attempts, Capacity, TableState } from './facts.ts';
import type { Observed } from './observed.ts';
import type { Action } from './plan.ts';
import { describeChanges, raises } from './throughput.ts';

/** An action that a run has tried, and what came of it, in words. */
export interface Tried {
  readonly action: Action;
  readonly answer: string;
}

/** After this time without a try, the next try is a new one. */
const FORGOTTEN_MS = 10 * MINUTE_MS;

type Described = Pick<TableState, 'name' | 'capacities'>;

/** Raises follow each other if the next one is in effect within this time. */
const FOLLOWS_MS = 15 * MINUTE_MS;

/** What is remembered of a dimension at its present capacity. */
export function attemptOn(
  { attempts }: Pick<Observed, 'attempts'>,
  table: string,
  capacity: Capacity,
  dimension: Dimension,
): Attempt | undefined {
  const attempt = attempts.get(table)?.[keyOf(dimension, capacity.index)];
  const units = capacity[dimension];
  if (!attempt || (units < attempt.units && !attempt.tries)) return undefined;
  return units > attempt.units ? afterRaise(attempt, units, capacity) : attempt;
}

/** What is remembered of a dimension after a raise that has had an effect. */
function afterRaise(
  { units: from, unraisedSince: before, raised }: Attempt,
  units: number,
  capacity: Capacity,
): Attempt {
  const now = unraisedSince(undefined, capacity);
  const since = raised && now - before <= FOLLOWS_MS ? raised.since : now;
  return { units, unraisedSince: now, raised: { from, since } };
}

/** Since when a dimension has had no more than its present capacity. 0 if it has always had no more. Epoch milliseconds. */
export const unraisedSince = (attempt: Attempt | undefined, { lastIncrease }: Capacity): number =>
  attempt?.unraisedSince ?? (lastIncrease === undefined ? 0 : lastIncrease + EARLIER_CAPACITY_MS);

/** The tries of a raise that still has no effect. */
export const triesOf = (attempt: Attempt | undefined, now: number): Attempt['tries'] =>
  attempt?.tries && now - attempt.tries.last <= FORGOTTEN_MS ? attempt.tries : undefined;

/** What to remember after a run, by table. */
export function attemptsAfter(observed: Observed, tried: readonly Tried[], now: number): Attempts {
  const names = new Set([...observed.attempts.keys(), ...tried.map(({ action }) => action.table)]);
  return new Map(
    [...names].flatMap((name): [string, Readonly<Record<string, Attempt>>][] => {
      const earlier = observed.attempts.get(name);
      const state = observed.known('description', name);
      if (!state) return earlier && observed.names.has(name) ? [[name, earlier]] : [];
      const own = tried.filter(({ action }) => action.table === name);
      const next = attemptsOn(observed, state, own, now);
      return Object.keys(next).length > 0 ? [[name, next]] : [];
    }),
  );
}

function attemptsOn(
  observed: Observed,
  state: Described,
  tried: readonly Tried[],
  now: number,
): Readonly<Record<string, Attempt>> {
  const all = state.capacities.flatMap((capacity) =>
    dimensions.map((dimension) => {
      const known = attemptOn(observed, state.name, capacity, dimension);
      return [
        keyOf(dimension, capacity.index),
        attemptAfter(known, capacity, dimension, tried, now),
      ] as const;
    }),
  );
  return Object.fromEntries(all.flatMap(([key, attempt]) => (attempt ? [[key, attempt] as const] : [])));
}

function attemptAfter(
  known: Attempt | undefined,
  capacity: Capacity,
  dimension: Dimension,
  tried: readonly Tried[],
  now: number,
): Attempt | undefined {
  const { index } = capacity;
  const before: Attempt = known ?? {
    units: capacity[dimension],
    unraisedSince: unraisedSince(undefined, capacity),
  };
  const raise = tried.find(({ action }) => raises(action, index, dimension));
  const earlier = triesOf(before, now);
  if (raise) {
    const { since = now, count = 0 } = earlier ?? {};
    const wanted = sayWanted(raise.action, index, dimension);
    return { ...before, tries: { since, count: count + 1, last: now, wanted, answer: raise.answer } };
  }
  // A raise of the reads sets the time of the last increase of the writes too.
  const beside = tried.some(({ action }) => dimensions.some((other) => raises(action, index, other)));
  const matters = earlier || (capacity.lastIncrease ?? 0) >= demandWindow(now).from;
  return beside || (known && matters) ? before : undefined;
}

function sayWanted(action: Action, index: string | undefined, dimension: Dimension): string {
  if (!('changes' in action)) return 'The switch to on-demand';
  const own = action.changes.filter((change) => change.index === index);
  return describeChanges(
    own.map(({ from, to, ...rest }) => ({ ...rest, from, to: { ...from, [dimension]: to[dimension] } })),
  );
}

/** The record of all attempts is beside the memories of the groups. No TableName contains a parenthesis. */
export const ATTEMPTS = '(attempts)';

export const storableAttempts = (attempts: Attempts): string => JSON.stringify(Object.fromEntries(attempts));

/** If the record could not be read, it is not replaced, because the times in it would be lost. */
export const unknownAttempts: Attempts = new Map();

/** The valid attempts of a stored text that are not after `now`, epoch milliseconds. */
export function attemptsFrom(text = '{}', now: number): Attempts {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return new Map();
  }
  return new Map(
    Object.entries(stored ?? {}).map(([table, byKey]): [string, Record<string, Attempt>] => [
      table,
      Object.fromEntries(
        Object.entries(byKey ?? {}).filter((entry): entry is [string, Attempt] => isAttempt(entry[1], now)),
      ),
    ]),
  );
}

function isAttempt(value: unknown, now: number): boolean {
  const { units, unraisedSince, raised, tries } = (value ?? {}) as Partial<Record<keyof Attempt, unknown>>;
  const none = { since: 0, last: 0, count: 0, wanted: '', answer: '' };
  const { since, last, count, wanted, answer } = (tries ?? none) as Partial<Record<string, unknown>>;
  const { from, since: raisedSince } = (raised ?? { from: 0, since: 0 }) as Partial<Record<string, unknown>>;
  const isPast = [unraisedSince, since, last, raisedSince].every((one) => isCount(one) && one <= now);
  const areCounts = [units, count, from].every(isCount);
  return isPast && areCounts && [wanted, answer].every((text) => typeof text === 'string');
}

const isCount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
