import { MINUTE_MS } from '../../calendar/period.ts';
import { demandWindow, type Minute, minutesFrom } from '../../capacity/demand.ts';
import { NEWEST_MINUTES } from '../../capacity/throttles.ts';
import { type Answer, allOf } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { anyThrottled, most, noThrottles, withoutHotPartitions } from './hot-partition.ts';
import { tableMetrics } from './metrics.ts';

/** The newest minutes of one table's demand. */
export interface TableSample {
  readonly minutes: readonly Minute[];
  /** Starts of the minutes that had a datapoint, even of zero; epoch milliseconds. */
  readonly datapoints: Iterable<number>;
  /** The most requests that a hot partition throttled in one of the newest minutes. */
  readonly hotRequests: number;
  /** Whether any requests were throttled in these minutes, also by a hot partition. */
  readonly throttled: boolean;
}

/** A table's demand since an instant, epoch milliseconds, limited to the minutes that methods use. */
export function sampleTable(
  context: TableContext,
  dimension: DimensionContext,
  since: number,
): Answer<TableSample> {
  const window = demandWindow(context.now);
  const read = tableMetrics(context, dimension);
  const consumed = read('consumed', window);
  if ('pending' in consumed && isOver(context)) return consumed;
  const isIdle = isOver(context) && 'value' in consumed && consumed.value.size === 0;
  const throttled = isIdle ? noThrottles : read('throttled', window);
  const hot = anyThrottled(throttled) ? read('hotPartition', window) : noThrottles;
  const all = allOf([consumed, throttled, hot]);
  if ('pending' in all) return all;
  const [sums, throttles, hotThrottles] = all.value;
  const minutes = minutesFrom(sums, withoutHotPartitions(throttles, hotThrottles), window.from, window.to);
  return {
    value: {
      minutes: minutes.filter(({ at }) => at >= since),
      datapoints: sums.keys(),
      hotRequests: most(hotThrottles, window.to - NEWEST_MINUTES * MINUTE_MS),
      throttled: most(throttles, since) > 0,
    },
  };
}

/**
 * Whether a table is outdated or expired. If nothing of such a table was consumed, nothing was throttled, because DynamoDB
 * serves requests while any capacity is left. So their throttles are not read.
 */
const isOver = ({ table: { phase } }: TableContext): boolean => phase === 'outdated' || phase === 'expired';
