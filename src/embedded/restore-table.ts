/**
 * RestoreTableFromBackup. It restores items, keys, indexes and throughput. It does not restore tags, time to live, recovery,
 * streams and deletion protection.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
 */
import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { addTable } from './create-table.ts';
import { describe } from './describe.ts';
import { AwsError, notEmbedded } from './failure.ts';
import { putItems } from './items.ts';
import type { Operation, Region } from './region.ts';

export function restoreTable(region: Region): Operation {
  return (input) => {
    const name = String(input.TargetTableName ?? '');
    const { BillingModeOverride: mode, ...others } = input;
    const override = Object.keys(others).find((member) => member.endsWith('Override'));
    if (override) throw notEmbedded(override);
    if (mode !== undefined && mode !== 'PAY_PER_REQUEST') throw notEmbedded(`BillingModeOverride ${mode}`);
    return region.locks.run([`table ${name}`], () =>
      region.tables.starting('create', async () => {
        const backup = region.backups.get(input.BackupArn);
        if (region.backups.status(backup) === 'CREATING')
          throw new AwsError('BackupInUseException', `Backup is being created: ${backup.name}`);
        rejectExisting(region, name);
        const table = await addTable(
          region,
          { ...(mode ? onDemand(backup.definition) : backup.definition), TableName: name },
          {
            restored: { from: backup.arn, sourceArn: backup.source.arn, to: backup.createdAt },
            fill: () => putItems(region, name, backup.items),
          },
        );
        return { TableDescription: describe(table, region.now()) };
      }),
    );
  };
}

/** The same table without provisioned throughput. */
function onDemand({ ProvisionedThroughput: _, ...definition }: CreateTableInput): CreateTableInput {
  const { GlobalSecondaryIndexes: indexes, ...rest } = definition;
  return {
    ...rest,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes && {
      GlobalSecondaryIndexes: indexes.map(({ ProvisionedThroughput: __, ...index }) => index),
    }),
  };
}

function rejectExisting(region: Region, name: string): void {
  const existing = region.tables.find(name);
  if (!existing) return;
  const status = existing.change?.status;
  if (status === 'CREATING' || status === 'DELETING')
    throw new AwsError('TableInUseException', `Table is ${status}: ${name}`);
  throw new AwsError('TableAlreadyExistsException', `Table already exists: ${name}`);
}
