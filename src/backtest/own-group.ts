import { HOUR_MS, MINUTE_MS, type RotationScheme } from '../core/calendar/period.ts';
import {
  handoverMs,
  isDrained,
  keptAtEnd,
  samplesDraining,
  samplesOutdated,
  showsDelivery,
} from '../core/capacity/handover.ts';
import type { LearningMethod, StatelessMethod } from '../core/capacity/method.ts';
import { PERIOD_START_MINUTES } from '../core/scaling/limits/index.ts';
import { type GroupView, simulateGroup } from './group.ts';
import { LearningScaler, runAt, StatelessScaler } from './own.ts';
import { midnightFloor } from './peers/rotated.ts';
import type { Replay } from './replay.ts';
import { settingDefaults } from './setting-defaults.ts';

/** Capacity of a table before its period and after, units per second. */
const PARKED = 1;

const WARM_UP_MS = settingDefaults.warmUpHours * HOUR_MS;
const DRAIN_MINUTES = settingDefaults.drainMinutes;

/** Consumed and throttled. */
const METRICS_PER_SAMPLE = 2;

const handoverOf = (write: number): number => handoverMs({ read: 0, write });

/**
 * Replays a rotated group as one series: each table starts at the capacity of the previous one, and its method
 * continues with the same memory.
 */
export function groupReplayOf<Memory>(learner: LearningMethod<Memory>, scheme: RotationScheme): Replay {
  return (series, options) => {
    const { parked = PARKED, burstReliance: reliance = 1 } = options;
    const scaler = new LearningScaler(learner, options);
    let endedReads = 0;
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const run = runAt(view);
      const hasEnded = run >= periodEnd;
      // A run decides about ended tables first.
      const delivered = showsDelivery(scaler.dataUntil(view), run);
      // The run in which a period ends scales the table of the next one.
      const active = hasEnded ? upcoming : current;
      const { provisioned, quota: decreases, busy } = active;
      if (!busy) active.ask(scaler.units({ ...view, provisioned, decreases, begins: hasEnded }), t, now);
      if (hasEnded) {
        endedReads += METRICS_PER_SAMPLE;
        if (delivered && !scaler.isThrottled(view))
          current.ask(keptAtEnd(current.provisioned, reliance), t, run);
      } else {
        // DynamoDB does not describe what a change under way leads to.
        const units = busy ? provisioned : current.coming;
        if (periodEnd - run <= handoverOf(units)) upcoming.ask(units, t, now);
      }
      if (!previous) return;
      if (age < DRAIN_MINUTES && samplesDraining('', age * MINUTE_MS, now)) endedReads += METRICS_PER_SAMPLE;
      if ((isDrained(age) && delivered) || age >= DRAIN_MINUTES) previous.ask(parked, t, now);
    };
    const controller = { created: parked, handoverMs: handoverOf, decide };
    const simulation = simulateGroup(series, scheme, controller, options);
    return { ...simulation, metricReads: scaler.metricReads + endedReads };
  };
}

/**
 * Replays a rotated group under a method without a memory, so that each table is scaled by itself. It has full capacity from
 * a day before its period, and is lowered an hour after its period.
 */
export function groupReplayOfMethod(method: StatelessMethod, scheme: RotationScheme): Replay {
  return (series, options) => {
    const { parked = PARKED, full = midnightFloor(series) } = options;
    const scaler = new StatelessScaler(method, options);
    let endedReads = 0;
    const decide = (view: GroupView): void => {
      const { t, now, age, periodEnd, current, upcoming, previous } = view;
      const { provisioned, quota: decreases, lastIncrease } = current;
      if (!current.busy) {
        const wanted = scaler.units({ ...view, provisioned, decreases, lastIncrease }, age);
        current.ask(age < PERIOD_START_MINUTES ? Math.max(full, wanted) : wanted, t, now);
      }
      if (periodEnd - now <= WARM_UP_MS) upcoming.ask(full, t, now);
      if (!previous) return;
      if (age < DRAIN_MINUTES || samplesOutdated('', age * MINUTE_MS, false, now))
        endedReads += METRICS_PER_SAMPLE;
      if (age >= DRAIN_MINUTES) previous.ask(parked, t, now);
    };
    const simulation = simulateGroup(series, scheme, { created: parked, decide }, options);
    return { ...simulation, metricReads: scaler.metricReads + endedReads };
  };
}
