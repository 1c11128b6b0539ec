/**
 * A hot partition is throttled at the limit of one partition, whatever the capacity of its table. Its throttles are
 * reported, but methods do not see them.
 */
import { sayRequests } from '../../capacity/throttles.ts';
import type { Answer, HoldBody } from '../../outcome.ts';
import type { DimensionContext } from './dimension-context.ts';
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

/** The hold that reports throttled requests of a hot partition, in words; `requests` in one minute. */
export function hotPartitionHold({ dimension, resource }: DimensionContext, requests: number): HoldBody {
  const where = resource.index === undefined ? '' : ` of index ${resource.index}`;
  const throttled = sayRequests(requests, dimension);
  const message = `A hot partition${where} throttled ${throttled} in one minute. More capacity does not help.`;
  return { kind: 'raise', reason: 'hot-partition', message };
}

/** A metric of throttled requests that is known to have none, without a read. */
export const noThrottles: Answer<Sums> = { value: new Map() };
