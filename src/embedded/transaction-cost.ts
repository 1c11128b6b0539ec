/** What a transaction consumes: twice the capacity of its reads or writes. */
import { asRequested, type Consumption, consumptionOf } from './consumption.ts';
import type { Json } from './engine.ts';
import { charge, type Dimension } from './meter.ts';
import type { Region } from './region.ts';
import type { Table } from './table.ts';

const COST = 2;

/** Charges every table for its part, and returns the requested ConsumedCapacity, one for each table. */
export function settle(
  region: Region,
  dimension: Dimension,
  parts: readonly { readonly table: Table }[],
  consumed: readonly Consumption[],
  input: Json,
): Json {
  const totals = new Map<Table, Consumption>();
  for (const [i, { table }] of parts.entries()) {
    const total = totals.get(table) ?? consumptionOf(undefined);
    totals.set(table, plus(total, consumed[i]!));
  }
  for (const [table, total] of totals) charge(region, table, dimension, total);
  const ConsumedCapacity = [...totals].flatMap(
    ([table, total]) => asRequested(total, table.name, input.ReturnConsumedCapacity) ?? [],
  );
  return ConsumedCapacity.length > 0 ? { ConsumedCapacity } : {};
}

function plus(total: Consumption, more: Consumption): Consumption {
  const sum = (all: ReadonlyMap<string, number>, own: ReadonlyMap<string, number>) => {
    const names = new Set([...all.keys(), ...own.keys()]);
    return new Map([...names].map((name) => [name, (all.get(name) ?? 0) + COST * (own.get(name) ?? 0)]));
  };
  return {
    table: total.table + COST * more.table,
    local: sum(total.local, more.local),
    global: sum(total.global, more.global),
  };
}
