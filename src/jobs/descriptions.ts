import { MINUTE_MS } from '../core/calendar/period.ts';
import { isTurn } from '../core/calendar/spread.ts';
import type { TableState } from '../core/facts.ts';
import type { SeenTables } from '../ports.ts';

/** Each table is described again once in this many minutes, in a minute of its own. */
const EVERY = 5;

/**
 * What recent runs in this process have seen of tables at rest. Scale looks at the current table of every group each minute, and
 * hardly any of them has changed. Nothing is decided by it: before a run plans an action on a table, it describes it again.
 */
export class Descriptions implements SeenTables {
  readonly #seen = new Map<string, { readonly state: TableState; readonly at: number }>();

  /** What is known of a table at `now`, the instant of a run in epoch milliseconds. undefined if it has to be read. */
  of(table: string, now: number): TableState | undefined {
    const seen = this.#seen.get(table);
    if (!seen || seen.at > now || now - seen.at >= EVERY * MINUTE_MS || isTurn(table, EVERY, now))
      return undefined;
    return seen.state;
  }

  /** Keeps what a run at `at` has read, unless something is going on with the table. */
  keep(table: string, state: TableState | undefined, at: number): void {
    if (state && isAtRest(state)) this.#seen.set(table, { state, at });
    else this.#seen.delete(table);
  }

  forget(table: string): void {
    this.#seen.delete(table);
  }
}

function isAtRest({ status, restoring, capacities, vectorIndexes = [], replicas = [] }: TableState): boolean {
  const parts = [...capacities, ...vectorIndexes, ...replicas];
  return status === 'ACTIVE' && !restoring && parts.every((part) => part.status === 'ACTIVE');
}
