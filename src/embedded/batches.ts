/**
 * BatchGetItem and BatchWriteItem. Reads are admitted per table, and writes one by one. Throttled requests come back as
 * unprocessed.
 */
import { asRequested, type ConsumedCapacity, consumptionOf, withIndexes } from './consumption.ts';
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
  /** The parts that are admitted or throttled as a whole. */
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
    // dynalite rejects an input that is not a batch.
    if (Object.keys(requests).length === 0) return region.engine.call(kind.operation, wire);
    const { admitted, throttled, release } = admit(region, kind, requests);
    const input = { ...wire, RequestItems: admitted };
    const output = await (kind === WRITE ? write(region, input) : get(region, input)).finally(release);
    const unprocessed = (output[kind.unprocessed] ?? {}) as Requests;
    return { ...output, [kind.unprocessed]: { ...unprocessed, ...throttled } };
  };
}

interface Admission {
  readonly admitted: Requests;
  readonly throttled: Requests;
  readonly release: () => void;
}

/** DynamoDB throws the exception only if it could process nothing. */
function admit(region: Region, kind: Kind, requests: Requests): Admission {
  const { dimension } = kind;
  const wanted = Object.entries(requests).map(([name, of]) => ({
    name,
    of,
    table: region.tables.serving(name),
  }));
  const admitted: Record<string, unknown> = {};
  const rejected: Record<string, unknown> = {};
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
    if (left.length > 0) rejected[name] = kind.joined(left);
  }
  if (error && releases.length === 0) throw error;
  return {
    admitted,
    throttled: rejected,
    release: () => {
      for (const release of releases) release();
    },
  };
}

async function get(region: Region, input: Json): Promise<Json> {
  return settle(region, 'read', input, await forward(region, 'BatchGetItem', input), []);
}

interface Write {
  readonly table: Table;
  readonly key: Item;
  readonly after: Item | undefined;
}

async function write(region: Region, input: Json): Promise<Json> {
  const all = writesOf(region, input.RequestItems as Record<string, WriteRequest[]>);
  const locks = new Set(all.map(({ table, key }) => itemLock(table, key)));
  const writes = all.filter(({ table }) => table.indexes.length > 0);
  return region.locks.run([...locks], async () => {
    const before = await Promise.all(writes.map(({ table, key }) => itemAt(region, table, key)));
    const output = await forward(region, 'BatchWriteItem', input);
    const changes = writes.map((write, i) => ({ ...write, before: before[i] }));
    return settle(region, 'write', input, output, changes);
  });
}

function writesOf(region: Region, requests: Record<string, WriteRequest[]>): Write[] {
  return Object.entries(requests).flatMap(([name, writes]) => {
    const table = region.tables.serving(name);
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
    ReturnConsumedCapacity: withIndexes(input.ReturnConsumedCapacity),
  });
}

/** Charges every table for its part, and returns the requested ConsumedCapacity. */
function settle(
  region: Region,
  dimension: Dimension,
  input: Json,
  output: Json,
  changes: readonly (Write & { before: Item | undefined })[],
): Json {
  const { ConsumedCapacity: consumed, ...rest } = output;
  const requested = ((consumed ?? []) as ConsumedCapacity[]).flatMap((capacity) => {
    const table = region.tables.find(capacity.TableName ?? '');
    if (!table) return [];
    const consumption = consumptionOf(capacity);
    for (const change of changes)
      if (change.table === table) addIndexWrites(consumption, table, change.before, change.after);
    charge(region, table, dimension, consumption);
    return asRequested(consumption, table.name, input.ReturnConsumedCapacity) ?? [];
  });
  return requested.length > 0 ? { ...rest, ConsumedCapacity: requested } : rest;
}
