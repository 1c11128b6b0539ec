import pMap from 'p-map';
import { SECOND_MS } from '../core/calendar/period.ts';
import {
  demandFrom,
  type MetricQuery,
  metricKey,
  minutesWithData,
  QUERIES_PER_RESOURCE,
  queriesFor,
  type Window,
} from '../core/capacity/demand.ts';
import type { Remembered } from '../core/capacity/remembered.ts';
import type { Closing, Need, Reading, ScheduledDeletion, SeenKind, SeenOwnership } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { membersOf, missingTables, type Table } from '../core/fleet.ts';
import { groupedBy } from '../core/grouped.ts';
import { stillSeen } from '../core/guards/seen-ownership.ts';
import { Observed } from '../core/observed.ts';
import { trafficWindow } from '../core/purging/traffic.ts';
import type { Config } from '../core/spec.ts';
import type { MetricSource, Ports } from '../ports.ts';
import { attempt } from './attempt.ts';
import { closingOf } from './closing.ts';
import { appliedRetentions } from './retentions.ts';
import { endingAt, LONGEST_RUN_MS, readingState } from './run-times.ts';
import { CONCURRENT_READS, type Patience, TableReads } from './table-reads.ts';

/** Each window needs calls of its own. */
const CONCURRENT_WINDOWS = 4;

/** What earlier runs and operators stored in the state table. */
export interface Stored {
  readonly scheduledDeletions: readonly ScheduledDeletion[];
  readonly suspensions: Observed['suspensions'];
  /** What is remembered about demand, by group. */
  readonly memories: ReadonlyMap<string, Remembered>;
  /** Why some of it is not known: a newer version of Turntable wrote it. */
  readonly newerState?: string;
  /** Why the memories, the sightings and the attempts could not be read. */
  readonly unreadMemories?: string;
  readonly sightings: Observed['sightings'];
  readonly undelivered: Observed['undelivered'];
  readonly attempts: Observed['attempts'];
  /** Whether a topic is configured. */
  readonly canTell: boolean;
  /** Whether a person asks, so that what jobs read now and then is read too. */
  readonly thorough: boolean;
  /** Without them, they are read if a planner needs them. */
  readonly retentions?: Observed['retentions'];
  readonly closing?: Reading<Closing | undefined>;
}

/** For planners that look at tables alone. */
export const nothingStored: Stored = {
  scheduledDeletions: [],
  suspensions: [],
  memories: new Map(),
  sightings: new Map(),
  undelivered: new Map(),
  attempts: new Map(),
  canTell: false,
  thorough: false,
};

/** A planner's draft, and what it is based on. */
export interface Observation<D> {
  readonly draft: D;
  readonly observed: Observed;
  /**
   * The draft lacks tables whose reads were late. `rest` waits for more of them, and returns the draft with what is then
   * known. undefined if nothing was late.
   */
  readonly rest?: () => Promise<Observation<D>>;
}

/**
 * Reads only what a planner needs. The planner runs, returns its needs, and runs again after they have been read. If a
 * read fails, the planner gets the error and holds everything that depends on it. With `patience`, tables whose reads are
 * late do not hold up the others. With `config`, tables are known by what they are in their group.
 * @throws ServiceError when the tables cannot be listed
 */
export async function observe<
  D extends {
    readonly needs: readonly Need[];
    readonly actions?: readonly { readonly table: string }[];
    readonly holds?: readonly { readonly kind: string; readonly table: string }[];
  },
>(
  ports: Ports,
  { scheduledDeletions, memories, suspensions, ...circumstances }: Stored,
  planner: (observed: Observed) => D,
  now: number,
  patience?: Patience,
  config?: Config,
): Promise<Observation<D>> {
  const names = await namesAt(now, ports, config);
  const { elsewhere } = ports.share ?? {};
  const observed = new Observed(names, scheduledDeletions, suspensions, memories, {
    ...circumstances,
    ...(elsewhere && { elsewhere }),
  });
  const members = config && ports.descriptions ? membersByName(config, observed.names, now) : undefined;
  const reads = new TableReads(ports, observed, now, patience, members);
  const advance = async (): Promise<Observation<D>> => {
    let draft = planner(observed);
    for (;;) {
      while (reads.areNew(draft.needs)) {
        await Promise.all([
          reads.begin(draft.needs),
          readTogether(ports, observed, draft.needs, now, patience),
        ]);
        draft = planner(observed);
      }
      // A run acts only on what it has read itself, and raises are held only by that.
      const { actions = [], holds = [] } = draft;
      const decided = [...actions, ...holds.filter(({ kind }) => kind === 'raise')];
      if (!reads.forgetEarlier(decided.map(({ table }) => table))) break;
      draft = planner(observed);
    }
    if (draft.needs.length === 0) return { draft, observed };
    const rest = async () => {
      await reads.more();
      return advance();
    };
    return { draft, observed, rest };
  };
  return patience ? advance() : endingAt(ports, ports.clock.now() + LONGEST_RUN_MS, advance);
}

/** All names of tables. If a run in the last minutes has listed them, and none is missing, they are not listed again. */
async function namesAt(
  now: number,
  { tables, descriptions, share }: Ports,
  config: Config | undefined,
): Promise<ReadonlySet<string>> {
  // The coordinator has just listed the tables of a shard.
  if (!config || !descriptions || share) return new Set(await tables.list());
  const known = descriptions.names(now);
  if (known && config.specs.every((spec) => missingTables(spec, known, now).length === 0)) return known;
  const names = new Set(await tables.list());
  descriptions.keepNames(names, now);
  return names;
}

const membersByName = (config: Config, names: ReadonlySet<string>, now: number): Map<string, Table> =>
  new Map([...membersOf(config, names, now).values()].flat().map((table) => [table.name, table]));

/** Reads what is not about one table, or what AWS answers for many tables in one call. */
async function readTogether(
  ports: Ports,
  observed: Observed,
  needs: readonly Need[],
  now: number,
  patience: Patience | undefined,
): Promise<void> {
  await Promise.all([
    readHealth(ports, observed, needs),
    readLimits(ports, observed, needs),
    readMappings(ports, observed, needs, patience),
    readingState(ports, patience, () => readSeen('ownership', ports, observed, needs, now)),
    readingState(ports, patience, () => readSeen('unmanaged', ports, observed, needs, now)),
    readingState(ports, patience, () => readRetentions(ports, observed, needs, now)),
    readingState(ports, patience, () => readClosing(ports, observed, needs)),
    readMetrics(ports, observed, needs),
    readTraffics(ports, observed, needs, now),
  ]);
}

async function readHealth(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  // A URL is requested once. If settings differ, the stricter one applies.
  const urls = new Map<string, boolean>();
  for (const need of needs)
    if (need.fact === 'health') urls.set(need.url, need.allowPrivate && (urls.get(need.url) ?? true));
  const ask = async ([url, allowPrivate]: [string, boolean]) =>
    observed.learnHealth(url, await ports.health(url, allowPrivate));
  await pMap(urls, ask, { concurrency: CONCURRENT_READS });
}

async function readLimits(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  if (needs.some(({ fact }) => fact === 'limits'))
    observed.learnLimits(await attempt(() => ports.tables.limits()));
}

/** Lambda allows 15 calls per second to its whole control plane, and other tools need some of them. */
const CONCURRENT_MAPPING_READS = 2;
/** For this long, a run waits for Lambda, which must not delay the creation of tables for long. */
const LONGEST_MAPPING_READ_MS = 10 * SECOND_MS;

async function readMappings(
  ports: Ports,
  observed: Observed,
  needs: readonly Need[],
  patience: Patience | undefined,
): Promise<void> {
  const functions = new Set(needs.flatMap((need) => (need.fact === 'mappings' ? [need.function] : [])));
  if (functions.size === 0) return;
  const readOne = async (name: string) => {
    if (!ports.mappings) throw new Error('This job has no client of Lambda.');
    return ports.mappings.list(name);
  };
  const read = async (name: string): Promise<void> => {
    const reading = await attempt(() =>
      patience
        ? endingAt(ports, ports.clock.now() + LONGEST_MAPPING_READ_MS, () => readOne(name))
        : readOne(name),
    );
    observed.learnMappings(name, reading);
  };
  await pMap(functions, read, { concurrency: CONCURRENT_MAPPING_READS });
}

/** Without the records, tags are read instead. */
async function readSeen(
  kind: SeenKind,
  { state }: Ports,
  observed: Observed,
  needs: readonly Need[],
  now: number,
): Promise<void> {
  if (!needs.some(({ fact }) => fact === kind)) return;
  const stored = await state.seen(kind).catch((error: unknown) => {
    if (isFailure(error, 'newer-state')) observed.learnNewerState(error.message);
    return new Map<string, SeenOwnership>();
  });
  observed.learnSeen(kind, new Map([...stored].map(([group, seen]) => [group, stillSeen(seen, now)])));
}

async function readRetentions(
  { state, clock }: Ports,
  observed: Observed,
  needs: readonly Need[],
  now: number,
): Promise<void> {
  if (!needs.some(({ fact }) => fact === 'retentions')) return;
  try {
    observed.learnRetentions(await appliedRetentions(state, Math.max(now, clock.now())));
  } catch (error) {
    const message = messageOf(error);
    observed.learnNewerState(message);
    observed.learnRetentions({ error: message });
  }
}

/** What cannot be read does not count: rotate creates, and purge deletes nothing because of it. */
async function readClosing({ state }: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  if (!needs.some(({ fact }) => fact === 'closing')) return;
  observed.learnClosing(
    await closingOf(state).catch((error: unknown) => {
      const message = messageOf(error);
      observed.learnNewerState(message);
      return { error: message };
    }),
  );
}

/** Reads the traffic of tables, and of their replicas in each region. */
async function readTraffics(
  ports: Ports,
  observed: Observed,
  needs: readonly Need[],
  now: number,
): Promise<void> {
  const traffic = needs.flatMap((need) => (need.fact === 'traffic' ? [need] : []));
  const window = trafficWindow(needs, now);
  await Promise.all(
    [...groupedBy(traffic, ({ region }) => region)].map(([region, some]) => {
      const { metrics } = region === undefined ? ports : ports.inRegion(region);
      const tables = [...new Set(some.map(({ table }) => table))];
      return readTraffic(metrics, observed, tables, window, region);
    }),
  );
}

/** Reads all tables and indexes at once, so that the queries fill whole batches. A replica has the indexes of its table. */
async function readTraffic(
  metrics: MetricSource,
  observed: Observed,
  tables: readonly string[],
  { from, to }: Window,
  region: string | undefined,
): Promise<void> {
  const resources = tables.map((table) => ({
    table,
    capacities: observed.known('description', table)?.capacities ?? [],
  }));
  const queries = resources.flatMap(({ table, capacities }) =>
    capacities.flatMap(({ index }) => queriesFor(table, index)),
  );
  const series = await metrics.read(queries, from, to);
  let next = 0;
  for (const { table, capacities } of resources) {
    const value = capacities.map(({ index }) => {
      const own = series.slice(next, next + QUERIES_PER_RESOURCE);
      next += QUERIES_PER_RESOURCE;
      return demandFrom(own, from, to, index, minutesWithData);
    });
    observed.learn('traffic', table, { value }, region);
  }
}

/** Reads each window at once, so that the queries fill whole batches. */
async function readMetrics(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  const widest = new Map<string, { query: MetricQuery; window: Window }>();
  for (const need of needs) {
    if (need.fact !== 'metric') continue;
    const { query, window } = need;
    const key = `${metricKey(query)} ${query.statistic}`;
    // Known data is read again rather than lost. Otherwise two needs would replace each other's data forever.
    const other = widest.get(key)?.window ?? observed.windowOf(query) ?? window;
    const from = Math.min(window.from, other.from);
    widest.set(key, { query, window: { from, to: Math.max(window.to, other.to) } });
  }
  const byWindow = new Map<string, { window: Window; queries: MetricQuery[] }>();
  for (const { query, window } of widest.values()) {
    const key = `${window.from} ${window.to}`;
    const same = byWindow.get(key) ?? { window, queries: [] };
    same.queries.push(query);
    byWindow.set(key, same);
  }
  await pMap(
    byWindow.values(),
    async ({ window, queries }) => {
      const series = await ports.metrics.read(queries, window.from, window.to);
      queries.forEach((query, i) => {
        observed.learnMetric(query, window, series[i] ?? { error: 'no answer' });
      });
    },
    { concurrency: CONCURRENT_WINDOWS },
  );
}
