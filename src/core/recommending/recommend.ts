import { HOUR_MS } from '../calendar/period.ts';
import type { Dimension, Minute, ResourceDemand } from '../capacity/demand.ts';
import { provisionedMonth, together } from '../cost.ts';
import type { Recommendation } from '../plan.ts';
import type { Prices } from '../prices.ts';
import { ofIndex } from '../spec.ts';
import { sayProvision } from '../throughput.ts';
import type { Candidate } from './candidates.ts';
import { type Cheaper, cheaper, type Used } from './cheaper.ts';

/** What a group is told, for the demand of its tables; undefined where it is billed well, or demand is unknown. */
export function weigh(
  subject: Candidate,
  demands: readonly ResourceDemand[],
  prices: Prices,
  now: number,
): Recommendation | undefined {
  if (demands.some(({ error }) => error !== undefined)) return undefined;
  const { state, states, spec, billing, from } = subject;
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
  const monthNow = states.length > 1 ? allMonth(subject, prices) : better.now;
  const found = { ...better, now: monthNow, instead: better.instead * states.length };
  if (found.instead >= found.now) return undefined;
  return {
    group: spec.name,
    table: state.name,
    billing: found.billing,
    utilisation: found.utilisation,
    hours: Math.floor((now - from) / HOUR_MS),
    monthNow: found.now,
    monthInstead: found.instead,
    message: describe(subject, found, Math.floor((now - from) / HOUR_MS)),
  };
}

const allMonth = ({ states }: Candidate, prices: Prices): number =>
  states
    .map(({ capacities, tableClass }) => provisionedMonth(together(capacities), tableClass, prices))
    .reduce((sum, month) => sum + month, 0);

/** Several tables in turn are one series. */
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

const usd = (month: number): string => month.toFixed(2);

function describe({ subject, state, states }: Candidate, better: Cheaper, hours: number): string {
  const percent = `${Number((better.utilisation * 100).toFixed(1))} %`;
  const instead = `would cost ${usd(better.instead)} USD a month instead of ${usd(better.now)}`;
  const where = 'In tables.json, under Properties:';
  if (better.billing === 'provisioned') {
    return `Provisioned at ${sayProvision(better.throughput)}, it ${instead}, and ${percent} of that would be in use (last ${hours} h). ${where} "BillingMode": "PROVISIONED", and that as ProvisionedThroughput.`;
  }
  if (subject === 'outdated') {
    const many = states.length === 1 ? 'the outdated table' : `the ${states.length} outdated tables`;
    return `On demand, ${many} ${instead}: ${percent} of ${state.name}'s capacity is in use (last ${hours} h). ${where} "Outdated": { "BillingMode": "PAY_PER_REQUEST" }, without OutdatedTableProvisionedThroughput.`;
  }
  return `On demand it ${instead}: ${percent} of its capacity is in use (last ${hours} h). ${where} "BillingMode": "PAY_PER_REQUEST", without ProvisionedThroughput; it is then so for new tables.`;
}
