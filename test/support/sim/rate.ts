import { ServiceError } from '../../../src/core/failure.ts';

/** A limit of calls in each second of the simulated clock. */
export class SimRate {
  perSecond = Infinity;
  readonly #now: () => number;
  #second = 0;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws ServiceError `throttled` above the limit */
  spend(): void {
    const second = Math.floor(this.#now() / 1000);
    this.#count = second === this.#second ? this.#count + 1 : 1;
    this.#second = second;
    if (this.#count > this.perSecond)
      throw new ServiceError('throttled', 'Rate of requests exceeds the allowed throughput.');
  }
}
