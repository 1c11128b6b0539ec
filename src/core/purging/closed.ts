/** The tables of a closed environment: which ones its closing makes due, and why the others stay. */
import { ask, askListed, askUnmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { teardownCommand } from '../commands.ts';
import type { Closing } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { listedAt } from '../guards/closing.ts';
import { disowned } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { holding, nothing, type Outcome } from '../outcome.ts';
import type { Objection } from '../plan.ts';
import { tableObjection } from './objection.ts';
import type { Permit } from './schedule.ts';

interface ClosedGroup {
  /** The tables that a person has confirmed. */
  readonly due: ReadonlyMap<Table, Permit>;
  /** Expired tables that are due by their retention alone, so that no guard is lifted. */
  readonly others: readonly Table[];
  /** What was decided for the rest: what has to be read, or why a table stays. */
  readonly rest: ReadonlyMap<Table, Outcome>;
}

/** Sorts the existing tables of a group whose environment is closed. */
export function closedGroup(
  closing: Closing,
  present: readonly Table[],
  observed: Observed,
  now: number,
): ClosedGroup {
  const due = new Map<Table, Permit>();
  const others: Table[] = [];
  const rest = new Map<Table, Outcome>();
  for (const table of present) {
    const listed = askListed(observed, table, closing, now);
    if ('pending' in listed) rest.set(table, listed.pending);
    else if (listed.value !== undefined) due.set(table, { closing, listedAt: listed.value });
    else if (table.phase === 'expired') others.push(table);
    else rest.set(table, unlisted(closing, observed, table, now));
  }
  return { due, others, rest };
}

/** Why a table stays that no person has confirmed. Purge leaves unmanaged tables alone. */
function unlisted(closing: Closing, observed: Observed, table: Table, now: number): Outcome {
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.status === 'DELETING') return nothing;
  const unmanaged = askUnmanaged(observed, table, 'unmanaged');
  if ('pending' in unmanaged) return unmanaged.pending;
  if (unmanaged.value) return nothing;
  const tags = ask(observed, table, 'tags');
  if ('pending' in tags) return tags.pending;
  if (disowned(table.spec, table.period, table.name, tags.value)) return nothing;
  const objection =
    tableObjection(table, state, tags.value, observed, now, closing) ?? notInTeardown(closing);
  return holding({ kind: 'delete', ...objection });
}

/** Why a table of a closed environment stays: it was created, adopted or restored after a person confirmed the plan. */
export const notInTeardown = ({ environment, since }: Closing): Objection => ({
  reason: 'not-in-teardown',
  message: `Deletion held: the environment was closed at ${sayInstant(since)}, but the table was not in the plan that was confirmed. To delete the table too, run ${teardownCommand(environment)}.`,
});

/**
 * Whether a closing makes a table due. A table without a known description counts, so that its scheduled deletion is not canceled.
 * It is not deleted either.
 */
export function isListedIn(closing: Closing, observed: Observed, table: Table, now: number): boolean {
  const state = observed.known('description', table.name);
  return state === undefined || listedAt(closing, state, now) !== undefined;
}
