import { compared, noComparison, RUN_TOLERABLE } from '../core/capacity/comparison.ts';
import { MINUTES_UNTIL_EFFECTIVE } from '../core/capacity/model.ts';
import { onDemandFactor as usual } from '../core/prices.ts';
import { type Billing, verdictOn } from '../core/scaling/billing/verdict.ts';
import type { Replay } from './replay.ts';
import type { Simulation } from './simulate.ts';

/**
 * Replays a table or a group with Billing auto. It starts on-demand. Meanwhile, the provisioned run continues as its
 * shadow: an on-demand table throttles nothing, so all of its demand is known. The other tables of a group have the
 * mode of the current one.
 */
export function autoBilling(provisionedRun: Replay): Replay {
  return (series, options) =>
    billedByDemand(
      series.demand,
      provisionedRun(series, { ...options, tolerable: RUN_TOLERABLE }),
      options.onDemandFactor,
    );
}

function billedByDemand(demand: Float64Array, run: Simulation, onDemandFactor = usual): Simulation {
  const capacity = Float64Array.from(run.capacity);
  const throttled = Float64Array.from(run.throttled);
  const beside = run.beside?.slice();
  const unitPrice = { provisioned: 1, requested: onDemandFactor };
  let comparison = noComparison;
  let billing: Billing = 'on-demand';
  let wanted: Billing = billing;
  let servesFrom = 0;
  let provisioned = 0;
  let requested = 0;
  for (let t = 0; t < demand.length; t++) {
    if (t >= servesFrom) billing = wanted;
    if (billing === 'on-demand') {
      requested += demand[t]!;
      capacity[t] = demand[t]!;
      throttled[t] = 0;
      beside?.fill(0, t, t + 1);
    } else provisioned += capacity[t]! + (beside?.[t] ?? 0);
    // As with capacity, a decision knows the minutes before it and takes effect two minutes later.
    if (t > 0) comparison = compared(comparison, demand[t - 1]!, run.capacity[t - 1]!, run.throttled[t - 1]!);
    if (billing !== wanted) continue;
    wanted = verdictOn(billing, [{ ...comparison, unitPrice }])?.billing ?? billing;
    if (wanted !== billing) servesFrom = t + MINUTES_UNTIL_EFFECTIVE;
  }
  const consumed = demand.map((units, t) => units - throttled[t]!);
  return { ...run, capacity, consumed, throttled, beside, billed: provisioned + requested * onDemandFactor };
}
