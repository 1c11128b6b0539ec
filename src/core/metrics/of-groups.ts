import { SECOND_MS } from '../calendar/period.ts';
import type { StandingHold } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Hold } from '../plan.ts';
import type { Spec } from '../spec.ts';
import { coverageOf } from './coverage.ts';
import { type Measurement, measured } from './measurement.ts';
import { capacityAtBound, secondsThrottledAtBound, throttledRequests } from './throttles.ts';

/** What a run of scale reports about a group. */
export interface GroupFigures {
  readonly measurements: readonly Measurement[];
  /** The table that should exist already. */
  readonly late: readonly string[];
  readonly atBound: readonly string[];
}

interface Circumstances {
  /** The wall clock, epoch milliseconds. */
  readonly at: number;
  readonly holds: readonly Hold[];
  /** Of all jobs; undefined if they could not be read. */
  readonly standing: readonly StandingHold[] | undefined;
}

/** The figures of every group at `now`, epoch milliseconds. */
export function groupFigures(
  members: ReadonlyMap<Spec, readonly Table[]>,
  observed: Observed,
  now: number,
  { at, holds, standing }: Circumstances,
): GroupFigures[] {
  return [...members].map(([spec, tables]) => {
    const part = { division: 'group', of: spec.name } as const;
    const coverage = coverageOf(spec, tables, observed, now);
    const atBound = capacityAtBound(tables, observed);
    const own = holds.filter(({ group }) => group === spec.name);
    const oldest = standing?.filter(({ group }) => group === spec.name).map(({ since }) => at - since);
    return {
      measurements: [
        ...measured('NextTableLate', coverage && Number(coverage.late), part),
        ...measured('SecondsCovered', coverage && coverage.coveredMs / SECOND_MS, part),
        ...measured('ThrottledRequests', throttledRequests(tables, observed, now), part),
        ...measured('SecondsThrottledAtBound', secondsThrottledAtBound(own), part),
        ...measured('SecondsHeld', oldest && Math.max(0, ...oldest) / SECOND_MS, part),
        ...measured('CapacityAtBound', atBound.length, part),
      ],
      late: coverage?.late && coverage.missing !== undefined ? [coverage.missing] : [],
      atBound,
    };
  });
}
