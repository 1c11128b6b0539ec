import { askMetric } from '../../ask.ts';
import { type MetricSeries, queryFor, type Window } from '../../capacity/demand.ts';
import { partsOf } from '../../capacity/history.ts';
import { type Answer, allOf, holding } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import { withoutFinalDot } from '../../text.ts';
import type { DimensionContext } from './dimension-context.ts';

/** Units or requests by the start of their minute, epoch milliseconds. A minute without a datapoint is missing. */
export type Sums = ReadonlyMap<number, number>;

export type Metric = 'consumed' | 'throttled' | 'hotPartition';

/** Reads one metric of a dimension in a window. A metric that could not be read is held. */
export type MetricReader = (metric: Metric, window: Window) => Answer<Sums>;

/** Metrics of one table. */
export const tableMetrics =
  ({ observed, table }: TableContext, context: DimensionContext): MetricReader =>
  (metric, window) =>
    readable(context, askMetric(observed, query(context, table.name, metric), window));

/** Metrics of a group, including those of deleted tables. Each minute is from the table that was current in it. */
export const groupMetrics =
  ({ observed, table: { spec } }: TableContext, context: DimensionContext): MetricReader =>
  (metric, window) => {
    const parts = partsOf(spec, window);
    const all = allOf(
      parts.map(({ table, ...own }) =>
        readable(context, askMetric(observed, query(context, table, metric), own)),
      ),
    );
    if ('pending' in all) return all;
    const within = all.value.flatMap((sums, i) =>
      [...sums].filter(([at]) => at >= parts[i]!.from && at < parts[i]!.to),
    );
    return { value: new Map(within) };
  };

const query = ({ resource, dimension }: DimensionContext, table: string, metric: Metric) =>
  queryFor(table, resource.index, dimension, metric);

function readable({ name }: DimensionContext, answer: Answer<MetricSeries>): Answer<Sums> {
  if ('pending' in answer) return answer;
  if ('sums' in answer.value) return { value: answer.value.sums };
  const message = `Could not read the metrics of ${name}, so capacity stays: ${withoutFinalDot(answer.value.error)}.`;
  return { pending: holding({ kind: 'read', reason: 'metrics-unknown', message }) };
}
