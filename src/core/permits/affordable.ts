import { together } from '../cost.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Objection, Provision, ThroughputChange } from '../plan.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import { ofIndex, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalised } from '../text.ts';
import { onlyRaises } from '../throughput.ts';
import { type WithinAccount, withinAccount } from './account.ts';

/** Why all of a table's throughput may not be provisioned where none is, the message the end of a sentence. */
export function mayNotProvision(
  subject: TableContext,
  throughput: readonly Provision[],
): Objection | undefined {
  const from = { read: 0, write: 0 };
  const changes = throughput.map(({ index, ...to }) => ({ ...ofIndex(index), from, to }));
  const [message] = affordable(subject, changes)?.refusals ?? [];
  return message === undefined ? undefined : { reason: 'account-limit', message: uncapitalised(message) };
}

/**
 * What the account allows of some changes; undefined where its limits are not known, or have yet to be read. Then AWS
 * itself has the last word: a raise is not for want of a number.
 */
export function affordable(
  { draft, observed, table, state }: TableContext,
  changes: readonly ThroughputChange[],
): WithinAccount | undefined {
  const reading = observed.limits;
  if (!reading) draft.needs.push({ fact: 'limits' });
  if (!reading || 'error' in reading) return undefined;
  return withinAccount(changes, state, elsewhere(draft, observed, table), reading.value);
}

/** What the tables that are known have besides this one, raises of this plan included. */
function elsewhere(draft: PlanBuilder, observed: Observed, { name }: Table): Units {
  const others = [...observed.names].filter((other) => other !== name);
  const standing = others.flatMap((other) => observed.known('description', other)?.capacities ?? []);
  const raised = draft.actions
    .filter(({ table }) => table !== name)
    .flatMap((action) => ('changes' in action ? onlyRaises(action.changes) : []))
    .map(({ from, to }) => ({ read: to.read - from.read, write: to.write - from.write }));
  const provisioned = draft.actions
    .filter(({ table }) => table !== name)
    .flatMap((action) => (action.kind === 'billing' ? (action.throughput ?? []) : []));
  return together([...standing, ...raised, ...provisioned]);
}
