import type { Minute } from '../../../capacity/demand.ts';
import { type Baseline, baselineAfter, baselineAt } from './baseline.ts';
import { afterMinute, type Burst, fullBurst, shortfall } from './burst.ts';
import { cautionOf, emptyRecord, recordAfter, type ThrottleRecord } from './caution.ts';
import { type DecreaseTiming, newTiming } from './decrease-timing.ts';
import { type Forecast, forecastAfter, newForecast } from './forecast.ts';
import { noOutage, type Outage, outageAfter } from './outage.ts';
import { emptyProfile, type Profile, profileAfter } from './profile.ts';
import { type Recent, withNewest } from './recent.ts';

/** Everything that is known about one dimension of a group: plain data, folded from its minutes one by one. */
export interface Memory {
  /** Minutes learned. */
  readonly age: number;
  readonly recent: Recent;
  readonly burst: Burst;
  readonly forecast: Forecast;
  readonly profile: Profile;
  readonly baseline: Baseline;
  readonly record: ThrottleRecord;
  readonly timing: DecreaseTiming;
  readonly outage: Outage;
  /** From 0, low headroom, to 1. */
  readonly caution: number;
  /** The time of the last decision, epoch milliseconds. */
  readonly decidedAt?: number;
}

/** Before the first minute, at a capacity in units per second. */
export const newMemory = (capacity: number): Memory => ({
  age: 0,
  recent: [],
  burst: fullBurst(capacity),
  forecast: newForecast(0),
  profile: emptyProfile,
  baseline: baselineAt(capacity),
  record: emptyRecord,
  timing: newTiming,
  outage: noOutage,
  caution: 1,
});

/** Demand below this share of its mean is too small for shares of it to mean much. */
const SMALL = 0.02;

export const smallDemand = ({ demand, minutes }: ThrottleRecord): number =>
  minutes ? (SMALL * demand) / minutes : 0;

/** The memory after one more minute, and the capacity that served in it, units per second. */
export function learn(memory: Memory, minute: Minute, capacity: number): Memory {
  const demand = minute.consumed + minute.throttled;
  const burst = afterMinute(memory.burst, minute, capacity);
  const recent = withNewest(memory.recent, demand);
  const baseline = baselineAfter(memory.baseline, minute.at, demand, burst.trust);
  const short = shortfall(memory.burst, minute, capacity);
  const record = recordAfter(memory.record, demand, short, baseline.throttled);
  const forecast = memory.age === 0 ? newForecast(demand) : memory.forecast;
  const age = memory.age + 1;
  return {
    age,
    recent,
    burst,
    forecast: forecastAfter(forecast, recent, smallDemand(record)),
    profile: profileAfter(memory.profile, minute.at, demand),
    baseline: baseline.next,
    record,
    timing: memory.timing,
    outage: outageAfter(memory.outage, demand, memory.recent),
    decidedAt: memory.decidedAt,
    caution: cautionOf(record, burst.trust, age),
  };
}
