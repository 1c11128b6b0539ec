/**
 * A hot partition is throttled at the limit of one partition, whatever the capacity of its table. These throttles are
 * reported, and no method sees them.
 */
import { sayRequests } from '../../capacity/throttles.ts';
import { type Answer, type HoldBody, holding, nothing, type Outcome } from '../../outcome.ts';
import type { Sums } from './metrics.ts';

/** Throttled requests by minute, without those of hot partitions. */
export const withoutHotPartitions = (throttled: Sums, hotPartition: Sums): Sums =>
  new Map([...throttled].map(([at, sum]) => [at, Math.max(0, sum - (hotPartition.get(at) ?? 0))]));

/** Whether anything was throttled. Only then are the throttles of hot partitions worth a read. */
export const anyThrottled = (throttled: Answer<Sums>): boolean =>
  'value' in throttled && most(throttled.value, -Infinity) > 0;

/** The most requests in one minute since an instant. */
export const most = (sums: Sums, since: number): number =>
  Math.max(0, ...[...sums].filter(([at]) => at >= since).map(([, sum]) => sum));

/** What to report about throttled requests of a hot partition; `requests` in one minute, `name` such as `writes`. */
export function hotPartition(name: string, requests: number): Outcome {
  if (requests === 0) return nothing;
  const message = `A hot partition has had ${sayRequests(requests)} of its ${name} throttled in a minute, which capacity does not cure.`;
  const hold: HoldBody = { kind: 'raise', reason: 'hot-partition', message };
  return holding(hold);
}

/** The metric of a dimension that no hot partition throttled, without a read. */
export const noHotPartition: Answer<Sums> = { value: new Map() };
