import { ask } from '../core/ask.ts';
import { iso } from '../core/calendar/instant.ts';
import { isOwn } from '../core/calendar/naming.ts';
import {
  type Dimension,
  demandOn,
  demandWindow,
  type Minute,
  queriesFor,
  type ResourceDemand,
  type Source,
} from '../core/capacity/demand.ts';
import { refusalsIn } from '../core/capacity/refusals.ts';
import { type Cost, costOf, monthOf, together } from '../core/cost.ts';
import type { Capacity, Need, TableState } from '../core/facts.ts';
import { membersOf, requiredTables, type Table } from '../core/fleet.ts';
import { isInForce } from '../core/guards/suspensions.ts';
import { allJobs } from '../core/jobs.ts';
import type { Observed } from '../core/observed.ts';
import type { Draft, Plan, Recommendation } from '../core/plan.ts';
import type { Prices } from '../core/prices.ts';
import { outlook } from '../core/requests/outlook.ts';
import type { Config, Units } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { writtenClosing } from './closing.ts';
import { observe } from './observe.ts';
import { draftOf } from './plan.ts';
import { knownBefore, written } from './planning.ts';
import { recommendationsFor } from './recommend.ts';

/** Capacity units per second, on average over the newest five complete minutes. */
export interface Usage {
  readonly provisioned: number;
  readonly consumed: number | null;
  readonly throttled: number | null;
  /** The requests that are throttled now, counted since the first one, as in the holds of a plan. */
  readonly refused?: { readonly since: string; readonly minutes: number; readonly requests: number };
}

/** Throughput of a table or of one of its global indexes; null if it is on-demand or missing. */
export interface Throughput {
  readonly read: Usage | null;
  readonly write: Usage | null;
}

/** One table that exists, or should exist and is missing. */
export interface TableStatus extends Throughput {
  readonly name: string;
  readonly group: string;
  readonly phase: Table['phase'];
  /** TableStatus of AWS, or `MISSING`. */
  readonly status: string;
  readonly createdAt: string | null;
  readonly indexes: readonly (Throughput & { readonly name: string })[];
  /** Its replicas in other Regions, with their ReplicaStatus. */
  readonly replicas: readonly { readonly region: string; readonly status: string }[];
  readonly itemCount: number;
  readonly sizeBytes: number;
  readonly billingMode: TableState['billingMode'] | null;
  readonly tableClass: TableState['tableClass'] | null;
  /** USD per month at current capacity, consumption and size. Throughput is null if consumption is unknown. */
  readonly cost: Cost | null;
  readonly next: string;
}

/** What the tables of a group are together. */
export interface GroupStatus {
  readonly group: string;
  /** Tables that exist. `missing` counts required ones that do not. */
  readonly tables: number;
  readonly missing: number;
  readonly sizeBytes: number;
  /** USD per month, without what is unknown. */
  readonly costMonth: number;
}

export interface FleetStatus {
  readonly environment: string;
  readonly at: string;
  /** The suspensions in force; null if they could not be read. Nothing is purged or lowered then. */
  readonly suspensions: NonNullable<Plan['suspensions']> | null;
  /** The teardown in force; null if the environment is open, or if that is not known. */
  readonly closed: { readonly since: string; readonly by: string | null } | null;
  /** Why it is not known whether the environment is closed; null if it is known. */
  readonly closedUnread: string | null;
  /** The groups that a person asked for; absent if all are shown. */
  readonly shown?: readonly string[];
  readonly tables: readonly TableStatus[];
  readonly groups: readonly GroupStatus[];
  /** USD per month for the shown tables together, without what is unknown. */
  readonly costMonth: number;
  /** Tables that another billing mode would make cheaper. */
  readonly recommendations: readonly Recommendation[];
  /** Tables that have this environment's prefix but match no spec. Turntable never changes them. Empty if groups were asked for. */
  readonly unmanaged: readonly string[];
}

export const RATE_MINUTES = 5;

/**
 * Every table, and what the jobs would do to it at `now`, epoch milliseconds. With `shown`, only the tables of these groups. What
 * the jobs would do still follows from the whole fleet, because the groups share limits.
 * @throws ServiceError
 */
export const fleetStatus = async (
  config: Config,
  ports: Ports,
  now: number,
  shown?: readonly string[],
): Promise<FleetStatus> => (await fleetNow(config, ports, now, shown)).status;

/** The status of a fleet, with the tables, the plan and the observations that it is based on. */
export interface FleetNow {
  readonly status: FleetStatus;
  /** In the order of `status.tables`. */
  readonly tables: readonly Table[];
  readonly draft: Draft;
  readonly observed: Observed;
}

/** `alsoNeeds`: what the caller needs besides, by what is known so far. @throws ServiceError */
export async function fleetNow(
  config: Config,
  ports: Ports,
  now: number,
  shown?: readonly string[],
  alsoNeeds: (observed: Observed, draft: Draft) => readonly Need[] = () => [],
): Promise<FleetNow> {
  const isShown = ({ name }: { readonly name: string }): boolean => shown?.includes(name) ?? true;
  const everything = (observed: Observed): Draft => {
    const members = membersOf(config, observed.names, now);
    const tables = [...members].flatMap(([spec, own]) => (isShown(spec) ? own : []));
    const draft = draftOf(allJobs, config, observed, now);
    return {
      ...draft,
      needs: [
        ...tables.flatMap((table) => statusNeeds(observed, table, now)),
        ...alsoNeeds(observed, draft),
        ...draft.needs,
      ],
    };
  };
  const stored = await knownBefore(allJobs, ports, now);
  const { suspensions } = stored;
  const { draft, observed } = await observe(ports, stored, everything, now);
  const members = membersOf(config, observed.names, now);
  const { closed, closedUnread = null } = writtenClosing(observed, config, now);
  const tables = [...members].flatMap(([spec, present]) => {
    if (!isShown(spec)) return [];
    const missing = closed ? [] : requiredTables(spec, now).filter(({ name }) => !observed.names.has(name));
    return [...present, ...missing].sort((a, b) => a.period.start - b.period.start);
  });
  const own = new Set([...members.values()].flat().map(({ name }) => name));
  const { environment } = config;
  const statuses = tables.map((table) => statusOf(table, draft, observed, config.prices, now));
  const status: FleetStatus = {
    environment: config.environment,
    at: iso(now),
    suspensions:
      'error' in suspensions
        ? null
        : suspensions.filter((suspension) => isInForce(suspension, now)).map(written),
    closed: closed ? { since: closed.since, by: closed.by ?? null } : null,
    closedUnread,
    ...(shown && { shown }),
    tables: statuses,
    groups: config.specs.filter(isShown).map(({ name }) => groupOf(name, statuses)),
    costMonth: costMonthOf(statuses),
    recommendations: (await recommendationsFor(config, observed, ports, now)).filter(({ group }) =>
      isShown({ name: group }),
    ),
    unmanaged: shown
      ? []
      : [...observed.names].filter(
          (name) => name.startsWith(`${environment}.`) && !own.has(name) && !isOwn(environment, name),
        ),
  };
  return { status, tables, draft, observed };
}

const costMonthOf = (tables: readonly TableStatus[]): number =>
  tables.reduce((sum, { cost }) => sum + (cost ? monthOf(cost) : 0), 0);

function groupOf(group: string, all: readonly TableStatus[]): GroupStatus {
  const tables = all.filter((table) => table.group === group);
  return {
    group,
    tables: tables.filter(({ status }) => status !== 'MISSING').length,
    missing: tables.filter(({ status }) => status === 'MISSING').length,
    sizeBytes: tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    costMonth: costMonthOf(tables),
  };
}

/** The needs for facts that status shows and that are not read yet. */
function statusNeeds(observed: Observed, table: Table, now: number): readonly Need[] {
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending.needs;
  const window = demandWindow(now);
  return (described.value?.capacities ?? [])
    .flatMap(({ index }) => queriesFor(table.name, index))
    .filter((query) => !observed.metric(query, window))
    .map((query) => ({ fact: 'metric', query, window }));
}

function statusOf(table: Table, draft: Draft, observed: Observed, prices: Prices, now: number): TableStatus {
  const state = observed.known('description', table.name);
  const source: Source = (query, window) => observed.metric(query, window);
  const demand = (state?.capacities ?? []).flatMap(
    ({ index }) => demandOn(source, table.name, index, demandWindow(now)) ?? [],
  );
  const throughput = (capacity: Capacity): Throughput => {
    if (state?.billingMode === 'PAY_PER_REQUEST') return { read: null, write: null };
    const known = demand.find(({ index }) => index === capacity.index);
    const usage = (dimension: Dimension): Usage => ({
      provisioned: capacity[dimension],
      ...newest(known, dimension),
    });
    return { read: usage('read'), write: usage('write') };
  };
  const [own, ...indexes] = state?.capacities ?? [];
  return {
    name: table.name,
    group: table.spec.name,
    phase: table.phase,
    status: state?.status ?? (observed.names.has(table.name) ? 'UNKNOWN' : 'MISSING'),
    createdAt: state ? iso(state.createdAt) : null,
    ...(own ? throughput(own) : { read: null, write: null }),
    indexes: indexes.map((capacity) => ({ name: capacity.index ?? '', ...throughput(capacity) })),
    replicas: (state?.replicas ?? []).map((replica) => ({
      region: replica.region,
      status: replica.status,
    })),
    itemCount: state?.itemCount ?? 0,
    sizeBytes: state?.sizeBytes ?? 0,
    billingMode: state?.billingMode ?? null,
    tableClass: state?.tableClass ?? null,
    cost: state ? costOf(state, consumedBy(demand), prices) : null,
    next: outlook(table, state, draft, now),
  };
}

/** The mean of the whole window, of the table and its indexes together; undefined if any part is unknown. */
function consumedBy(demand: readonly ResourceDemand[]): Units | undefined {
  if (demand.length === 0 || demand.some(({ read, write }) => !read || !write)) return undefined;
  const mean = (minutes: readonly Minute[] = []): number =>
    minutes.reduce((sum, { consumed }) => sum + consumed, 0) / Math.max(1, minutes.length);
  return together(demand.map(({ read, write }) => ({ read: mean(read), write: mean(write) })));
}

function newest(demand: ResourceDemand | undefined, dimension: Dimension) {
  const known = demand?.[dimension] ?? [];
  const minutes = known.slice(-RATE_MINUTES);
  if (minutes.length === 0) return { consumed: null, throttled: null };
  const refused = refusalsIn(known);
  const mean = (of: 'consumed' | 'throttled'): number =>
    minutes.reduce((sum, minute) => sum + minute[of], 0) / minutes.length;
  return {
    consumed: mean('consumed'),
    throttled: mean('throttled'),
    ...(refused && {
      refused: {
        since: iso(refused.since),
        minutes: refused.minutes,
        requests: Math.round(refused.requests),
      },
    }),
  };
}
