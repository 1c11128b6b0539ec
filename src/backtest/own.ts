import { LOOKBACK_MINUTES, type Minute } from '../core/demand.ts';
import type { Learner, Method } from '../core/methods/method.ts';
import { MINUTE_MS } from '../core/period.ts';
import type { Replay } from './replay.ts';
import { type Controller, simulate, type View } from './simulate.ts';

/** Percent of the provisioned capacity that should be in use, for methods that have such a target. */
const TARGET_UTILISATION = 70;

type Seen = Pick<View, 't' | 'now' | 'consumed' | 'throttled'>;

/** The minutes [from, t) as a method sees them. */
export function minutesSince({ t, now, consumed, throttled }: Seen, from: number): Minute[] {
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
export const THROTTLES_FROM = 0.95;

/** Replays a series through a method that learns, which says itself when it wants to look again. */
export function replayOfLearner<Memory>(learner: Learner<Memory>): Replay {
  return (series, options) => {
    let metricReads = 0;
    let memory: Memory | undefined;
    let learned = 0;
    let lookAt = -Infinity;
    const controller: Controller = (view) => {
      const { t, now, provisioned, capacity, decreases } = view;
      if (now < lookAt) return provisioned;
      const minutes = minutesSince(view, learned);
      const busy = minutes.some(({ consumed }, i) => consumed >= THROTTLES_FROM * capacity[learned + i]!);
      metricReads += busy ? 2 : 1;
      memory ??= learner.begin(capacity[0]!);
      for (const minute of minutes) memory = learner.learn(memory, minute, capacity[learned++]!);
      const decision = learner.decide(memory, { now, provisioned, decreases });
      memory = decision.memory;
      lookAt = now + decision.lookAgainMs;
      return t === 0 ? provisioned : decision.proposal.units;
    };
    const simulation = simulate(series, controller, options);
    return { ...simulation, metricReads };
  };
}
