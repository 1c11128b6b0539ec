import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { stateTableName } from '../core/calendar/naming.ts';
import { isFailure } from '../core/failure.ts';
import { NoStateTable } from '../core/no-state-table.ts';
import type { StateStore } from '../ports.ts';
import { closingFrom, closingItem } from './closing-items.ts';
import { translated } from './errors.ts';
import { historyBetween, openHolds, writeHistory } from './history-items.ts';
import { initialize } from './initialize.ts';
import { layoutFrom, writeLayout } from './layout-items.ts';
import { acquire, leaseFrom, release } from './leases.ts';
import { OLD_SUSPENSION, oldSuspensions, rejectOldSuspension } from './old-suspension.ts';
import { retentionFrom, retentionItem } from './retention-items.ts';
import { runFrom, runItem } from './run-items.ts';
import {
  memoryFrom,
  memoryItem,
  ownershipFrom,
  ownershipItem,
  scheduledDeletionFrom,
  suspensionFrom,
  validConfigFrom,
  validConfigItem,
} from './state-items.ts';
import {
  type Item,
  type Kind,
  key,
  putRecord,
  putUnordered,
  readKind,
  readRecords,
  removeRecord,
} from './state-records.ts';

/**
 * Leases, scheduled deletions, suspensions, memories, retentions, the mark of a closed environment, records of runs and drills, the newest valid configuration, and the history. They are items of one small on-demand table whose key is
 * `Kind` and `Id`. Of what version 0.1.0 wrote, deletions and memories have other kinds or names and are ignored.
 */
export function awsState(client: DynamoDBClient, environment: string): StateStore {
  const TableName = stateTableName(environment);
  const explained = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await translated(call);
    } catch (error) {
      if (isFailure(error, 'not-found')) throw new NoStateTable(environment, { cause: error });
      throw error;
    }
  };
  const put = (kind: Kind, id: string, attributes: Item) =>
    explained(() => putRecord(client, TableName, kind, id, attributes));
  const some = (kind: Kind, ids: readonly string[] | undefined) =>
    ids ? readRecords(client, TableName, kind, ids) : readKind(client, TableName, kind);
  const remove = (kind: Kind, id: string) => explained(() => removeRecord(client, TableName, kind, id));
  const removeOldSuspension = (id: string) =>
    explained(async () => {
      await client.send(new DeleteItemCommand({ TableName, Key: key(OLD_SUSPENSION, id) }));
    });

  return {
    acquire: (lease, now, expiresAt) => explained(() => acquire(client, TableName, lease, now, expiresAt)),
    release: (lease) => explained(() => release(client, TableName, lease)),
    leases: () =>
      explained(async () =>
        (await readKind(client, TableName, 'lease')).flatMap((item) => leaseFrom(item) ?? []),
      ),
    scheduledDeletions: (purpose) =>
      explained(async () => {
        if (purpose !== 'to-cancel') await rejectOldSuspension(client, TableName);
        const items = await readKind(client, TableName, 'scheduled-deletion');
        return items.flatMap((item) => scheduledDeletionFrom(item) ?? []);
      }),
    scheduleDeletion: ({ table, createdAt, scheduledAt, closedAt }) =>
      put('scheduled-deletion', table, {
        CreatedAt: { N: String(createdAt) },
        ScheduledAt: { N: String(scheduledAt) },
        ...(closedAt !== undefined && { ClosedAt: { N: String(closedAt) } }),
      }),
    cancelDeletion: (table) => remove('scheduled-deletion', table),
    suspensions: (purpose) =>
      explained(async () => {
        const items = await readKind(client, TableName, 'suspension');
        const old = purpose === 'to-resume' ? await oldSuspensions(client, TableName) : [];
        return [...items.flatMap((item) => suspensionFrom(item) ?? []), ...old];
      }),
    suspend: async ({ what, since, until, reason, by }) => {
      await put('suspension', what, {
        Since: { N: String(since) },
        ...(until !== undefined && { Until: { N: String(until) } }),
        ...(reason !== undefined && { Reason: { S: reason } }),
        ...(by !== undefined && { By: { S: by } }),
      });
      await removeOldSuspension(what);
    },
    resume: async (what) => {
      await remove('suspension', what);
      await removeOldSuspension(what);
    },
    shards: () =>
      explained(async () => {
        const items = await readKind(client, TableName, 'lease');
        const leases = items.flatMap((item) => leaseFrom(item) ?? []);
        return { layout: layoutFrom(items), leases };
      }),
    recordLayout: (layout, before) => explained(() => writeLayout(client, TableName, layout, before)),
    memories: (ids) => explained(async () => new Map((await some('memory', ids)).map(memoryFrom))),
    remember: (group, memory) => put('memory', group, memoryItem(memory)),
    rememberAll: (memories) =>
      explained(() => {
        const records = [...memories].map(([group, memory]) => [group, memoryItem(memory)] as const);
        return putUnordered(client, TableName, 'memory', records);
      }),
    retentions: () =>
      explained(async () => {
        const items = await readKind(client, TableName, 'retention');
        return new Map(items.map(retentionFrom).filter((one) => one !== undefined));
      }),
    recordRetention: (group, retention) => put('retention', group, retentionItem(retention)),
    seen: (kind, groups) => explained(async () => new Map((await some(kind, groups)).map(ownershipFrom))),
    rememberSeen: (kind, group, seen) => put(kind, group, ownershipItem(seen)),
    closing: () =>
      explained(async () => {
        const [item] = await readKind(client, TableName, 'closing');
        return item && closingFrom(item, environment);
      }),
    close: (closing) => put('closing', environment, closingItem(closing)),
    reopen: () =>
      explained(async () => {
        const items = await readKind(client, TableName, 'closing');
        for (const { Id } of items) await removeRecord(client, TableName, 'closing', Id?.S ?? '');
      }),
    validConfig: () =>
      explained(async () => {
        const [item] = await readKind(client, TableName, 'config');
        return item && validConfigFrom(item);
      }),
    recordValidConfig: (valid) => put('config', 'newest-valid', validConfigItem(valid)),
    drills: () =>
      explained(async () => {
        const items = await readKind(client, TableName, 'drill');
        return new Map(items.map(({ Id, Drill }) => [Id?.S ?? '', Drill?.S ?? '']));
      }),
    rememberDrill: (group, drill) => put('drill', group, { Drill: { S: drill } }),
    openHolds: (job) => explained(() => openHolds(client, TableName, job)),
    recordHistory: (records) => explained(() => writeHistory(client, TableName, records)),
    history: (from, to) => explained(() => historyBetween(client, TableName, from, to)),
    runs: () => explained(async () => new Map((await readKind(client, TableName, 'run')).map(runFrom))),
    recordRun: (job, record) => put('run', job, runItem(record)),
    initialize: () => translated(() => initialize(client, TableName)),
  };
}
