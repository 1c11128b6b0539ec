import pMap from 'p-map';
import { actionKinds } from '../core/action-kinds.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import { isFailure, messageOf, ServiceError, Superseded } from '../core/failure.ts';
import { type Action, stageOf } from '../core/plan.ts';
import { urgencies } from '../core/rotating/urgency.ts';
import type { Ports } from '../ports.ts';
import { denialAdvice } from './denied.ts';
import { perform } from './perform.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { passes } from './retry.ts';

/**
 * The result of an action. `superseded`: something else changed the table after planning, and the next run decides again.
 * `postponed`: AWS accepted no more changes during the run, and it is early enough in the next one.
 */
export interface Result {
  readonly action: Action;
  readonly outcome: 'applied' | 'superseded' | 'postponed' | 'failed' | 'skipped';
  /** Why it was not applied. */
  readonly error?: string;
}

/** An action without a result. */
export interface Pending {
  readonly action: Action;
  /** Its place in the order of the actions. */
  readonly place: number;
  readonly tries: number;
  /** No try starts before this instant; epoch milliseconds. */
  readonly dueAt: number;
  /** Why the last try failed. */
  readonly failure?: string;
  /** Whether the last try failed because of a limit. */
  readonly limited?: boolean;
  /** Whether the last try failed because DynamoDB was changing the table. */
  readonly busy?: boolean;
  /** Whether the last try failed because AWS accepts no more changes now. */
  readonly crowded?: boolean;
}

interface Created {
  readonly urgency: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the rounds of a run share. */
export interface Run {
  readonly ports: Ports;
  /** How often an action is repeated. */
  readonly retries: number;
  /** Until then, creations are repeated; epoch milliseconds. Without a deadline, they are repeated like other actions. */
  readonly deadline: number;
  readonly begunAt: number;
  readonly now: () => number;
  /** The tables that this run created. */
  readonly created: Map<string, Created>;
  /** Tables that could not be created. */
  readonly missing: Set<string>;
  /** Whether an action can wait for the next run. */
  readonly canWait: (action: Action) => boolean;
  /** When changes of tables may start. */
  readonly rateLimiter: RateLimiter;
  /** Why no further action may start; undefined if it may. */
  readonly halted: () => string | undefined;
  readonly report: (result: Result) => void;
}

/** Why an action was skipped that the run had no time for. */
export const NO_TIME = 'The run reached its deadline. The next run tries again.';

/** Concurrent changes of tables. AWS allows a few per second in the whole account. */
const CONCURRENT_CHANGES = 4;

/**
 * If no equally urgent creation has succeeded for this long, or for this part of the run, a limited one no longer holds up
 * less urgent ones: it might fail because of a limit of its own. They are still tried after it.
 */
const PATIENCE_MS = 30 * SECOND_MS;
const PATIENCE_PART = 1 / 4;

/** One round: tries every action that is due once. Returns what remains. */
export async function round(
  due: readonly Pending[],
  run: Run,
): Promise<{ readonly tried: readonly Pending[]; readonly untried: readonly Pending[] }> {
  const tried: Pending[] = [];
  const untried: Pending[] = [];
  const creations = new Map(due.filter(isCreation).map((pending) => [pending.action.table, pending]));
  const now = run.now();
  // Tables with an action in this round that waits for DynamoDB.
  const changing = new Set<string>();
  const settle = async (pending: Pending, limited: number): Promise<void> => {
    const { action } = pending;
    const waits = isCreation(pending) ? urgencyOf(pending) > limited : creations.has(action.table);
    if ((waits || pending.dueAt > now) && run.halted() === undefined) {
      untried.push(pending);
      return;
    }
    const others = goesOn(action) && (changing.has(action.table) || tried.some(isOf(action.table)));
    if (goesOn(action)) changing.add(action.table);
    const next = await (others && run.halted() === undefined
      ? again(pending, WAITS, run)
      : attempt(pending, run));
    if ('outcome' in next) run.report(next);
    else tried.push(next);
    if (action.kind !== 'create') return;
    if (!('outcome' in next)) creations.set(action.table, next);
    else {
      creations.delete(action.table);
      if (next.outcome === 'applied')
        run.created.set(action.table, { urgency: urgencyOf(pending), at: run.now() });
      else run.missing.add(action.table);
    }
  };
  for (const batch of batches(due)) {
    const limited = mostUrgentLimited(creations, now, run);
    await pMap(batch, (pending) => settle(pending, limited), { concurrency: CONCURRENT_CHANGES });
  }
  return { tried, untried };
}

const isCreation = ({ action }: Pending): boolean => action.kind === 'create';

const goesOn = ({ kind }: Action): boolean => actionKinds[kind].goesOn === true;

const isOf =
  (table: string) =>
  ({ action }: Pending): boolean =>
    action.table === table;

/** Why an action waits that keeps its table UPDATING, so that others of the table would have to wait for it. */
const WAITS = new ServiceError('in-use', 'Another change of the table comes first.');

/** Actions that may run at the same time: those of one stage, and creations of one urgency. */
function batches(due: readonly Pending[]): Pending[][] {
  const all = new Map<number, Pending[]>();
  for (const pending of due) {
    const key = stageOf(pending.action) * 10 + urgencyOf(pending);
    all.set(key, [...(all.get(key) ?? []), pending]);
  }
  return [...all].sort(([a], [b]) => a - b).map(([, batch]) => batch);
}

const urgencyOf = ({ action }: Pending): number => (action.kind === 'create' ? urgencies[action.urgency] : 0);

/**
 * The urgency of the creations that failed because of a limit, and that less urgent ones have to wait for. A table that becomes ACTIVE makes room for one creation, which must not go to a less urgent one.
 */
function mostUrgentLimited(creations: ReadonlyMap<string, Pending>, now: number, run: Run): number {
  const limited = [...creations.values()].filter((pending) => pending.limited);
  const patience = Math.min(PATIENCE_MS, PATIENCE_PART * (run.deadline - run.begunAt));
  const isWaitedFor = (urgency: number): boolean =>
    run.now() - progressOf(urgency, run) < patience ||
    limited.some((pending) => urgencyOf(pending) === urgency && pending.dueAt > now);
  return Math.min(...[...new Set(limited.map(urgencyOf))].filter(isWaitedFor));
}

/** When a creation of an urgency, or a more urgent one, last succeeded; epoch milliseconds. */
const progressOf = (urgency: number, { begunAt, created }: Run): number =>
  Math.max(begunAt, ...[...created.values()].filter((one) => one.urgency <= urgency).map(({ at }) => at));

/** Tries one action once. Returns its result, or the entry for the next round. */
async function attempt(pending: Pending, run: Run): Promise<Result | Pending> {
  const { action, failure } = pending;
  if (run.missing.has(action.table))
    return { action, outcome: 'skipped', error: 'The table could not be created.' };
  const inTime = run.halted() !== undefined || (await run.rateLimiter.next());
  const why = inTime ? run.halted() : NO_TIME;
  if (why !== undefined && failure !== undefined) return unfinished(pending, failure, run);
  if (why === NO_TIME && run.canWait(action)) return { action, outcome: 'postponed', error: why };
  if (why !== undefined) return { action, outcome: 'skipped', error: why };
  run.ports.descriptions?.forget(action.table);
  try {
    await perform(action, run.ports, run.begunAt);
    return { action, outcome: 'applied' };
  } catch (error) {
    if (isFailure(error, 'throttled')) run.rateLimiter.throttled();
    if (error instanceof Superseded) return { action, outcome: 'superseded', error: error.message };
    return again(pending, error, run);
  }
}

/** The entry for the next round after a failed try, or the result if another try cannot succeed. */
function again(pending: Pending, error: unknown, run: Run): Result | Pending {
  const { action, tries } = pending;
  const failure = sayError(error, action);
  const busy = isFailure(error, 'in-use');
  const limited = isFailure(error, 'limit-exceeded');
  const crowded = limited || isFailure(error, 'throttled');
  if (mayRepeat(error, pending, run))
    return { ...pending, tries: tries + 1, failure, limited, busy, crowded };
  return unfinished({ ...pending, busy, crowded }, failure, run);
}

/** The result of an action that did not succeed in time. */
function unfinished({ action, busy, crowded }: Pending, failure: string, run: Run): Result {
  if (busy && goesOn(action))
    return { action, outcome: 'superseded', error: `${failure}. The next run goes on.` };
  return { action, outcome: crowded && run.canWait(action) ? 'postponed' : 'failed', error: failure };
}

/**
 * Whether another try can succeed. A run waits for a table that it creates, and for what it sets on this table, as long as
 * it can. DynamoDB might not find a table yet that it has just created:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 */
function mayRepeat(error: unknown, { action, tries }: Pending, run: Run): boolean {
  const own = run.created.has(action.table);
  if (!passes(error) && !(own && isFailure(error, 'not-found'))) return false;
  const patient = own || action.kind === 'create' || (goesOn(action) && isFailure(error, 'in-use'));
  return tries < run.retries || (run.deadline < Infinity && patient);
}

function sayError(error: unknown, action: Action): string {
  if (error instanceof ServiceError) return `${error.message} (${error.code})${denialAdvice(error, action)}`;
  return messageOf(error);
}
