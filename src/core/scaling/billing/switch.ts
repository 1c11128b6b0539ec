import { unmanaged } from '../../ask.ts';
import { sayInstant } from '../../calendar/instant.ts';
import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { type Answer, acting, type HoldBody, holding, nothing, type Outcome } from '../../outcome.ts';
import { objectionToProvisioning } from '../../permits/affordable.ts';
import { objectionToLowering } from '../../permits/index.ts';
import type { Objection, Provision } from '../../plan.ts';
import type { TableContext } from '../../table-context.ts';
import { sayProvision } from '../../throughput.ts';
import type { Verdict } from './verdict.ts';

/** A switch of a table's billing mode; the message has no period at its end. */
export interface Switch {
  readonly reason: Verdict['reason'] | 'warm-up';
  readonly message: string;
}

/** Four switches to on-demand in 24 hours: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const BETWEEN_SWITCHES_MS = 6 * HOUR_MS;

/**
 * Switches a table to on-demand. Guards against lower capacity do not prevent this switch. If the table cannot be
 * switched, the outcome has no action.
 */
export function toOnDemand(context: TableContext, { reason, message }: Switch): Outcome {
  const hold = switchQuota(context, message);
  if (hold) return holding(hold);
  return (
    unmanaged(context.observed, context.table, 'billing') ??
    acting({ kind: 'billing', reason, message: `${message}.`, billingMode: 'PAY_PER_REQUEST' })
  );
}

/**
 * Switches a table to provisioned throughput. That limits what the table serves, so every guard against lower capacity
 * also prevents this switch. `needed` is called only if nothing else prevents it.
 */
export function toProvisioned(
  context: TableContext,
  { reason, message }: Switch,
  needed: () => Answer<readonly Provision[] | undefined>,
): Outcome {
  const { observed, table } = context;
  const held = ({ reason, message: why }: Objection): Outcome =>
    holding({ kind: 'billing', reason, message: `${message}. Held: ${why}` });
  const obstacle = unmanaged(observed, table, 'billing');
  if (obstacle) return obstacle;
  const lowering = objectionToLowering(context);
  if ('pending' in lowering) return lowering.pending;
  if (lowering.value) return held(lowering.value);
  const throughput = needed();
  if ('pending' in throughput) return throughput.pending;
  if (!throughput.value) return nothing;
  const provisioning = objectionToProvisioning(context, throughput.value);
  if ('pending' in provisioning) return provisioning.pending;
  if (provisioning.value) return held(provisioning.value);
  return acting({
    kind: 'billing',
    reason,
    message: `${message}. Throughput: ${sayProvision(throughput.value)}.`,
    billingMode: 'PROVISIONED',
    throughput: [...throughput.value],
  });
}

/**
 * The hold for a switch, in either direction, that is too soon after the last one. Creation as on-demand does not
 * count.
 */
export function switchQuota({ state, now }: TableContext, message: string): HoldBody | undefined {
  const { onDemandSince = -Infinity, createdAt } = state;
  const until = onDemandSince + BETWEEN_SWITCHES_MS;
  if (onDemandSince <= createdAt + MINUTE_MS || now >= until) return undefined;
  const quota = 'DynamoDB allows 4 switches to on-demand in 24 hours';
  const times = `Last: ${sayInstant(onDemandSince)}. Next allowed: ${sayInstant(until)}`;
  return { kind: 'billing', reason: 'billing-quota', message: `${message}. Held: ${quota}. ${times}.` };
}
