/** What a group would have cost with other ways to provision, by the code of the backtest. */
import { type Figures, figuresOf } from '../backtest/figures.ts';
import { defaultMethod, groupReplays, replays } from '../backtest/methods.ts';
import type { Replay } from '../backtest/replay.ts';
import type { SimulationOptions } from '../backtest/simulate.ts';
import { sum } from '../backtest/trace.ts';
import { MINUTE_MS } from '../core/calendar/period.ts';
import { MONTH_HOURS } from '../core/cost.ts';
import { onDemandFactorOf, type Prices } from '../core/prices.ts';
import { parkedUnits, type Spec } from '../core/spec.ts';
import type { SpentWindow } from '../core/spending/spent.ts';
import type { GroupCost, GroupDemand } from '../jobs/cost.ts';

/** USD per month of 30 days, of throughput. */
export interface Alternative {
  readonly cost: number;
  /** Share of the demand that would have been throttled, from 0 to 1. */
  readonly throttledShare: number;
  /** USD per month for reading metrics, which `cost` does not include. */
  readonly metricReads: number;
}

export interface Comparison {
  /** Since when there is data, epoch milliseconds. */
  readonly since: number;
  readonly measured: number;
  readonly onDemand: number;
  readonly targetTracking: Alternative;
  readonly predictive: Alternative;
}

/** undefined if CloudWatch has no data of the group. */
export function comparisonOf(
  spec: Spec,
  { spent, demand }: GroupCost,
  { from, to }: SpentWindow,
  prices: Prices,
): Comparison | undefined {
  const since = Math.max(from, Math.floor(spent.since / MINUTE_MS) * MINUTE_MS);
  if (since >= to) return undefined;
  const perMonth = (MONTH_HOURS * 60 * MINUTE_MS) / (to - since);
  const own = demand.map((one) => ({
    ...one,
    values: one.values.subarray((since - from) / MINUTE_MS),
  }));
  const alternative = (replay: Replay): Alternative =>
    together(
      own.map((one) => ({ demand: sum(one.values), figures: replayed(spec, one, since, replay, prices) })),
      spent.beside * perMonth,
    );
  const rotates = spec.scheme !== 'none';
  const known = rotates ? groupReplays(spec.scheme) : replays;
  return {
    since,
    measured: spent.measured * perMonth,
    onDemand: spent.onDemand * perMonth,
    targetTracking: alternative(known[rotates ? 'target-tracking-70-with-floor' : 'target-tracking-70']!),
    predictive: alternative(known[defaultMethod]!),
  };
}

function replayed(
  spec: Spec,
  { index, dimension, values }: GroupDemand,
  start: number,
  replay: Replay,
  prices: Prices,
): Figures {
  const resource = spec.resources.find((one) => one.index === index);
  const options: SimulationOptions = {
    dimension,
    onDemandFactor: onDemandFactorOf(prices, dimension),
    ...(resource && {
      parked: parkedUnits(resource)[dimension],
      full: resource.full[dimension],
      burstReliance: resource.scaling.burstReliance,
      ...resource.bounds[dimension],
    }),
  };
  const series = { name: spec.name, start, demand: values };
  const figures = figuresOf(series, replay(series, options), { prices, dimension });
  const factor = prices.throughputFactor[spec.properties.TableClass ?? 'STANDARD'];
  return { ...figures, costMonth: figures.costMonth * factor };
}

/** `beside`: USD per month for the tables that a replay does not have. They cost what they have cost. */
function together(
  all: readonly { readonly demand: number; readonly figures: Figures }[],
  beside: number,
): Alternative {
  const total = (of: (one: (typeof all)[number]) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0);
  const demanded = total(({ demand }) => demand);
  const throttled = total(({ demand, figures }) => demand * figures.throttledShare);
  return {
    cost: beside + total(({ figures }) => figures.costMonth),
    throttledShare: demanded > 0 ? throttled / demanded : 0,
    metricReads: total(({ figures }) => figures.metricReadsMonth),
  };
}
