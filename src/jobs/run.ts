import { iso } from '../core/calendar/instant.ts';
import type { ServiceError } from '../core/failure.ts';
import { membersOf } from '../core/fleet.ts';
import { faultFrom, type TimeFault, timeFault, withoutRisks } from '../core/guards/clock-check.ts';
import { withoutLease } from '../core/guards/lease.ts';
import { jobs } from '../core/jobs.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold, Job, Plan } from '../core/plan.ts';
import { holdReasons } from '../core/reasons.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { type ApplyOptions, apply, leftUndone, type Result } from './apply.ts';
import { LeaseUnknown, sayHeld, withLease } from './lease.ts';
import { makePlan } from './plan.ts';
import { remember } from './remember.ts';

/** What a job did: its plan, and what became of every action. */
export interface Summary {
  readonly job: Job;
  readonly environment: string;
  /** The instant that the job was run for, ISO 8601. */
  readonly at: string;
  /** `skipped`: another run holds the lease. */
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly message: string;
  readonly results: readonly Result[];
  readonly holds: readonly Hold[];
}

export interface RunOptions extends ApplyOptions {
  /** Who holds the lease; unique for every invocation. */
  readonly owner: string;
}

/** Whether a hold makes the run fail, because an operator has to know at once. */
export const needsAttention = ({ reason, urgent }: Hold): boolean =>
  urgent === true || holdReasons[reason].failsRun;

/**
 * Runs one job for the instant `now`, epoch milliseconds: lease, observe, plan, apply. Where the state table does not
 * answer, rotate still makes what is missing, and raises; nothing else is done.
 * @throws ServiceError when the state table or the list of tables cannot be read
 */
export async function runJob(
  job: Job,
  config: Config,
  ports: Ports,
  now: number,
  options: RunOptions,
): Promise<Summary> {
  const base = { job, environment: config.environment, at: iso(now) };
  const { owner, deadline } = options;
  const work = async (end?: number, unleased?: LeaseUnknown): Promise<Summary> => {
    const { plan, learned, observed } = await makePlan([job], config, ports, now);
    if (unleased && !setUp(unleased, config, observed, now)) throw unleased;
    const allowed = unleased ? withoutLease(plan, unleased.message) : plan;
    // Listing the tables has told AWS's own time.
    const fault = faultOf(job, ports, now);
    const kept = fault ? withoutRisks(allowed, fault) : allowed;
    const results = await apply(
      kept.actions,
      ports,
      end === undefined ? options : { ...options, deadline: end },
    );
    const troubles = [
      ...(unleased ? [`Without a lease it only makes what is missing, and raises: ${unleased.message}`] : []),
      ...(fault ? [fault.message] : []),
    ];
    // What a wrong clock has taught is better learned again.
    const note = troubles.length > 0 ? troubles.join(' ') : await remember(learned, ports);
    return summarise(base, kept, results, note);
  };
  try {
    const answer = await withLease(ports, { job, owner }, deadline, work);
    if (answer.granted) return withNote(answer.value, answer.kept);
    return { ...base, outcome: 'skipped', message: sayHeld(job, answer), results: [], holds: [] };
  } catch (error) {
    if (jobs[job].runsWithoutLease && error instanceof LeaseUnknown) return work(deadline, error);
    throw error;
  }
}

/** AWS says so of the state table of an environment that is none. */
const strange: ReadonlySet<ServiceError['code']> = new Set(['not-found', 'access-denied']);

/** Where there is no state table of ours, nor a table of any spec, it is the environment's name that is wrong. */
const setUp = ({ code }: LeaseUnknown, config: Config, { names }: Observed, now: number): boolean =>
  !strange.has(code) || [...membersOf(config, names, now).values()].some(({ length }) => length > 0);

/** Why the time is not to be trusted, as far as AWS has said its own. */
function faultOf(job: Job, { clock }: Ports, now: number): TimeFault | undefined {
  const machine = clock.now();
  return faultFrom(clock.aheadMs?.() ?? [], (aheadMs) =>
    timeFault(jobs[job].oldestEventMs, { run: now, machine, service: machine - aheadMs }),
  );
}

/** What was done is done: a lease that stays makes the next run wait, and is told. */
const withNote = (summary: Summary, note: string | undefined): Summary =>
  note === undefined ? summary : { ...summary, message: `${summary.message} ${note}` };

function summarise(
  base: Pick<Summary, 'job' | 'environment' | 'at'>,
  plan: Plan,
  results: Result[],
  fault?: string,
): Summary {
  const undone = results.filter(leftUndone);
  const troubling = plan.holds.filter(needsAttention);
  const of = (outcome: Result['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const counts = [
    `${of('applied')} applied`,
    `${undone.length} failed or skipped`,
    ...(of('superseded') > 0 ? [`${of('superseded')} superseded`] : []),
    `${plan.holds.length} held.`,
  ].join(', ');
  const message = fault === undefined ? counts : `${counts} ${fault}`;
  const outcome = fault !== undefined || undone.length + troubling.length > 0 ? 'failed' : 'done';
  return { ...base, outcome, message, results, holds: plan.holds };
}

/** A job that left something undone. The summary says what, its message names the first few. */
export class JobFailed extends Error {
  readonly summary: Summary;
  constructor(summary: Summary) {
    super(`${summary.job} for ${summary.environment}: ${summary.message}${failures(summary)}`);
    this.name = 'JobFailed';
    this.summary = summary;
  }
}

const NAMED_FAILURES = 5;

function failures({ results, holds }: Summary): string {
  const failed = [
    ...results.filter(leftUndone).map(({ action, error }) => `${action.kind} ${action.table}: ${error}`),
    ...holds.filter(needsAttention).map(({ table, message }) => `${table}: ${message}`),
  ];
  const rest = failed.length - NAMED_FAILURES;
  const shown = failed.slice(0, NAMED_FAILURES).join(' | ');
  return ` ${shown}${rest > 0 ? ` | and ${rest} more` : ''}`;
}
