/** Throughput of a table or index through its life: made, raised, lowered, spent. */
import { newBucket, refill } from './bucket.ts';
import { NO_DECREASES } from './quota.ts';
import type { Capacity, Throughput } from './table.ts';

/** What a new on-demand table serves at once (DynamoDB developer guide, "Warm throughput"). */
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
  const asked = {
    read: wire.WarmThroughput?.ReadUnitsPerSecond ?? 0,
    write: wire.WarmThroughput?.WriteUnitsPerSecond ?? 0,
  };
  return {
    capacity,
    warm: larger(asked, onDemand ? ON_DEMAND_WARM : capacity),
    onDemand: wire.OnDemandThroughput,
    decreases: NO_DECREASES,
    buckets: { read: newBucket(capacity.read, now), write: newBucket(capacity.write, now) },
  };
}

/** The new capacity serves: unused capacity of the old stays, as far as the new one's bucket holds it. */
export function serveCapacity(throughput: Throughput, to: Capacity, now: number): void {
  const { capacity, buckets } = throughput;
  const move = (dimension: 'read' | 'write') =>
    capacity[dimension] === 0
      ? newBucket(to[dimension], now)
      : refill(refill(buckets[dimension], capacity[dimension], now), to[dimension], now);
  throughput.buckets = { read: move('read'), write: move('write') };
  throughput.capacity = to;
  // Warm throughput follows the highest capacity there ever was, and never falls.
  throughput.warm = larger(throughput.warm, to === NO_CAPACITY ? ON_DEMAND_WARM : to);
}

export const lowers = (from: Capacity, to: Capacity): boolean => to.read < from.read || to.write < from.write;
export const raises = (from: Capacity, to: Capacity): boolean => lowers(to, from);

export const larger = (one: Capacity, other: Capacity): Capacity => ({
  read: Math.max(one.read, other.read),
  write: Math.max(one.write, other.write),
});
