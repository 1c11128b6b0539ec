import type { Dimension } from '../core/capacity/demand.ts';
import { MONTH_HOURS } from '../core/cost.ts';
import { type Prices, prices as usual } from '../core/prices.ts';
import type { Simulation } from './simulate.ts';
import { type DemandSeries, peakOf, sum } from './trace.ts';

/** The results of one method on one trace. Capacities are units per second, and shares are from 0 to 1. */
export interface Figures {
  /** Of all tables together, like the peak. */
  readonly meanCapacity: number;
  readonly peakCapacity: number;
  /** Billed units / demanded units. 1 means that capacity is always fully used. null if there is no demand. */
  readonly costRelative: number | null;
  /** USD for 30 days. */
  readonly costMonth: number;
  readonly throttledShare: number;
  readonly throttledMinutes: number;
  readonly raises: number;
  readonly decreases: number;
  /** Decreases that the quota rejected. */
  readonly refused: number;
  readonly metricReads: number;
  /** USD for 30 days. */
  readonly metricReadsMonth: number;
}

/** One trace's figures, as `--json` prints them. */
export interface TraceReport {
  readonly trace: string;
  readonly defaultMethod: string;
  readonly methods: Readonly<Record<string, Figures>>;
}

const MONTH_MINUTES = MONTH_HOURS * 60;

/** The dimension of the demand, and its prices. */
export interface Pricing {
  readonly prices: Prices;
  readonly dimension: Dimension;
}

export function figuresOf(
  { demand }: DemandSeries,
  simulation: Simulation,
  { prices, dimension }: Pricing = { prices: usual, dimension: 'write' },
): Figures {
  const minutes = demand.length;
  const { beside, throttled, billed, raises, decreases, refused, metricReads } = simulation;
  const capacity = simulation.capacity.map((units, t) => units + (beside?.[t] ?? 0));
  const demanded = sum(demand);
  return {
    meanCapacity: sum(capacity) / minutes,
    peakCapacity: peakOf(capacity),
    costRelative: demanded > 0 ? billed / demanded : null,
    costMonth: (billed / minutes) * MONTH_HOURS * prices.unitHour[dimension],
    throttledShare: demanded > 0 ? sum(throttled) / demanded : 0,
    throttledMinutes: throttled.reduce((count, rate) => count + (rate > 0 ? 1 : 0), 0),
    raises,
    decreases,
    refused,
    metricReads,
    metricReadsMonth: (metricReads / minutes) * MONTH_MINUTES * prices.metricRead,
  };
}
