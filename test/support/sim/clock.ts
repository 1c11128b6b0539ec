import type { Clock } from '../../../src/ports.ts';

/** A clock that stands still until it is told to move; sleeping moves it. */
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
    if (instant < this.#now) throw new RangeError('Time does not go backwards.');
    this.#now = instant;
  }

  async sleep(durationMs: number): Promise<void> {
    this.#now += durationMs;
  }
}
