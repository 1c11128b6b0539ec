import { HOUR_MS } from '../calendar/period.ts';
import type { Dimension, Minute, ResourceDemand } from '../capacity/demand.ts';
import { provisionedMonth, together } from '../cost.ts';
import type { Recommendation } from '../plan.ts';
import type { Prices } from '../prices.ts';
import { ofIndex } from '../spec.ts';
import { sayProvision } from '../throughput.ts';
import type { Candidate } from './candidates.ts';
import { type Cheaper, cheaper, type Used } from './cheaper.ts';

/** The recommendation for a candidate; undefined if its billing mode is the cheaper one, or its demand is unknown. */
export function recommend(
  candidate: Candidate,
  demands: readonly ResourceDemand[],
  prices: Prices,
  now: number,
): Recommendation | undefined {
  if (demands.some(({ error }) => error !== undefined)) return undefined;
  const { state, states, spec, billing, from } = candidate;
  const used = state.capacities.map((capacity): Used => {
    const own = demands.filter(({ index }) => index === capacity.index);
    return {
      ...ofIndex(capacity.index),
      read: summed(own, 'read', from),
      write: summed(own, 'write', from),
      provisioned: capacity,
    };
  });
  const better = cheaper(billing, used, state.tableClass, prices);
  if (!better) return undefined;
  const monthNow = states.length > 1 ? allMonth(candidate, prices) : better.now;
  const found = { ...better, now: monthNow, instead: better.instead * states.length };
  if (found.instead >= found.now) return undefined;
  return {
    group: spec.name,
    table: state.name,
    billing: found.billing,
    utilization: found.utilization,
    hours: Math.floor((now - from) / HOUR_MS),
    monthNow: found.now,
    monthInstead: found.instead,
    message: describe(candidate, found, Math.floor((now - from) / HOUR_MS)),
  };
}

const allMonth = ({ states }: Candidate, prices: Prices): number =>
  states
    .map(({ capacities, tableClass }) => provisionedMonth(together(capacities), tableClass, prices))
    .reduce((sum, month) => sum + month, 0);

/** Demand per minute since `from`, summed over tables that served it one after the other. */
function summed(demands: readonly ResourceDemand[], dimension: Dimension, from: number): Minute[] {
  const [first, ...others] = demands.map((demand) => demand[dimension] ?? []);
  return (first ?? [])
    .map((minute, place) => ({
      at: minute.at,
      consumed: others.reduce((sum, other) => sum + (other[place]?.consumed ?? 0), minute.consumed),
      throttled: others.reduce((sum, other) => sum + (other[place]?.throttled ?? 0), minute.throttled),
    }))
    .filter(({ at }) => at >= from);
}

const usd = (month: number): string => `USD ${month.toFixed(2)}`;

function describe({ subject, state, states }: Candidate, better: Cheaper, hours: number): string {
  const percent = `${Number((better.utilization * 100).toFixed(1))}%`;
  const instead = `would cost ${usd(better.instead)} per month instead of ${usd(better.now)}`;
  const since = `in the last ${hours} hours`;
  const set = 'In tables.json, under Properties, set';
  if (better.billing === 'provisioned') {
    return `Provisioned capacity (${sayProvision(better.throughput)}) ${instead}. Demand ${since} would use ${percent} of that capacity. ${set} "BillingMode": "PROVISIONED" and this capacity as ProvisionedThroughput.`;
  }
  if (subject === 'outdated') {
    const tables = states.length === 1 ? 'the outdated table' : `the ${states.length} outdated tables`;
    return `On-demand mode for ${tables} ${instead}. Demand ${since} used ${percent} of the capacity of ${state.name}. ${set} "Outdated": { "BillingMode": "PAY_PER_REQUEST" } and remove OutdatedTableProvisionedThroughput.`;
  }
  return `On-demand mode ${instead}. Demand ${since} used ${percent} of the provisioned capacity. ${set} "BillingMode": "PAY_PER_REQUEST" and remove ProvisionedThroughput. The change applies to new tables.`;
}
