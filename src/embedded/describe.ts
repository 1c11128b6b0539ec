/** The description of a table, as DescribeTable returns it. */
import type { Json } from './engine.ts';
import { decreasesToday } from './quota.ts';
import { describeSettings } from './settings.ts';
import { globalIndexes, type Index, type Table, type Throughput } from './table.ts';
import { describeVectorIndexes } from './vector-indexes.ts';
import { seconds } from './wire.ts';

export function describe(table: Table, now: number): Json {
  const local = table.indexes.filter((index) => !index.throughput);
  const global = globalIndexes(table);
  return {
    AttributeDefinitions: table.attributeDefinitions,
    TableName: table.name,
    KeySchema: table.keySchema,
    TableStatus:
      table.change?.status === 'DELETING'
        ? 'DELETING'
        : (table.impaired?.status ?? table.change?.status ?? 'ACTIVE'),
    CreationDateTime: seconds(table.createdAt),
    ...describeThroughput(table.throughput, now),
    WarmThroughput: describeWarm(table.throughput, table.change?.status),
    TableSizeBytes: 0,
    ItemCount: 0,
    TableArn: table.arn,
    TableId: table.id,
    ...describeSettings(table.settings, table.arn),
    ...describeImpairment(table),
    ...(table.restored && {
      RestoreSummary: {
        SourceBackupArn: table.restored.from,
        SourceTableArn: table.restored.sourceArn,
        RestoreDateTime: seconds(table.restored.to),
        RestoreInProgress: table.change?.status === 'CREATING',
      },
    }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map((index) => describeIndex(table, index)) }),
    ...describeVectorIndexes(table),
    // A table that is DELETING has no indexes.
    ...(global.length > 0 &&
      table.change?.status !== 'DELETING' && {
        GlobalSecondaryIndexes: global.map((index) => ({
          ...describeIndex(table, index),
          IndexStatus: indexStatus(table, index),
          ...(index.build?.status === 'CREATING' && { Backfilling: index.build.filling === true }),
          ...describeThroughput(index.throughput, now),
          WarmThroughput: describeWarm(index.throughput, indexStatus(table, index)),
        })),
      }),
  };
}

function describeImpairment({ impaired, settings }: Table): Json {
  if (!impaired) return {};
  const { keyLostAt, archivedAt, backupArn } = impaired;
  return {
    ...(keyLostAt !== undefined && {
      SSEDescription: {
        Status: settings.encryption ? 'ENABLED' : 'DISABLED',
        InaccessibleEncryptionDateTime: seconds(keyLostAt),
      },
    }),
    ...(archivedAt !== undefined && {
      ArchivalSummary: {
        ArchivalDateTime: seconds(archivedAt),
        ArchivalReason: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
        ...(backupArn !== undefined && { ArchivalBackupArn: backupArn }),
      },
    }),
  };
}

function indexStatus(table: Table, { name, build }: Index): string {
  if (build) return build.status;
  return table.change?.indexes.includes(name) ? table.change.status : 'ACTIVE';
}

function describeIndex(table: Table, index: Index): Json {
  return {
    IndexName: index.name,
    KeySchema: index.keySchema,
    Projection: index.projection,
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexArn: `${table.arn}/index/${index.name}`,
  };
}

function describeThroughput(throughput: Throughput, now: number): Json {
  const { capacity, decreases, lastIncreaseAt, onDemand } = throughput;
  return {
    ProvisionedThroughput: {
      ...(lastIncreaseAt !== undefined && { LastIncreaseDateTime: seconds(lastIncreaseAt) }),
      ...(decreases.lastAt !== undefined && { LastDecreaseDateTime: seconds(decreases.lastAt) }),
      NumberOfDecreasesToday: decreasesToday(decreases, now),
      ReadCapacityUnits: capacity.read,
      WriteCapacityUnits: capacity.write,
    },
    ...(onDemand && { OnDemandThroughput: onDemand }),
  };
}

function describeWarm({ warm }: Throughput, status = 'ACTIVE'): Json {
  return { ReadUnitsPerSecond: warm.read, WriteUnitsPerSecond: warm.write, Status: status };
}
