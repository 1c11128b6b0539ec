import { askClosing, askListed } from '../ask.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, nothing, type Outcome } from '../outcome.ts';

/**
 * Cancels the scheduled deletion of a table that the spec retains. Purge does so too, but runs once a day: a mistake that
 * is corrected and repeated between two runs would find its waiting period over. What a later run than this one scheduled
 * stays, because the table may have expired since. So do those of the tables that the closing of the environment lists.
 */
export function cancelRetained(observed: Observed, table: Table, now: number): Outcome {
  const { name, phase } = table;
  const scheduled = observed.scheduledDeletions.get(name);
  if (!scheduled || phase === 'expired' || scheduled.scheduledAt > now) return nothing;
  const closing = askClosing(observed, table.spec, now);
  if ('pending' in closing) return closing.pending;
  const listed = closing.value && askListed(observed, table, closing.value, now);
  if (listed && 'pending' in listed) return listed.pending;
  if (listed?.value !== undefined) return nothing;
  return acting({
    kind: 'cancel-deletion',
    reason: 'retained',
    message: 'The spec now retains the table.',
  });
}
