import pMap from 'p-map';
import { visibleJson } from '../../config/quote.ts';
import { iso } from '../../core/calendar/instant.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import type { Config } from '../../core/spec.ts';
import { COST_DAYS, type CostedGroup, type CostRequest, costedGroups, groupCost } from '../../jobs/cost.ts';
import { placeOf } from '../../jobs/place.ts';
import type { Ports } from '../../ports.ts';
import { comparisonOf } from '../compare-cost.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { groupsNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { progressOn } from '../progress.ts';
import { print } from '../suggested.ts';
import { type GroupRow, NOT_COUNTED, sayReads, viewCost } from '../views/cost.ts';

export const costCommand = () =>
  command(
    'cost',
    `show what groups cost now and over ${COST_DAYS} days, beside on-demand, target tracking, and predictive`,
  )
    .argument('[groups...]', 'show only these groups')
    .action(async (named: string[], options: CommonOptions) => {
      const context = contextOf(options);
      rejectFuture('cost', context.now);
      const config = configOf(context);
      const ports = portsOf(context);
      const wanted = groupsNamed(config, named);
      const [{ window, minutesFrom, groups }, place] = await Promise.all([
        costedGroups(config, ports, context.now, wanted),
        placeOf(ports, context.environment),
      ]);
      const metrics = groups.reduce((all, group) => all + group.metrics, 0);
      const reads = { metrics, usd: metrics * config.prices.metricRead };
      if (config.unlisted) console.error(sayUnlisted(config));
      if (metrics > 0) console.error(sayReads(reads, groups.length));
      const rows = await rowsOf(config, groups, window, ports);
      const report = {
        environment: context.environment,
        ...place,
        at: iso(context.now),
        from: iso(window.from),
        to: iso(window.to),
        minutePointsFrom: iso(minutesFrom),
        groups: rows,
        metricReads: metrics,
        metricReadsUsd: reads.usd,
        notCounted: NOT_COUNTED,
      };
      if (context.json) console.log(visibleJson(report, 2));
      else print(context, viewCost(report));
      // What is unknown is not free.
      if (rows.some((row) => 'error' in row || row.unread > 0)) process.exitCode = 1;
    });

/** While the metrics of some groups are read, another one is replayed. The series of more would not fit into memory. */
const GROUPS_AT_ONCE = 4;

async function rowsOf(
  { prices }: Config,
  groups: readonly CostedGroup[],
  window: CostRequest['window'],
  ports: Ports,
): Promise<GroupRow[]> {
  const progress = progressOn(process.stderr, groups.length);
  const rowOf = async (group: CostedGroup): Promise<GroupRow> => {
    const { name } = group.spec;
    progress.step(name);
    const cost = await groupCost(group, window, ports, prices);
    if ('error' in cost) return { group: name, error: cost.error };
    const changedAt = group.spec.previously.at(-1)?.until ?? -Infinity;
    const comparison = comparisonOf(group.spec, cost, window, prices);
    return {
      group: name,
      now: cost.now,
      unread: cost.unread,
      ...(changedAt > window.from && { schemeChangedAt: iso(changedAt) }),
      ...(comparison && { measured: { ...comparison, since: iso(comparison.since) } }),
    };
  };
  const rows = await pMap(groups, rowOf, { concurrency: GROUPS_AT_ONCE });
  progress.done();
  return rows;
}
