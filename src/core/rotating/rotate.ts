import { ask } from '../ask.ts';
import { periodOf } from '../calendar/rotation.ts';
import { isNeeded, requiredTables, type Table, tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { combined, holding, nothing, type Outcome } from '../outcome.ts';
import type { Draft } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Prices } from '../prices.ts';
import { replicaHere } from '../replicas.ts';
import { groupsOf, type Refusal } from '../scheme-change.ts';
import type { Config, Spec } from '../spec.ts';
import type { UndescribedTable } from '../table-context.ts';
import { retainedUsability, usability } from '../usability.ts';
import { cancelRetained } from './cancel-deletion.ts';
import { capacityChange } from './capacity.ts';
import { unlessClosed } from './closed.ts';
import { consumersChange, consumersOfEnded } from './consumers.ts';
import { creation } from './creation.ts';
import { destinationChange } from './destination.ts';
import { mistypedEnvironment } from './environment.ts';
import { billingChange, classChange } from './outdated.ts';
import { replicaSettings } from './replica-settings.ts';
import { replicasChange } from './replicas.ts';
import { deletionProtection, settingsChange } from './table-settings.ts';
import { differsFromSpec, unmanagedInPlace } from './unmanaged.ts';
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
  const exists = [...members.values()].some(({ length }) => length > 0);
  const mistyped = mistypedEnvironment(config, exists);
  const [first] = config.specs;
  if (mistyped && first) builder.add(tableOf(first, periodOf(first, now), now), mistyped);
  if (mistyped && !exists) return builder;
  const required = [...members.keys()].flatMap((spec) => requiredTables(spec, now));
  const missing = required.filter((table) => isMissing(observed, table));
  const present = [...members.values()].flat();
  const replicas = new Map(
    present.flatMap((table) => {
      const why = whyReplica(observed, table);
      return why === undefined ? [] : [[table, why] as const];
    }),
  );
  for (const table of missing.sort(byUrgency(now)))
    builder.add(
      table,
      unlessClosed(table, observed) ??
        unlessReplicated(table, replicas) ??
        creation(table, observed, config.prices, now),
    );
  const created = new Set(missing.map(({ name }) => name));
  const names = new Set(required.map(({ name }) => name));
  const contextOf = (table: Table): UndescribedTable => ({ observed, table, now, soFar: builder.soFar });
  for (const [table, message] of replicas)
    if (isNeeded(table)) builder.add(table, holding({ kind: 'use', reason: 'is-replica', message }));
  const standing = present.filter((table) => !created.has(table.name) && !replicas.has(table));
  for (const table of standing.filter(isNeeded).sort(byNeedOfCapacity))
    builder.add(table, whileManaged(contextOf(table), capacityChange));
  for (const table of standing)
    builder.add(table, decide(contextOf(table), names.has(table.name), config.prices));
  for (const table of present) builder.add(table, cancelRetained(observed, table, now));
  return builder;
}

/** Why a table is left to another Region; undefined if its description does not say so, or is not read. */
function whyReplica(observed: Observed, { name, spec }: Table): string | undefined {
  const state = observed.known('description', name);
  return state && replicaHere(spec, state);
}

/**
 * The hold for a missing table of a group whose other tables are replicas. If this Region had a table of the name, DynamoDB would add no
 * replica here. In doubt, undefined.
 */
function unlessReplicated({ spec, phase }: Table, replicas: ReadonlyMap<Table, string>): Outcome | undefined {
  const other = [...replicas].find(([one]) => one.spec === spec);
  if (!other) return undefined;
  const [{ name }, why] = other;
  const message = `The table does not exist in this Region. About ${name}: ${why}`;
  const urgent = phase === 'active' && ({ urgent: true } as const);
  return holding({ kind: 'create', reason: 'is-replica', message, ...urgent });
}

/** The groups and their tables, without the groups whose scheme changed. */
function withoutRefused(
  builder: PlanBuilder,
  config: Config,
  observed: Observed,
  now: number,
): ReadonlyMap<Spec, readonly Table[]> {
  const members = new Map<Spec, readonly Table[]>();
  for (const { spec, present, verdict } of groupsOf(config, observed, now, 'ownership')) {
    const current = tableOf(spec, periodOf(spec, now), now);
    if ('pending' in verdict) {
      builder.add(current, verdict.pending);
      continue;
    }
    const { refusal, unread } = verdict.value;
    for (const { name, outcome } of unread) builder.add({ name, spec }, outcome);
    if (refusal) builder.add(current, refusing(refusal));
    else members.set(spec, present);
  }
  return members;
}

const refusing = ({ message }: Refusal): Outcome =>
  holding({ kind: 'create', reason: 'scheme-changed', message, urgent: true });

/**
 * Whether a required table has to be created. A table that is being deleted has to be created when it is gone. The list of
 * tables can contain one that is gone already.
 */
function isMissing(observed: Observed, { name }: Table): boolean {
  if (!observed.names.has(name)) return true;
  const described = observed.get('description', name);
  return (
    described !== undefined && 'value' in described && (described.value?.status ?? 'DELETING') === 'DELETING'
  );
}

function decide(undescribed: UndescribedTable, required: boolean, prices: Prices): Outcome {
  const { observed, table, now } = undescribed;
  const described = ask(observed, table, 'description');
  return whileManaged(undescribed, () =>
    combined(
      required && 'pending' in described ? described.pending : nothing,
      'value' in described && described.value
        ? retainedUsability({ table, state: described.value })
        : nothing,
      isNeeded(table) ? nothing : update(undescribed),
      attached(undescribed, required || table.phase === 'draining'),
      required || table.phase === 'draining' ? settingsChange(observed, table, now) : nothing,
      deletionProtection(observed, table, now),
      replicated(undescribed, required, prices),
    ),
  );
}

/** Adds replicas to a required table, and follows the settings of those that exist. */
function replicated({ observed, table, now }: UndescribedTable, required: boolean, prices: Prices): Outcome {
  const described = ask(observed, table, 'description');
  // Whatever needs the description asks for it. A group without replicas never has to be described because of them.
  if ('pending' in described) return table.spec.replicas.length > 0 ? described.pending : nothing;
  const state = described.value;
  if (state?.status !== 'ACTIVE' && state?.status !== 'UPDATING') return nothing;
  if (table.spec.replicas.length === 0 && !state.replicas?.length) return nothing;
  const context = { observed, table, state, prices, now };
  return combined(
    required ? replicasChange(context) : nothing,
    replicaSettings(context, required || table.phase === 'draining'),
  );
}

/** Attaches what reads the changes of a table, which can be UPDATING. `written`: applications might still write to it. */
function attached({ observed, table, now }: UndescribedTable, written: boolean): Outcome {
  if (table.spec.consumers.length === 0 && !table.spec.destination) return nothing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (state?.status !== 'ACTIVE' && state?.status !== 'UPDATING') return nothing;
  if (!written) return consumersOfEnded(observed, table, state, now);
  return combined(
    consumersChange(observed, table, state, now),
    destinationChange(observed, table, state, now),
  );
}

/**
 * What is decided for a table, unless it is an unmanaged one in the place of a current or upcoming table. Adds whether the
 * table can be used.
 */
function whileManaged(
  undescribed: UndescribedTable,
  decided: (undescribed: UndescribedTable) => Outcome,
): Outcome {
  const { observed, table } = undescribed;
  if (!isNeeded(table)) return decided(undescribed);
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  // A table that is being deleted, and that is required, is created again when it is gone.
  if (!described.value || described.value.status === 'DELETING') return nothing;
  const context = { ...undescribed, state: described.value };
  const usable = usability(context, { atOnce: true });
  return combined(
    usable,
    unmanagedInPlace(context) ?? combined(differsFromSpec(context), decided(undescribed)),
  );
}

/** At most one change that keeps the table UPDATING, because DynamoDB accepts no other change meanwhile. */
function update(undescribed: UndescribedTable): Outcome {
  const billing = billingChange(undescribed);
  if (billing) return billing;
  const capacity = capacityChange(undescribed);
  return capacity.actions.length > 0 ? capacity : combined(capacity, classChange(undescribed));
}
