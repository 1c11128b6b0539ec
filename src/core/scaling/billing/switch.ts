import { sayInstant } from '../../calendar/instant.ts';
import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { objectionToProvisioning } from '../../permits/affordable.ts';
import { objectionToLowering } from '../../permits/index.ts';
import type { Objection, Provision } from '../../plan.ts';
import type { TableContext } from '../../table-context.ts';
import { sayProvision } from '../../throughput.ts';
import type { Verdict } from './verdict.ts';

/** A switch of a table's billing mode; the message is a sentence without its full stop. */
export interface Switch {
  readonly reason: Verdict['reason'] | 'warm-up';
  readonly message: string;
}

/** Four switches to on-demand in 24 hours: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const BETWEEN_SWITCHES_MS = 6 * HOUR_MS;

/**
 * Makes a table on-demand. What keeps capacity from falling does not keep it from being served; false where it cannot
 * be switched, so that it has to be raised instead.
 */
export function toOnDemand(subject: TableContext, { reason, message }: Switch): boolean {
  const { draft, observed, table } = subject;
  if (waits(subject, message) || !draft.owns(observed, table, 'billing')) return false;
  draft.do(table, { kind: 'billing', reason, message: `${message}.`, billingMode: 'PAY_PER_REQUEST' });
  return true;
}

/**
 * Makes a table provisioned: it is served less then, so that what keeps capacity from falling keeps it on demand.
 * `needed` is undefined as long as it has yet to be read.
 */
export function toProvisioned(
  subject: TableContext,
  { reason, message }: Switch,
  needed: () => Provision[] | undefined,
): void {
  const { draft, observed, table } = subject;
  if (!draft.owns(observed, table, 'billing')) return;
  const held = (objection: Objection): void =>
    draft.hold(table, 'billing', objection.reason, `${message}: ${objection.message}`);
  const kept = objectionToLowering(subject);
  if ('pending' in kept) return draft.add(table, kept.pending);
  if (kept.value) return held(kept.value);
  const throughput = needed();
  if (!throughput) return;
  const short = objectionToProvisioning(subject, throughput);
  if ('pending' in short) return draft.add(table, short.pending);
  if (short.value) return held(short.value);
  draft.do(table, {
    kind: 'billing',
    reason,
    message: `${message}: ${sayProvision(throughput)}.`,
    billingMode: 'PROVISIONED',
    throughput,
  });
}

/** Whether a switch either way has to wait, and holds it then: one that was made on demand has spent none. */
export function waits({ draft, table, state, now }: TableContext, message: string): boolean {
  const { onDemandSince = -Infinity, createdAt } = state;
  const until = onDemandSince + BETWEEN_SWITCHES_MS;
  if (onDemandSince <= createdAt + MINUTE_MS || now >= until) return false;
  const why = 'DynamoDB makes a table on-demand four times in 24 hours, and it was so';
  const since = `${sayInstant(onDemandSince)}: the next switch may be ${sayInstant(until)}`;
  draft.hold(table, 'billing', 'billing-quota', `${message}; ${why} ${since}.`);
  return true;
}
