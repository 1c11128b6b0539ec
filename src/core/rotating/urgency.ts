import { DAY_MS } from '../calendar/period.ts';
import { periodOf } from '../calendar/rotation.ts';
import type { Table } from '../fleet.ts';
import type { Phase } from '../phase.ts';
import type { Action } from '../plan.ts';
import type { Units } from '../spec.ts';

/** When a table that does not exist is needed. */
export type Urgency = Extract<Action, { kind: 'create' }>['urgency'];

/** In the order in which a run creates tables, so that a run that is cut off has created the most urgent ones. */
export const urgencies: Readonly<Record<Urgency, number>> = { current: 0, next: 1, later: 2, backfill: 3 };

/** When a required table is needed at `now`, epoch milliseconds. */
export function urgencyOf({ phase, period, spec }: Table, now: number): Urgency {
  if (phase === 'active') return 'current';
  if (phase !== 'upcoming') return 'backfill';
  return period.start <= periodOf(spec, now).end ? 'next' : 'later';
}

/** An operator has a day to attach what is missing before applications write to the table. */
const NEAR_MS = DAY_MS;

/** Whether the period of a table has begun, or begins soon, so that missing consumers of its changes are urgent. */
export const isNear = ({ phase, period }: Table, now: number): boolean =>
  phase === 'active' || (phase === 'upcoming' && period.start - now <= NEAR_MS);

/** Compares missing tables: first the more urgent one, then the one whose period starts sooner, or ended later. */
export const byUrgency =
  (now: number) =>
  (a: Table, b: Table): number =>
    urgencies[urgencyOf(a, now)] - urgencies[urgencyOf(b, now)] || byDistance(a, b);

/** Current tables are equally urgent. */
function byDistance(a: Table, b: Table): number {
  if (a.phase === 'active') return 0;
  return a.phase === 'upcoming' ? a.period.start - b.period.start : b.period.start - a.period.start;
}

const phases: Readonly<Record<Phase, number>> = {
  active: 0,
  upcoming: 1,
  draining: 2,
  outdated: 2,
  expired: 2,
};

/**
 * Compares existing tables whose throughput might change: if the account has no room for all raises, current tables come
 * first, then upcoming ones by their start, and the larger of two.
 */
export function byNeedOfCapacity(a: Table, b: Table): number {
  if (phases[a.phase] !== phases[b.phase]) return phases[a.phase] - phases[b.phase];
  if (a.phase !== 'active' && a.phase !== 'upcoming') return 0;
  const sooner = a.phase === 'upcoming' ? a.period.start - b.period.start : 0;
  return sooner || unitsOf(b) - unitsOf(a);
}

const unitsOf = ({ spec }: Table): number =>
  spec.resources.reduce((sum, { full }: { readonly full: Units }) => sum + full.read + full.write, 0);
