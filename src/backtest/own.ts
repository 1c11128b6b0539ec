import { LOOKBACK_MINUTES, type Minute } from '../core/demand.ts';
import type { Learner, Method } from '../core/methods/method.ts';
import { MINUTE_MS } from '../core/period.ts';
import type { Replay } from './replay.ts';
import { type Controller, simulate, type View } from './simulate.ts';

/** Percent of the provisioned capacity that should be in use, for methods that have such a target. */
const TARGET_UTILISATION = 70;

type Seen = Pick<View, 't' | 'now' | 'consumed' | 'throttled'>;

/** The minutes [from, t) as a method sees them. */
function minutesSince({ t, now, consumed, throttled }: Seen, from: number): Minute[] {
  const minutes: Minute[] = [];
  for (let i = Math.max(0, from); i < t; i++)
    minutes.push({ at: now - (t - i) * MINUTE_MS, consumed: consumed[i]!, throttled: throttled[i]! });
  return minutes;
}

/** Replays a series through a method that keeps nothing: the very code that the Lambda runs. */
export function replayOf(method: Method): Replay {
  return (series, options) => {
    let metricReads = 0;
    const controller: Controller = (view) => {
      const { t, now, provisioned, lastIncrease } = view;
      metricReads += 2;
      const minutes = minutesSince(view, t - LOOKBACK_MINUTES);
      return method({ now, minutes, provisioned, lastIncrease, targetUtilization: TARGET_UTILISATION }).units;
    };
    const simulation = simulate(series, controller, options);
    return { ...simulation, metricReads };
  };
}

/** Where consumption stayed below this share of the capacity, nothing can have been throttled for want of it. */
const THROTTLES_FROM = 0.95;

type Scaled = Seen & Pick<View, 'provisioned' | 'capacity' | 'decreases'>;

/** A method that learns, at work: it says itself when it wants to look again. */
export class Learning<Memory> {
  metricReads = 0;
  readonly #learner: Learner<Memory>;
  #memory: Memory | undefined;
  #learned = 0;
  #lookAt = -Infinity;

  constructor(learner: Learner<Memory>) {
    this.#learner = learner;
  }

  /** Wanted capacity, units per second; what is provisioned until the next look. */
  units(view: Scaled): number {
    const { t, now, provisioned, capacity, decreases } = view;
    if (now < this.#lookAt) return provisioned;
    const minutes = minutesSince(view, this.#learned);
    const busy = minutes.some(({ consumed }, i) => consumed >= THROTTLES_FROM * capacity[this.#learned + i]!);
    this.metricReads += busy ? 2 : 1;
    let memory = this.#memory ?? this.#learner.begin(capacity[0]!);
    for (const minute of minutes) memory = this.#learner.learn(memory, minute, capacity[this.#learned++]!);
    const decision = this.#learner.decide(memory, { now, provisioned, decreases });
    this.#memory = decision.memory;
    this.#lookAt = now + decision.lookAgainMs;
    return t === 0 ? provisioned : decision.proposal.units;
  }
}

/** Replays a series through a method that learns. */
export function replayOfLearner<Memory>(learner: Learner<Memory>): Replay {
  return (series, options) => {
    const learning = new Learning(learner);
    const simulation = simulate(series, (view) => learning.units(view), options);
    return { ...simulation, metricReads: learning.metricReads };
  };
}
