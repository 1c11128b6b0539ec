/** One table as the embedded AWS keeps it: what dynalite has no room for, and the change under way. */
import type { AttributeDefinition, KeySchemaElement, Projection } from '@aws-sdk/client-dynamodb';
import type { Bucket } from './bucket.ts';
import { inUse } from './failure.ts';
import type { Decreases } from './quota.ts';
import type { Settings } from './settings.ts';

export interface Capacity {
  readonly read: number;
  readonly write: number;
}

/** What has throughput of its own: a table, or one of its global secondary indexes. */
export interface Throughput {
  capacity: Capacity;
  warm: Capacity;
  onDemand?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
  decreases: Decreases;
  lastIncreaseAt?: number;
  buckets: { read: Bucket; write: Bucket };
}

export interface Index {
  readonly name: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: Projection;
  /** Global secondary indexes only: a local one spends its table's. */
  readonly throughput?: Throughput;
}

export interface Change {
  readonly status: 'CREATING' | 'UPDATING' | 'DELETING';
  readonly endsAt: number;
  /** Indexes that change with the table. */
  readonly indexes: readonly string[];
  readonly finish: () => void;
}

export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  readonly keySchema: readonly KeySchemaElement[];
  readonly attributeDefinitions: readonly AttributeDefinition[];
  readonly indexes: readonly Index[];
  readonly throughput: Throughput;
  readonly tags: Map<string, string>;
  readonly settings: Settings;
  /** The backup it was made of. */
  readonly restored?: { readonly from: string; readonly sourceArn: string; readonly to: number };
  onDemand: boolean;
  change?: Change;
}

/** UpdateTable and DeleteTable are refused until the change under way has ended. */
export function refuseWhileChanging(table: Table): void {
  const doing = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' } as const;
  if (table.change)
    throw inUse(
      `Attempt to change a resource which is still in use: Table is being ${doing[table.change.status]}: ${table.name}`,
    );
}

export const globalIndexes = (table: Table): (Index & { throughput: Throughput })[] =>
  table.indexes.filter(
    (index): index is Index & { throughput: Throughput } => index.throughput !== undefined,
  );
