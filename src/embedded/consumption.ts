/** Converts the ConsumedCapacity of dynalite into the one that the caller requested. */
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

/** Local indexes consume the capacity of their table. */
export const tableUnits = ({ table, local }: Consumption): number => table + sum(local);

/** The ConsumedCapacity for a value of ReturnConsumedCapacity. undefined for NONE. */
export function asRequested(consumption: Consumption, table: string, asked: unknown): Json | undefined {
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

/** The value of ReturnConsumedCapacity for dynalite. An invalid one stays, so that dynalite rejects it. */
export function withIndexes(asked: unknown): unknown {
  return asked === undefined || asked === 'NONE' || asked === 'TOTAL' ? 'INDEXES' : asked;
}

const sum = (units: ReadonlyMap<string, number>): number => [...units.values()].reduce((a, b) => a + b, 0);

const wire = (units: ReadonlyMap<string, number>): Json =>
  Object.fromEntries([...units].map(([name, CapacityUnits]) => [name, { CapacityUnits }]));
