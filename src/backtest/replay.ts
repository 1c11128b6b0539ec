import type { Simulation, SimulationOptions } from './simulate.ts';
import type { DemandSeries } from './trace.ts';

/** One way to provision, replayed over a series. */
export type Replay = (series: DemandSeries, options: SimulationOptions) => Simulation;
