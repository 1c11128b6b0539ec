import type { Learner } from '../core/methods/method.ts';
import { MINUTE_MS, type RotationScheme } from '../core/period.ts';
import { type GroupView, simulateGroup } from './group.ts';
import { Learning } from './own.ts';
import type { Replay } from './replay.ts';

/** A table follows the current one from so long before its period: a raise takes minutes, and five fill its bucket. */
const WARM_UP_MS = 8 * MINUTE_MS;
/** A finished table is lowered when it has had no traffic for so many minutes that have been seen. */
const DRAINED_MINUTES = 5;
/** What a table has while it takes no traffic, units per second. */
const PARKED = 1;

/** Replays a rotated group as one series: each table takes over what the one before has, and what was learned. */
export function groupReplayOf<Memory>(learner: Learner<Memory>, scheme: RotationScheme): Replay {
  return (series, options) => {
    const learning = new Learning(learner);
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const { provisioned, quota: decreases } = current;
      if (!current.busy) current.ask(learning.units({ ...view, provisioned, decreases }), t, now);
      if (periodEnd - now <= WARM_UP_MS) upcoming.ask(current.coming, t, now);
      if (previous && age >= DRAINED_MINUTES) previous.ask(PARKED, t, now);
    };
    const simulation = simulateGroup(series, scheme, { created: PARKED, decide }, options);
    return { ...simulation, metricReads: learning.metricReads };
  };
}
