import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Decreases } from '../core/capacity/quota.ts';
import { startingCapacity } from '../core/scaling/billing/shadow.ts';
import type { Step } from '../core/spec.ts';
import { Table, type TableOptions } from './table.ts';
import { type DemandSeries, sum } from './trace.ts';

/**
 * What a controller sees when it decides at the end of minute `t`: the newest complete datapoint is a minute
 * old, so `consumed` and `throttled` are filled up to t − 1, and `capacity` up to t. All units per second.
 */
export interface View {
  readonly t: number;
  /** Start of minute t, epoch milliseconds. */
  readonly now: number;
  readonly provisioned: number;
  readonly consumed: Float64Array;
  readonly throttled: Float64Array;
  readonly capacity: Float64Array;
  readonly decreases: Decreases;
  /** When capacity was last asked to rise, epoch milliseconds; undefined before the first raise. */
  readonly lastIncrease?: number;
}

/** Wanted capacity, units per second; what is provisioned where nothing should change. */
export type Controller = (view: View) => number;

export interface SimulationOptions extends TableOptions {
  /** What a table of a rotated group has before its period and after, units per second; 1 without. */
  readonly parked?: number;
  /** What it begins its period with under a method that does not hand over; what midnight needs without. */
  readonly full?: number;
  /** Capacity at the start, units per second; ⌈first demand / 0.7⌉ without. */
  readonly initial?: number;
  /** What a unit costs on demand, as a multiple of a provisioned one; us-east-1's without. */
  readonly onDemandFactor?: number;
  /** How much of the burst capacity `predictive` may rely on, from 0 to 1; all of it without. */
  readonly burstReliance?: number;
  /** Percent of the capacity that should be in use, for methods that have such a target; 70 without. */
  readonly targetUtilization?: number;
  /** Of the method `step`. */
  readonly step?: Step;
}

/** One run over one series; arrays have one value a minute, in units per second. */
export interface Simulation {
  readonly capacity: Float64Array;
  readonly consumed: Float64Array;
  readonly throttled: Float64Array;
  readonly raises: number;
  readonly decreases: number;
  /** Decreases that the quota refused. */
  readonly refused: number;
  /** Provisioned on the other tables of a group together; none without. */
  readonly beside?: Float64Array;
  /** What is paid for, in minutes of one provisioned unit. */
  readonly billed: number;
  /** Metrics asked for. */
  readonly metricReads: number;
}

/** Replays demand under a controller, minute by minute, by the rules of docs/capacity.md. */
export function simulate(
  { start, demand }: DemandSeries,
  controller: Controller,
  options: SimulationOptions = {},
): Simulation {
  const n = demand.length;
  const capacity = new Float64Array(n);
  const consumed = new Float64Array(n);
  const throttled = new Float64Array(n);
  const table = new Table(options.initial ?? startingCapacity(demand[0]!), options);
  for (let t = 0; t < n; t++) {
    const served = table.serve(t, demand[t]!);
    const { provisioned, quota: decreases, lastIncrease } = table;
    capacity[t] = provisioned;
    if (!table.busy) {
      const now = start + t * MINUTE_MS;
      const view = { t, now, provisioned, consumed, throttled, capacity, decreases, lastIncrease };
      table.ask(controller(view), t, now);
    }
    // Written after the decision, so that no controller can see the minute it decides in.
    consumed[t] = served.consumed;
    throttled[t] = served.throttled;
  }
  const { raises, decreases, refused } = table;
  return { capacity, consumed, throttled, raises, decreases, refused, billed: sum(capacity), metricReads: 0 };
}
