/** One table of the embedded AWS: the state that dynalite does not have, and the current change. */
import type {
  AttributeDefinition,
  KeySchemaElement,
  Projection,
  VectorIndex,
} from '@aws-sdk/client-dynamodb';
import type { Burst } from './burst.ts';
import { inUse } from './failure.ts';
import type { Decreases } from './quota.ts';
import type { Settings } from './settings.ts';

export interface Capacity {
  readonly read: number;
  readonly write: number;
}

/** A table or a global secondary index, which have their own throughput. */
export interface Throughput {
  capacity: Capacity;
  warm: Capacity;
  onDemand?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
  decreases: Decreases;
  lastIncreaseAt?: number;
  burst: { read: Burst; write: Burst };
}

export interface Index {
  readonly name: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: Projection;
  /** Only global secondary indexes. A local index consumes the capacity of its table. */
  readonly throughput?: Throughput;
  /** While UpdateTable adds or deletes it. `endsAt` is epoch milliseconds of the virtual clock. */
  build?: { readonly status: 'CREATING' | 'DELETING'; readonly endsAt: number; readonly filling?: boolean };
  /** Whether UpdateTable added it. */
  readonly added?: true;
}

export interface Change {
  readonly status: 'CREATING' | 'UPDATING' | 'DELETING';
  readonly endsAt: number;
  /** The indexes that change together with the table. */
  readonly indexes: readonly string[];
  readonly finish: () => void;
}

export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  readonly keySchema: readonly KeySchemaElement[];
  attributeDefinitions: readonly AttributeDefinition[];
  indexes: readonly Index[];
  readonly vectorIndexes: readonly VectorIndex[];
  readonly throughput: Throughput;
  readonly tags: Map<string, string>;
  readonly settings: Settings;
  /** When it was last the source of a new replica, epoch milliseconds. */
  sourceAt?: number;
  /** From when on its continuous backups are enabled, by the clock that ends states. */
  readonly backupsFrom: number;
  /** The backup that it was restored from. */
  readonly restored?: { readonly from: string; readonly sourceArn: string; readonly to: number };
  onDemand: boolean;
  /** The global table that it is a part of. */
  group?: ReplicaGroup | undefined;
  change?: Change;
  /** A status that DynamoDB gives a table by itself. */
  impaired?: Impairment;
}

/** The tables of one name in several regions that replicate each other. */
export interface ReplicaGroup {
  /** All regions, also that of the table itself. */
  readonly regions: Map<string, ReplicaEntry>;
}

export interface ReplicaEntry {
  readonly status?: 'CREATION_FAILED';
  readonly kmsKey?: string | undefined;
  readonly tableClass?: string | undefined;
}

/** A table that DynamoDB cannot use, such as an archived one. */
export interface Impairment {
  readonly status: string;
  /** Since when its KMS key is unusable, epoch milliseconds. */
  readonly keyLostAt?: number;
  readonly archivedAt?: number;
  readonly backupArn?: string;
}

/**
 * Rejects UpdateTable and DeleteTable until the current change has ended. An impaired table takes none, except that an
 * archived one can be deleted: `archived`.
 */
export function rejectWhileChanging(
  table: Table,
  archived: 'deletable' | 'unchangeable' = 'unchangeable',
): void {
  if (table.impaired && !(archived === 'deletable' && table.impaired.status === 'ARCHIVED'))
    throw inUse(`Table is ${table.impaired.status}: ${table.name}`);
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

/** Ends what is over at `now`, in epoch milliseconds: a filled index is ACTIVE, and a deleted one is gone. */
export function settleIndexes(table: Table, now: number): void {
  const over = table.indexes.filter(({ build }) => build && now >= build.endsAt);
  if (over.length === 0) return;
  table.indexes = table.indexes.filter(
    (index) => !over.includes(index) || index.build?.status === 'CREATING',
  );
  for (const index of over) index.build = undefined;
}
