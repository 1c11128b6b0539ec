import pMap from 'p-map';
import { demandFrom, demandWindow, QUERIES_PER_RESOURCE, queriesFor } from '../core/capacity/demand.ts';
import { membersOf } from '../core/fleet.ts';
import type { Observed } from '../core/observed.ts';
import type { Recommendation } from '../core/plan.ts';
import { candidates, RECOMMENDATION_WINDOW_MS, undescribed } from '../core/recommending/candidates.ts';
import { recommend } from '../core/recommending/recommend.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { attempt } from './attempt.ts';
import { CONCURRENT_READS } from './table-reads.ts';

/**
 * Finds tables that would be cheaper in the other billing mode, by the demand of up to a day: the current table of each
 * group, and its outdated ones, represented by the newest of them. Tables that cannot be read are skipped. Changes
 * nothing.
 */
export async function recommendationsFor(
  config: Config,
  observed: Observed,
  ports: Ports,
  now: number,
): Promise<Recommendation[]> {
  const members = membersOf(config, observed.names, now);
  await describe(ports, observed, undescribed(members, observed, now));
  const subjects = candidates(members, observed, now);
  const to = demandWindow(now).to;
  const window = { from: to - RECOMMENDATION_WINDOW_MS, to };
  const wanted = subjects.flatMap(({ names, state }) =>
    names.flatMap((table) => state.capacities.map(({ index }) => ({ table, index }))),
  );
  if (wanted.length === 0) return [];
  const series = await ports.metrics.read(
    wanted.flatMap(({ table, index }) => queriesFor(table, index)),
    window.from,
    window.to,
  );
  const demands = wanted.map(({ index }, place) =>
    demandFrom(series.slice(place * QUERIES_PER_RESOURCE), window.from, window.to, index),
  );
  let next = 0;
  return subjects.flatMap((subject) => {
    const count = subject.names.length * subject.state.capacities.length;
    const own = demands.slice(next, next + count);
    next += count;
    return recommend(subject, own, config.prices, now) ?? [];
  });
}

/** Describes tables that no planner needed. */
export async function describe(ports: Ports, observed: Observed, names: readonly string[]): Promise<void> {
  const read = async (name: string): Promise<void> =>
    observed.learn('description', name, await attempt(() => ports.tables.describe(name)));
  await pMap(names, read, { concurrency: CONCURRENT_READS });
}
