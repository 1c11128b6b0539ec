/**
 * The writes that a changed item causes in secondary indexes. dynalite does not charge them.
 * A new, changed or deleted entry costs one write, a changed index key two, and an unchanged projection none (DynamoDB
 * developer guide, "Provisioned throughput considerations for global secondary indexes").
 */
import { isDeepStrictEqual } from 'node:util';
import db from 'dynalite/db/index.js';
import type { Consumption } from './consumption.ts';
import type { Json } from './engine.ts';
import type { Index, Table } from './table.ts';

const BYTES_PER_WRITE = 1024;

export type Item = Readonly<Json>;

export const writeUnits = (item: Item | undefined): number =>
  item ? Math.max(1, Math.ceil(db.itemSize(item) / BYTES_PER_WRITE)) : 1;

export function addIndexWrites(
  consumption: Consumption,
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
): void {
  for (const index of table.indexes) {
    const units = indexUnits(entry(table, index, before), entry(table, index, after), index);
    const of = index.throughput ? consumption.global : consumption.local;
    if (units > 0) of.set(index.name, (of.get(index.name) ?? 0) + units);
  }
}

function indexUnits(before: Item | undefined, after: Item | undefined, index: Index): number {
  if (!before || !after) return before || after ? writeUnits(before ?? after) : 0;
  if (isDeepStrictEqual(before, after)) return 0;
  const moved = keyNames(index).some((name) => !isDeepStrictEqual(before[name], after[name]));
  return moved ? writeUnits(before) + writeUnits(after) : Math.max(writeUnits(before), writeUnits(after));
}

/** The entry of an item in the index. An item without an index key has no entry. */
function entry(table: Table, index: Index, item: Item | undefined): Item | undefined {
  if (!item || !holds(index, item)) return undefined;
  if (index.projection.ProjectionType === 'ALL') return item;
  const names = new Set([
    ...table.keySchema.map((key) => key.AttributeName ?? ''),
    ...keyNames(index),
    ...(index.projection.NonKeyAttributes ?? []),
  ]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

export const holds = (index: Index, item: Item): boolean =>
  keyNames(index).every((name) => item[name] !== undefined);

const keyNames = (index: Index): string[] => index.keySchema.map((key) => key.AttributeName ?? '');
