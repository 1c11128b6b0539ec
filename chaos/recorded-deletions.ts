/** The history has every deletion that a run has applied, unless the run says that it could not be written. */
import type { Records } from './promises.ts';
import type { Run } from './run.ts';

export class RecordedDeletions {
  /** The tables whose deletion the history has, by run. */
  readonly #recorded = new Map<string, Set<string>>();

  recorded(tables: readonly string[], run: Run): void {
    const known = this.#recorded.get(run.id) ?? new Set();
    for (const table of tables) known.add(table);
    this.#recorded.set(run.id, known);
  }

  /** Checks what a run must have recorded at its end. */
  ended(ledger: Pick<Records, 'check'>, { id, outcome }: Run): void {
    const recorded = this.#recorded.get(id) ?? new Set<string>();
    this.#recorded.delete(id);
    if (outcome?.kind !== 'summary') return;
    const { results, remark = '' } = outcome.summary;
    const isRefused = remark.includes('to the history');
    for (const { action, outcome: how } of results)
      if (action.kind === 'delete' && how === 'applied')
        ledger.check(
          isRefused || recorded.has(action.table),
          'history',
          () => `${id} has deleted ${action.table}, and the history does not have it`,
        );
  }
}
