import { createHash } from 'node:crypto';
import { ATTEMPTS, attemptsFrom, unknownAttempts } from '../core/attempts.ts';
import { iso } from '../core/calendar/instant.ts';
import { type Remembered, restored } from '../core/capacity/remembered.ts';
import type { RetentionUpdate, ScheduledDeletion, Suspension } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { TOLERATED_MS } from '../core/guards/clock-check.ts';
import { withoutNewerState } from '../core/guards/newer-state.ts';
import { isInForce, withoutDecreases } from '../core/guards/suspensions.ts';
import { jobs as traits } from '../core/jobs.ts';
import { mergeDrafts } from '../core/merge-drafts.ts';
import type { AppliedRetentions, Observed } from '../core/observed.ts';
import { onlyGroups } from '../core/only-groups.ts';
import type { Draft, Job, Plan } from '../core/plan.ts';
import type { Planner } from '../core/planners.ts';
import { ofShard } from '../core/sharding/ids.ts';
import { SIGHTINGS, sightingsFrom, UNDELIVERED, unknownSightings } from '../core/sightings.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { closingOf, writtenClosing } from './closing.ts';
import { type Observation, observe, type Stored } from './observe.ts';
import { parsedOf } from './parsed-before.ts';
import { appliedRetentions } from './retentions.ts';
import { readingState } from './run-times.ts';
import type { Patience } from './table-reads.ts';

/** What the planners plan at `now`, without suspended changes. */
export function draftBy(
  planners: readonly Planner[],
  config: Config,
  observed: Observed,
  now: number,
): Draft {
  const draft = mergeDrafts(planners.map(({ plan }) => plan(config, observed, now)));
  return withoutNewerState(withoutDecreases(draft, observed, now), observed);
}

/** A plan, and the observations that it is based on. */
export interface MadePlan {
  readonly plan: Plan;
  readonly observed: Observed;
  /** Learned demand to store, by group. */
  readonly learned: ReadonlyMap<string, Remembered>;
  /** What to store about retentions, by group. */
  readonly retentions: ReadonlyMap<string, RetentionUpdate>;
  /** Plans again after more reads, if some were late. The plan lacks the tables that they are about. */
  readonly rest?: () => Promise<MadePlan>;
}

export interface PlanOptions {
  readonly patience?: Patience | undefined;
  /** Only the actions and holds of these groups. They are reckoned over the whole fleet. */
  readonly groups?: readonly string[] | undefined;
}

/**
 * Observes and plans what the given planners would do at `now` (epoch milliseconds). Changes nothing. Without `patience`, the
 * plan waits for every read.
 * @throws ServiceError if the tables or the scheduled deletions cannot be read
 */
export async function makePlanBy(
  planners: readonly Planner[],
  config: Config,
  ports: Ports,
  now: number,
  { patience, groups }: PlanOptions = {},
): Promise<MadePlan> {
  const jobs = planners.map(({ job }) => job);
  const known = await readingState(ports, patience, () => knownBefore(jobs, ports, now));
  const { suspensions } = known;
  const planner = (observed: Observed): Draft => draftBy(planners, config, observed, now);
  const body = {
    version: 1 as const,
    environment: config.environment,
    jobs,
    ...(groups && { groups: [...groups] }),
    at: iso(now),
    createdAt: iso(ports.clock.now()),
  };
  const inForce = 'error' in suspensions ? [] : suspensions.filter((one) => isInForce(one, now));
  const suspended = inForce.length > 0 ? { suspensions: inForce.map(written) } : {};
  const planOf = ({ draft, observed, rest }: Observation<Draft>): MadePlan => {
    const { actions, holds, learned, retentions } = groups ? draftOfGroups(draft, groups) : draft;
    const circumstances = { ...suspended, ...writtenClosing(observed, config, now) };
    const plan = { ...body, ...circumstances, actions, holds, fingerprint: fingerprint(body, actions) };
    return { plan, observed, learned, retentions, ...(rest && { rest: async () => planOf(await rest()) }) };
  };
  return planOf(await observe(ports, known, planner, now, patience, config));
}

/** A draft of these groups. What is learned of other groups assumes actions that are not applied, so it is not stored. */
function draftOfGroups(draft: Draft, groups: readonly string[]): Draft {
  const isOf = ([group]: readonly [string, unknown]): boolean => groups.includes(group);
  return {
    ...onlyGroups(draft, groups),
    learned: new Map([...draft.learned].filter(isOf)),
    retentions: new Map([...draft.retentions].filter(isOf)),
  };
}

/** Demand that cannot be read from the state table is learned again from metrics. */
const nothing: ReadonlyMap<string, string> = new Map();

const unknown: AppliedRetentions = new Map();

const notClosed: NonNullable<Stored['closing']> = { value: undefined };

/** What the jobs know from earlier runs, for a run at `now`, in epoch milliseconds. */
export async function knownBefore(jobs: readonly Job[], ports: Ports, now: number): Promise<Stored> {
  const { state, clock } = ports;
  // A run can be for a past instant. A memory from after that instant must not be used.
  const latest = Math.max(now, clock.now());
  const purposes = jobs.map((job) => traits[job].reads.scheduledDeletions);
  const newer: string[] = [];
  let unreadMemories: string | undefined;
  /** Without the records of a newer version, a plan only creates and raises. */
  const unlessNewer = <T>(reading: Promise<T>, none: T): Promise<T> =>
    reading.catch((error: unknown) => {
      if (!isFailure(error, 'newer-state')) throw error;
      newer.push(error.message);
      return none;
    });
  const [scheduledDeletions, memories, suspensions, retentions, closing] = await Promise.all([
    knownDeletions(purposes, state, unlessNewer),
    jobs.some((job) => traits[job].reads.memories)
      ? unlessNewer(state.memories(), nothing).catch((error: unknown) => {
          unreadMemories = messageOf(error);
          return nothing;
        })
      : nothing,
    unlessNewer(state.suspensions(), []).catch(orMissing<Suspension[]>([])),
    jobs.some((job) => traits[job].reads.retentions)
      ? unlessNewer(appliedRetentions(state, latest), unknown)
      : undefined,
    jobs.some((job) => traits[job].reads.closing) ? unlessNewer(closingOf(state), notClosed) : undefined,
  ]);
  // A record that is about no single group has a name in parentheses, which no TableName contains.
  const [groups, others] = partitioned(memories);
  const entries = groups.map(
    ([group, text]) => [group, restored(text, latest, (json) => parsedOf(group, json))] as const,
  );
  const deletions = scheduledDeletions.map((scheduled) =>
    scheduled.scheduledAt > latest + TOLERATED_MS ? { ...scheduled, inFuture: true as const } : scheduled,
  );
  return {
    scheduledDeletions: deletions,
    suspensions,
    memories: new Map(entries),
    sightings:
      memories === nothing
        ? unknownSightings
        : mergedOf(others, SIGHTINGS, (text) => sightingsFrom(text, latest)),
    undelivered: memories === nothing ? unknownSightings : sightingsFrom(memories.get(UNDELIVERED), latest),
    attempts:
      memories === nothing
        ? unknownAttempts
        : mergedOf(others, ATTEMPTS, (text) => attemptsFrom(text, latest)),
    thorough: jobs.length > 1,
    canTell: ports.notices !== undefined,
    ...(retentions && { retentions }),
    ...(closing && { closing: dated(closing, latest) }),
    ...(newer[0] !== undefined && { newerState: newer[0] }),
    ...(unreadMemories !== undefined && { unreadMemories }),
  };
}

type Memory = readonly [id: string, text: string];

/** The memories of groups, and the others. */
function partitioned(memories: ReadonlyMap<string, string>): [groups: Memory[], others: Memory[]] {
  const groups: Memory[] = [];
  const others: Memory[] = [];
  for (const one of memories) (one[0].startsWith('(') ? others : groups).push(one);
  return [groups, others];
}

/** A record of the whole fleet, with those of its shards. Each table is in one of them. */
const mergedOf = <T>(
  memories: readonly Memory[],
  record: string,
  read: (text: string | undefined) => ReadonlyMap<string, T>,
): ReadonlyMap<string, T> =>
  new Map(
    memories
      .filter(([id]) => id === record || id.startsWith(ofShard(record, '')))
      .flatMap(([, text]) => [...read(text)]),
  );

/** A mark from after `latest`, epoch milliseconds, counts for nothing. */
function dated(reading: NonNullable<Stored['closing']>, latest: number): NonNullable<Stored['closing']> {
  const mark = 'value' in reading ? reading.value : undefined;
  return mark && mark.since > latest + TOLERATED_MS ? { value: { ...mark, inFuture: true } } : reading;
}

/**
 * The scheduled deletions, as far as jobs need them. Creation does not wait for them: without them rotate cancels none, and
 * purge still cancels those of retained tables before it deletes. A missing state table contains none, so planning
 * continues. A run fails anyway, because it cannot get its lease.
 */
async function knownDeletions(
  purposes: readonly ('to-delete' | 'to-cancel' | 'not')[],
  state: Ports['state'],
  unlessNewer: <T>(reading: Promise<T>, none: T) => Promise<T>,
): Promise<ScheduledDeletion[]> {
  if (purposes.includes('to-delete')) {
    return unlessNewer(state.scheduledDeletions(), []).catch((error: unknown) => {
      if (isFailure(error, 'not-found')) return [];
      throw error;
    });
  }
  return purposes.includes('to-cancel')
    ? unlessNewer(state.scheduledDeletions('to-cancel'), []).catch(() => [])
    : [];
}

/** Why something could not be read. Nothing that depends on it is lowered or deleted. A missing state table has none. */
const orMissing =
  <T>(none: T) =>
  (error: unknown): T | { readonly error: string } =>
    isFailure(error, 'not-found') ? none : { error: messageOf(error) };

/** A suspension as JSON: instants in ISO 8601. */
export const written = ({
  what,
  since,
  until,
  reason,
  by,
}: Suspension): NonNullable<Plan['suspensions']>[number] => ({
  what,
  since: iso(since),
  ...(until !== undefined && { until: iso(until) }),
  ...(reason !== undefined && { reason }),
  ...(by !== undefined && { by }),
});

/** Two plans with the same fingerprint do the same for the same reasons. */
function fingerprint(
  body: Pick<Plan, 'environment' | 'jobs' | 'at' | 'groups'>,
  actions: Plan['actions'],
): string {
  const content = JSON.stringify([body.environment, body.jobs, body.at, actions, ...(body.groups ?? [])]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
