/**
 * No table that is asked for more, and could be raised, stays throttled while every run is silent about it. Only a raise that
 * took effect counts, or words about this table's throttling, its state or a failed raise.
 */
import { MINUTE_MS } from '../src/core/calendar/period.ts';
import { needsAttention } from '../src/core/failing-holds.ts';
import type { Hold } from '../src/core/plan.ts';
import { leftUndone, type Result } from '../src/jobs/apply.ts';
import type { Records } from './promises.ts';
import { specOf } from './rules.ts';
import type { Run } from './run.ts';
import { gotNoLease } from './run-text.ts';

/** Metrics are up to two minutes late, and one minute might be a single peak. */
const SEEN_AFTER_MINUTES = 5;
/** So many runs in a row can neither raise the table nor say why not. */
const SILENT_RUNS = 2;
/** How long a raise takes, and until metrics show it. */
const RAISED_MS = 6 * MINUTE_MS;

export class Shortages {
  /** For how many minutes in a row a table refused requests. */
  readonly #minutes = new Map<string, number>();
  readonly #silentRuns = new Map<string, number>();
  readonly #raisedAt = new Map<string, number>();

  /** The tables that refused requests in the last minute. */
  refused(tables: ReadonlySet<string>): void {
    for (const name of this.#minutes.keys()) if (!tables.has(name)) this.#minutes.delete(name);
    for (const name of tables) this.#minutes.set(name, (this.#minutes.get(name) ?? 0) + 1);
    for (const name of this.#silentRuns.keys()) if (!tables.has(name)) this.#silentRuns.delete(name);
  }

  /** A change of a table that gives it more throughput took effect. */
  raised(table: string, instant: number): void {
    this.#raisedAt.set(table, instant);
  }

  ended(ledger: Records, run: Run): void {
    if (run.outcome?.kind !== 'summary' || run.faults.injected > 0 || run.eventTime !== run.began) return;
    const { summary } = run.outcome;
    if (gotNoLease(run, summary)) return;
    const { holds, results } = summary;
    for (const [name, minutes] of this.#minutes) {
      const told =
        holds.some((hold) => hold.table === name && speaksOfService(hold)) ||
        results.some((result) => result.action.table === name && failsToRaise(result));
      const raised = ledger.now() - (this.#raisedAt.get(name) ?? -Infinity) < RAISED_MS;
      const silent = minutes >= SEEN_AFTER_MINUTES && !told && !raised && isScaled(ledger, name, run);
      const runs = silent ? (this.#silentRuns.get(name) ?? 0) + 1 : 0;
      this.#silentRuns.set(name, runs);
      ledger.check(
        runs <= SILENT_RUNS,
        'shortage',
        () => `${runs} runs of scale neither raised ${name} nor said why, although it refuses requests`,
      );
    }
  }
}

/** Whether a hold has figures of the throttling or the state of its table, or says that these could not be read. */
const speaksOfService = (hold: Hold): boolean => hold.shortage !== undefined || needsAttention(hold);

/** Whether a run fails because a raise, or a switch to on-demand, failed. */
const failsToRaise = (result: Result): boolean =>
  leftUndone(result) && ['raise', 'billing'].includes(result.action.kind);

function isScaled({ tables }: Records, name: string, { config }: Run): boolean {
  const known = tables.get(name);
  const spec = known && !known.unmanaged && !known.deleting ? specOf(config, known.tags) : undefined;
  return spec?.resources[0] !== undefined && spec.resources[0].scaling.method !== 'none';
}
