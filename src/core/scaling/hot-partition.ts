import type { MetricSeries } from '../capacity/demand.ts';
import { sayRequests } from '../capacity/throttles.ts';
import type { Held } from './limits.ts';

/** What a hot partition has had throttled is one partition's: no capacity of the table cures it. */

/** Throttled requests by minute, without those of hot partitions. */
export const curable = (
  throttled: ReadonlyMap<number, number>,
  hot: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> =>
  new Map([...throttled].map(([at, sum]) => [at, Math.max(0, sum - (hot.get(at) ?? 0))]));

/** Whether anything was throttled, so that it is worth asking for hot partitions. */
export const anyThrottled = (throttled: MetricSeries | undefined): boolean =>
  throttled !== undefined && 'sums' in throttled && busiest(throttled.sums, -Infinity) > 0;

/** The most requests of any minute since an instant. */
export const busiest = (sums: ReadonlyMap<number, number>, since: number): number =>
  Math.max(0, ...[...sums].filter(([at]) => at >= since).map(([, sum]) => sum));

/** What a plan says of it; `requests` a minute, `name` such as `writes`. */
export function hotPartition(name: string, requests: number): Held {
  const message = `A hot partition has had ${sayRequests(requests)} of its ${name} throttled in a minute, which capacity does not cure.`;
  return { wanted: 'raise', reason: 'hot-partition', message };
}

/** Nothing was throttled by a hot partition. */
export const noHotPartition: MetricSeries = { sums: new Map() };
