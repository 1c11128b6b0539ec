import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { acting, nothing, type Outcome } from '../outcome.ts';

/**
 * Cancels the scheduled deletion of a table that the spec retains. Purge does so too, but runs once a day: a mistake that
 * is corrected and repeated between two runs would find its waiting period over. What a later run than this one scheduled
 * stays, because the table may have expired since.
 */
export function cancelRetained(observed: Observed, { name, phase }: Table, now: number): Outcome {
  const scheduled = observed.scheduledDeletions.get(name);
  if (!scheduled || phase === 'expired' || scheduled.scheduledAt > now) return nothing;
  return acting({
    kind: 'cancel-deletion',
    reason: 'retained',
    message: 'The spec now retains the table.',
  });
}
