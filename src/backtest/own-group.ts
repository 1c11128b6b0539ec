import type { RotationScheme } from '../core/calendar/period.ts';
import { handoverMs, isDrained } from '../core/scaling/handover.ts';
import type { Learner } from '../core/scaling/methods/method.ts';
import { type GroupView, simulateGroup } from './group.ts';
import { Learning } from './own.ts';
import type { Replay } from './replay.ts';

/** What a table has while it takes no traffic, units per second. */
const PARKED = 1;

/** Replays a rotated group as one series: each table takes over what the one before has, and what was learned. */
export function groupReplayOf<Memory>(learner: Learner<Memory>, scheme: RotationScheme): Replay {
  return (series, options) => {
    const learning = new Learning(learner, options);
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const { provisioned, quota: decreases } = current;
      if (!current.busy) current.ask(learning.units({ ...view, provisioned, decreases }), t, now);
      const handover = handoverMs({ read: 0, write: current.coming });
      if (periodEnd - now <= handover) upcoming.ask(current.coming, t, now);
      if (previous && isDrained(age)) previous.ask(PARKED, t, now);
    };
    const simulation = simulateGroup(series, scheme, { created: PARKED, decide }, options);
    return { ...simulation, metricReads: learning.metricReads };
  };
}
