/** The backups of the region. They contain a copy of the items, and remain after their tables are deleted. */

import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { DAY_MS } from '../core/calendar/period.ts';
import { AwsError } from './failure.ts';
import type { Ids } from './ids.ts';
import type { Item } from './index-writes.ts';
import type { Settings } from './settings.ts';
import { globalIndexes, type Table } from './table.ts';

export type BackupType = 'USER' | 'SYSTEM';

export interface Backup {
  readonly arn: string;
  readonly name: string;
  readonly type: BackupType;
  readonly createdAt: number;
  /** Milliseconds on the clock of `elapsed`, like all states. */
  readonly availableFrom: number;
  readonly source: Pick<Table, 'name' | 'arn' | 'id' | 'createdAt'>;
  readonly definition: CreateTableInput;
  readonly settings: Pick<Settings, 'timeToLiveAttribute' | 'stream'>;
  readonly items: readonly Item[];
  readonly sizeBytes: number;
}

/** How long DynamoDB retains system backups. */
export const SYSTEM_LASTS_MS = 35 * DAY_MS;

export class Backups {
  readonly #byArn = new Map<string, Backup>();
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #ids: Ids;

  constructor(now: () => number, elapsed: () => number, ids: Ids) {
    this.#now = now;
    this.#elapsed = elapsed;
    this.#ids = ids;
  }

  add(backup: Omit<Backup, 'arn'>): Backup {
    const id = `${String(backup.createdAt).padStart(14, '0')}-${this.#ids.hex(`backup ${backup.source.arn}`, 8)}`;
    const added = { ...backup, arn: `${backup.source.arn}/backup/${id}` };
    this.#byArn.set(added.arn, added);
    return added;
  }

  get(arn: unknown): Backup {
    const backup = this.all().find((one) => one.arn === arn);
    if (!backup) throw new AwsError('BackupNotFoundException', `Backup not found: ${String(arn)}`);
    return backup;
  }

  remove({ arn }: Backup): void {
    this.#byArn.delete(arn);
  }

  /** In the order of their creation. */
  all(): Backup[] {
    const now = this.#now();
    return [...this.#byArn.values()].filter(
      ({ type, createdAt }) => type === 'USER' || now < createdAt + SYSTEM_LASTS_MS,
    );
  }

  status({ availableFrom }: Backup): 'CREATING' | 'AVAILABLE' {
    return this.#elapsed() < availableFrom ? 'CREATING' : 'AVAILABLE';
  }

  /** Whether a backup of this table is CREATING. */
  making({ id }: Table): boolean {
    return this.all().some((backup) => backup.source.id === id && this.status(backup) === 'CREATING');
  }
}

/** The input that creates the table again: keys, indexes, throughput and encryption. */
export function definitionOf(table: Table): CreateTableInput {
  const units = ({ capacity }: Table['throughput']) =>
    table.onDemand
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: capacity.read, WriteCapacityUnits: capacity.write } };
  const local = table.indexes.filter(({ throughput }) => !throughput);
  const global = globalIndexes(table);
  const index = ({ name, keySchema, projection }: Table['indexes'][number]) => ({
    IndexName: name,
    KeySchema: [...keySchema],
    Projection: projection,
  });
  return {
    TableName: table.name,
    AttributeDefinitions: [...table.attributeDefinitions],
    KeySchema: [...table.keySchema],
    BillingMode: table.onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...units(table.throughput),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(index) }),
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((one) => ({ ...index(one), ...units(one.throughput) })),
    }),
    ...(table.vectorIndexes.length > 0 && { VectorIndexes: [...table.vectorIndexes] }),
    ...(table.settings.encryption && { SSESpecification: table.settings.encryption }),
  };
}
