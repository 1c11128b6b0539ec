/** Replicas by the rules of global tables of version 2019.11.21. Their states are kept. Items are not copied. */
import type {
  CreateReplicationGroupMemberAction,
  CreateTableInput,
  ReplicationGroupUpdate,
  UpdateTableInput,
} from '@aws-sdk/client-dynamodb';
import { DAY_MS } from '../core/calendar/period.ts';
import { addTable } from './create-table.ts';
import { startDeletion } from './delete-table.ts';
import { describe } from './describe.ts';
import type { Json } from './engine.ts';
import { inUse, validation } from './failure.ts';
import type { Region } from './region.ts';
import { globalIndexes, type ReplicaGroup, type Table } from './table.ts';

/** A table as DescribeTable returns it, with its replicas. */
export function describeIn(region: Region, table: Table): Json {
  const others = [...(settled(region, table)?.regions ?? [])].filter(([name]) => name !== region.name);
  if (others.length === 0) return describe(table, region.now());
  return {
    ...describe(table, region.now()),
    GlobalTableVersion: '2019.11.21',
    Replicas: others.map(([name, { status, kmsKey, tableClass }]) => ({
      RegionName: name,
      ReplicaStatus: status ?? statusOf(region.elsewhere(name), table),
      ...(kmsKey && { KMSMasterKeyId: kmsKey }),
      ...(tableClass && { ReplicaTableClassSummary: { TableClass: tableClass } }),
    })),
  };
}

function statusOf(region: Region, { name }: Table): string {
  const copy = region.tables.find(name);
  return copy?.impaired?.status ?? copy?.change?.status ?? 'ACTIVE';
}

/** The group without replicas that are gone. The last table that is left is an ordinary one. */
function settled(region: Region, table: Table): ReplicaGroup | undefined {
  const { group } = table;
  if (!group) return undefined;
  for (const [name, { status }] of group.regions)
    if (status === undefined && !region.elsewhere(name).tables.find(table.name)) group.regions.delete(name);
  if (group.regions.size < 2) table.group = undefined;
  return table.group;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
export async function updateReplicas(
  region: Region,
  table: Table,
  { TableName, ReplicaUpdates = [], ...others }: UpdateTableInput & Json,
): Promise<Json> {
  const [update, ...more] = ReplicaUpdates;
  if (!update || more.length > 0 || Object.keys(update).length !== 1)
    throw validation('One Replica Update of one kind is allowed in a call.');
  if (Object.keys(others).length > 0)
    throw validation('Replica Updates and other changes of a table are not allowed in one call.');
  await apply(region, table, update);
  return { TableDescription: describeIn(region, table) };
}

function apply(region: Region, table: Table, update: ReplicationGroupUpdate): Promise<void> {
  if (update.Create) return add(region, table, update.Create);
  if (update.Delete) return remove(region, table, update.Delete.RegionName ?? '');
  throw validation('The embedded AWS does not support this Replica Update. Nothing was changed.');
}

async function add(region: Region, table: Table, input: CreateReplicationGroupMemberAction): Promise<void> {
  const name = input.RegionName ?? '';
  const group: ReplicaGroup = settled(region, table) ?? { regions: new Map([[region.name, {}]]) };
  rejectReplica(region, table, group, name);
  const entry = { kmsKey: input.KMSMasterKeyId, tableClass: input.TableClassOverride };
  table.group = group;
  if (region.failing.has(name)) {
    group.regions.set(name, { ...entry, status: 'CREATION_FAILED' });
    return;
  }
  const other = region.elsewhere(name);
  const creating = { ...other, createTableMs: region.createReplicaMs };
  const copy = await addTable(creating, copyOf(table, input), {});
  copy.group = group;
  group.regions.set(name, entry);
  copyTimeToLive(region, table);
  table.sourceAt = region.now();
  keepUpdating(region, table, region.createReplicaMs);
}

function rejectReplica(region: Region, table: Table, group: ReplicaGroup, name: string): void {
  if (group.regions.has(name))
    throw validation(`Replica specified in the Replica Update already exists: ${name}`);
  if (!table.onDemand)
    throw validation('Table write capacity should either be Pay-Per-Request or AutoScaled.');
  // DynamoDB's own words are not documented.
  if (table.settings.stream?.specification.StreamViewType !== 'NEW_AND_OLD_IMAGES')
    throw validation('The table needs a stream with the view type NEW_AND_OLD_IMAGES.');
  if (region.elsewhere(name).tables.find(table.name))
    throw validation(
      `Failed to create a the new replica of table with name: '${table.name}' because one or more replicas already existed as tables.`,
    );
}

/** Without what DynamoDB does not copy: tags, deletion protection, recovery and resource policies. */
function copyOf(table: Table, { KMSMasterKeyId, TableClassOverride }: CreateReplicationGroupMemberAction) {
  const { settings } = table;
  const global = globalIndexes(table);
  const local = table.indexes.filter(({ throughput }) => !throughput);
  const indexOf = ({ name, keySchema, projection }: Table['indexes'][number]) => ({
    IndexName: name,
    KeySchema: [...keySchema],
    Projection: projection,
  });
  const TableClass = TableClassOverride ?? settings.tableClass;
  const input: CreateTableInput = {
    TableName: table.name,
    AttributeDefinitions: [...table.attributeDefinitions],
    KeySchema: [...table.keySchema],
    BillingMode: 'PAY_PER_REQUEST',
    ...(global.length > 0 && { GlobalSecondaryIndexes: global.map(indexOf) }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(indexOf) }),
    ...(table.vectorIndexes.length > 0 && { VectorIndexes: [...table.vectorIndexes] }),
    ...(settings.stream && { StreamSpecification: settings.stream.specification }),
    ...(settings.encryption && {
      SSESpecification: { ...settings.encryption, ...(KMSMasterKeyId && { KMSMasterKeyId }) },
    }),
    ...(TableClass && { TableClass }),
  };
  return input;
}

async function remove(region: Region, table: Table, name: string): Promise<void> {
  const entry = settled(region, table)?.regions.get(name);
  if (!entry || name === region.name)
    throw validation(
      'Replica specified in the Replica Update or Replica Delete action of the request was not found.',
    );
  if (entry.status === 'CREATION_FAILED') {
    table.group?.regions.delete(name);
    return;
  }
  const other = region.elsewhere(name);
  const copy = other.tables.get(table.name);
  if (copy.change)
    throw inUse(`Attempt to change a resource which is still in use: Replica is changing: ${name}`);
  if (copy.impaired) throw validation(`The replica is ${copy.impaired.status}: ${name}`);
  if (copy.settings.deletionProtection)
    throw validation(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  rejectSource(copy, region.now());
  await startDeletion(other, copy);
  keepUpdating(region, table, other.deleteTableMs);
}

/** DynamoDB deletes the source of a replica after a day at the earliest. */
export function rejectSource({ sourceAt = -Infinity }: Table, now: number): void {
  if (now < sourceAt + DAY_MS)
    throw validation(
      'Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.',
    );
}

function keepUpdating(region: Region, table: Table, lastsMs: number): void {
  const endsAt = region.elapsed() + lastsMs;
  region.tables.begin(table, { status: 'UPDATING', endsAt, indexes: [], finish: () => {} });
}

/** Gives all replicas of a table its time to live, which DynamoDB keeps the same. */
export function copyTimeToLive(region: Region, { name, group, settings }: Table): void {
  for (const other of group?.regions.keys() ?? []) {
    const copy = region.elsewhere(other).tables.find(name);
    if (copy)
      Object.assign(copy.settings, {
        timeToLiveAttribute: settings.timeToLiveAttribute,
        timeToLiveChangedAt: settings.timeToLiveChangedAt,
      });
  }
}
