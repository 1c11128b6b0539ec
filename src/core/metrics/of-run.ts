/** What a run of a job reports: its metrics, and fields of its log that are no metrics. */
import { iso } from '../calendar/instant.ts';
import { SECOND_MS } from '../calendar/period.ts';
import type { StandingHold } from '../facts.ts';
import { membersOf } from '../fleet.ts';
import { isInForce } from '../guards/suspensions.ts';
import { heldByReason } from '../held-by-reason.ts';
import type { Observed } from '../observed.ts';
import type { Phase } from '../phase.ts';
import type { Action, Hold, Job } from '../plan.ts';
import type { Config } from '../spec.ts';
import { type Measurement, measured } from './measurement.ts';
import { type GroupFigures, groupFigures } from './of-groups.ts';
import { msSinceSuccess, type RunRecords } from './run-records.ts';

/** A run that has just ended. */
export interface RunOutcome {
  readonly job: Job;
  readonly config: Config;
  readonly observed: Observed;
  /** The instant of the run, epoch milliseconds. */
  readonly now: number;
  /** The wall clock, epoch milliseconds. */
  readonly at: number;
  readonly results: readonly { readonly action: Action; readonly outcome: string }[];
  readonly holds: readonly Hold[];
  /** With the record of this run; undefined if they could not be read. */
  readonly records: RunRecords | undefined;
}

/** What a run reports. */
export interface RunFigures {
  readonly measurements: readonly Measurement[];
  /** Fields for the log, by name. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The figures of a run that got its lease. */
export function figuresOf(run: RunOutcome): RunFigures {
  const { job, results, holds } = run;
  const kinds = (...outcomes: readonly string[]) =>
    countBy(results.filter(({ outcome }) => outcomes.includes(outcome)).map(({ action }) => action.kind));
  const actions = kinds('applied');
  const failed = kinds('failed', 'skipped');
  const held = heldByReason(holds) as Readonly<Record<string, number>>;
  const own = job === 'scale' ? fleetFigures(run) : { measurements: [], fields: {} };
  return {
    measurements: [
      ...measured('SkippedInARow', 0),
      ...divided('Actions', 'kind', actions),
      ...divided('FailedActions', 'kind', failed),
      ...divided('Holds', 'reason', held),
      ...own.measurements,
    ],
    fields: {
      actionsByKind: actions,
      ...(Object.keys(failed).length > 0 && { failedByKind: failed }),
      heldByReason: held,
      ...own.fields,
    },
  };
}

/** The figures of a run that was skipped, the last of `skips` in a row. */
export const figuresOfSkipped = (skips: number): RunFigures => ({
  measurements: measured('SkippedInARow', skips),
  fields: {},
});

/** What only scale reports, because it runs every minute. */
function fleetFigures({ config, observed, now, at, holds, records }: RunOutcome): RunFigures {
  const members = membersOf(config, observed.names, now);
  const tables = [...members.values()].flat();
  const phases: Readonly<Record<Phase, number>> = {
    ...{ upcoming: 0, active: 0, draining: 0, outdated: 0, expired: 0 },
    ...countBy(tables.map(({ phase }) => phase)),
  };
  const standing = records && [...records.values()].flatMap(({ holds }) => holds);
  const groups = groupFigures(members, observed, now, { at, holds, standing });
  const since = (job: Job) => records && msSinceSuccess(job, records, at) / SECOND_MS;
  const oldest = standing && oldestOf(standing);
  return {
    measurements: [
      ...groups.flatMap(({ measurements }) => measurements),
      ...totals(groups),
      ...measured('SecondsHeld', standing && (oldest ? at - oldest.since : 0) / SECOND_MS),
      ...measured('SecondsSuspended', secondsSuspended(observed, now, at)),
      ...measured('SecondsSinceRotate', since('rotate')),
      ...measured('SecondsSincePurge', since('purge')),
      ...measured('SecondsSinceScale', since('scale')),
      ...divided('Tables', 'phase', phases),
    ],
    fields: {
      tablesByPhase: phases,
      ...(oldest && { oldestHold: { ...oldest, since: iso(oldest.since), seen: iso(oldest.seen) } }),
      ...listed(
        'lateTables',
        groups.flatMap(({ late }) => late),
      ),
      ...listed(
        'capacityAtBound',
        groups.flatMap(({ atBound }) => atBound),
      ),
    },
  };
}

/** How the figures of groups become one of the environment. */
const combine: Readonly<Partial<Record<Measurement['metric'], (values: readonly number[]) => number>>> = {
  NextTableLate: (values) => values.reduce((sum, one) => sum + one, 0),
  SecondsCovered: (values) => Math.min(...values),
  // Without a number of any group, the number is unknown.
  ThrottledRequests: (values) => (values.length === 0 ? Number.NaN : values.reduce((sum, one) => sum + one)),
  SecondsThrottledAtBound: (values) => Math.max(0, ...values),
};

function totals(groups: readonly GroupFigures[]): Measurement[] {
  const all = groups.flatMap(({ measurements }) => measurements);
  return Object.entries(combine).flatMap(([name, together]) => {
    const metric = name as Measurement['metric'];
    const values = all.filter((one) => one.metric === metric).map(({ value }) => value);
    return measured(metric, together(values));
  });
}

function secondsSuspended({ suspensions }: Observed, now: number, at: number): number | undefined {
  if ('error' in suspensions) return undefined;
  const ages = suspensions.filter((one) => isInForce(one, now)).map(({ since }) => at - since);
  return Math.max(0, ...ages) / SECOND_MS;
}

const oldestOf = (holds: readonly StandingHold[]): StandingHold | undefined =>
  [...holds].sort((a, b) => a.since - b.since)[0];

function divided(
  metric: Measurement['metric'],
  division: NonNullable<Measurement['part']>['division'],
  counts: Readonly<Record<string, number>>,
): Measurement[] {
  return Object.entries(counts).flatMap(([of, value]) => measured(metric, value, { division, of }));
}

function countBy<K extends string>(keys: readonly K[]): Partial<Record<K, number>> & Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts as Partial<Record<K, number>> & Record<string, number>;
}

/** A log names so many, because a line has a limit. */
const NAMED = 20;

const listed = (name: string, all: readonly string[]): Readonly<Record<string, unknown>> =>
  all.length === 0
    ? {}
    : { [name]: all.slice(0, NAMED), ...(all.length > NAMED && { [`${name}Count`]: all.length }) };
