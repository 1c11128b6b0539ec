import { HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { dimensions } from '../core/capacity/demand.ts';
import {
  clockFault,
  faultFrom,
  type TimeFault,
  timeFault,
  withoutRisks,
} from '../core/guards/clock-check.ts';
import { jobs } from '../core/jobs.ts';
import { type Job, type Plan, stageOf, type ThroughputChange } from '../core/plan.ts';
import { type Difference, differencesOf } from '../core/plan-difference.ts';
import type { Config } from '../core/spec.ts';
import { plural } from '../core/text.ts';
import type { Ports } from '../ports.ts';
import { type ApplyOptions, leftUndone, type Result } from './apply.ts';
import { ResultTimes, recordCommand } from './history.ts';
import { sayHeld, withLease } from './lease.ts';
import { makePlan } from './plan.ts';
import { remember } from './remember.ts';
import { LONGEST_RUN_MS, type RunTimes, runTimes } from './run-times.ts';
import { applyAndTell, untold } from './tell.ts';

/** An older plan is stale. */
const OLDEST_MS = HOUR_MS;
/** A plan from another machine may be this far in the future. */
const CLOCK_SKEW_MS = MINUTE_MS;

/** The reason why a plan was not applied, or the results of its actions. */
export type Applied =
  | {
      readonly refused: 'stale' | 'changed' | 'leased' | 'clock';
      readonly message: string;
      /** What changed since the plan was created. */
      readonly differences?: readonly Difference[];
    }
  | {
      readonly refused?: undefined;
      readonly results: readonly Result[];
      /** Leases that could not be released, and learned demand that could not be stored. */
      readonly notes: readonly string[];
      /** What people were not told, because no topic is configured, and what is not in the history. */
      readonly remark?: string;
    };

export interface ApplyPlanOptions extends Omit<ApplyOptions, 'deadline'> {
  /** The owner of the leases, unique for each invocation. */
  readonly owner: string;
  /** Called with the recreated plan as soon as the plan is known to be current, before any action. */
  readonly onVerified?: (fresh: Plan) => void;
}

/**
 * Applies exactly the given plan, or nothing. First, the plan is created again for the same instant. If the result
 * differs in any way, tables or configuration changed after planning. Meanwhile, this run holds the lease of every job
 * in the plan.
 */
export async function applyPlan(
  plan: Plan,
  config: Config,
  ports: Ports,
  options: ApplyPlanOptions,
): Promise<Applied> {
  const stale = staleness(plan, ports.clock.now());
  if (stale !== undefined) return { refused: 'stale', message: stale };
  const end = ports.clock.now() + LONGEST_RUN_MS;
  return leased(plan.jobs, ports, options.owner, end, async ({ deadline }) => {
    const { groups } = plan;
    const made = await makePlan(plan.jobs, config, ports, Date.parse(plan.at), { groups });
    const { plan: fresh } = made;
    if (plan.jobs.length === 0 || fresh.fingerprint !== plan.fingerprint || !sameActions(fresh, plan))
      return changedSince(plan, fresh);
    const moved = await demandMoved(plan, config, ports);
    if (moved.length > 0)
      return { refused: 'changed', message: `Demand changed after planning, of ${moved.join(', ')}.` };
    const machine = ports.clock.now();
    const fault = faultFrom(ports.clock.aheadMs?.() ?? [], (aheadMs) =>
      clockFault({ machine, service: machine - aheadMs }),
    );
    if (fault) return { refused: 'clock', message: fault.message };
    const faults = timeFaults(plan, ports);
    const late = lateness(plan, faults);
    if (late !== undefined) return { refused: 'stale', message: late };
    options.onVerified?.(fresh);
    // The same actions, but in the order of their urgency.
    const { observed } = made;
    const telling = { config, observed };
    const times = new ResultTimes(ports.clock);
    const onResult = (result: Result): void => {
      times.note(result);
      options.onResult?.(result);
    };
    const results = await applyAndTell(fresh.actions, telling, ports, { ...options, onResult, deadline });
    // Beside the state of a newer version, and for another time, nothing is stored for the next run.
    const note = observed.newerState ?? (faults.size > 0 ? undefined : await remember(made, ports));
    const unrecorded = await recordCommand(
      { command: 'apply', message: sayApplied(results) },
      { ports, owner: options.owner, historyMs: config.historyMs },
      { results, times },
    );
    const remark = [untold(results, ports), unrecorded].filter(Boolean).join(' ') || undefined;
    return { results, notes: note === undefined ? [] : [note], ...(remark !== undefined && { remark }) };
  });
}

/** Why a plan is stale. Without a different action, the file itself was changed. */
function changedSince(plan: Plan, fresh: Plan): Applied {
  const differences = differencesOf(plan, fresh);
  const message =
    differences.length > 0
      ? 'Tables or configuration changed after planning.'
      : 'The plan file was changed: its fingerprint does not match its content.';
  return { refused: 'changed', message, differences };
}

function sayApplied(results: readonly Result[]): string {
  const applied = results.filter(({ outcome }) => outcome === 'applied').length;
  const undone = results.filter(leftUndone).length;
  const failed = undone > 0 ? ` ${undone} failed or skipped.` : '';
  return `Applied ${applied} of ${plural(results.length, 'action')}.${failed}`;
}

function staleness({ createdAt }: Plan, now: number): string | undefined {
  const ageMs = now - Date.parse(createdAt);
  if (Number.isNaN(ageMs)) return 'The plan has no valid time (createdAt).';
  if (ageMs < -CLOCK_SKEW_MS) return 'The plan has a future time (createdAt).';
  return ageMs > OLDEST_MS ? 'The plan is more than an hour old.' : undefined;
}

/** Why the time of a plan is too far from now for its jobs, by job. */
function timeFaults({ at, jobs: planned }: Plan, { clock }: Ports): ReadonlyMap<Job, TimeFault> {
  const times = { run: Date.parse(at), machine: clock.now() };
  return new Map(
    planned.flatMap((job) => {
      const fault = faultFrom(clock.aheadMs?.() ?? [], (aheadMs) =>
        timeFault(jobs[job].oldestEventMs, { ...times, service: times.machine - aheadMs }, 'plan'),
      );
      return fault ? [[job, fault] as const] : [];
    }),
  );
}

/**
 * Why the time of a plan is too far from now for its actions; undefined if it is not. A deletion that is scheduled for a
 * past time would shorten the waiting period. A late run is held for the same reason.
 */
const lateness = ({ actions }: Plan, faults: ReadonlyMap<Job, TimeFault>): string | undefined =>
  [...faults].find(([job, fault]) => {
    const own = { actions: actions.filter((action) => action.job === job), holds: [] };
    return withoutRisks(own, fault).holds.length > 0;
  })?.[1].message;

/** Compares the actions too, because a fingerprint in a file can be forged. */
function sameActions(fresh: Plan, plan: Plan): boolean {
  const text = ({ actions }: Plan): string =>
    JSON.stringify(actions.toSorted((a, b) => stageOf(a) - stageOf(b) || a.table.localeCompare(b.table)));
  return text(fresh) === text(plan);
}

/**
 * The tables of which current demand no longer supports the capacity changes of the plan. The plan that was created again only
 * knows the demand of its own instant. Current demand must still need each raise and allow each decrease.
 */
async function demandMoved(plan: Plan, config: Config, ports: Ports): Promise<readonly string[]> {
  const now = ports.clock.now();
  const scaled = changesOf(plan);
  if (scaled.length === 0 || now - Date.parse(plan.at) < MINUTE_MS) return [];
  const wanted = changesOf((await makePlan(plan.jobs, config, ports, now, { groups: plan.groups })).plan);
  const moved = scaled.filter(({ table, index, from, to }) => {
    const fresh = wanted.find((each) => each.table === table && each.index === index)?.to ?? from;
    return dimensions.some((dimension) => {
      if (to[dimension] === from[dimension]) return false;
      const lowered = to[dimension] < from[dimension];
      return lowered ? fresh[dimension] > to[dimension] : fresh[dimension] <= from[dimension];
    });
  });
  return [...new Set(moved.map(({ table }) => table))];
}

/** The changes that jobs that follow demand would make, by table and index. */
function changesOf({ actions }: Plan): (ThroughputChange & { readonly table: string })[] {
  return actions.flatMap((action) =>
    jobs[action.job].followsDemand && 'changes' in action
      ? action.changes.map((change) => ({ ...change, table: action.table }))
      : [],
  );
}

/** Holds the lease of every job until `end`. The lease of an inner job ends before the calls of the outer one do. */
async function leased(
  [job, ...rest]: readonly Job[],
  ports: Ports,
  owner: string,
  end: number,
  work: (times: RunTimes) => Promise<Applied>,
): Promise<Applied> {
  if (job === undefined) return work(runTimes(ports.clock.now(), end));
  const answer = await withLease(ports, { job, owner }, end, (times) =>
    rest.length === 0 ? work(times) : leased(rest, ports, owner, times.callsEnd, work),
  );
  if (answer.granted) return withNote(answer.value, answer.unreleased);
  return { refused: 'leased', message: sayHeld(job, answer) };
}

const withNote = (applied: Applied, note: string | undefined): Applied => {
  if (note === undefined) return applied;
  return applied.refused === undefined
    ? { ...applied, notes: [...applied.notes, note] }
    : { ...applied, message: `${applied.message} ${note}` };
};
