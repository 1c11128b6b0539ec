import type { Clock } from '../../../src/ports.ts';

/** A clock that moves only by `moveTo` and `sleep`. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** @throws RangeError for an instant in the past */
  moveTo(instant: number): void {
    if (instant < this.#now) throw new RangeError('The clock cannot go back.');
    this.#now = instant;
  }

  async sleep(durationMs: number): Promise<void> {
    this.#now += durationMs;
  }
}
