import { SECOND_MS } from '../core/calendar/period.ts';
import type { Clock } from '../ports.ts';

/**
 * Lets the changes of a run start one by one at a steady rate, once AWS has throttled one of them. Without that, most tries of many
 * changes would be throttled, and each of them would wait longer and longer.
 */
export class RateLimiter {
  readonly #everyMs: number;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #deadline: number;
  /** When the next turn is, epoch milliseconds; undefined while nothing has been throttled. */
  #next: number | undefined;

  /** `perSecond`: what the account accepts. `deadline`: the last turn is before it, epoch milliseconds. */
  constructor(perSecond: number, clock: Pick<Clock, 'now' | 'sleep'>, deadline: number) {
    this.#everyMs = SECOND_MS / perSecond;
    this.#clock = clock;
    this.#deadline = deadline;
  }

  /** Resolves when a change may start. Returns false at once if that would be after the deadline. */
  async next(): Promise<boolean> {
    if (this.#next === undefined) return true;
    const now = this.#clock.now();
    const own = Math.max(now, this.#next);
    if (own >= this.#deadline) return false;
    this.#next = own + this.#everyMs;
    if (own > now) await this.#clock.sleep(own - now);
    return true;
  }

  throttled(): void {
    this.#next ??= this.#clock.now() + this.#everyMs;
  }
}
