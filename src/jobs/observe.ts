import pMap from 'p-map';
import { demandFrom, demandWindow, QUERIES_A_RESOURCE, queriesFor } from '../core/demand.ts';
import { type Fact, type Facts, type Need, Observed, type Reading, type Sentence } from '../core/observed.ts';
import type { Draft } from '../core/plan.ts';
import { trafficWindow } from '../core/traffic.ts';
import type { Ports } from '../ports.ts';

/** DescribeTable and its like are read side by side; AWS allows far more. */
export const CONCURRENT_READS = 16;
/** ListTagsOfResource is limited to ten a second: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
const CONCURRENT_TAG_READS = 4;

/** What earlier runs, and people, have left in the state table. */
export interface Remembered {
  readonly sentences: readonly Sentence[];
  readonly stops: Observed['stops'];
}

/**
 * Reads what a planner asks for, and only that: the planner runs, says what it lacks, and runs again when
 * that has been read. A read that fails is told to the planner, which holds what depended on it.
 * @throws ServiceError when the tables cannot be listed
 */
export async function observe(
  ports: Ports,
  { sentences, stops }: Remembered,
  planner: (observed: Observed) => Draft,
  now: number,
): Promise<{ draft: Draft; observed: Observed }> {
  const observed = new Observed(await ports.tables.list(), sentences, stops);
  let draft = planner(observed);
  while (draft.needs.length > 0) {
    await read(ports, observed, draft.needs, now);
    draft = planner(observed);
  }
  return { draft, observed };
}

async function read(ports: Ports, observed: Observed, needs: readonly Need[], now: number): Promise<void> {
  const tablesOf = (fact: Fact): string[] => [
    ...new Set(needs.filter((need) => need.fact === fact).map((need) => need.table)),
  ];
  const each = async <F extends Fact>(
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
    each('health', (url) => ports.health(url), CONCURRENT_READS),
    each('limits', () => ports.tables.limits(), 1),
    readMetrics(ports, observed, 'demand', tablesOf('demand'), demandWindow(now)),
    readMetrics(ports, observed, 'traffic', tablesOf('traffic'), trafficWindow(needs, now)),
  ]);
}

/** What a read brings, or why it fails. */
export async function attempt<T>(reader: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await reader() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function stateOf(observed: Observed, table: string) {
  const reading = observed.get('description', table);
  return reading && 'value' in reading ? reading.value : undefined;
}

function arnOf(observed: Observed, table: string): string {
  const state = stateOf(observed, table);
  if (!state) throw new Error(`${table} has not been described.`);
  return state.arn;
}

/** All tables and indexes in one read, so that the queries fill whole batches. */
async function readMetrics(
  ports: Ports,
  observed: Observed,
  fact: 'demand' | 'traffic',
  tables: readonly string[],
  { from, to }: { from: number; to: number },
): Promise<void> {
  if (tables.length === 0) return;
  const resources = tables.map((table) => ({
    table,
    capacities: stateOf(observed, table)?.capacities ?? [],
  }));
  const queries = resources.flatMap(({ table, capacities }) =>
    capacities.flatMap(({ index }) => queriesFor(table, index)),
  );
  const series = await ports.metrics.read(queries, from, to);
  let next = 0;
  for (const { table, capacities } of resources) {
    const value = capacities.map(({ index }) => {
      const own = series.slice(next, next + QUERIES_A_RESOURCE);
      next += QUERIES_A_RESOURCE;
      return demandFrom(own, from, to, index);
    });
    observed.learn(fact, table, { value });
  }
}
