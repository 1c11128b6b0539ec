/**
 * No run schedules more deletions of a group than the usual ones, which fall due between two daily runs of purge, unless SNS has
 * accepted a notice that names them.
 */
import { DAY_MS } from '../src/core/calendar/period.ts';
import type { Records } from './promises.ts';
import { periodAround, periodOf, specOf } from './rules.ts';
import type { Run } from './run.ts';

export class DeletionNotices {
  /** The notices of each run that SNS has accepted. */
  readonly #notices = new Map<string, string[]>();
  /** The tables of each run and group whose deletions it schedules without a notice. */
  readonly #untold = new Map<string, Set<string>>();

  told(message: string, run: Run): void {
    this.#notices.set(run.id, [...(this.#notices.get(run.id) ?? []), message]);
  }

  schedules(ledger: Records, table: string, run: Run): void {
    const tags = ledger.tables.get(table)?.tags ?? {};
    const spec = specOf(run.config, tags);
    if (!spec || this.#notices.get(run.id)?.some((message) => message.includes(`  ${table}  `))) return;
    // After a change of scheme, tables of both schemes fall due.
    const { start, end } = periodAround(spec, periodOf(tags));
    const key = `${run.id} ${spec.name} ${end - start}`;
    const untold = (this.#untold.get(key) ?? new Set()).add(table);
    this.#untold.set(key, untold);
    ledger.check(
      untold.size <= Math.max(1, Math.ceil(DAY_MS / (end - start))),
      'notice',
      () => `${run.id} schedules ${untold.size} deletions of ${spec.name} without a notice of ${table}`,
    );
  }
}
