/** What a request consumed, between dynalite's ConsumedCapacity and the one the caller asked for. */
import type { Json } from './engine.ts';

export interface Consumption {
  table: number;
  readonly local: Map<string, number>;
  readonly global: Map<string, number>;
}

interface Units {
  CapacityUnits?: number;
}

export interface ConsumedCapacity extends Units {
  TableName?: string;
  Table?: Units;
  LocalSecondaryIndexes?: Record<string, Units>;
  GlobalSecondaryIndexes?: Record<string, Units>;
}

export function consumptionOf(consumed: ConsumedCapacity | undefined): Consumption {
  const units = (of: Record<string, Units> | undefined) =>
    new Map(Object.entries(of ?? {}).map(([name, { CapacityUnits = 0 }]) => [name, CapacityUnits]));
  return {
    table: consumed?.Table?.CapacityUnits ?? consumed?.CapacityUnits ?? 0,
    local: units(consumed?.LocalSecondaryIndexes),
    global: units(consumed?.GlobalSecondaryIndexes),
  };
}

/** Local indexes spend their table's capacity. */
export const tableUnits = ({ table, local }: Consumption): number => table + sum(local);

/** The ConsumedCapacity that ReturnConsumedCapacity asks for, undefined for NONE. */
export function asAsked(consumption: Consumption, table: string, asked: unknown): Json | undefined {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return undefined;
  const { local, global } = consumption;
  const total = { TableName: table, CapacityUnits: tableUnits(consumption) + sum(global) };
  if (asked === 'TOTAL') return total;
  return {
    ...total,
    Table: { CapacityUnits: consumption.table },
    ...(local.size > 0 && { LocalSecondaryIndexes: wire(local) }),
    ...(global.size > 0 && { GlobalSecondaryIndexes: wire(global) }),
  };
}

/** Forwarded instead of what the caller asked for; a value that dynalite has to refuse goes through as it is. */
export function inFull(asked: unknown): unknown {
  return asked === undefined || asked === 'NONE' || asked === 'TOTAL' ? 'INDEXES' : asked;
}

const sum = (units: ReadonlyMap<string, number>): number => [...units.values()].reduce((a, b) => a + b, 0);

const wire = (units: ReadonlyMap<string, number>): Json =>
  Object.fromEntries([...units].map(([name, CapacityUnits]) => [name, { CapacityUnits }]));
