import pMap from 'p-map';
import { messageOf, ServiceError, Superseded } from '../core/failure.ts';
import { type Action, stageOf } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { perform } from './perform.ts';
import { type Backoff, defaultBackoff, passes, pauseBefore } from './retry.ts';

/** The result of an action. `superseded`: something else changed the table after planning, and the next run decides again. */
export interface Result {
  readonly action: Action;
  readonly outcome: 'applied' | 'superseded' | 'failed' | 'skipped';
  /** Why it was not applied. */
  readonly error?: string;
}

/** Whether a job or a command fails because of this result. */
export const leftUndone = ({ outcome }: Result): boolean => outcome === 'failed' || outcome === 'skipped';

export interface ApplyOptions {
  /** No action starts after this instant; epoch milliseconds of the wall clock. */
  readonly deadline?: number;
  /** Once aborted, no action starts. Actions in progress finish. */
  readonly stop?: AbortSignal;
  readonly backoff?: Backoff;
  readonly onResult?: (result: Result) => void;
}

/** Concurrent changes of tables. AWS allows a few per second in the whole account. */
const CONCURRENT_CHANGES = 4;

/** Why an action was skipped that the run had no time for. */
export const NO_TIME = 'The run reached its deadline. The next run tries again.';

/** An action without a result, how often it was tried, and why the last try failed. */
interface Pending {
  readonly action: Action;
  readonly tries: number;
  readonly failure?: string;
}

/**
 * Applies actions in rounds, each stage by stage: creation first and deletion last. The first round tries every action
 * once. Later rounds, after growing pauses, repeat actions that another try can fix, so that no action waits for a
 * failing one. A failure does not stop other actions, except those of a table that could not be created. Never rejects:
 * every action has a result.
 */
export async function apply(
  actions: readonly Action[],
  ports: Ports,
  options: ApplyOptions = {},
): Promise<Result[]> {
  const { deadline = Infinity, stop, backoff = defaultBackoff, onResult } = options;
  const results: Result[] = [];
  const report = (result: Result): void => {
    results.push(result);
    onResult?.(result);
  };
  const halted = (): string | undefined => {
    if (stop?.aborted) return 'The run was stopped before this action started.';
    return ports.clock.now() < deadline ? undefined : NO_TIME;
  };

  const missing = new Set<string>();
  let due: Pending[] = actions.map((action) => ({ action, tries: 0 }));
  for (let round = 0; due.length > 0; round += 1) {
    const pauseMs = round === 0 ? 0 : pauseBefore(round, backoff);
    const timely = ports.clock.now() + pauseMs < deadline;
    if (round > 0 && timely) await ports.clock.sleep(pauseMs, stop);
    const { retries } = backoff;
    due = await tryOnce(due, ports, { retries, missing, report, halted: timely ? halted : () => NO_TIME });
  }
  return results;
}

interface Round {
  /** How often an action is repeated. */
  readonly retries: number;
  /** Tables that could not be created, in this round or an earlier one. */
  readonly missing: Set<string>;
  /** Why no further action may start; undefined if it may. */
  readonly halted: () => string | undefined;
  readonly report: (result: Result) => void;
}

/** One round. Returns what remains for the next one. */
async function tryOnce(due: readonly Pending[], ports: Ports, round: Round): Promise<Pending[]> {
  const left: Pending[] = [];
  const awaited = new Set<string>();
  const settle = async (pending: Pending): Promise<void> => {
    const { action } = pending;
    const next = awaited.has(action.table) ? pending : await attempt(pending, ports, round);
    if ('outcome' in next) round.report(next);
    else left.push(next);
    if (action.kind !== 'create') return;
    if (!('outcome' in next)) awaited.add(action.table);
    else if (next.outcome !== 'applied') round.missing.add(action.table);
  };
  for (const stage of [...new Set(due.map(({ action }) => stageOf(action)))].sort((a, b) => a - b)) {
    const own = due.filter(({ action }) => stageOf(action) === stage);
    await pMap(own, settle, { concurrency: CONCURRENT_CHANGES });
  }
  return left;
}

/** Tries one action once. Returns its result, or the entry for the next round. */
async function attempt(
  { action, tries, failure }: Pending,
  ports: Ports,
  { retries, missing, halted }: Round,
): Promise<Result | Pending> {
  if (missing.has(action.table))
    return { action, outcome: 'skipped', error: 'The table could not be created.' };
  const why = halted();
  if (why !== undefined && failure !== undefined) return { action, outcome: 'failed', error: failure };
  if (why !== undefined) return { action, outcome: 'skipped', error: why };
  try {
    await perform(action, ports);
    return { action, outcome: 'applied' };
  } catch (error) {
    if (error instanceof Superseded) return { action, outcome: 'superseded', error: error.message };
    if (passes(error) && tries < retries) return { action, tries: tries + 1, failure: sayError(error) };
    return { action, outcome: 'failed', error: sayError(error) };
  }
}

function sayError(error: unknown): string {
  if (error instanceof ServiceError) return `${error.message} (${error.code})`;
  return messageOf(error);
}
