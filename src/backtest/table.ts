import { BURST_SECONDS, type Served, type Stretch, serveStretches } from '../core/capacity/burst.ts';
import {
  capacityAfterChange,
  changed,
  type Model,
  modelAt,
  modeled,
  served,
  whole,
} from '../core/capacity/model.ts';
import { type Decreases, TABLE_QUOTA } from '../core/capacity/quota.ts';
import type { Range } from '../core/spec.ts';

export interface TableOptions {
  /** Seconds of unused capacity that DynamoDB retains as burst capacity. */
  readonly burstSeconds?: number;
  /** Lowest and highest capacity, units per second. Default: 1, and DynamoDB's default quota of a table. */
  readonly min?: number;
  readonly max?: number;
}

/** One throughput dimension of one table in a replay: the model and its changes. */
export class Table {
  /** Time of the last raise, epoch milliseconds. */
  lastIncrease: number | undefined;
  raises = 0;
  decreases = 0;
  /** Decreases that the quota rejected. */
  refused = 0;
  #model: Model;
  readonly #burstSeconds: number;
  readonly #bounds: Range;

  constructor(
    units: number,
    { burstSeconds = BURST_SECONDS, min = 1, max = TABLE_QUOTA }: TableOptions = {},
  ) {
    this.#burstSeconds = burstSeconds;
    this.#bounds = { min, max };
    const provisioned = whole(units, this.#bounds);
    this.#model = modeled(provisioned, provisioned * burstSeconds);
  }

  /** Capacity in effect, units per second. */
  get provisioned(): number {
    return this.#model.provisioned;
  }

  get quota(): Decreases {
    return this.#model.quota;
  }

  /** A change is in progress, so DynamoDB rejects another one. */
  get busy(): boolean {
    return this.#model.change !== undefined;
  }

  /** Capacity after the change in progress, or the current capacity if no change is in progress. */
  get coming(): number {
    return capacityAfterChange(this.#model);
  }

  /** Serves minute t at a demand in units per second. */
  serve(t: number, demand: number): Served {
    const minute = served(modelAt(this.#model, t), demand, this.#burstSeconds);
    this.#model = minute.model;
    return minute.served;
  }

  /** Serves minute t, whose demand differs from second to second. */
  serveUneven(t: number, stretches: readonly Stretch[]): Served {
    const model = modelAt(this.#model, t);
    const minute = serveStretches(stretches, model.provisioned, model.burstBalance, this.#burstSeconds);
    this.#model = { ...model, burstBalance: minute.burstBalance };
    return minute;
  }

  /** Requests a capacity at the end of minute t. If DynamoDB would reject it, nothing changes. */
  ask(units: number, t: number, now: number): void {
    const wanted = whole(units, this.#bounds);
    const before = this.#model;
    const after = changed(before, wanted, t, now);
    if (after === before) return;
    if (after === 'refused') {
      this.refused++;
      return;
    }
    this.#model = after;
    if (wanted < before.provisioned) this.decreases++;
    else {
      this.raises++;
      this.lastIncrease = now;
    }
  }
}
