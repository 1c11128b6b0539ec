import { MINUTE_MS } from '../core/period.ts';
import { type Decreases, decreasesToday, nextDecreaseAt } from '../core/quota.ts';
import { BURST_SECONDS, serveMinute } from '../sim/burst.ts';
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

export interface SimulationOptions {
  /** Seconds of unused capacity that the bucket holds. */
  readonly burstSeconds?: number;
  /** Capacity at the start, units per second; ⌈first demand / 0.7⌉ without. */
  readonly initial?: number;
  /** Lowest and highest capacity, units per second: 1, and DynamoDB's default quota of a table without. */
  readonly min?: number;
  readonly max?: number;
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
  /** What is paid for, in minutes of one provisioned unit. */
  readonly billed: number;
  /** Metrics asked for. */
  readonly metricReads: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput */
export const TABLE_QUOTA = 40_000;

/** A change asked for at the end of minute t serves from minute t + 2. */
export const LANDING_MINUTES = 2;

/** Utilisation that a table is assumed to start with. */
const STARTING_UTILISATION = 0.7;

/** Replays demand under a controller, minute by minute, by the rules of docs/capacity.md. */
export function simulate(
  { start, demand }: DemandSeries,
  controller: Controller,
  { burstSeconds = BURST_SECONDS, initial, min = 1, max = TABLE_QUOTA }: SimulationOptions = {},
): Simulation {
  const n = demand.length;
  const capacity = new Float64Array(n);
  const consumed = new Float64Array(n);
  const throttled = new Float64Array(n);
  const whole = (units: number): number => Math.min(max, Math.max(min, Math.ceil(units)));
  const table = new Table(whole(initial ?? demand[0]! / STARTING_UTILISATION));
  let bucket = table.provisioned * burstSeconds;
  for (let t = 0; t < n; t++) {
    table.land(t);
    const { provisioned } = table;
    capacity[t] = provisioned;
    const served = serveMinute(demand[t]!, provisioned, bucket, burstSeconds);
    bucket = served.bucket;
    if (!table.busy) {
      const now = start + t * MINUTE_MS;
      const { quota: decreases, lastIncrease } = table;
      const view = { t, now, provisioned, consumed, throttled, capacity, decreases, lastIncrease };
      table.ask(whole(controller(view)), t, now);
    }
    // Written after the decision, so that no controller can see the minute it decides in.
    consumed[t] = served.consumed;
    throttled[t] = served.throttled;
  }
  const { raises, lowered: decreases, refused } = table;
  return { capacity, consumed, throttled, raises, decreases, refused, billed: sum(capacity), metricReads: 0 };
}

/** The provisioned throughput of one dimension, and what DynamoDB lets one do to it. */
class Table {
  provisioned: number;
  quota: Decreases = { decreases: 0 };
  lastIncrease: number | undefined;
  raises = 0;
  lowered = 0;
  refused = 0;
  #wanted = 0;
  #landsAt = -1;

  constructor(provisioned: number) {
    this.provisioned = provisioned;
  }

  get busy(): boolean {
    return this.#landsAt >= 0;
  }

  land(t: number): void {
    if (this.#landsAt !== t) return;
    this.provisioned = this.#wanted;
    this.#landsAt = -1;
  }

  ask(units: number, t: number, now: number): void {
    if (units === this.provisioned) return;
    if (units > this.provisioned) {
      this.raises++;
      this.lastIncrease = now;
    } else {
      if (nextDecreaseAt(this.quota, now) > now) {
        this.refused++;
        return;
      }
      this.lowered++;
      this.quota = { decreases: decreasesToday(this.quota, now) + 1, lastDecrease: now };
    }
    this.#wanted = units;
    this.#landsAt = t + LANDING_MINUTES;
  }
}
