/**
 * On-demand backups. Items are copied when the backup is requested.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
 */
import db from 'dynalite/db/index.js';
import { type Backup, type BackupType, definitionOf, SYSTEM_LASTS_MS } from './backup.ts';
import type { Json } from './engine.ts';
import { AwsError, validation } from './failure.ts';
import { itemsOf } from './items.ts';
import type { Operation, Operations, Region } from './region.ts';
import { restoreTable } from './restore-table.ts';
import type { Table } from './table.ts';
import { seconds, tableNameOf } from './wire.ts';

const BACKUPS_PER_PAGE = 100;

export function backupOperations(region: Region): Operations {
  const { backups } = region;
  return {
    CreateBackup: createBackup(region),
    DescribeBackup: ({ BackupArn }) => ({ BackupDescription: describe(region, backups.get(BackupArn)) }),
    ListBackups: listBackups(region),
    DeleteBackup: ({ BackupArn }) => {
      const backup = backups.get(BackupArn);
      if (backups.status(backup) === 'CREATING') throw inUse(`Backup is being created: ${backup.name}`);
      backups.remove(backup);
      return { BackupDescription: describe(region, backup, 'DELETED') };
    },
    RestoreTableFromBackup: restoreTable(region),
  };
}

const inUse = (message: string): AwsError => new AwsError('BackupInUseException', message);

function createBackup(region: Region): Operation {
  return (input) => {
    const name = tableNameOf(input);
    const backupName = input.BackupName;
    if (typeof backupName !== 'string' || !/^[a-zA-Z0-9_.-]{3,255}$/.test(backupName))
      throw validation(
        `1 validation error detected: Value '${String(backupName)}' at 'backupName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have 3 to 255 characters',
      );
    return region.locks.run([`table ${name}`], async () => {
      const table = region.tables.find(name);
      if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
      const status = table.impaired?.status ?? table.change?.status ?? 'ACTIVE';
      if (status !== 'ACTIVE' && status !== 'UPDATING')
        throw new AwsError('TableInUseException', `Table is ${status}: ${name}`);
      if (region.backups.making(table)) throw inUse(`A backup of the table is being created: ${name}`);
      const backup = await take(region, table, backupName, 'USER');
      return { BackupDetails: detailsOf(region, backup) };
    });
  };
}

/** Copies the items of the table. */
async function take(region: Region, table: Table, name: string, type: BackupType): Promise<Backup> {
  const items = await itemsOf(region, table.name);
  const { timeToLiveAttribute, stream } = table.settings;
  return region.backups.add({
    name,
    type,
    createdAt: region.now(),
    availableFrom: type === 'SYSTEM' ? 0 : region.elapsed() + region.backupMs,
    source: { name: table.name, arn: table.arn, id: table.id, createdAt: table.createdAt },
    definition: definitionOf(table),
    settings: { timeToLiveAttribute, stream },
    items,
    sizeBytes: items.reduce((sum, item) => sum + db.itemSize(item), 0),
  });
}

/** The system backup that DynamoDB creates when a table with point-in-time recovery is deleted. */
export async function takeLeaving(region: Region, table: Table): Promise<void> {
  if (table.settings.recovery) await take(region, table, `${table.name}$DeletedTableBackup`, 'SYSTEM');
}

function listBackups(region: Region): Operation {
  return (input) => {
    const limit = (input.Limit as number | undefined) ?? BACKUPS_PER_PAGE;
    if (!Number.isInteger(limit) || limit < 1 || limit > BACKUPS_PER_PAGE)
      throw validation(`Limit must be between 1 and ${BACKUPS_PER_PAGE}, not ${limit}`);
    const { BackupType: type = 'USER', ExclusiveStartBackupArn: after } = input;
    const from = (input.TimeRangeLowerBound as number | undefined) ?? -Infinity;
    const to = (input.TimeRangeUpperBound as number | undefined) ?? Infinity;
    const listed = region.backups
      .all()
      .filter((backup) => input.TableName === undefined || backup.source.name === tableNameOf(input))
      .filter((backup) => type === 'ALL' || backup.type === type)
      .filter(({ createdAt }) => seconds(createdAt) >= from && seconds(createdAt) < to);
    const rest = listed.slice(listed.findIndex(({ arn }) => arn === after) + 1);
    const page = rest.slice(0, limit);
    return {
      BackupSummaries: page.map((backup) => ({ ...sourceOf(backup), ...detailsOf(region, backup) })),
      ...(rest.length > limit && { LastEvaluatedBackupArn: page.at(-1)?.arn }),
    };
  };
}

const sourceOf = ({ source: { name, arn, id } }: Backup): Json => ({
  TableName: name,
  TableId: id,
  TableArn: arn,
});

function detailsOf(region: Region, backup: Backup, status: string = region.backups.status(backup)): Json {
  const { arn, name, type, createdAt, sizeBytes } = backup;
  return {
    BackupArn: arn,
    BackupName: name,
    BackupSizeBytes: sizeBytes,
    BackupStatus: status,
    BackupType: type,
    BackupCreationDateTime: seconds(createdAt),
    ...(type === 'SYSTEM' && { BackupExpiryDateTime: seconds(createdAt + SYSTEM_LASTS_MS) }),
  };
}

function describe(region: Region, backup: Backup, status?: string): Json {
  const { definition, settings, items, sizeBytes, source } = backup;
  const { BillingMode, KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes, VectorIndexes } = definition;
  return {
    BackupDetails: detailsOf(region, backup, status),
    SourceTableDetails: {
      ...sourceOf(backup),
      TableSizeBytes: sizeBytes,
      ItemCount: items.length,
      KeySchema,
      TableCreationDateTime: seconds(source.createdAt),
      ProvisionedThroughput: definition.ProvisionedThroughput ?? {
        ReadCapacityUnits: 0,
        WriteCapacityUnits: 0,
      },
      BillingMode,
    },
    SourceTableFeatureDetails: {
      ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      ...(VectorIndexes && { VectorIndexes }),
      ...(settings.stream && { StreamDescription: settings.stream.specification }),
      ...(settings.timeToLiveAttribute !== undefined && {
        TimeToLiveDescription: {
          TimeToLiveStatus: 'ENABLED',
          AttributeName: settings.timeToLiveAttribute,
        },
      }),
    },
  };
}
