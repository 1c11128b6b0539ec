import { ask, tagsInAdvance } from '../ask.ts';
import { periodOf } from '../calendar/rotation.ts';
import { membersOf, requiredTables, straysOf, type Table, tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { combined, nothing, type Outcome } from '../outcome.ts';
import type { Draft } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Config, Spec } from '../spec.ts';
import type { UndescribedTable } from '../table-context.ts';
import { isNeeded, usability } from '../usability.ts';
import { cancelRetained } from './cancel-deletion.ts';
import { capacityChange } from './capacity.ts';
import { creation } from './creation.ts';
import { billingChange, classChange } from './outdated.ts';
import { schemeChange } from './scheme-change.ts';
import { deletionProtection, settingsChange } from './table-settings.ts';
import { byNeedOfCapacity, byUrgency } from './urgency.ts';

/**
 * What rotation requires at `now`. Rotate creates every missing table, the most urgent ones of all groups first. It
 * raises upcoming tables before their period starts. After the drain window it lowers outdated tables, or changes their
 * billing mode and class. It also cancels the scheduled deletions of tables that are retained. Nothing changes in a group
 * whose scheme changed if its spec does not say when.
 */
export function planRotate(config: Config, observed: Observed, now: number): Draft {
  const builder = new PlanBuilder('rotate', observed);
  const members = withoutRefused(builder, config, observed, now);
  const required = [...members.keys()].flatMap((spec) => requiredTables(spec, now));
  const missing = required.filter(({ name }) => !observed.names.has(name));
  for (const table of missing.sort(byUrgency(now))) builder.add(table, creation(table, now));
  const names = new Set(required.map(({ name }) => name));
  for (const table of [...members.values()].flat().sort(byNeedOfCapacity)) {
    const settings = names.has(table.name) || table.phase === 'draining';
    builder.add(table, decide({ observed, table, now, soFar: builder.soFar }, settings));
    builder.add(table, cancelRetained(observed, table, now));
  }
  return builder;
}

/** The groups and their tables, without the groups whose scheme changed. */
function withoutRefused(
  builder: PlanBuilder,
  config: Config,
  observed: Observed,
  now: number,
): ReadonlyMap<Spec, readonly Table[]> {
  const strays = straysOf(config, observed.names, now);
  const members = new Map(membersOf(config, observed.names, now));
  for (const [spec, present] of members) {
    const change = schemeChange(spec, { present, strays: strays.get(spec) ?? [] }, observed, now);
    const refusal = 'pending' in change ? change.pending : change.value;
    if (!refusal) continue;
    builder.add(tableOf(spec, periodOf(spec, now), now), refusal);
    members.delete(spec);
  }
  return members;
}

function decide(undescribed: UndescribedTable, settings: boolean): Outcome {
  const { observed, table, now } = undescribed;
  return combined(
    needed(undescribed),
    changesByItself(table) ? tagsInAdvance(observed, table, now) : nothing,
    update(undescribed),
    settings ? settingsChange(observed, table, undescribed.now) : nothing,
    deletionProtection(observed, table),
  );
}

/** Whether rotate or scale will change a current or upcoming table. */
const changesByItself = ({ spec, phase }: Table): boolean =>
  (phase === 'upcoming' || phase === 'active') &&
  (spec.resources.length > 0 || Object.keys(spec.outdated).length > 0);

/** At most one change that keeps the table UPDATING, because DynamoDB accepts no other change meanwhile. */
function update(undescribed: UndescribedTable): Outcome {
  const billing = billingChange(undescribed);
  if (billing) return billing;
  const capacity = capacityChange(undescribed);
  return capacity.actions.length > 0 ? capacity : combined(capacity, classChange(undescribed));
}

/** Whether a current or upcoming table can be used. */
function needed(undescribed: UndescribedTable): Outcome {
  const { observed, table } = undescribed;
  if (!isNeeded(table)) return nothing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  return described.value ? usability({ ...undescribed, state: described.value }, { atOnce: true }) : nothing;
}
