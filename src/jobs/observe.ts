import pMap from 'p-map';
import {
  demandFrom,
  type MetricQuery,
  minutesWithData,
  QUERIES_PER_RESOURCE,
  queriesFor,
  type Window,
} from '../core/capacity/demand.ts';
import type { Remembered } from '../core/capacity/remembered.ts';
import { messageOf } from '../core/failure.ts';
import {
  type Fact,
  type Facts,
  type Need,
  Observed,
  type Reading,
  type ScheduledDeletion,
  type TableFact,
} from '../core/observed.ts';
import { trafficWindow } from '../core/purging/traffic.ts';
import type { Ports } from '../ports.ts';

/** Concurrent DescribeTable calls and the like. AWS allows far more. */
export const CONCURRENT_READS = 16;
/** AWS allows 10 calls of ListTagsOfResource per second: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
const CONCURRENT_TAG_READS = 4;
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
  readonly sightings: Observed['sightings'];
  /** Whether a person asks, so that what jobs read now and then is read too. */
  readonly thorough: boolean;
}

/**
 * Reads only what a planner needs. The planner runs, returns its needs, and runs again after they have been read. If a
 * read fails, the planner gets the error and holds everything that depends on it.
 * @throws ServiceError when the tables cannot be listed
 */
export async function observe<D extends { readonly needs: readonly Need[] }>(
  ports: Ports,
  { scheduledDeletions, memories, suspensions, ...circumstances }: Stored,
  planner: (observed: Observed) => D,
  now: number,
): Promise<{ draft: D; observed: Observed }> {
  const observed = new Observed(
    await ports.tables.list(),
    scheduledDeletions,
    suspensions,
    memories,
    circumstances,
  );
  let draft = planner(observed);
  while (draft.needs.length > 0) {
    await read(ports, observed, draft.needs, now);
    draft = planner(observed);
  }
  return { draft, observed };
}

async function read(ports: Ports, observed: Observed, needs: readonly Need[], now: number): Promise<void> {
  const tablesOf = (fact: Fact): string[] => [
    ...new Set(needs.flatMap((need) => ('table' in need && need.fact === fact ? [need.table] : []))),
  ];
  const each = async <F extends TableFact>(
    fact: F,
    reader: (table: string) => Promise<Facts[F]>,
    concurrency: number,
  ) => {
    await pMap(
      tablesOf(fact),
      async (table) => observed.learn(fact, table, await attempt(() => reader(table))),
      { concurrency },
    );
  };
  await Promise.all([
    each('description', (table) => ports.tables.describe(table), CONCURRENT_READS),
    each('tags', (table) => ports.tables.tags(arnOf(observed, table)), CONCURRENT_TAG_READS),
    each('timeToLive', (table) => ports.tables.timeToLive(table), CONCURRENT_READS),
    each('recovery', (table) => ports.tables.recovery(table), CONCURRENT_READS),
    each('backups', (table) => ports.backups.list(table), CONCURRENT_TAG_READS),
    readHealth(ports, observed, needs),
    readLimits(ports, observed, needs),
    readMetrics(ports, observed, needs),
    readTraffic(ports, observed, tablesOf('traffic'), trafficWindow(needs, now)),
  ]);
}

/** The value of a read, or why it failed. */
export async function attempt<T>(reader: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await reader() };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function arnOf(observed: Observed, table: string): string {
  const state = observed.known('description', table);
  if (!state) throw new Error(`${table} has not been described.`);
  return state.arn;
}

async function readHealth(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  const urls = new Set(needs.flatMap((need) => (need.fact === 'health' ? need.url : [])));
  await pMap(urls, async (url) => observed.learnHealth(url, await ports.health(url)), {
    concurrency: CONCURRENT_READS,
  });
}

async function readLimits(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  if (needs.some(({ fact }) => fact === 'limits'))
    observed.learnLimits(await attempt(() => ports.tables.limits()));
}

/** Reads all tables and indexes at once, so that the queries fill whole batches. */
async function readTraffic(
  ports: Ports,
  observed: Observed,
  tables: readonly string[],
  { from, to }: Window,
): Promise<void> {
  if (tables.length === 0) return;
  const resources = tables.map((table) => ({
    table,
    capacities: observed.known('description', table)?.capacities ?? [],
  }));
  const queries = resources.flatMap(({ table, capacities }) =>
    capacities.flatMap(({ index }) => queriesFor(table, index)),
  );
  const series = await ports.metrics.read(queries, from, to);
  let next = 0;
  for (const { table, capacities } of resources) {
    const value = capacities.map(({ index }) => {
      const own = series.slice(next, next + QUERIES_PER_RESOURCE);
      next += QUERIES_PER_RESOURCE;
      return demandFrom(own, from, to, index, minutesWithData);
    });
    observed.learn('traffic', table, { value });
  }
}

/** Reads each window at once, so that the queries fill whole batches. */
async function readMetrics(ports: Ports, observed: Observed, needs: readonly Need[]): Promise<void> {
  const widest = new Map<string, { query: MetricQuery; window: Window }>();
  for (const need of needs) {
    if (need.fact !== 'metric') continue;
    const { query, window } = need;
    const key = JSON.stringify(query);
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
