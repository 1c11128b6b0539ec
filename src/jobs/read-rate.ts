import { SECOND_MS } from '../core/calendar/period.ts';
import type { Clock } from '../ports.ts';

/** Reads of the control plane that AWS allows per second in an account and Region. Other tools need some of them. */
export const READS_PER_SECOND = 2_400;

/** Lets so many reads start in each second. They can start together, as AWS allows. */
export class ReadRate {
  readonly #perSecond: number;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  /** The second that is in progress, and how many reads have started in it. */
  #window = { from: Number.NEGATIVE_INFINITY, started: 0 };

  constructor(perSecond: number, clock: Pick<Clock, 'now' | 'sleep'>) {
    this.#perSecond = Math.max(1, Math.floor(perSecond));
    this.#clock = clock;
  }

  /** Resolves when a read may start. */
  async next(): Promise<void> {
    const now = this.#clock.now();
    if (Math.abs(now - this.#window.from) >= SECOND_MS) this.#window = { from: now, started: 0 };
    while (this.#window.started >= this.#perSecond) {
      const full = this.#window;
      await this.#clock.sleep(Math.max(1, full.from + SECOND_MS - this.#clock.now()));
      // The first one that wakes begins the next second for all, also if the clock stands still.
      if (this.#window === full) this.#window = { from: full.from + SECOND_MS, started: 0 };
    }
    this.#window.started += 1;
  }
}
