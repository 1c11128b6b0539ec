import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Suspension } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import { isInForce } from '../core/guards/suspensions.ts';
import { suspensionFrom } from './state-items.ts';
import { readAll } from './state-records.ts';

/** The kind of the items in which version 0.1.0 recorded that purging or lowering was stopped. */
export const OLD_SUSPENSION = 'switch';

/** The stops by version 0.1.0, including those that have ended. */
export async function oldSuspensions(client: DynamoDBClient, TableName: string): Promise<Suspension[]> {
  const items = await readAll(client, TableName, OLD_SUSPENSION);
  return items.flatMap((item) => suspensionFrom(item) ?? []);
}

/**
 * Rejects a state table in which version 0.1.0 still stops purging. Reading the item as a suspension would be a guess
 * at what an older version meant, and ignoring it would delete tables that an operator wanted to keep. Only purge pays
 * for this Query, once a day. A stop of lowering is ignored: what is lowered can be raised again.
 * @throws ServiceError `refused`, until `suspend` or `resume` has replaced the item
 */
export async function rejectOldSuspension(client: DynamoDBClient, TableName: string): Promise<void> {
  const stopped = (await oldSuspensions(client, TableName)).some(
    (stop) => stop.what === 'purging' && isInForce(stop, Date.now()),
  );
  if (!stopped) return;
  const choice =
    'To keep purging suspended, run `turntable suspend purging`. To let it continue, run `turntable resume purging`.';
  throw new ServiceError(
    'refused',
    `Turntable 0.1.0 stopped purging, and this version does not know why. ${choice}`,
  );
}
