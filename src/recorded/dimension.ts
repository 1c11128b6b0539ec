import type { Dimension } from '../core/capacity/demand.ts';

/** What a label says about its series. */
export type Meaning = `consumed ${Dimension}` | 'another metric' | 'unknown';

/** `ConsumedWriteCapacityUnits`, also as exporters for Prometheus write it: `consumed_write_capacity_units_sum`. */
const CONSUMED = /consumed_?(read|write)_?capacity_?units/i;
/** Other metrics of DynamoDB, which are not demand. */
const OTHER =
  /(provisioned|account|maxprovisioned|ondemandmax|onlineindex)\w*(capacity|utilization|requestunits)|throttle|latency|item_?count|(user|system)_?errors/i;

/** Reads the name of a metric of DynamoDB in a label. */
export function meaningOf(label: string): Meaning {
  const [, which] = CONSUMED.exec(label) ?? [];
  if (which !== undefined) return `consumed ${which.toLowerCase() as Dimension}`;
  return OTHER.test(label) ? 'another metric' : 'unknown';
}
