import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, type Outcome } from '../outcome.ts';
import type { ActionReason, Subject } from '../plan.ts';

interface Canceled {
  readonly table: Subject;
  readonly outcome: Outcome;
}

const canceled = (table: Subject, why: string, reason: ActionReason = 'retained'): Canceled => ({
  table,
  outcome: acting({ kind: 'cancel-deletion', reason, message: why }),
});

/**
 * Cancels every scheduled deletion of a table that is not expired, matches no spec, or does not exist. Cancels those
 * that are dated in the future too, because they would become valid on their date. `members` are all existing tables of
 * the configuration. `isListed`: whether the closed environment makes a table due although it is not expired.
 */
export function cancelObsolete(
  observed: Observed,
  members: readonly Table[],
  isListed: (table: Table) => boolean,
): Canceled[] {
  const isDue = (table: Table): boolean => table.phase === 'expired' || isListed(table);
  const retained = members
    .filter((table) => !isDue(table) && observed.scheduledDeletions.has(table.name))
    .map((table) => canceled(table, 'The spec now retains the table.'));
  const early = members.flatMap((table) => {
    const scheduled = observed.scheduledDeletions.get(table.name);
    if (!isDue(table) || !scheduled?.inFuture) return [];
    const why = `Its scheduled time, ${sayInstant(scheduled.scheduledAt)}, is in the future.`;
    return canceled(table, why, 'future-time');
  });
  const known = new Set(members.map(({ name }) => name));
  const unmatched = [...observed.scheduledDeletions.keys()]
    .filter((name) => !known.has(name))
    .map((name) => {
      const why = observed.names.has(name) ? 'No spec matches the table.' : 'The table does not exist.';
      return canceled({ name, spec: { name: '(no spec)', resources: [] } }, why);
    });
  return [...retained, ...early, ...unmatched];
}
