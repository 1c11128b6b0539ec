import { iso } from '../../core/calendar/instant.ts';
import { MINUTE_MS } from '../../core/calendar/period.ts';
import type { Job } from '../../core/plan.ts';

/** How a run ended. Times are epoch milliseconds. */
export interface LastRun {
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly endedAt: number;
}

/** What is known of a daemon. */
export interface Condition {
  readonly startedAt: number;
  readonly stopping: boolean;
  readonly lastRuns: ReadonlyMap<Job, LastRun>;
}

/** An answer: whether all is well, and why not. */
export interface Verdict {
  readonly ok: boolean;
  readonly status: string;
  readonly lastRuns: Readonly<Record<string, { readonly outcome: string; readonly endedAt: string }>>;
}

/** Scale runs every minute, and a run has at most five. A process that ends no run for longer hangs. */
const LONGEST_SILENCE_MS = 10 * MINUTE_MS;

/** For /health: whether the process works. Failing runs are no reason to restart it. */
export function healthOf(condition: Condition, now: number): Verdict {
  const { startedAt, lastRuns } = condition;
  const ended = Math.max(startedAt, ...[...lastRuns.values()].map(({ endedAt }) => endedAt));
  return now - ended <= LONGEST_SILENCE_MS
    ? verdict(condition, true, 'ok')
    : verdict(condition, false, `no run has ended since ${iso(ended)}`);
}

/** For /ready: whether rotate has run, its last run did not fail, and the daemon is not stopping. */
export function readinessOf(condition: Condition): Verdict {
  const rotate = condition.lastRuns.get('rotate');
  if (condition.stopping) return verdict(condition, false, 'stopping');
  if (!rotate) return verdict(condition, false, 'rotate has not run yet');
  if (rotate.outcome === 'failed') return verdict(condition, false, 'the last run of rotate failed');
  return verdict(condition, true, 'ready');
}

const verdict = ({ lastRuns }: Condition, ok: boolean, status: string): Verdict => ({
  ok,
  status,
  lastRuns: Object.fromEntries(
    [...lastRuns].map(([job, { outcome, endedAt }]) => [job, { outcome, endedAt: iso(endedAt) }]),
  ),
});
