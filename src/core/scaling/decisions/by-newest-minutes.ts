import type { StatelessMethod } from '../../capacity/method.ts';
import { refusedIn } from '../../capacity/throttles.ts';
import { accepts } from '../../shortage.ts';
import type { TableContext } from '../../table-context.ts';
import { limit } from '../limits/index.ts';
import { silentSince } from '../limits/silence.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';
import { metricsArrive } from '../sampling/missing-data.ts';
import { holdingWhileRefused, refusedLately, withThrottles } from '../sampling/refused.ts';
import { sampleTable, type TableSample } from '../sampling/table-sample.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/** Decides by a table's own demand. Minutes before its period or its creation are ignored. */
export function byNewestMinutes(
  context: TableContext,
  dimension: DimensionContext,
  method: StatelessMethod,
): DimensionDecision {
  const { table, state } = context;
  const sample = sampleTable(context, dimension, Math.max(table.period.start, state.createdAt));
  if ('pending' in sample) return undecided(dimension, sample.pending);
  const { lastIncrease, lastDecrease } = dimension.capacity;
  return decideBySample(context, dimension, method, sample.value, { lastIncrease, lastDecrease });
}

/** Decides by a sample that is already read. */
export function decideBySample(
  context: TableContext,
  dimension: DimensionContext,
  method: StatelessMethod,
  { minutes, datapoints, hotRequests, throttled }: TableSample,
  changes: { readonly lastIncrease?: number; readonly lastDecrease?: number } = {},
): DimensionDecision {
  const { table, now } = context;
  const { name, bounds, maxSetting, capacity, resource } = dimension;
  const provisioned = capacity[dimension.dimension];
  const proposal = method.decide({ now, minutes, provisioned, ...changes, scaling: resource.scaling });
  const since = silentSince(minutes, table.period.start, method.silentMinutes);
  const { outcome, ...target } = limit(proposal, {
    now,
    name,
    dimension: dimension.dimension,
    provisioned,
    bounds,
    maxSetting,
    phase: table.phase,
    silence:
      since === undefined ? undefined : { since, metricsArrive: () => metricsArrive(context, datapoints) },
    raisedAt: capacity.lastIncrease,
    refused: () => refusedLately(context, dimension),
    accepted: accepts(table.spec, dimension.dimension, resource.index),
    periodStart: table.period.start,
    full: resource.full[dimension.dimension],
    holdingRaise: (hold) => holdingWhileRefused(context, [dimension], hold),
  });
  return {
    dimension,
    target,
    throttled,
    refused: refusedIn(minutes),
    outcome: withThrottles(context, dimension, outcome, { throttled, hotRequests }),
  };
}
