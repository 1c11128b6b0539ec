import type { Simulation } from '../simulate.ts';
import { type DemandSeries, sum } from '../trace.ts';

/** Minutes between two decreases of the clairvoyant. */
const BETWEEN_DECREASES = 60;
/** The longest stretch to check. In a longer one, a decrease in the middle never costs more. */
const LONGEST_STRETCH = 2 * BETWEEN_DECREASES - 1;

/** The capacity with perfect knowledge of demand. */
export function clairvoyant({ demand }: DemandSeries): Simulation {
  const capacity = cheapestCapacity(demand);
  let raises = 0;
  let decreases = 0;
  for (let t = 1; t < capacity.length; t++) {
    if (capacity[t]! > capacity[t - 1]!) raises++;
    if (capacity[t]! < capacity[t - 1]!) decreases++;
  }
  const throttled = new Float64Array(demand.length);
  const billed = sum(capacity);
  return { capacity, consumed: demand, throttled, billed, raises, decreases, refused: 0, metricReads: 0 };
}

/**
 * The cheapest capacity that never throttles, without burst capacity, if all demand is known. Between two decreases, capacity
 * is the running maximum of ⌈demand⌉. Dynamic programming over the minutes with a decrease, from the end, finds the cheapest
 * way from each of them on. Units per second, one value per minute.
 */
function cheapestCapacity(demand: Float64Array): Float64Array {
  const n = demand.length;
  const cheapest = new Float64Array(n + 1);
  const next = new Int32Array(n);
  for (let from = n - 1; from >= 0; from--) {
    const shortest = from === 0 ? 1 : BETWEEN_DECREASES;
    let highest = 1;
    let cost = 0;
    let best = Infinity;
    const end = Math.min(n, from + LONGEST_STRETCH);
    for (let to = from + 1; to <= end; to++) {
      highest = Math.max(highest, Math.ceil(demand[to - 1]!));
      cost += highest;
      const total = cost + cheapest[to]!;
      if ((to - from >= shortest || to === n) && total < best) {
        best = total;
        next[from] = to;
      }
    }
    cheapest[from] = best;
  }
  return capacityOf(demand, next);
}

function capacityOf(demand: Float64Array, next: Int32Array): Float64Array {
  const capacity = new Float64Array(demand.length);
  for (let from = 0; from < demand.length; from = next[from]!) {
    let highest = 1;
    for (let t = from; t < next[from]!; t++) {
      highest = Math.max(highest, Math.ceil(demand[t]!));
      capacity[t] = highest;
    }
  }
  return capacity;
}
