import { parseTableName, stateTableName, tableName } from '../../src/core/calendar/naming.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import {
  type Dimension,
  dimensions,
  type Minute,
  queryFor,
  type ResourceDemand,
} from '../../src/core/capacity/demand.ts';
import type {
  AppliedRetention,
  ArchivedExport,
  Backup,
  Closing,
  Reading,
  ScheduledDeletion,
  TableState,
} from '../../src/core/facts.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Draft, Job } from '../../src/core/plan.ts';
import { recordOf } from '../../src/core/purging/retention.ts';
import { plannedUnits } from '../../src/core/rotating/planned.ts';
import { type Config, ofIndex, protects, type Spec } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { type RunOptions, runJob, type Summary } from '../../src/jobs/run.ts';
import type { World } from './sim/world.ts';

/** Few retries, with pauses of the virtual clock that are longer than CreateTable takes. */
export const impatient = { retries: 3, firstDelayMs: 12_000, longestDelayMs: 40_000 } as const;

/** Demand on a table and on its global indexes. `hot`: throttled rates of a hot partition in the newest minutes. */
export type Demand = readonly (ResourceDemand & {
  readonly hot?: Partial<Record<Dimension, readonly number[]>>;
})[];

let runs = 0;

/** Runs a job in the simulated world, by default at the world's current time. */
export function run(
  job: Job,
  config: Config,
  world: World,
  now = world.clock.now(),
  options: Partial<RunOptions> = {},
): Promise<Summary> {
  runs += 1;
  return runJob(job, config, world.ports(), now, { owner: `test-${runs}`, backoff: impatient, ...options });
}

/** The group's current table, if it exists. */
export function currentTable(world: World, spec: Spec, now: number): string | undefined {
  const name = tableName(spec, periodAt(spec.scheme, now));
  return world.names().find((one) => one === name);
}

/** What a job would do, such as `create production.Events.20261121 (missing)`. Holds are in brackets. */
export async function wanted(
  job: Job,
  config: Config,
  world: World,
  now = world.clock.now(),
): Promise<string[]> {
  const { plan } = await makePlan([job], config, world.ports(), now);
  return sayDraft(plan);
}

export const sayDraft = ({ actions, holds }: Pick<Draft, 'actions' | 'holds'>): string[] => [
  ...actions.map(({ kind, table, reason }) => `${kind} ${table} (${reason})`),
  ...holds.map(({ kind, table, reason }) => `[${kind} ${table} (${reason})]`),
];

export const sayResults = ({ results }: Summary): string[] =>
  results.map(({ action, outcome }) => `${action.kind} ${action.table}: ${outcome}`);

/** What a directly called planner knows of one table. */
export interface Known {
  readonly spec: Spec;
  readonly name: string;
  readonly state?: Partial<TableState>;
  readonly table?: Partial<TableState['capacities'][number]>;
  readonly indexes?: Readonly<Record<string, Partial<TableState['capacities'][number]>>>;
  /** Default: the ownership tags. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly demand?: Demand;
  /** Default: no traffic. */
  readonly traffic?: Reading<Demand>;
  readonly timeToLive?: string;
  readonly timeToLiveChanging?: 'ENABLING' | 'DISABLING';
  readonly recovery?: { enabled: boolean; days?: number };
  /** Default: none. */
  readonly backups?: readonly Partial<Backup>[];
  /** Default: none. */
  readonly exports?: readonly Partial<ArchivedExport>[];
  readonly unreadable?: readonly Readable[];
}

type Readable = 'description' | 'tags' | 'timeToLive' | 'recovery' | 'backups' | 'exports';

/** The record of a retention that has always been in force. */
export const retentionOf = (spec: Spec): AppliedRetention => recordOf(spec, 0);

/** Records the retention of every spec as applied, as purge does if no table has expired. */
export async function confirmAll({ specs }: Config, world: World): Promise<void> {
  for (const spec of specs) await world.ports().state.recordRetention(spec.name, retentionOf(spec));
}

/** A world as `observe` reads it. By default, every retention has always been in force, and tables have the capacity that they are created with. */
export function observedOf(
  known: readonly Known[],
  scheduledDeletions: readonly ScheduledDeletion[] = [],
  retentions?: Observed['retentions'],
  closing?: Closing,
  memories: Observed['memories'] = new Map(),
): Observed {
  const observed = new Observed(
    known.map(({ name }) => name),
    scheduledDeletions,
    [],
    memories,
    {
      retentions: retentions ?? new Map(known.map(({ spec }) => [spec.name, retentionOf(spec)])),
      closing: { value: closing },
    },
  );
  for (const one of known) learn(observed, one);
  const limits = { account: { read: 80_000, write: 80_000 }, table: { read: 40_000, write: 40_000 } };
  observed.learnLimits({ value: limits });
  for (const { environment } of known.map(({ spec }) => spec))
    observed.learnMetric(queryFor(stateTableName(environment), undefined, 'write', 'consumed'), always, {
      // The run that schedules a deletion writes to the state table.
      sums: new Map([0, ...scheduledDeletions.map(({ scheduledAt }) => scheduledAt)].map((at) => [at, 1])),
    });
  return observed;
}

function learn(observed: Observed, known: Known): void {
  const { spec, name, unreadable = [] } = known;
  const period = parseTableName(spec, name);
  const readable = <T>(fact: Readable, value: T) =>
    unreadable.includes(fact) ? { error: 'no answer' } : { value };
  const createdAt = known.state?.createdAt ?? (period && Number.isFinite(period.start) ? period.start : 0);
  const state: TableState = {
    name,
    arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
    id: `id of ${name}`,
    status: 'ACTIVE',
    createdAt,
    billingMode: spec.resources.length === 0 ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    tableClass: 'STANDARD',
    deletionProtected: protects(spec),
    schema: spec.properties,
    global: false,
    itemCount: 0,
    sizeBytes: 0,
    capacities: spec.resources.map((resource) => ({
      ...ofIndex(resource.index),
      ...(period ? plannedUnits(spec, resource, period, createdAt) : resource.full),
      status: known.state?.status ?? 'ACTIVE',
      decreases: 0,
      ...(resource.index === undefined ? known.table : known.indexes?.[resource.index]),
    })),
    ...known.state,
  };
  observed.learn('description', name, readable('description', state));
  observed.learn('tags', name, readable('tags', known.tags ?? (period ? tagsFor(spec, period) : {})));
  const timeToLive = { attribute: known.timeToLive, changing: known.timeToLiveChanging };
  observed.learn('timeToLive', name, readable('timeToLive', timeToLive));
  observed.learn('recovery', name, readable('recovery', known.recovery ?? { enabled: false }));
  const backups = (known.backups ?? []).map((own) => backupOf(state, own));
  observed.learn('backups', name, readable('backups', backups));
  const exports = (known.exports ?? []).map((own) => exportOf(state, own));
  observed.learn('exports', name, readable('exports', exports));
  observed.learn('traffic', name, known.traffic ?? { value: [{ read: [], write: [] }] });
  for (const { index } of spec.resources) learnDemand(observed, known, index);
}

const backupOf = ({ name, id, arn }: TableState, own: Partial<Backup>): Backup => ({
  arn: `${arn}/backup/01`,
  name: 'by-hand',
  table: name,
  tableId: id,
  type: 'USER',
  status: 'AVAILABLE',
  createdAt: 0,
  sizeBytes: 0,
  ...own,
});

const exportOf = ({ name, id, arn }: TableState, own: Partial<ArchivedExport>): ArchivedExport => ({
  arn: `${arn}/export/01`,
  tableId: id,
  status: 'COMPLETED',
  token: 'by-hand',
  startedAt: 0,
  exportTime: own.startedAt ?? 0,
  bucket: 'archive',
  prefix: name,
  format: 'DYNAMODB_JSON',
  ...own,
});

const always = { from: -Infinity, to: Infinity };

/** Default: no demand. A missing dimension cannot be read. */
export function learnDemand(observed: Observed, { name, demand }: Known, index: string | undefined): void {
  const own = demand ? demand.find((one) => one.index === index) : { read: [], write: [] };
  for (const dimension of dimensions) {
    const minutes = own?.[dimension];
    for (const sum of ['consumed', 'throttled'] as const) {
      const sums = (some: readonly Minute[]) => new Map(some.map((one) => [one.at, one[sum] * 60]));
      const series = minutes ? { sums: sums(minutes) } : { error: 'no answer' };
      observed.learnMetric(queryFor(name, index, dimension, sum), always, series);
    }
    const rates = demand?.find((one) => one.index === index)?.hot?.[dimension] ?? [];
    const hot = new Map(rates.map((rate, i) => [minutes!.at(i - rates.length)!.at, rate * 60]));
    observed.learnMetric(queryFor(name, index, dimension, 'hotPartition'), always, { sums: hot });
  }
}
