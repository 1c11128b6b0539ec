import type { MetricSeries } from '../capacity/demand.ts';
import type { Held } from './limits.ts';
import { sayRequests } from '../capacity/throttles.ts';

/** What a hot key has had throttled is one partition's: no capacity of the table cures it. */

/** Throttled requests by minute, without those of hot keys. */
export const curable = (
  throttled: ReadonlyMap<number, number>,
  hot: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> =>
  new Map([...throttled].map(([at, sum]) => [at, Math.max(0, sum - (hot.get(at) ?? 0))]));

/** Whether anything was throttled, so that it is worth asking for hot keys. */
export const anyThrottled = (throttled: MetricSeries | undefined): boolean =>
  throttled !== undefined && 'sums' in throttled && busiest(throttled.sums, -Infinity) > 0;

/** The most requests of any minute since an instant. */
export const busiest = (sums: ReadonlyMap<number, number>, since: number): number =>
  Math.max(0, ...[...sums].filter(([at]) => at >= since).map(([, sum]) => sum));

/** What a plan says of it; `requests` a minute, `name` such as `writes`. */
export function hotKey(name: string, requests: number): Held {
  const message = `A hot key has had ${sayRequests(requests)} of its ${name} throttled in a minute, which capacity does not cure.`;
  return { wanted: 'raise', reason: 'hot-key', message };
}

/** Nothing was throttled by a hot key. */
export const noHotKey: MetricSeries = { sums: new Map() };
