import { DAY_MS, MINUTE_MS, type RotationScheme } from '../../core/calendar/period.ts';
import { type GroupController, type GroupView, simulateGroup } from '../group.ts';
import type { Replay } from '../replay.ts';
import type { View } from '../simulate.ts';
import type { Table } from '../table.ts';
import { type DemandSeries, peakOf } from '../trace.ts';
import { targetTracking } from './target-tracking.ts';

/** Minutes after midnight for which a new table needs its floor: before that target tracking does nothing. */
const FIRST_MINUTES = 10;
const TARGET = 70;

/** The floor that midnight needs: what the highest demand of any day's first ten minutes makes 70 % of, units per second. */
export function midnightFloor({ start, demand }: DemandSeries): number {
  const first = demand.filter((_, t) => (start + t * MINUTE_MS) % DAY_MS < FIRST_MINUTES * MINUTE_MS);
  return Math.ceil((peakOf(first) * 100) / TARGET);
}

/** A table's own view: target tracking knows nothing of the table before. */
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
 * Target tracking on each table, with the floor that midnight needs on today's and on tomorrow's: what it would
 * otherwise lower to nothing while no traffic comes. A finished table loses its floor, and is lowered when idle.
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
        // Fifteen quiet minutes, as known a minute later.
        if (previous && age > 15) previous.ask(1, t, now);
      },
    };
    return simulateGroup(series, scheme, controller, options);
  };
}

/** Full throughput on today's table and on tomorrow's; one that is over gets its least. */
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
