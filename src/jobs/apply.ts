import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { RateLimiter } from './rate-limiter.ts';
import { type Backoff, defaultBackoff, pauseBefore } from './retry.ts';
import { NO_TIME, type Pending, type Result, type Run, round } from './round.ts';

export { NO_TIME, type Result } from './round.ts';

/** Whether a job or a command fails because of this result. */
export const leftUndone = ({ outcome }: Result): boolean => outcome === 'failed' || outcome === 'skipped';

export interface ApplyOptions {
  /** No action starts after this instant; epoch milliseconds of the wall clock. */
  readonly deadline?: number;
  /** Once aborted, no action starts. Actions in progress finish. */
  readonly stop?: AbortSignal;
  readonly backoff?: Backoff;
  /** Whether an action can wait for the next run. Default: none can. */
  readonly canWait?: (action: Action) => boolean;
  /** When changes of tables may start. Default: at once. */
  readonly rateLimiter?: RateLimiter;
  readonly onResult?: (result: Result) => void;
}

/** Between two tries of a creation. A table becomes ACTIVE within about this time, which makes room for another. */
const LONGEST_CREATION_PAUSE_MS = 10_000;

/**
 * Applies actions in rounds, each stage by stage: creation first and deletion last. The first round tries every action
 * once, unless it has to wait for another. Later rounds, after growing pauses, repeat actions that another try can fix, so that no action waits for a
 * failing one. A failure does not stop other actions, except those of a table that could not be created, and less urgent
 * creations if a limit on creations is reached. Creations are repeated until the deadline, other actions a limited number
 * of times. Never rejects: every action has a result.
 */
export async function apply(
  actions: readonly Action[],
  ports: Ports,
  options: ApplyOptions = {},
): Promise<Result[]> {
  const { backoff = defaultBackoff, onResult, deadline = Infinity } = options;
  const results: Result[] = [];
  const time = new RunTime(ports.clock, options);
  const run: Run = {
    ports,
    retries: backoff.retries,
    deadline,
    begunAt: time.now(),
    now: () => time.now(),
    created: new Map(),
    missing: new Set(),
    canWait: options.canWait ?? (() => false),
    rateLimiter: options.rateLimiter ?? new RateLimiter(Infinity, ports.clock, deadline),
    report: (result) => {
      results.push(result);
      onResult?.(result);
    },
    halted: () => time.halted(),
  };
  const pauseFor = pausesOf(backoff);
  let due: readonly Pending[] = inOrder(actions);
  while (due.length > 0) {
    const started = time.now();
    const { tried, untried } = await round(due, run);
    const ended = time.now();
    const again = tried.map((one) => ({ ...one, dueAt: ended + pauseFor(one) }));
    due = [...again, ...untried].sort((a, b) => a.place - b.place);
    // The others wait for one of these.
    const next = Math.min(...due.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > started));
    if (due.length > 0) await time.sleepUntil(next);
  }
  return results;
}

/** The time of a run. Pauses count even if the wall clock stands still or is set back. */
class RunTime {
  readonly #clock: Ports['clock'];
  readonly #begunAt: number;
  readonly #deadline: number;
  readonly #stop: AbortSignal | undefined;
  #sleptMs = 0;
  #over = false;

  constructor(clock: Ports['clock'], { deadline = Infinity, stop }: ApplyOptions) {
    this.#clock = clock;
    this.#begunAt = clock.now();
    this.#deadline = deadline;
    this.#stop = stop;
  }

  now(): number {
    return Math.max(this.#clock.now(), this.#begunAt + this.#sleptMs);
  }

  /** Why no further action may start; undefined if it may. */
  halted(): string | undefined {
    if (this.#stop?.aborted) return 'The run was stopped before this action started.';
    return !this.#over && this.now() < this.#deadline ? undefined : NO_TIME;
  }

  /** Does not sleep past the deadline: the run is then over. */
  async sleepUntil(instant: number): Promise<void> {
    const pauseMs = Math.max(0, instant - this.now());
    this.#over = this.now() + pauseMs >= this.#deadline;
    if (this.#over) return;
    await this.#clock.sleep(pauseMs, this.#stop);
    this.#sleptMs += pauseMs;
  }
}

/** The pause before the next try. All actions that were tried equally often have the same pause, so they share a round. */
function pausesOf(backoff: Backoff): (pending: Pending) => number {
  const pauses = new Map<number, number>();
  return ({ action, tries }) => {
    const pauseMs = pauses.get(tries) ?? Math.max(1, pauseBefore(tries, backoff));
    pauses.set(tries, pauseMs);
    return action.kind === 'create' ? Math.min(pauseMs, LONGEST_CREATION_PAUSE_MS) : pauseMs;
  };
}

/** Rounds go by stage. The actions of one stage keep this order. */
const inOrder = (actions: readonly Action[]): Pending[] =>
  actions.map((action, place) => ({ action, place, tries: 0, dueAt: 0 }));
