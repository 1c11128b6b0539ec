/** No run schedules more deletions of a group than the usual one per period, unless SNS has accepted a notice that names them. */
import { DAY_MS } from '../src/core/calendar/period.ts';
import type { Spec } from '../src/core/spec.ts';
import type { Records } from './promises.ts';
import { periodAround, specOf } from './rules.ts';
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
    const spec = specOf(run.config, ledger.tables.get(table)?.tags ?? {});
    if (!spec || this.#notices.get(run.id)?.some((message) => message.includes(`  ${table}  `))) return;
    const key = `${run.id} ${spec.name}`;
    const untold = (this.#untold.get(key) ?? new Set()).add(table);
    this.#untold.set(key, untold);
    ledger.check(
      untold.size <= usual(spec, run.eventTime),
      'notice',
      () => `${run.id} schedules ${untold.size} deletions of ${spec.name} without a notice of ${table}`,
    );
  }
}

/** How many tables of a group fall due between two daily runs of purge. */
function usual(spec: Spec, instant: number): number {
  const { start, end } = periodAround(spec, instant);
  return Math.max(1, Math.ceil(DAY_MS / (end - start)));
}
