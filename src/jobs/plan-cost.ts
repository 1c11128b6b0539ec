import { membersOf } from '../core/fleet.ts';
import type { Observed } from '../core/observed.ts';
import type { Plan } from '../core/plan.ts';
import { type CostChange, planCost } from '../core/plan-cost.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { describe } from './recommend.ts';

/** What the groups of a plan cost before and after it. Describes the tables that no job needed. */
export async function costOfPlan(
  { actions, groups }: Plan,
  config: Config,
  observed: Observed,
  ports: Ports,
  now: number,
): Promise<CostChange[]> {
  const members = [...membersOf(config, observed.names, now)]
    .filter(([{ name }]) => groups?.includes(name) ?? true)
    .flatMap(([spec, tables]) => tables.map(({ name }) => ({ name, group: spec.name })));
  const unread = members.map(({ name }) => name).filter((name) => !observed.get('description', name));
  await describe(ports, observed, unread);
  const tables = members.map((one) => ({ ...one, state: observed.known('description', one.name) }));
  return planCost(actions, tables, config.prices);
}
