import { type Answer, needing, nothing, type Outcome } from '../outcome.ts';
import type { Objection, Provision, ThroughputChange } from '../plan.ts';
import { ofIndex } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalized } from '../text.ts';
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
  const precedence = { ...(refused && { refused }), ...(reserved && { reserved }) };
  return {
    ...withinAccount(changes, state, soFar.elsewhere(table.name), limits.value, precedence),
    outcome: nothing,
  };
}
