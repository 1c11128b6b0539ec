import { retentionFrom } from '../src/aws/retention-items.ts';
import { tableOfStream } from '../src/core/streams.ts';
import type { Effect, Throughput } from './run.ts';

type Json = Record<string, unknown>;

interface Provisioned {
  readonly IndexName?: string;
  readonly ProvisionedThroughput?: { ReadCapacityUnits: number; WriteCapacityUnits: number };
}

const changes: ReadonlySet<string> = new Set([
  'UpdateTimeToLive',
  'UpdateContinuousBackups',
  'EnableKinesisStreamingDestination',
  'TagResource',
  'UntagResource',
]);

/** The change that an operation requests. undefined if it only reads, or takes a lease. */
export function effectOf(operation: string, input: Json): Effect | undefined {
  const table = String(input.TableName ?? input.ResourceArn ?? input.TableArn ?? '').replace(/^.*\//, '');
  switch (operation) {
    case 'CreateTable':
      return { kind: 'create', table, ...creationOf(input) };
    case 'CreateEventSourceMapping':
      return { kind: 'change', table: tableOfStream(String(input.EventSourceArn))?.name ?? '', operation };
    case 'CreateBackup':
      return { kind: 'back-up', table };
    case 'ExportTableToPointInTime':
      return { kind: 'archive', table };
    case 'DeleteTable':
      return { kind: 'delete', table };
    case 'UpdateTable': {
      if (input.DeletionProtectionEnabled === false) return { kind: 'unprotect', table };
      const to = throughputOf(input);
      const resizes = to.length > 0 && input.BillingMode === undefined;
      if (resizes) return { kind: 'resize', table, to };
      const what = input.BillingMode === undefined ? operation : `${operation} of the billing mode`;
      return { kind: 'change', table, operation: what };
    }
    case 'PutItem':
      return stateEffectOf(input.Item as Item);
    case 'DeleteItem': {
      const { Kind, Id } = input.Key as Record<string, { S?: string }>;
      return Kind?.S === 'scheduled-deletion' ? { kind: 'cancel-deletion', table: Id?.S ?? '' } : undefined;
    }
    default:
      return changes.has(operation) ? { kind: 'change', table, operation } : undefined;
  }
}

type Item = Record<string, { S: string }> & Record<string, { N: string }>;

function stateEffectOf(item: Item): Effect | undefined {
  if (item.Kind?.S !== 'retention') return scheduledDeletionOf(item);
  const [group, retention] = retentionFrom(item) ?? [];
  return retention && { kind: 'record-retention', table: '', group: group ?? '', retention };
}

function scheduledDeletionOf({ Kind, Id, CreatedAt, ScheduledAt }: Item): Effect | undefined {
  if (Kind?.S !== 'scheduled-deletion') return undefined;
  const [createdAt, scheduledAt] = [Number(CreatedAt?.N), Number(ScheduledAt?.N)];
  return { kind: 'schedule-deletion', table: Id?.S ?? '', createdAt, scheduledAt } as const;
}

/** The throughput of the table and its indexes in an input of CreateTable or UpdateTable. */
export function throughputOf(input: Json): Throughput[] {
  const updates = (input.GlobalSecondaryIndexUpdates ?? []) as { Update?: Provisioned }[];
  const indexes = (input.GlobalSecondaryIndexes ?? []) as Provisioned[];
  const all = [input as Provisioned, ...indexes, ...updates.map(({ Update = {} }) => Update)];
  return all.flatMap(({ IndexName: index, ProvisionedThroughput: units }) =>
    units
      ? [{ ...(index && { index }), read: units.ReadCapacityUnits, write: units.WriteCapacityUnits }]
      : [],
  );
}

/** What an input of CreateTable says of the new table. */
export const creationOf = (input: Json) => ({
  tags: tagsOf(input.Tags),
  throughput: throughputOf(input),
  protected: input.DeletionProtectionEnabled === true,
});

/** The tags in an input of CreateTable. */
function tagsOf(tags: unknown): Record<string, string> {
  const list = (tags ?? []) as readonly { Key: string; Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}
