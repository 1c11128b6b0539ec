/**
 * TransactWriteItems and TransactGetItems, which dynalite does not have.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html, …API_TransactGetItems.html
 * The items of a transaction are locked. All conditions are checked before the first write, and a write that then fails
 * undoes those before it. A read of one item without a transaction might see a write that is undone.
 */
import { type Consumption, consumptionOf } from './consumption.ts';
import { itemAt, itemLock, keyOf } from './data-plane.ts';
import type { Json } from './engine.ts';
import { validation } from './failure.ts';
import { addIndexWrites, type Item } from './index-writes.ts';
import type { Operation, Operations, Region } from './region.ts';
import type { Table } from './table.ts';
import { Tokens } from './tokens.ts';
import { settle } from './transaction-cost.ts';
import { admit, canceled, cancelUnlessNone, NONE, type Reason, reasonOf } from './transaction-reasons.ts';
import { tableNameOf } from './wire.ts';

const MOST_ITEMS = 100;
/** A part of a transaction. `operation`: dynalite's operation that does the same without a transaction. */
interface Part {
  readonly operation: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'GetItem' | 'ConditionCheck';
  readonly wire: Json;
  readonly table: Table;
  readonly key: Item;
}

const OPERATIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
} as const;

export function transactions(region: Region): Operations {
  const tokens = new Tokens(region.now);
  const writing: Operation = async (input) => {
    const all = partsOf(region, input.TransactItems, OPERATIONS);
    return region.locks.run(locksOf(all), () => write(region, all, input));
  };
  return {
    TransactWriteItems: (input) => tokens.once(input, writing),
    TransactGetItems: async (input) => {
      const all = partsOf(region, input.TransactItems, { Get: 'GetItem' });
      return region.locks.run(locksOf(all), () => read(region, all, input));
    },
  };
}

const locksOf = (parts: readonly Part[]): string[] => parts.map(({ table, key }) => itemLock(table, key));

function partsOf(
  region: Region,
  items: unknown,
  operations: Readonly<Record<string, Part['operation']>>,
): Part[] {
  const given = (items ?? []) as Record<string, Json>[];
  if (given.length === 0 || given.length > MOST_ITEMS)
    throw validation(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${MOST_ITEMS}, inclusive`,
    );
  const parts = given.map((one): Part => {
    const [[name = '', wire] = [], ...others] = Object.entries(one);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation || !wire || others.length > 0)
      throw validation(`TransactItems can only contain one of ${Object.keys(operations).join(', ')}`);
    const table = region.tables.serving(tableNameOf(wire));
    return { operation, wire, table, key: keyOf(table, (wire.Key ?? wire.Item ?? {}) as Item) };
  });
  if (new Set(locksOf(parts)).size < parts.length)
    throw validation('Transaction request cannot include multiple operations on one item');
  return parts;
}

async function write(region: Region, parts: readonly Part[], input: Json): Promise<Json> {
  admit(region, 'write', parts);
  const before = await Promise.all(parts.map(({ table, key }) => itemAt(region, table, key)));
  cancelUnlessNone(await Promise.all(parts.map((part, i) => checked(region, part, before[i]))));
  const consumed: Consumption[] = [];
  for (const [i, part] of parts.entries()) {
    try {
      consumed.push(await apply(region, part, before[i]));
    } catch (error) {
      for (const [j, done] of parts.slice(0, i).entries()) await undo(region, done, before[j]);
      throw canceled(parts.map((_, j) => (j === i ? reasonOf(error) : NONE)));
    }
  }
  return settle(region, 'write', parts, consumed, input);
}

/** The expression attributes that one expression uses. dynalite rejects others. */
function attributesOf(wire: Json, expression: unknown): Json {
  const used = new Set(String(expression).match(/[#:]\w+/g));
  const only = (all: unknown) => Object.entries(all ?? {}).filter(([name]) => used.has(name));
  return Object.fromEntries(
    ['ExpressionAttributeNames', 'ExpressionAttributeValues'].flatMap((member) => {
      const entries = only(wire[member]);
      return entries.length > 0 ? [[member, Object.fromEntries(entries)]] : [];
    }),
  );
}

/** Checks a condition by a write that changes nothing: of the item that exists, or the deletion of one that does not. */
async function checked(region: Region, { table, wire, key }: Part, before?: Item): Promise<Reason> {
  const { ConditionExpression, ReturnValuesOnConditionCheckFailure: returned } = wire;
  if (ConditionExpression === undefined) return NONE;
  const condition = { ConditionExpression, ...attributesOf(wire, ConditionExpression) };
  const target = before ? { Item: before } : { Key: key };
  try {
    await region.engine.call(before ? 'PutItem' : 'DeleteItem', {
      TableName: table.name,
      ...target,
      ...condition,
    });
    return NONE;
  } catch (error) {
    return { ...reasonOf(error), ...(returned === 'ALL_OLD' && before && { Item: before }) };
  }
}

async function apply(region: Region, part: Part, before?: Item): Promise<Consumption> {
  const { operation, table, wire, key } = part;
  if (operation === 'ConditionCheck') return { ...consumptionOf(undefined), table: 1 };
  const { ReturnValuesOnConditionCheckFailure: _, ...own } = wire;
  const input = { ...own, TableName: table.name, ReturnConsumedCapacity: 'INDEXES' };
  const { ConsumedCapacity } = await region.engine.call(operation, input);
  const consumption = consumptionOf(ConsumedCapacity as Parameters<typeof consumptionOf>[0]);
  if (table.indexes.length > 0) addIndexWrites(consumption, table, before, await itemAt(region, table, key));
  return consumption;
}

async function undo(region: Region, { table, key }: Part, before?: Item): Promise<void> {
  const TableName = table.name;
  if (before) await region.engine.call('PutItem', { TableName, Item: before });
  else await region.engine.call('DeleteItem', { TableName, Key: key });
}

async function read(region: Region, parts: readonly Part[], input: Json): Promise<Json> {
  admit(region, 'read', parts);
  const answers = await Promise.all(
    parts.map(({ table, wire }) =>
      region.engine.call('GetItem', {
        ...wire,
        TableName: table.name,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'INDEXES',
      }),
    ),
  );
  const Responses = answers.map(({ Item: item }) => (item ? { Item: item } : {}));
  const consumed = answers.map((one) => consumptionOf(one.ConsumedCapacity as object | undefined));
  return { Responses, ...settle(region, 'read', parts, consumed, input) };
}
