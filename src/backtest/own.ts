import type { Minute } from '../core/demand.ts';
import { LOOKBACK_MINUTES } from '../core/demand.ts';
import type { Method } from '../core/methods/method.ts';
import { MINUTE_MS } from '../core/period.ts';
import type { Replay } from './replay.ts';
import { type Controller, simulate } from './simulate.ts';

/** Metrics asked for at each look at one dimension: consumed and throttled. */
const METRICS_A_LOOK = 2;

/** Percent of the provisioned capacity that should be in use, for methods that have such a target. */
const TARGET_UTILISATION = 70;

/** Replays a series through a scaling method of core/methods: the very code that the Lambda runs. */
export function ownMethod(method: Method): Replay {
  return (series, options) => {
    let metricReads = 0;
    const controller: Controller = ({ t, now, provisioned, consumed, throttled, lastIncrease }) => {
      metricReads += METRICS_A_LOOK;
      const minutes: Minute[] = [];
      for (let i = Math.max(0, t - LOOKBACK_MINUTES); i < t; i++)
        minutes.push({ at: now - (t - i) * MINUTE_MS, consumed: consumed[i]!, throttled: throttled[i]! });
      const targetUtilization = TARGET_UTILISATION;
      return method({ now, minutes, provisioned, lastIncrease, targetUtilization }).units;
    };
    return { ...simulate(series, controller, options), metricReads };
  };
}
