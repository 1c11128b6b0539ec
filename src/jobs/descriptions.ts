import { HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { turnAt } from '../core/calendar/spread.ts';
import type { TableState } from '../core/facts.ts';
import type { SeenTables } from '../ports.ts';

/** Each table that takes requests is described again once in this many minutes, which begin in a minute of its own, so that no minute has all tables. */
const EVERY_MINUTES = 5;
/** A table whose period begins later than this, milliseconds, takes no requests yet. */
const SOON_MS = HOUR_MS;
/** The same of other tables. Scale looks at an upcoming one every ten minutes, and at an outdated one every thirty. */
const RESTING_MINUTES: Readonly<Record<'upcoming' | 'ended', number>> = { upcoming: 60, ended: 240 };

type Of = Parameters<SeenTables['of']>[2];

interface Seen {
  readonly state: TableState;
  /** The instant of the run that read it, epoch milliseconds. */
  readonly at: number;
}

/**
 * What recent runs in this process have seen of tables at rest. Scale looks at the current table of every group each minute, and at
 * outdated ones now and then, and hardly any of them has changed. Nothing is decided by it: before a run plans an action on a table, or
 * says that it cannot raise it, it describes it again.
 */
export class Descriptions implements SeenTables {
  readonly #seen = new Map<string, Seen>();
  #listed: { readonly names: ReadonlySet<string>; readonly at: number } | undefined;

  /** What is known of a table at `now`, the instant of a run in epoch milliseconds. undefined if it has to be read. */
  of(table: string, now: number, as: Of): TableState | undefined {
    const seen = this.#seen.get(table);
    return seen && seen.at <= now && isGood(seen, table, now, as) ? seen.state : undefined;
  }

  /** Keeps what a run at `at` has read, unless something is going on with the table. */
  keep(table: string, state: TableState | undefined, at: number): void {
    if (!state) this.forget(table);
    else if (isAtRest(state)) this.#seen.set(table, { state, at });
    else this.#seen.delete(table);
  }

  forget(table: string): void {
    this.#seen.delete(table);
    // What happens to a table can also happen to its name.
    this.#listed = undefined;
  }

  /** The names of all tables, as a run in the last minutes has listed them. */
  names(now: number): ReadonlySet<string> | undefined {
    const listed = this.#listed;
    const isGood = listed && listed.at <= now && now - listed.at < EVERY_MINUTES * MINUTE_MS;
    return isGood ? listed.names : undefined;
  }

  /** Keeps the names that a run at `at` has listed, and forgets tables that no longer exist. */
  keepNames(names: ReadonlySet<string>, at: number): void {
    this.#listed = { names, at };
    for (const table of this.#seen.keys()) if (!names.has(table)) this.#seen.delete(table);
  }
}

function isGood({ state, at }: Seen, table: string, now: number, as: Of): boolean {
  const every = (as && restingMinutesOf(as, state, now)) ?? EVERY_MINUTES;
  return turnAt(table, every, at) === turnAt(table, every, now);
}

/**
 * How often a table is described again that takes hardly any requests; undefined for others. Scale does not read the metrics of an
 * outdated table that is on-demand, so only its description shows that it has become provisioned and can be throttled.
 */
function restingMinutesOf(
  { phase, period }: NonNullable<Of>,
  { billingMode }: TableState,
  now: number,
): number | undefined {
  if (phase === 'upcoming') return period.start - now > SOON_MS ? RESTING_MINUTES.upcoming : undefined;
  if (billingMode === 'PAY_PER_REQUEST') return undefined;
  return phase === 'outdated' || phase === 'expired' ? RESTING_MINUTES.ended : undefined;
}

function isAtRest({ status, restoring, capacities, vectorIndexes = [], replicas = [] }: TableState): boolean {
  const parts = [...capacities, ...vectorIndexes, ...replicas];
  return status === 'ACTIVE' && !restoring && parts.every((part) => part.status === 'ACTIVE');
}
