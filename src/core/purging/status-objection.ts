import type { TableState } from '../facts.ts';
import type { Objection } from '../plan.ts';
import type { PurgeSettings } from '../spec.ts';
import { traitsOf } from '../table-status.ts';
import { busy } from '../throughput.ts';

/**
 * Why DynamoDB does not delete a table in its present status; undefined if it does. It deletes ACTIVE and ARCHIVED tables:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 * Of other statuses, AWS does not say so. In doubt, the table stays.
 */
export function statusObjection(
  state: TableState,
  { finalBackup, archive }: Pick<PurgeSettings, 'finalBackup' | 'archive'>,
): Objection | undefined {
  const { status, archivalBackup, replicas = [] } = state;
  const replica = replicas.find((one) => one.status !== 'ACTIVE');
  if (replica) {
    const { passes, cause, cure } = traitsOf(replica.status);
    const what = `The replica in ${replica.region} is ${replica.status}. ${cause}`;
    return passes
      ? { reason: 'table-busy', message: what }
      : { reason: 'table-unusable', message: `${what} ${cure}` };
  }
  const { passes, deletable, cause, cure } = traitsOf(status);
  if (!passes && !deletable)
    return { reason: 'table-unusable', message: `The table is ${status}. ${cause} ${cure}` };
  if (status !== 'ARCHIVED') {
    const changing = busy(state);
    return changing === undefined ? undefined : { reason: 'table-busy', message: changing };
  }
  if (!finalBackup && !archive) return undefined;
  const backup = archivalBackup === undefined ? '' : ` DynamoDB made the backup ${archivalBackup} then.`;
  const message = `The table is ARCHIVED, so it cannot ${finalBackup ? 'have a final backup' : 'be exported to S3'}.${backup} If that is enough, delete the table by hand.`;
  return { reason: 'table-unusable', message };
}
