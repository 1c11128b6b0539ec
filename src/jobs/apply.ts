import pMap from 'p-map';
import { ServiceError } from '../core/failure.ts';
import { type Action, stageOf } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { perform } from './perform.ts';
import { type Backoff, defaultBackoff, retrying } from './retry.ts';

/** What became of an action. */
export interface Result {
  readonly action: Action;
  readonly outcome: 'applied' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly error?: string;
}

export interface ApplyOptions {
  /** No action begins after it; epoch milliseconds of the wall clock. */
  readonly deadline?: number;
  readonly backoff?: Backoff;
  readonly onResult?: (result: Result) => void;
}

/** Changes to tables at once: AWS limits them to a few a second for the whole account. */
const CONCURRENT_CHANGES = 4;

/**
 * Carries out actions stage by stage, creation first and deletion last. One that fails stops no other,
 * except what needs the table that could not be made. Never rejects: every action has a result.
 */
export async function apply(
  actions: readonly Action[],
  ports: Ports,
  options: ApplyOptions = {},
): Promise<Result[]> {
  const { deadline = Infinity, backoff = defaultBackoff, onResult } = options;
  const timeLeftMs = (): number => deadline - ports.clock.now();
  const inTime = (): boolean => timeLeftMs() > 0;
  const missing = new Set<string>();
  const results: Result[] = [];

  const settle = async (action: Action): Promise<void> => {
    const result = await outcomeOf(action);
    if (action.kind === 'create' && result.outcome !== 'applied') missing.add(action.table);
    results.push(result);
    onResult?.(result);
  };
  const outcomeOf = async (action: Action): Promise<Result> => {
    if (missing.has(action.table))
      return { action, outcome: 'skipped', error: 'Its table could not be made.' };
    if (!inTime()) return { action, outcome: 'skipped', error: 'No time was left; the next run does it.' };
    try {
      await retrying(() => perform(action, ports, inTime), backoff, timeLeftMs);
      return { action, outcome: 'applied' };
    } catch (error) {
      return { action, outcome: 'failed', error: sayError(error) };
    }
  };

  for (const stage of [...new Set(actions.map(stageOf))].sort((a, b) => a - b)) {
    const due = actions.filter((action) => stageOf(action) === stage);
    await pMap(due, settle, { concurrency: CONCURRENT_CHANGES });
  }
  return results;
}

function sayError(error: unknown): string {
  if (error instanceof ServiceError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
