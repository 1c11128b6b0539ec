import { AwsError } from './failure.ts';

/** A limit of calls per second. Unused calls of one second can be made at once. */
export class Rate {
  readonly #perSecond: number;
  readonly #elapsed: () => number;
  #left: number;
  #at: number;

  constructor(perSecond = Infinity, elapsed: () => number) {
    this.#perSecond = perSecond;
    this.#elapsed = elapsed;
    this.#left = perSecond;
    this.#at = elapsed();
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
