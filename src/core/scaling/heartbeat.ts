import { stateTableName } from '../calendar/naming.ts';
import { MINUTE_MS } from '../calendar/period.ts';
import { demandWindow, LATE_MS, queryFor } from '../capacity/demand.ts';
import type { TableContext } from '../table-context.ts';

/** Metrics come late by a minute or two; those that have not come for so long have stopped. */
const HEARD_WITHIN_MS = 15 * MINUTE_MS;

/**
 * Whether CloudWatch tells of a table's own minutes, be it that nothing was consumed, or else of those of the state
 * table, which every run writes to, that no metric is late of any more: then what it is silent of did not happen.
 * undefined as long as that has yet to be read.
 */
export function metricsFlow(
  { draft, observed, table, now }: TableContext,
  heard: Iterable<number> = [],
): boolean | undefined {
  const { to } = demandWindow(now);
  for (const at of heard) if (at >= to - HEARD_WITHIN_MS) return true;
  const query = queryFor(stateTableName(table.spec.environment), undefined, 'write', 'consumed');
  const series = draft.metric(observed, query, { from: to - HEARD_WITHIN_MS, to: to - LATE_MS });
  return series && 'sums' in series && series.sums.size > 0;
}
