/**
 * BatchGetItem and BatchWriteItem: reads are admitted table by table, writes one by one; what is throttled comes back
 * as unprocessed.
 */
import { asAsked, type ConsumedCapacity, consumptionOf, inFull } from './consumption.ts';
import { itemAt, itemLock, keyOf, writeSpenders } from './data-plane.ts';
import type { Json } from './engine.ts';
import { addIndexWrites, type Item } from './index-writes.ts';
import {
  charge,
  type Dimension,
  exhausted,
  recordThrottle,
  reserve,
  type Spender,
  throttledError,
} from './meter.ts';
import type { Operation, Operations, Region } from './region.ts';
import type { Table } from './table.ts';

interface WriteRequest {
  PutRequest?: { Item?: Item };
  DeleteRequest?: { Key?: Item };
}

type Requests = Readonly<Record<string, unknown>>;

interface Kind {
  readonly operation: 'BatchGetItem' | 'BatchWriteItem';
  readonly dimension: Dimension;
  readonly unprocessed: 'UnprocessedKeys' | 'UnprocessedItems';
  /** What is admitted or refused as a whole. */
  readonly parts: (table: Table, requests: unknown) => Part[];
  readonly joined: (parts: readonly Part[]) => unknown;
}

interface Part {
  readonly of: unknown;
  readonly items: number;
  readonly spenders: readonly Spender[];
}

const GET: Kind = {
  operation: 'BatchGetItem',
  dimension: 'read',
  unprocessed: 'UnprocessedKeys',
  parts: (_, requests) => [
    { of: requests, items: (requests as { Keys?: unknown[] }).Keys?.length ?? 0, spenders: [undefined] },
  ],
  joined: ([part]) => part?.of,
};

const WRITE: Kind = {
  operation: 'BatchWriteItem',
  dimension: 'write',
  unprocessed: 'UnprocessedItems',
  parts: (table, requests) =>
    (requests as WriteRequest[]).map((of) => ({
      of,
      items: 1,
      spenders: writeSpenders(table, of.PutRequest?.Item),
    })),
  joined: (parts) => parts.map(({ of }) => of),
};

export const batches = (region: Region): Operations => ({
  BatchGetItem: batch(region, GET),
  BatchWriteItem: batch(region, WRITE),
});

function batch(region: Region, kind: Kind): Operation {
  return async (wire) => {
    const requests = (wire.RequestItems ?? {}) as Requests;
    // What is no batch at all is dynalite's to refuse.
    if (Object.keys(requests).length === 0) return region.engine.call(kind.operation, wire);
    const { admitted, refused, release } = admit(region, kind, requests);
    const input = { ...wire, RequestItems: admitted };
    const output = await (kind === WRITE ? write(region, input) : get(region, input)).finally(release);
    const unprocessed = (output[kind.unprocessed] ?? {}) as Requests;
    return { ...output, [kind.unprocessed]: { ...unprocessed, ...refused } };
  };
}

interface Admission {
  readonly admitted: Requests;
  readonly refused: Requests;
  readonly release: () => void;
}

/** DynamoDB answers with the exception only where it could process nothing at all. */
function admit(region: Region, kind: Kind, requests: Requests): Admission {
  const { dimension } = kind;
  const wanted = Object.entries(requests).map(([name, of]) => ({
    name,
    of,
    table: region.tables.serving(name),
  }));
  const admitted: Record<string, unknown> = {};
  const refused: Record<string, unknown> = {};
  const releases: (() => void)[] = [];
  let error: Error | undefined;
  for (const { name, of, table } of wanted) {
    const taken: Part[] = [];
    const left: Part[] = [];
    for (const part of kind.parts(table, of)) {
      const throttled = exhausted(region, table, dimension, part.spenders);
      if (throttled.length === 0) {
        taken.push(part);
        releases.push(reserve(region, table, dimension, part.spenders, part.items));
      } else {
        left.push(part);
        recordThrottle(region, table, dimension, throttled, part.items);
        error ??= throttledError(table, dimension, throttled);
      }
    }
    if (taken.length > 0) admitted[name] = kind.joined(taken);
    if (left.length > 0) refused[name] = kind.joined(left);
  }
  if (error && releases.length === 0) throw error;
  return {
    admitted,
    refused,
    release: () => {
      for (const release of releases) release();
    },
  };
}

async function get(region: Region, input: Json): Promise<Json> {
  return settle(region, 'read', input, await forward(region, 'BatchGetItem', input), []);
}

interface IndexedWrite {
  readonly table: Table;
  readonly key: Item;
  readonly after: Item | undefined;
}

async function write(region: Region, input: Json): Promise<Json> {
  const writes = indexedWrites(region, input.RequestItems as Record<string, WriteRequest[]>);
  const locks = new Set(writes.map(({ table, key }) => itemLock(table, key)));
  return region.locks.run([...locks], async () => {
    const before = await Promise.all(writes.map(({ table, key }) => itemAt(region, table, key)));
    const output = await forward(region, 'BatchWriteItem', input);
    const changes = writes.map((write, i) => ({ ...write, before: before[i] }));
    return settle(region, 'write', input, output, changes);
  });
}

function indexedWrites(region: Region, requests: Record<string, WriteRequest[]>): IndexedWrite[] {
  return Object.entries(requests).flatMap(([name, writes]) => {
    const table = region.tables.serving(name);
    if (table.indexes.length === 0) return [];
    return writes.map(({ PutRequest: put, DeleteRequest: remove }) => ({
      table,
      key: keyOf(table, put?.Item ?? remove?.Key ?? {}),
      after: put?.Item,
    }));
  });
}

function forward(region: Region, operation: string, input: Json): Promise<Json> {
  return region.engine.call(operation, {
    ...input,
    ReturnConsumedCapacity: inFull(input.ReturnConsumedCapacity),
  });
}

/** Charges every table for its part and gives the caller the ConsumedCapacity asked for. */
function settle(
  region: Region,
  dimension: Dimension,
  input: Json,
  output: Json,
  changes: readonly (IndexedWrite & { before: Item | undefined })[],
): Json {
  const { ConsumedCapacity: consumed, ...rest } = output;
  const asked = ((consumed ?? []) as ConsumedCapacity[]).flatMap((capacity) => {
    const table = region.tables.find(capacity.TableName ?? '');
    if (!table) return [];
    const consumption = consumptionOf(capacity);
    for (const change of changes)
      if (change.table === table) addIndexWrites(consumption, table, change.before, change.after);
    charge(region, table, dimension, consumption);
    return asAsked(consumption, table.name, input.ReturnConsumedCapacity) ?? [];
  });
  return asked.length > 0 ? { ...rest, ConsumedCapacity: asked } : rest;
}
