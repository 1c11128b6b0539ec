import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  ProvisionedThroughputDescription,
  TableDescription,
  VectorIndexDescription,
} from '@aws-sdk/client-dynamodb';
import type { Capacity, Replica, TableState } from '../core/facts.ts';
import type { Schema } from '../core/schema.ts';
import { ofIndex } from '../core/spec.ts';

/** The answer of DescribeTable as a `TableState`. */
export function stateFrom(table: TableDescription): TableState {
  const status = table.TableStatus ?? 'ACTIVE';
  return {
    name: table.TableName ?? '',
    arn: table.TableArn ?? '',
    id: table.TableId ?? '',
    restoredFrom: table.RestoreSummary?.SourceBackupArn,
    status,
    unusableSince: unusableSince(table),
    archivalBackup: table.ArchivalSummary?.ArchivalBackupArn,
    restoring: table.RestoreSummary?.RestoreInProgress ?? false,
    createdAt: table.CreationDateTime?.getTime() ?? 0,
    billingMode: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    onDemandSince: table.BillingModeSummary?.LastUpdateToPayPerRequestDateTime?.getTime(),
    tableClass: table.TableClassSummary?.TableClass ?? 'STANDARD',
    classChangedAt: table.TableClassSummary?.LastUpdateDateTime?.getTime(),
    deletionProtected: table.DeletionProtectionEnabled ?? false,
    schema: schemaFrom(table),
    stream: table.LatestStreamArn,
    global: (table.Replicas ?? []).length > 0 || table.GlobalTableVersion !== undefined,
    replicas: replicasOf(table),
    capacities: [
      capacityFrom(table.ProvisionedThroughput, status),
      ...(table.GlobalSecondaryIndexes ?? []).map((index: GlobalSecondaryIndexDescription) => ({
        ...capacityFrom(index.ProvisionedThroughput, index.IndexStatus ?? 'ACTIVE', index.IndexName),
        ...(index.Backfilling !== undefined && { backfilling: index.Backfilling }),
      })),
    ],
    vectorIndexes: (table.VectorIndexes ?? [])
      .map(({ IndexName, IndexStatus = 'ACTIVE', Backfilling }) => ({
        ...ofIndex(IndexName),
        status: IndexStatus,
        ...(Backfilling !== undefined && { backfilling: Backfilling }),
      }))
      .filter(({ status }) => status !== 'ACTIVE'),
    itemCount: table.ItemCount ?? 0,
    sizeBytes: (table.TableSizeBytes ?? 0) + indexBytes(table),
  };
}

const unusableSince = ({ SSEDescription, ArchivalSummary }: TableDescription): number | undefined =>
  (SSEDescription?.InaccessibleEncryptionDateTime ?? ArchivalSummary?.ArchivalDateTime)?.getTime();

/** The replicas in other regions. AWS does not say whether the list contains the region of the call. */
function replicasOf({ Replicas = [], TableArn = '' }: TableDescription): Replica[] {
  const own = TableArn.split(':')[3];
  return Replicas.map(({ RegionName: region = '', ReplicaStatus: status = 'ACTIVE', ...replica }) => ({
    region,
    status,
    ...(replica.ReplicaInaccessibleDateTime && {
      inaccessibleSince: replica.ReplicaInaccessibleDateTime.getTime(),
    }),
    ...(replica.KMSMasterKeyId && { kmsKey: replica.KMSMasterKeyId }),
    ...(replica.ReplicaTableClassSummary?.TableClass && {
      tableClass: replica.ReplicaTableClassSummary.TableClass,
    }),
  })).filter(({ region }) => region !== own);
}

/** Removes sizes, statuses and throughput, which DescribeTable also returns for indexes. */
function schemaFrom(table: TableDescription): Schema {
  const { AttributeDefinitions, KeySchema, StreamSpecification } = table;
  const indexes = (all: LocalSecondaryIndexDescription[] | undefined) =>
    all?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  return {
    AttributeDefinitions,
    KeySchema,
    LocalSecondaryIndexes: indexes(table.LocalSecondaryIndexes),
    GlobalSecondaryIndexes: indexes(table.GlobalSecondaryIndexes),
    VectorIndexes: table.VectorIndexes?.map(vectorFrom),
    StreamSpecification,
  } as Schema;
}

const vectorFrom = (index: VectorIndexDescription) => {
  const { IndexName, VectorAttribute, Dimensions, DistanceFunction, SearchSchema, Projection } = index;
  return { IndexName, VectorAttribute, Dimensions, DistanceFunction, SearchSchema, Projection };
};

function indexBytes(table: TableDescription): number {
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [], VectorIndexes = [] } = table;
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes, ...VectorIndexes];
  return indexes.reduce((sum, { IndexSizeBytes }) => sum + (IndexSizeBytes ?? 0), 0);
}

function capacityFrom(
  throughput: ProvisionedThroughputDescription | undefined,
  status: string,
  index?: string,
): Capacity {
  return {
    ...ofIndex(index),
    status,
    read: throughput?.ReadCapacityUnits ?? 0,
    write: throughput?.WriteCapacityUnits ?? 0,
    lastIncrease: throughput?.LastIncreaseDateTime?.getTime(),
    lastDecrease: throughput?.LastDecreaseDateTime?.getTime(),
    decreases: throughput?.NumberOfDecreasesToday ?? 0,
  };
}
