/** The throughput of a table or an index: created, raised, lowered and consumed. */
import { newBurst, refill } from './burst.ts';
import { NO_DECREASES } from './quota.ts';
import type { Capacity, Throughput } from './table.ts';

/** The initial capacity of an on-demand table (DynamoDB developer guide, "Warm throughput"). */
const ON_DEMAND_WARM: Capacity = { read: 12_000, write: 4_000 };
export const NO_CAPACITY: Capacity = { read: 0, write: 0 };

interface Wire {
  ProvisionedThroughput?: { ReadCapacityUnits?: number; WriteCapacityUnits?: number };
  WarmThroughput?: { ReadUnitsPerSecond?: number; WriteUnitsPerSecond?: number };
  OnDemandThroughput?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
}

export const capacityOf = (wire: Wire['ProvisionedThroughput']): Capacity => ({
  read: wire?.ReadCapacityUnits ?? 0,
  write: wire?.WriteCapacityUnits ?? 0,
});

export function newThroughput(wire: Wire, onDemand: boolean, now: number): Throughput {
  const capacity = onDemand ? NO_CAPACITY : capacityOf(wire.ProvisionedThroughput);
  const requested = {
    read: wire.WarmThroughput?.ReadUnitsPerSecond ?? 0,
    write: wire.WarmThroughput?.WriteUnitsPerSecond ?? 0,
  };
  return {
    capacity,
    warm: larger(requested, onDemand ? ON_DEMAND_WARM : capacity),
    onDemand: wire.OnDemandThroughput,
    decreases: NO_DECREASES,
    burst: { read: newBurst(capacity.read, now), write: newBurst(capacity.write, now) },
  };
}

/** Makes new capacity effective. Unused burst capacity stays, up to the maximum for the new capacity. */
export function serveCapacity(throughput: Throughput, to: Capacity, now: number): void {
  const { capacity, burst } = throughput;
  const move = (dimension: 'read' | 'write') =>
    capacity[dimension] === 0
      ? newBurst(to[dimension], now)
      : refill(refill(burst[dimension], capacity[dimension], now), to[dimension], now);
  throughput.burst = { read: move('read'), write: move('write') };
  throughput.capacity = to;
  // Warm throughput is the highest capacity so far, and never decreases.
  throughput.warm = larger(throughput.warm, to === NO_CAPACITY ? ON_DEMAND_WARM : to);
}

export const lowers = (from: Capacity, to: Capacity): boolean => to.read < from.read || to.write < from.write;
export const raises = (from: Capacity, to: Capacity): boolean => lowers(to, from);

export const larger = (one: Capacity, other: Capacity): Capacity => ({
  read: Math.max(one.read, other.read),
  write: Math.max(one.write, other.write),
});
