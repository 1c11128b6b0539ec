import { HOUR_MS, MINUTE_MS } from '../../../calendar/period.ts';
import type { Minute } from '../../../capacity/demand.ts';
import { baselineAfter, baselineAt } from './baseline.ts';
import { afterMinute, fullBurst, shortfall } from './burst.ts';
import { variantFor } from './choose.ts';
import { type Copy, copiesAfter, type Limits, newCopies } from './copies.ts';
import { newTiming } from './decrease-timing.ts';
import { forecastAfter, newForecast } from './forecast.ts';
import { readyAfter } from './jumps.ts';
import { noOutage, outageAfter } from './outage.ts';
import { emptyProfile, isNovel, profileAfter } from './profile.ts';
import { withNewest } from './recent.ts';
import type { Situation } from './situation.ts';
import { smallDemand, summed, totalsAfter } from './totals.ts';
import { unevenAfter } from './uneven.ts';
import { FIRST_VARIANT, leastVariant, moreCautious, VARIANTS } from './variant.ts';

/** Everything that is known about one dimension of a group: plain data, folded from its minutes one by one. */
export interface Memory extends Situation {
  /** Minutes learned. */
  readonly age: number;
  /** One for each variant. */
  readonly copies: readonly Copy[];
  /** The index of the variant that was chosen for this hour. */
  readonly chosen: number;
  /** What the table throttled, or would have without more burst capacity than estimated: a sum of units per second. */
  readonly throttled: number;
  readonly limits: Limits;
}

/** Before the first minute, at a capacity in units per second. */
export const newMemory = (capacity: number): Memory => ({
  age: 0,
  recent: [],
  burst: fullBurst(capacity),
  forecast: newForecast(0),
  profile: emptyProfile,
  baseline: baselineAt(capacity),
  totals: { minutes: 0, demand: 0 },
  timing: newTiming,
  outage: noOutage,
  jumps: 0,
  variant: moreCautious(VARIANTS[FIRST_VARIANT]!, leastVariant(0, false)),
  copies: newCopies(capacity),
  chosen: FIRST_VARIANT,
  throttled: 0,
  limits: { reliance: 1, thrift: 0, tolerable: 1 },
});

/** The memory after one more minute, and the capacity that served in it, units per second. */
export function learn(memory: Memory, minute: Minute, capacity: number): Memory {
  const { at } = minute;
  const demand = minute.consumed + minute.throttled;
  const age = memory.age + 1;
  const burst = afterMinute(memory.burst, minute, capacity);
  const { trust } = burst;
  const recent = withNewest(memory.recent, demand);
  const profile = profileAfter(memory.profile, at, demand);
  const jumps = readyAfter(memory.jumps, recent);
  const totals = totalsAfter(memory.totals, demand);
  const known = memory.age === 0 ? newForecast(demand) : memory.forecast;
  const forecast = forecastAfter(known, recent, smallDemand(totals));
  const uneven = unevenAfter(memory.uneven, minute, capacity, forecast.level);
  const baseline = baselineAfter(memory.baseline, at, demand, trust);
  const least = leastVariant(age, isNovel(profile, recent));
  const { limits, timing, decidedAt } = memory;
  const outage = outageAfter(memory.outage, demand, memory.recent);
  const shared = { recent, profile, jumps, outage, totals, forecast, baseline, trust, limits, least };
  const copies = copiesAfter(memory.copies, shared, at, demand);
  const throttled = summed(memory.throttled, Math.max(0, shortfall(memory.burst, minute, capacity)));
  const isHour = (at + MINUTE_MS) % HOUR_MS === 0;
  const chosen = isHour
    ? variantFor(copies, { totals, baseline, throttled, trust, ...limits })
    : memory.chosen;
  return {
    age,
    recent,
    burst,
    forecast,
    profile,
    baseline,
    totals,
    ...(uneven && { uneven }),
    timing,
    outage,
    decidedAt,
    jumps,
    variant: moreCautious(VARIANTS[chosen]!, least),
    copies,
    chosen,
    throttled,
    limits,
  };
}
