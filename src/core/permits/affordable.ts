import type { Properties } from '../../generated/tables.ts';
import { together } from '../cost.ts';
import { type Answer, needing, nothing, type Outcome } from '../outcome.ts';
import type { CreateTable, Objection, Provision, ThroughputChange } from '../plan.ts';
import { ofIndex, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalized } from '../text.ts';
import { onlyRaises } from '../throughput.ts';
import { type Refused, type WithinAccount, withinAccount } from './account.ts';

/** Why the throughput of an on-demand table cannot be provisioned; the message is the end of a sentence. */
export function objectionToProvisioning(
  context: TableContext,
  throughput: readonly Provision[],
): Answer<Objection | undefined> {
  const from = { read: 0, write: 0 };
  const changes = throughput.map(({ index, ...to }) => ({ ...ofIndex(index), from, to }));
  const { refusals, disputed = [], outcome } = affordable(context, changes);
  if (outcome.needs.length > 0) return { pending: outcome };
  // The table serves its demand on-demand, so it does not need a switch that DynamoDB might reject.
  const [first] = [...refusals, ...disputed];
  return { value: first && { reason: 'account-limit', message: uncapitalized(first.message) } };
}

/**
 * The changes that the account's quotas allow. If the quotas are unknown, every change is sent: DynamoDB itself rejects
 * a change that exceeds a quota.
 */
export function affordable(
  { observed, table, state, soFar, reserved }: TableContext,
  changes: readonly ThroughputChange[],
  refused?: Refused,
): WithinAccount & { readonly outcome: Outcome } {
  const { limits } = observed;
  if (!limits) return { allowed: changes, refusals: [], outcome: needing({ fact: 'limits' }) };
  if ('error' in limits) return { allowed: changes, refusals: [], outcome: nothing };
  const elsewhere = provisionedElsewhere({ observed, table, soFar });
  const precedence = { ...(refused && { refused }), ...(reserved && { reserved }) };
  return { ...withinAccount(changes, state, elsewhere, limits.value, precedence), outcome: nothing };
}

/** The throughput of the other known tables, including creations and raises of this run, in units per second. */
function provisionedElsewhere({
  observed,
  table: { name },
  soFar,
}: Pick<TableContext, 'observed' | 'table' | 'soFar'>): Units {
  const others = [...observed.names].filter((other) => other !== name);
  const present = others.flatMap((other) => observed.known('description', other)?.capacities ?? []);
  const decided = soFar.actions.filter(({ table }) => table !== name);
  const raised = decided
    .flatMap((action) => ('changes' in action ? onlyRaises(action.changes) : []))
    .map(({ from, to }) => ({ read: to.read - from.read, write: to.write - from.write }));
  const provisioned = decided.flatMap((action) =>
    action.kind === 'billing' ? (action.throughput ?? []) : [],
  );
  const created = decided.flatMap((action) => (action.kind === 'create' ? createdWith(action.input) : []));
  return together([...present, ...raised, ...provisioned, ...created]);
}

/** The throughput of a table that is created, and of its indexes. */
function createdWith(input: CreateTable): Units[] {
  const { GlobalSecondaryIndexes = [] } = input as Partial<Properties>;
  return [input as Partial<Properties>, ...GlobalSecondaryIndexes].flatMap(
    ({ ProvisionedThroughput: units }) =>
      units ? { read: Number(units.ReadCapacityUnits), write: Number(units.WriteCapacityUnits) } : [],
  );
}
