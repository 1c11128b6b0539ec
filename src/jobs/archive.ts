import { Superseded } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { scheduledTable } from './scheduled-table.ts';

/**
 * Starts the export of exactly the table whose deletion is scheduled, unless an earlier try has already started it. A later run
 * checks whether the export succeeded.
 * @throws ServiceError, and Superseded if the table no longer exists
 */
export async function archive(action: Extract<Action, { kind: 'archive' }>, ports: Ports): Promise<void> {
  const { table, token, bucket, prefix, format } = action;
  const existing = await scheduledTable(action, ports);
  if (!existing || existing.status === 'DELETING') throw new Superseded(`${table} no longer exists.`);
  // DynamoDB knows a token for 8 hours only.
  const started = (await ports.exports.list(existing.arn)).some(
    (one) => one.token === token && one.tableId === existing.id,
  );
  if (!started) await ports.exports.start(existing.arn, { token, bucket, prefix, format });
}
