import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/calendar/period.ts';
import type { Controller, View } from '../simulate.ts';

const LOOKBACK_MINUTES = 5;
const DECREASES_A_DAY = 4;
/** Decreases are spread over this many parts of the day, up to this time. */
const PARTS = 5;
const DAY_ENDS_MS = 23.5 * HOUR_MS;
const BETWEEN_CHANGES_MS = 60 * MINUTE_MS;
const SMALLEST_DECREASE = 5;

/**
 * dynamodb-lambda-autoscale: raises quickly above 75% or after throttles, and lowers below 30%, within a daily ration. Its day
 * starts with the trace, and it rounds to the nearest unit, as the reference values of docs/capacity.md do.
 */
export function lambdaAutoscale(): Controller {
  const ration = new Ration();
  return (view) => {
    const { t, provisioned, consumed, throttled } = view;
    ration.see(view);
    let highest = 0;
    for (let i = Math.max(0, t - LOOKBACK_MINUTES); i < t; i++) highest = Math.max(highest, consumed[i]!);
    const errors = throttled[t - 1] ?? 0;
    if (highest / provisioned > 0.75 || errors > 25) {
      const raised = Math.max(provisioned + 3, 1.3 * provisioned) + 0.7 * errors;
      return Math.round(Math.max(raised, 1.3 * highest));
    }
    const lower = highest / provisioned < 0.3 && ration.allows(view, highest);
    return lower ? Math.round(highest) : provisioned;
  };
}

/** Decreases of a day, spread evenly over the rest of the day. */
class Ration {
  #midnight = -Infinity;
  #spent = 0;
  #last = -Infinity;

  see({ t, now, decreases: { lastDecrease = -Infinity } }: View): void {
    if (lastDecrease > this.#last) {
      this.#spent++;
      this.#last = lastDecrease;
    }
    const midnight = now - ((t * MINUTE_MS) % DAY_MS);
    if (midnight === this.#midnight) return;
    this.#midnight = midnight;
    this.#spent = 0;
  }

  allows({ now, provisioned, lastIncrease = -Infinity }: View, to: number): boolean {
    if (this.#spent >= DECREASES_A_DAY) return false;
    if (now - Math.max(lastIncrease, this.#last) < BETWEEN_CHANGES_MS) return false;
    const dayEnds = this.#midnight + DAY_ENDS_MS;
    const since = Math.max(this.#last, this.#midnight);
    if (now < since + (dayEnds - since) / (PARTS - this.#spent)) return false;
    return provisioned - to > SMALLEST_DECREASE || now >= dayEnds;
  }
}
