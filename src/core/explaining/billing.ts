/** Why a table with Billing auto has its billing mode, and what would change it. */
import { MINUTE_MS } from '../calendar/period.ts';
import { TOLERABLE } from '../capacity/comparison.ts';
import { handoverMs, LONGEST_HANDOVER_MS } from '../capacity/handover.ts';
import { Decided } from '../decided.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Draft } from '../plan.ts';
import type { Prices } from '../prices.ts';
import { percent, sayThrottled, sayTime, weighed } from '../scaling/billing/choose.ts';
import { CLEARLY, costs } from '../scaling/billing/verdict.ts';

/** One sentence each. Empty if scale does not choose the mode of the table. */
export function billingOf(
  observed: Observed,
  table: Table,
  draft: Pick<Draft, 'actions' | 'learned'>,
  prices: Prices,
  now: number,
): string[] {
  const { spec, phase, name } = table;
  const state = observed.known('description', name);
  if (spec.billing !== 'auto' || !state) return [];
  if (phase === 'upcoming') {
    const [usual, longest] = [handoverMs({ read: 0, write: 0 }), LONGEST_HANDOVER_MS].map((ms) =>
      Math.round((ms + spec.queueMs) / MINUTE_MS),
    );
    return [
      `The table gets the billing mode of the current table ${usual} minutes before its period, or ${longest} minutes if it needs more than a new table serves at once.`,
    ];
  }
  if (phase !== 'active')
    return ['After its period, a table keeps its billing mode, unless Outdated in its spec changes it.'];
  const remembered = { ...observed.memories.get(spec.name), ...draft.learned.get(spec.name) };
  const soFar = new Decided(observed, () => remembered, draft.actions);
  const all = weighed({ observed, table, state, now, soFar }, prices, remembered);
  const onDemand = state.billingMode === 'PAY_PER_REQUEST';
  if (!all)
    return [
      `Scale does not know yet what the demand costs in both billing modes, so the table stays ${onDemand ? 'on-demand' : 'provisioned'}.`,
    ];
  const { provisioned, requested } = costs(all.map((one) => one.weighed));
  return [
    `By the demand of ${sayTime(all)}, provisioned throughput costs about USD ${provisioned.toFixed(2)} per month, and on-demand about USD ${requested.toFixed(2)}.`,
    `Provisioned throughput ${onDemand ? 'would have throttled' : 'throttled'} at most ${sayThrottled(all)}.`,
    onDemand
      ? `Scale switches to provisioned if that costs at most ${CLEARLY.cost} times on-demand and throttles at most ${percent(TOLERABLE * CLEARLY.throttled)} without the largest event, by the demand of a day.`
      : `Scale switches to on-demand if that is cheaper, by the demand of a day, or if more than ${percent(TOLERABLE)} is throttled without the largest event, or most of it by an ongoing event.`,
  ];
}
