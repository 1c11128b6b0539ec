import { iso, sayInstant } from '../core/calendar/instant.ts';
import type { Reading, ShardLayout } from '../core/facts.ts';
import { needsAttention } from '../core/failing-holds.ts';
import type { ServiceError } from '../core/failure.ts';
import { membersOf } from '../core/fleet.ts';
import { faultFrom, type TimeFault, timeFault, withoutRisks } from '../core/guards/clock-check.ts';
import { LONGEST_LEASE_MS, withoutLease } from '../core/guards/lease.ts';
import { type HeldByReason, heldByReason, sayHolds } from '../core/held-by-reason.ts';
import { jobs } from '../core/jobs.ts';
import { figuresOfSkipped, type RunFigures } from '../core/metrics/of-run.ts';
import type { RunRecords } from '../core/metrics/run-records.ts';
import { withCure } from '../core/no-state-table.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold, Job, Plan } from '../core/plan.ts';
import type { Planner } from '../core/planners.ts';
import { sayShortages } from '../core/shortage.ts';
import type { Config } from '../core/spec.ts';
import { withoutFinalDot } from '../core/text.ts';
import type { LeaseAnswer, Ports } from '../ports.ts';
import { type ApplyOptions, leftUndone, type Result } from './apply.ts';
import { attempt } from './attempt.ts';
import { newEnvironment, withStillDeleting } from './creation-notes.ts';
import { type Ended, reportOn } from './figures.ts';
import { ResultTimes } from './history.ts';
import { LeaseUnknown, sayHeld, withLease } from './lease.ts';
import type { MadePlan } from './planning.ts';
import { postponable } from './postponable.ts';
import { RateLimiter } from './rate-limiter.ts';
import { recordRun } from './record-run.ts';
import {
  remember,
  rememberAttempts,
  rememberSeen,
  rememberSightings,
  rememberUndelivered,
} from './remember.ts';
import { endingAt, LONGEST_RUN_MS, type RunTimes, runTimes } from './run-times.ts';
import { takeBack } from './scale-records.ts';
import { untold } from './tell.ts';
import { type Guarded, planAndApply } from './waves.ts';

/** What a job did: its plan's holds, and the result of every action. */
export interface Summary {
  readonly job: Job;
  readonly environment: string;
  /** The instant of the run, ISO 8601. */
  readonly at: string;
  /** `skipped`: another run holds the lease. */
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly message: string;
  /** What people should know, although it does not make the run fail: what was not told, what is not in the history, and which metrics are missing. */
  readonly remark?: string;
  readonly results: readonly Result[];
  readonly holds: readonly Hold[];
  /** Of the holds, if there are any. */
  readonly heldByReason?: HeldByReason;
}

export interface RunOptions extends Omit<ApplyOptions, 'deadline' | 'rateLimiter' | 'canWait'> {
  /** The owner of the lease, unique for each invocation. */
  readonly owner: string;
  /** When the process ends, in epoch milliseconds of the wall clock. The lease ends then too. */
  readonly end?: number;
  /** Gets the metrics of the run before it ends. Without it, none are calculated, and the state table has no record of the run. */
  readonly report?: (figures: RunFigures) => void;
}

/**
 * Runs the job of a planner for the instant `now`, epoch milliseconds: lease, observe, plan, apply. If the state table does not
 * answer, rotate still creates missing tables and raises capacity, and the other jobs do nothing.
 * @throws ServiceError if the state table or the list of tables cannot be read
 */
export async function runPlanner(
  planner: Planner,
  config: Config,
  ports: Ports,
  now: number,
  options: RunOptions,
): Promise<Summary> {
  const { job } = planner;
  const base = { job, environment: config.environment, at: iso(now) };
  const { owner } = options;
  const end = options.end ?? ports.clock.now() + LONGEST_RUN_MS;
  const work = async (times: RunTimes, unleased?: LeaseUnknown, layout?: ShardLayout): Promise<Summary> => {
    if (layout) await takeBack(ports.state, layout, config, now);
    const check = ({ observed }: MadePlan): void => {
      if (unleased && !isSetUp(unleased, config, observed, now)) throw unleased;
    };
    const guard = (made: MadePlan) => guarded(made, job, ports, now, unleased);
    const ended = new ResultTimes(ports.clock);
    const onResult = (result: Result): void => {
      ended.note(result);
      options.onResult?.(result);
    };
    const { deadline } = times;
    const rateLimiter = new RateLimiter(config.changesPerSecond, ports.clock, deadline);
    const limited = { ...options, onResult, rateLimiter, deadline, canWait: postponable(config) };
    const run = { planner, config, ports, now, guard, check, options: limited };
    const { made, safe, troubles, results } = await planAndApply(run);
    const { observed } = made;
    const held = withStillDeleting(safe, observed, results);
    // If the clock is wrong or the state is newer, nothing is stored for the next run.
    const isSound = troubles.length === 0;
    const [records, note, unrecorded] = await Promise.all([
      options.report && isSound ? attempt(() => ports.state.runs()) : unread,
      isSound ? rememberAll(job, config, made, results, ports, now) : troubles.join(' '),
      recordRun(
        {
          job,
          environment: config.environment,
          at: now,
          kinds: config.notices,
          results,
          times: ended,
          ...(isSound && { held: { holds: held.holds, observed } }),
        },
        { ports, owner, historyMs: config.historyMs },
      ),
    ]);
    const summary = withNote(
      summarize(base, held, results, note),
      newEnvironment(config, observed, results, now),
    );
    const reporting = { job, config, observed, now, results, stores: isSound };
    const unmeasured = await reported(summary, reporting, records, ports, options);
    const remark = sentences(untold(results, ports), unrecorded, unmeasured);
    return { ...summary, ...(remark !== undefined && { remark }) };
  };
  const unleased = (error: LeaseUnknown): Promise<Summary> => {
    const times = runTimes(ports.clock.now(), end);
    return endingAt(ports, times.callsEnd, () => work(times, error));
  };
  try {
    const answer = await withLease(ports, { job, owner }, end, (times, layout) =>
      work(times, undefined, layout),
    );
    if (answer.granted) return withNote(answer.value, answer.unreleased);
    options.report?.(figuresOfSkipped(answer.skips));
    return { ...base, ...skip(job, answer, ports.clock.now()), results: [], holds: [] };
  } catch (error) {
    if (error instanceof LeaseUnknown && (jobs[job].runsWithoutLease || error.code === 'newer-state'))
      return unleased(error).catch((failed: unknown) => {
        throw withCure(failed, config);
      });
    throw withCure(error, config);
  }
}

/** The records of runs, for a run that must not use them, or that reports no metrics. */
const unread: Reading<RunRecords> = { error: 'They were not read.' };

/** The given sentences; undefined without any. */
const sentences = (...all: readonly (string | undefined)[]): string | undefined =>
  all.filter((one) => one !== undefined).join(' ') || undefined;

/** Reports the metrics of a run, if someone wants them. Returns what people should know about that. */
async function reported(
  { outcome, holds }: Summary,
  ended: Omit<Ended, 'succeeded' | 'holds'>,
  records: Reading<RunRecords>,
  ports: Ports,
  { report }: RunOptions,
): Promise<string | undefined> {
  if (!report) return undefined;
  const run = { ...ended, succeeded: outcome === 'done', holds };
  const { figures, remark } = await reportOn(run, records, ports);
  report(figures);
  return remark;
}

/** Stores what the next runs can use. Returns what could not be stored; undefined if all was. */
async function rememberAll(
  job: Job,
  config: Config,
  made: MadePlan,
  results: readonly Result[],
  ports: Ports,
  now: number,
): Promise<string | undefined> {
  const { observed } = made;
  const { remembers, remembersConsumers, seenKind } = jobs[job];
  const notes = await Promise.all([
    remember(made, ports),
    rememberSeen(seenKind, config, observed, ports, now),
    remembers ? rememberSightings(config, observed, ports, now) : undefined,
    remembers ? rememberAttempts(observed, results, ports, now) : undefined,
    remembersConsumers ? rememberUndelivered(config, observed, results, ports, now) : undefined,
  ]);
  return sentences(...notes);
}

/** What may be applied of a plan, and in words why the rest may not. */
function guarded(
  { plan, observed: { newerState } }: MadePlan,
  job: Job,
  ports: Ports,
  now: number,
  unleased: LeaseUnknown | undefined,
): Guarded {
  const only = 'This run only creates missing tables and raises capacity.';
  const allowed = unleased ? withoutLease(plan, unleased.message) : plan;
  // Each answer of DynamoDB contains the time of AWS's clock, also that about the lease.
  const fault = faultOf(job, ports, now);
  const troubles = [
    ...(unleased ? [`No lease: ${withoutFinalDot(unleased.message)}. ${only}`] : []),
    ...(newerState === undefined ? [] : [`${newerState} ${only}`]),
    ...(fault ? [fault.message] : []),
  ];
  return { safe: fault ? withoutRisks(allowed, fault) : allowed, troubles };
}

/** So many skipped runs in a row fail the run. */
const MANY_SKIPS = 3;

/** The outcome without a lease. If no run finishes for longer than a lease can last or for several runs, it fails. */
function skip(
  job: Job,
  held: Extract<LeaseAnswer, { granted: false }>,
  now: number,
): Pick<Summary, 'outcome' | 'message'> {
  const message = sayHeld(job, held);
  const { skippedSince, skips } = held;
  if (skips < MANY_SKIPS && now - skippedSince <= LONGEST_LEASE_MS) return { outcome: 'skipped', message };
  const since = `No ${job} run has finished since ${sayInstant(skippedSince)}. Runs skipped in a row: ${skips}.`;
  return { outcome: 'failed', message: `${message} ${since}` };
}

/** Errors that a wrong name of the environment can cause. */
const maybeWrongName: ReadonlySet<ServiceError['code']> = new Set(['not-found', 'access-denied']);

/**
 * Whether the environment is set up. If it has neither a state table nor a table of any spec, then the name of the
 * environment is probably wrong.
 */
const isSetUp = ({ code }: LeaseUnknown, config: Config, { names }: Observed, now: number): boolean =>
  !maybeWrongName.has(code) || [...membersOf(config, names, now).values()].some(({ length }) => length > 0);

/** Why the time of the run cannot be trusted, by AWS's answers so far; undefined if it can. */
function faultOf(job: Job, { clock }: Ports, now: number): TimeFault | undefined {
  const machine = clock.now();
  return faultFrom(clock.aheadMs?.() ?? [], (aheadMs) =>
    timeFault(jobs[job].oldestEventMs, { run: now, machine, service: machine - aheadMs }),
  );
}

/** Adds a note about the lease. The results stay unchanged, because the actions are done. */
const withNote = (summary: Summary, note: string | undefined): Summary =>
  note === undefined ? summary : { ...summary, message: `${summary.message} ${note}` };

function summarize(
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
    ...(of('postponed') > 0 ? [`${of('postponed')} postponed to the next run`] : []),
    `${sayHolds(plan.holds)}.`,
  ].join(', ');
  const message = [counts, sayShortages(plan.holds), fault].filter(Boolean).join(' ');
  const outcome = fault !== undefined || undone.length + troubling.length > 0 ? 'failed' : 'done';
  const reasons = plan.holds.length > 0 && { heldByReason: heldByReason(plan.holds) };
  return { ...base, outcome, message, results, holds: plan.holds, ...reasons };
}

/** A job that left something undone. The message names the first failures, and the summary has all. */
export class JobFailed extends Error {
  readonly summary: Summary;
  constructor(summary: Summary) {
    const { job, environment, message, remark } = summary;
    super(`${job} for ${environment}: ${message}${failures(summary)}${remark ? ` ${remark}` : ''}`);
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
  if (failed.length === 0) return '';
  const rest = failed.length - NAMED_FAILURES;
  const shown = failed.slice(0, NAMED_FAILURES).join(' | ');
  return ` ${shown}${rest > 0 ? ` | and ${rest} more` : ''}`;
}
