import { type Decreases, decreasesToday, nextDecreaseAt } from '../core/quota.ts';
import { BURST_SECONDS, type Served, serveMinute } from '../sim/burst.ts';

export interface TableOptions {
  /** Seconds of unused capacity that the bucket holds. */
  readonly burstSeconds?: number;
  /** Lowest and highest capacity, units per second: 1, and DynamoDB's default quota of a table without. */
  readonly min?: number;
  readonly max?: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput */
const TABLE_QUOTA = 40_000;

/** A change asked for at the end of minute t serves from minute t + 2. */
export const LANDING_MINUTES = 2;

/** One throughput dimension of one table in the model: what it serves, and what may be done to it. */
export class Table {
  provisioned: number;
  quota: Decreases = { decreases: 0 };
  /** When capacity was last asked to rise, epoch milliseconds. */
  lastIncrease: number | undefined;
  raises = 0;
  decreases = 0;
  /** Decreases that the quota refused. */
  refused = 0;
  #bucket: number;
  #wanted = 0;
  #landsAt = -1;
  readonly #burstSeconds: number;
  readonly #min: number;
  readonly #max: number;

  constructor(
    units: number,
    { burstSeconds = BURST_SECONDS, min = 1, max = TABLE_QUOTA }: TableOptions = {},
  ) {
    this.#burstSeconds = burstSeconds;
    this.#min = min;
    this.#max = max;
    this.provisioned = this.#whole(units);
    this.#bucket = this.provisioned * burstSeconds;
  }

  /** A change is under way, and nothing further is accepted. */
  get busy(): boolean {
    return this.#landsAt >= 0;
  }

  /** Capacity that it has, or will have once the change under way serves. */
  get coming(): number {
    return this.busy ? this.#wanted : this.provisioned;
  }

  /** Minute t, at a demand in units per second. */
  serve(t: number, demand: number): Served {
    if (this.#landsAt === t) {
      this.provisioned = this.#wanted;
      this.#landsAt = -1;
    }
    const served = serveMinute(demand, this.provisioned, this.#bucket, this.#burstSeconds);
    this.#bucket = served.bucket;
    return served;
  }

  /** Asks for a capacity at the end of minute t; refused, and nothing spent, where DynamoDB would. */
  ask(units: number, t: number, now: number): void {
    const wanted = this.#whole(units);
    if (this.busy || wanted === this.provisioned) return;
    if (wanted > this.provisioned) {
      this.raises++;
      this.lastIncrease = now;
    } else if (nextDecreaseAt(this.quota, now) > now) {
      this.refused++;
      return;
    } else {
      this.decreases++;
      this.quota = { decreases: decreasesToday(this.quota, now) + 1, lastDecrease: now };
    }
    this.#wanted = wanted;
    this.#landsAt = t + LANDING_MINUTES;
  }

  #whole(units: number): number {
    return Math.min(this.#max, Math.max(this.#min, Math.ceil(units)));
  }
}
