import { onDemandFactor as usual } from '../../core/prices.ts';
import { type Simulation, type SimulationOptions, simulate } from '../simulate.ts';
import { type DemandSeries, peakOf, sum } from '../trace.ts';

/** Constant capacity for the highest demand. */
export function fixedPeak(series: DemandSeries, options: SimulationOptions): Simulation {
  const initial = Math.ceil(peakOf(series.demand));
  return simulate(series, ({ provisioned }) => provisioned, { ...options, initial });
}

/** On-demand: nothing is provisioned, and in this model nothing is throttled. */
export function onDemand(
  { demand }: DemandSeries,
  { onDemandFactor = usual }: SimulationOptions,
): Simulation {
  return {
    capacity: demand,
    consumed: demand,
    throttled: new Float64Array(demand.length),
    billed: sum(demand) * onDemandFactor,
    raises: 0,
    decreases: 0,
    refused: 0,
    metricReads: 0,
  };
}
