import pMap from 'p-map';
import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Dimension } from '../core/capacity/demand.ts';
import {
  historyWindow,
  METRICS_PER_PART,
  type Part,
  partsOf,
  type StepMs,
} from '../core/capacity/history.ts';
import { type Cost, costOf } from '../core/cost.ts';
import { membersOf } from '../core/fleet.ts';
import type { Prices } from '../core/prices.ts';
import { subjectsOf } from '../core/report/series.ts';
import type { Config, Spec, Units } from '../core/spec.ts';
import { type Life, livesOf, type Present } from '../core/spending/lives.ts';
import {
  addSpent,
  nothingSpent,
  SPENT_METRICS,
  type Spent,
  type SpentWindow,
  spentOn,
  spentQueries,
} from '../core/spending/spent.ts';
import type { MetricSource, Ports } from '../ports.ts';
import { attempt } from './attempt.ts';
import { readDemand } from './export-trace.ts';
import { CONCURRENT_READS } from './table-reads.ts';

/** How far back costs are measured. */
export const COST_DAYS = 30;
/** How far back points of one minute go. Older points are means of five minutes. */
export const MINUTE_DAYS = 15;
/** The series of more tables at once would not fit into memory. */
const TABLES_AT_ONCE = 25;

/** A group, and what is to be read to know its cost. */
export interface CostedGroup {
  readonly spec: Spec;
  readonly present: readonly Present[];
  readonly lives: readonly Life[];
  /** The current tables of each time, in the older and the newer part of the window. */
  readonly demand: readonly { readonly stepMs: StepMs; readonly parts: readonly Part[] }[];
  /** How many metrics are read. AWS charges each. */
  readonly metrics: number;
}

export interface CostRequest {
  readonly window: SpentWindow;
  /** From when on the points of demand are those of a minute, epoch milliseconds. */
  readonly minutesFrom: number;
  readonly groups: readonly CostedGroup[];
}

/** Lists and describes the tables, which AWS does not charge. @throws ServiceError if they cannot be listed */
export async function costedGroups(
  config: Config,
  { tables }: Ports,
  now: number,
  groups: readonly string[] | undefined,
): Promise<CostRequest> {
  const window: SpentWindow = { ...historyWindow(COST_DAYS, now), stepMs: 300_000 };
  const minutesFrom = Math.max(window.from, historyWindow(MINUTE_DAYS, now).from);
  const members = membersOf(config, new Set(await tables.list()), now);
  const wanted = [...members].filter(([{ name }]) => groups?.includes(name) ?? true);
  const names = wanted.flatMap(([, own]) => own.map(({ name }) => name));
  const read = async (name: string) => [name, await attempt(() => tables.describe(name))] as const;
  const states = new Map(await pMap(names, read, { concurrency: CONCURRENT_READS }));
  return {
    window,
    minutesFrom,
    groups: wanted.map(([spec, own]): CostedGroup => {
      const present = own.flatMap(({ name, period }): Present[] => {
        const reading = states.get(name);
        if (!reading || 'error' in reading) return [{ name, period, state: undefined }];
        // A table that was deleted meanwhile is not described.
        return reading.value ? [{ name, period, state: reading.value }] : [];
      });
      const lives = livesOf(spec, present, window, now);
      const demand: CostedGroup['demand'] = [
        { stepMs: 300_000, parts: partsOf(spec, { from: window.from, to: minutesFrom }) },
        { stepMs: 60_000, parts: partsOf(spec, { from: minutesFrom, to: window.to }) },
      ];
      const parts = demand.reduce((all, one) => all + one.parts.length, 0);
      const perSubject = lives.length * SPENT_METRICS + parts * METRICS_PER_PART;
      return { spec, present, lives, demand, metrics: perSubject * subjectsOf(spec).length };
    }),
  };
}

/** Demand on a group, one value per minute of a window, units per second. */
export interface GroupDemand {
  readonly index?: string;
  readonly dimension: Dimension;
  readonly values: Float64Array;
}

/** What a group costs now and has cost, and what was asked of it. */
export interface GroupCost {
  /** USD per month at present, of the tables that could be read. Throughput is null if any of it is unknown. */
  readonly now: Cost;
  /** Tables that could not be read. */
  readonly unread: number;
  readonly spent: Spent;
  readonly demand: readonly GroupDemand[];
}

/** Reads the metrics of a group. */
export async function groupCost(
  group: CostedGroup,
  window: SpentWindow,
  { metrics }: Pick<Ports, 'metrics'>,
  prices: Prices,
): Promise<GroupCost | { readonly error: string }> {
  const { spec, present } = group;
  let spent = nothingSpent;
  const lastHour = new Map<string, Units>();
  for (let i = 0; i < group.lives.length; i += TABLES_AT_ONCE) {
    const lives = group.lives.slice(i, i + TABLES_AT_ONCE);
    const queries = lives.map((life) => spentQueries(spec, life));
    const series = await metrics.read(queries.flat(), window.from, window.to, window.stepMs);
    let next = 0;
    for (const [place, life] of lives.entries()) {
      const own = series.slice(next, next + queries[place]!.length);
      next += queries[place]!.length;
      const one = spentOn(spec, life, own, window, prices);
      if ('error' in one) return one;
      spent = addSpent(spent, one);
      lastHour.set(life.table, one.lastHour);
    }
  }
  const demand: GroupDemand[] = [];
  const reading = subjectsOf(spec).map(async (subject) => ({
    ...subject,
    values: await demandOf(metrics, group, window, subject),
  }));
  for (const { values, ...subject } of await Promise.all(reading)) {
    if ('error' in values) return values;
    demand.push({ ...subject, values });
  }
  return { now: nowOf(present, lastHour, prices), unread: unreadOf(present), spent, demand };
}

const unreadOf = (present: readonly Present[]): number => present.filter(({ state }) => !state).length;

function nowOf(present: readonly Present[], lastHour: ReadonlyMap<string, Units>, prices: Prices): Cost {
  const costs = present.flatMap(({ name, state }) =>
    state ? [costOf(state, lastHour.get(name), prices)] : [],
  );
  return {
    throughput: costs.some(({ throughput }) => throughput === null)
      ? null
      : costs.reduce((all, { throughput }) => all + throughput!, 0),
    storage: costs.reduce((all, { storage }) => all + storage, 0),
  };
}

async function demandOf(
  metrics: MetricSource,
  { demand }: CostedGroup,
  { from, to }: SpentWindow,
  { index, dimension }: { readonly index?: string; readonly dimension: Dimension },
): Promise<Float64Array | { readonly error: string }> {
  const values = new Float64Array((to - from) / MINUTE_MS);
  for (const { stepMs, parts } of demand) {
    const read = await readDemand(metrics, { parts, index, dimension, stepMs });
    if ('error' in read) return read;
    for (const [at, units] of read) {
      const start = (at - from) / MINUTE_MS;
      values.fill(units, start, start + stepMs / MINUTE_MS);
    }
  }
  return values;
}
