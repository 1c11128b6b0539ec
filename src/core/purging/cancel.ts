import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, type Outcome } from '../outcome.ts';
import type { Subject } from '../plan.ts';

interface Canceled {
  readonly table: Subject;
  readonly outcome: Outcome;
}

const canceled = (table: Subject, why: string): Canceled => ({
  table,
  outcome: acting({ kind: 'cancel-deletion', reason: 'retained', message: `Deletion canceled: ${why}.` }),
});

/**
 * Cancels every scheduled deletion of a table that is not expired, matches no spec, or does not exist. `members` are
 * all existing tables of the configuration.
 */
export function cancelObsolete(observed: Observed, members: readonly Table[]): Canceled[] {
  const retained = members
    .filter(({ name, phase }) => phase !== 'expired' && observed.scheduledDeletions.has(name))
    .map((table) => canceled(table, 'the spec now retains the table'));
  const known = new Set(members.map(({ name }) => name));
  const unmatched = [...observed.scheduledDeletions.keys()]
    .filter((name) => !known.has(name))
    .map((name) => {
      const why = observed.names.has(name) ? 'no spec matches the table' : 'the table does not exist';
      return canceled({ name, spec: { name: '(no spec)', resources: [] } }, why);
    });
  return [...retained, ...unmatched];
}
