import { DAY_MS, MINUTE_MS, type RotationScheme } from '../../core/calendar/period.ts';
import { type GroupController, type GroupView, simulateGroup } from '../group.ts';
import type { Replay } from '../replay.ts';
import type { View } from '../simulate.ts';
import type { Table } from '../table.ts';
import { type DemandSeries, peakOf } from '../trace.ts';
import { targetTracking } from './target-tracking.ts';

/** Minutes after midnight for which a new table needs its floor: until then target tracking does not react. */
const FIRST_MINUTES = 10;
const TARGET = 70;

/** The floor for midnight, in units per second. The highest demand in the first ten minutes of any day is 70% of it. */
export function midnightFloor({ start, demand }: DemandSeries): number {
  const first = demand.filter((_, t) => (start + t * MINUTE_MS) % DAY_MS < FIRST_MINUTES * MINUTE_MS);
  return Math.ceil((peakOf(first) * 100) / TARGET);
}

/** What is known about one table. Target tracking does not know the previous table. */
function ownView(view: GroupView, table: Table, from: number): View {
  const { t, now, capacity } = view;
  const { provisioned, quota: decreases, lastIncrease } = table;
  const of = (values: Float64Array): Float64Array => values.subarray(from);
  return {
    t: t - from,
    now,
    provisioned,
    consumed: of(view.consumed),
    throttled: of(view.throttled),
    capacity: of(capacity),
    decreases,
    lastIncrease,
  };
}

/**
 * Target tracking on each table. The current and the upcoming table have the floor for midnight, because target tracking would
 * otherwise lower an idle table to its minimum. The floor of the previous table is removed, so that it is lowered when idle.
 */
export function rotatedTracking(scheme: RotationScheme): Replay {
  return (series, options) => {
    const floor = midnightFloor(series);
    const track = targetTracking(TARGET);
    const controller: GroupController = {
      created: floor,
      decide(view) {
        const { t, now, age, current, previous } = view;
        if (!current.busy) current.ask(Math.max(floor, track(ownView(view, current, t - age))), t, now);
        // Fifteen quiet minutes are known a minute later.
        if (previous && age > 15) previous.ask(1, t, now);
      },
    };
    return simulateGroup(series, scheme, controller, options);
  };
}

/** Full throughput on the current and the upcoming table, and the minimum on the previous one. */
export function rotatedPeak(scheme: RotationScheme): Replay {
  return (series, options) => {
    const full = Math.ceil(peakOf(series.demand));
    const controller: GroupController = {
      created: full,
      decide: ({ t, now, previous }) => previous?.ask(1, t, now),
    };
    return simulateGroup(series, scheme, controller, options);
  };
}
