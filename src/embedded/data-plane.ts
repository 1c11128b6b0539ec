/** Reads and writes of single tables. dynalite handles them, and they are metered by their real consumption. */
import {
  asRequested,
  type ConsumedCapacity,
  type Consumption,
  consumptionOf,
  withIndexes,
} from './consumption.ts';
import type { Json } from './engine.ts';
import { AwsError, notEmbedded, validation } from './failure.ts';
import { addIndexWrites, holds, type Item, writeUnits } from './index-writes.ts';
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
import { globalIndexes, type Table } from './table.ts';
import { tableNameOf } from './wire.ts';

export function dataPlane(region: Region): Operations {
  const reads = ['GetItem', 'Query', 'Scan'].map((name) => [name, read(region, name)] as const);
  const writes = ['PutItem', 'UpdateItem', 'DeleteItem'].map((name) => [name, write(region, name)] as const);
  return Object.fromEntries([...reads, ...writes]);
}

function read(region: Region, operation: string): Operation {
  return async (wire) => {
    const table = region.tables.serving(tableNameOf(wire));
    const index = globalIndexes(table).find(({ name }) => name === wire.IndexName);
    if (index?.build?.status === 'CREATING')
      throw validation(`Cannot read from backfilling global secondary index: ${index.name}`);
    if (index?.added) throw notEmbedded('reading an index that was added to an existing table');
    // A query of a global index consumes the capacity of the index, not of the table.
    const release = admit(region, table, 'read', [index?.name]);
    const { output, consumption } = await forward(region, operation, table, wire).finally(release);
    charge(region, table, 'read', consumption);
    return answer(output, consumption, table, wire);
  };
}

function write(region: Region, operation: string): Operation {
  return async (wire) => {
    const table = region.tables.serving(tableNameOf(wire));
    const release = admit(region, table, 'write', writeSpenders(table, wire.Item as Item | undefined));
    const key = keyOf(table, (wire.Key ?? wire.Item ?? {}) as Item);
    const work = async () => {
      const indexed = table.indexes.length > 0;
      const before = indexed ? await itemAt(region, table, key) : undefined;
      const { output, consumption } = await forwardWrite(region, operation, table, wire, key);
      if (indexed)
        addIndexWrites(consumption, table, before, await after(region, operation, table, wire, key));
      charge(region, table, 'write', consumption);
      return answer(output, consumption, table, wire);
    };
    // The charge of an index depends on the item before the write, and a transaction on all of its items, so no other
    // write may change it meanwhile.
    return region.locks.run([itemLock(table, key)], work).finally(release);
  };
}

/** A failed condition is charged by the size of the existing item, and at least one unit. */
async function forwardWrite(region: Region, operation: string, table: Table, wire: Json, key: Item) {
  try {
    return await forward(region, operation, table, wire);
  } catch (error) {
    if (!(error instanceof AwsError && error.type === 'ConditionalCheckFailedException')) throw error;
    const existing = await itemAt(region, table, key);
    charge(region, table, 'write', { ...consumptionOf(undefined), table: writeUnits(existing) });
    throw wire.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && existing
      ? new AwsError(error.type, error.message, error.status, { ...error.members, Item: existing })
      : error;
  }
}

async function forward(region: Region, operation: string, table: Table, wire: Json) {
  const ReturnConsumedCapacity = withIndexes(wire.ReturnConsumedCapacity);
  const output = await region.engine.call(operation, {
    ...wire,
    TableName: table.name,
    ReturnConsumedCapacity,
  });
  return { output, consumption: consumptionOf(output.ConsumedCapacity as ConsumedCapacity | undefined) };
}

function answer(output: Json, consumption: Consumption, table: Table, wire: Json): Json {
  const { ConsumedCapacity: _, ...rest } = output;
  const ConsumedCapacity = asRequested(consumption, table.name, wire.ReturnConsumedCapacity);
  return ConsumedCapacity ? { ...rest, ConsumedCapacity } : rest;
}

/** Throws if the burst capacity is used up. Otherwise, the request is running until the returned function is called. */
function admit(region: Region, table: Table, dimension: Dimension, spenders: readonly Spender[]): () => void {
  const throttled = exhausted(region, table, dimension, spenders);
  if (throttled.length === 0) return reserve(region, table, dimension, spenders, 1);
  recordThrottle(region, table, dimension, throttled, 1);
  throw throttledError(table, dimension, throttled);
}

/** The indexes that a write can change: those that contain the new item, or all of them if only the key is known. */
export function writeSpenders(table: Table, item: Item | undefined): Spender[] {
  const indexes = globalIndexes(table).filter((index) => !item || holds(index, item));
  return [undefined, ...indexes.map((index) => index.name)];
}

async function after(region: Region, operation: string, table: Table, wire: Json, key: Item) {
  if (operation === 'PutItem') return wire.Item as Item;
  return operation === 'DeleteItem' ? undefined : itemAt(region, table, key);
}

/** Reads an item without metering. An invalid key has no item, and the operation itself reports it. */
export async function itemAt(region: Region, table: Table, key: Item): Promise<Item | undefined> {
  const input = { TableName: table.name, Key: key, ConsistentRead: true };
  const { Item: item } = await region.engine.call('GetItem', input).catch((): Json => ({}));
  return item as Item | undefined;
}

export function keyOf(table: Table, attributes: Item): Item {
  const names = table.keySchema.map((key) => key.AttributeName ?? '');
  return Object.fromEntries(names.map((name) => [name, attributes[name]]));
}

export const itemLock = (table: Table, key: Item): string => `item ${table.name} ${JSON.stringify(key)}`;
