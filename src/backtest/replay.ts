import type { Simulation, SimulationOptions } from './simulate.ts';
import type { DemandSeries } from './trace.ts';

/** Replays a series with one way to provision. */
export type Replay = (series: DemandSeries, options: SimulationOptions) => Simulation;
