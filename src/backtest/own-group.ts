import { HOUR_MS, MINUTE_MS, type RotationScheme } from '../core/calendar/period.ts';
import { handoverMs, isDrained, samplesDraining } from '../core/capacity/handover.ts';
import type { Learner, StatelessMethod } from '../core/capacity/method.ts';
import { PERIOD_START_MINUTES } from '../core/scaling/limits/index.ts';
import { type GroupView, simulateGroup } from './group.ts';
import { Following, Learning } from './own.ts';
import { midnightFloor } from './peers/rotated.ts';
import type { Replay } from './replay.ts';

/** What a table has while it takes no traffic, units per second. */
const PARKED = 1;

/** What settings have unless told otherwise. */
const WARM_UP_MS = 24 * HOUR_MS;
const DRAIN_MINUTES = 60;

/** How often a table that is over and drained is looked at, minutes. */
const OUTDATED_EVERY_MINUTES = 10;

/** Consumed and throttled. */
const METRICS_A_LOOK = 2;

const handoverOf = (write: number): number => handoverMs({ read: 0, write });

/** Replays a rotated group as one series: each table takes over what the one before has, and what was learned. */
export function groupReplayOf<Memory>(learner: Learner<Memory>, scheme: RotationScheme): Replay {
  return (series, options) => {
    const { parked = PARKED } = options;
    const learning = new Learning(learner, options);
    let finishedReads = 0;
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const { provisioned, quota: decreases } = current;
      if (!current.busy) current.ask(learning.units({ ...view, provisioned, decreases }), t, now);
      if (periodEnd - now <= handoverOf(current.coming)) upcoming.ask(current.coming, t, now);
      if (!previous) return;
      if (age < DRAIN_MINUTES && samplesDraining(age * MINUTE_MS, now)) finishedReads += METRICS_A_LOOK;
      if (isDrained(age)) previous.ask(parked, t, now);
    };
    const controller = { created: parked, handoverMs: handoverOf, decide };
    const simulation = simulateGroup(series, scheme, controller, options);
    return { ...simulation, metricReads: learning.metricReads + finishedReads };
  };
}

/**
 * Replays a rotated group under a method that keeps nothing, so that each table is by itself: it stands at full
 * capacity from a day before its period, and steps down an hour after.
 */
export function groupReplayOfMethod(method: StatelessMethod, scheme: RotationScheme): Replay {
  return (series, options) => {
    const { parked = PARKED, full = midnightFloor(series) } = options;
    const following = new Following(method, options);
    let finishedReads = 0;
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const { provisioned, quota: decreases, lastIncrease } = current;
      if (!current.busy) {
        const wanted = following.units({ ...view, provisioned, decreases, lastIncrease }, age);
        current.ask(age < PERIOD_START_MINUTES ? Math.max(full, wanted) : wanted, t, now);
      }
      if (periodEnd - now <= WARM_UP_MS) upcoming.ask(full, t, now);
      if (!previous) return;
      if (age < DRAIN_MINUTES || age % OUTDATED_EVERY_MINUTES === 0) finishedReads += METRICS_A_LOOK;
      if (age >= DRAIN_MINUTES) previous.ask(parked, t, now);
    };
    const simulation = simulateGroup(series, scheme, { created: parked, decide }, options);
    return { ...simulation, metricReads: following.metricReads + finishedReads };
  };
}
