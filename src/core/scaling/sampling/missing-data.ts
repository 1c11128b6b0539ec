import { askMetric } from '../../ask.ts';
import { stateTableName } from '../../calendar/naming.ts';
import { MINUTE_MS } from '../../calendar/period.ts';
import { demandWindow, LATE_MS, queryFor } from '../../capacity/demand.ts';
import type { Answer } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';

/** CloudWatch delivers datapoints within minutes. If none arrived for this long, it has stopped delivering. */
const STOPPED_AFTER_MS = 15 * MINUTE_MS;

/**
 * Whether CloudWatch delivers metrics, so that a minute without a datapoint is a minute without demand. It does if it
 * has datapoints of the table itself, even zeros, in `minutes` (their starts, epoch milliseconds). Otherwise, the
 * metrics of the state table show it, because every run writes to that table. Only minutes that are too old for a late
 * datapoint count.
 */
export function metricsArrive(
  { observed, table, now }: TableContext,
  minutes: Iterable<number> = [],
): Answer<boolean> {
  const { to } = demandWindow(now);
  for (const at of minutes) if (at >= to - STOPPED_AFTER_MS) return { value: true };
  const query = queryFor(stateTableName(table.spec.environment), undefined, 'write', 'consumed');
  const series = askMetric(observed, query, { from: to - STOPPED_AFTER_MS, to: to - LATE_MS });
  if ('pending' in series) return series;
  return { value: 'sums' in series.value && series.value.sums.size > 0 };
}
