import { AwsError } from './failure.ts';

/** A limit of calls per second. Unused calls of one second can be made at once. */
export class Rate {
  #perSecond: number;
  readonly #elapsed: () => number;
  #left: number;
  #at: number;

  constructor(perSecond = Infinity, elapsed: () => number) {
    this.#perSecond = perSecond;
    this.#elapsed = elapsed;
    this.#left = perSecond;
    this.#at = elapsed();
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  set perSecond(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** @throws AwsError ThrottlingException above the limit */
  spend(): void {
    if (this.#perSecond === Infinity) return;
    const now = this.#elapsed();
    const gained = ((now - this.#at) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + gained);
    this.#at = now;
    if (this.#left < 1)
      throw new AwsError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.');
    this.#left -= 1;
  }
}

/** Calls per second. Default of each: no limit. */
export interface PerSecond {
  /**
   * All calls that describe, list or change tables, together. AWS allows 2,500:
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html
   */
  readonly controlCallsPerSecond?: number;
  /** ListTagsOfResource. AWS allows about 10. */
  readonly tagReadsPerSecond?: number;
  /** TagResource and UntagResource, each. AWS allows 5. */
  readonly tagWritesPerSecond?: number;
}

export type Rates = Readonly<Record<'controlCalls' | 'tagReads' | 'tagWrites' | 'untags', Rate>>;

export const newRates = (limits: PerSecond, elapsed: () => number): Rates => ({
  controlCalls: new Rate(limits.controlCallsPerSecond, elapsed),
  tagReads: new Rate(limits.tagReadsPerSecond, elapsed),
  tagWrites: new Rate(limits.tagWritesPerSecond, elapsed),
  untags: new Rate(limits.tagWritesPerSecond, elapsed),
});
