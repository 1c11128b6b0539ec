/**
 * No run creates a table that can wait while it leaves a current one missing, whatever limits creations. While reads about
 * some tables are late, a run acts on the others. Those of the embedded AWS can always be late.
 */

import type { Records } from './promises.ts';
import { currentName } from './rules.ts';
import type { Run } from './run.ts';

/** A current table that did not exist when a run created one that can wait. */
interface PassedOver {
  readonly group: string;
  readonly missing: string;
  readonly created: string;
}

/** Faults that make reads late. */
const delaying = ['delayed', 'no response', 'response stalled'];

export class CreationOrder {
  readonly #passedOver = new Map<string, PassedOver[]>();

  /** A run has created a table. */
  created({ tables }: Records, created: string, run: Run): void {
    const current = run.config.specs.map((spec) => [spec.name, currentName(spec, run.eventTime)] as const);
    if (current.some(([, name]) => name === created)) return;
    const missing = current.filter(([, name]) => !tables.has(name));
    const passed = missing.map(([group, name]) => ({ group, missing: name, created }));
    this.#passedOver.set(run.id, [...(this.#passedOver.get(run.id) ?? []), ...passed]);
  }

  /** `refused`: the groups that the run refused. Their tables are not missing for want of room. */
  ended(ledger: Records, run: Run, refused: ReadonlyMap<string, string>): void {
    const late = delaying.some((kind) => run.faults.kinds.has(kind));
    for (const { group, missing, created } of this.#passedOver.get(run.id) ?? [])
      ledger.check(
        late || refused.has(group) || run.faults.resources.has(missing),
        'urgency',
        () => `${run.id} created ${created} before the current table ${missing}`,
      );
    this.#passedOver.delete(run.id);
  }
}
