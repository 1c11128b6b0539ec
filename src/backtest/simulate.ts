import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Dimension } from '../core/capacity/demand.ts';
import type { Decreases } from '../core/capacity/quota.ts';
import { startingCapacity } from '../core/scaling/billing/shadow.ts';
import type { Step } from '../core/spec.ts';
import type { Standing } from './standing.ts';
import { Table, type TableOptions } from './table.ts';
import { type DemandSeries, sum } from './trace.ts';

/**
 * What a controller knows when it decides at the end of minute `t`. The newest complete datapoint is a minute old, so
 * `consumed` and `throttled` are filled up to t − 1, and `capacity` up to t. All are units per second.
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
  /** Time of the last raise, epoch milliseconds; undefined before the first one. */
  readonly lastIncrease?: number;
}

/** The capacity that a controller wants, units per second; the present one if nothing should change. */
export type Controller = (view: View) => number;

export interface SimulationOptions extends TableOptions {
  /** Which tables of a rotated group exist. Default: the upcoming, the current and the previous one. */
  readonly standing?: Standing;
  /** Capacity of a table of a rotated group before its period and after, units per second. Default: 1. */
  readonly parked?: number;
  /** Capacity at the start of a period under a method without handover. Default: what the demand after midnight needs. */
  readonly full?: number;
  /** Capacity at the start, units per second. Default: ⌈first demand / 0.7⌉. */
  readonly initial?: number;
  /** Price of an on-demand unit, as a multiple of a provisioned one. Default: that of us-east-1. */
  readonly onDemandFactor?: number;
  /** The dimension of the demand. Default: writes. */
  readonly dimension?: Dimension;
  /** How much of the burst capacity `predictive` may rely on, from 0 to 1. Default: 1. */
  readonly burstReliance?: number;
  /** The share of demand that `predictive` may throttle at most, from 0 to 1. Default: 1. */
  readonly tolerable?: number;
  /** Percent of the capacity that should be in use, for methods with a target. Default: 70. */
  readonly targetUtilization?: number;
  /** Parameters of the method `step`. */
  readonly step?: Step;
}

/** One run over one series. Arrays have one value per minute, in units per second. */
export interface Simulation {
  readonly capacity: Float64Array;
  readonly consumed: Float64Array;
  readonly throttled: Float64Array;
  readonly raises: number;
  readonly decreases: number;
  /** Decreases that the quota rejected. */
  readonly refused: number;
  /** Capacity of the other tables of a group together. */
  readonly beside?: Float64Array;
  /** The price, in minutes of one provisioned unit. */
  readonly billed: number;
  /** Metrics read. */
  readonly metricReads: number;
}

/** Replays demand under a controller, minute by minute, by the rules of docs/capacity.md. */
export function simulate(
  { start, demand, within }: DemandSeries,
  controller: Controller,
  options: SimulationOptions = {},
): Simulation {
  const n = demand.length;
  const capacity = new Float64Array(n);
  const consumed = new Float64Array(n);
  const throttled = new Float64Array(n);
  const table = new Table(options.initial ?? startingCapacity(demand[0]!), options);
  for (let t = 0; t < n; t++) {
    const served = within ? table.serveUneven(t, within(t)) : table.serve(t, demand[t]!);
    const { provisioned, quota: decreases, lastIncrease } = table;
    capacity[t] = provisioned;
    if (!table.busy) {
      const now = start + t * MINUTE_MS;
      const view = { t, now, provisioned, consumed, throttled, capacity, decreases, lastIncrease };
      table.ask(controller(view), t, now);
    }
    // Written after the decision, so that no controller knows the minute in which it decides.
    consumed[t] = served.consumed;
    throttled[t] = served.throttled;
  }
  const { raises, decreases, refused } = table;
  return { capacity, consumed, throttled, raises, decreases, refused, billed: sum(capacity), metricReads: 0 };
}
