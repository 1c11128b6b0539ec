import type { Minute } from '../../../capacity/demand.ts';
import { afterMinute, type Bucket, fullBucket, shortOf } from './burst-balance.ts';
import { booked, cautionOf, emptyLedger, type Ledger } from './caution.ts';
import { type Forecast, noForecast, withMinute } from './forecast.ts';
import { newPatience, type Patience } from './patience.ts';
import { emptyProfile, type Profile, recorded } from './profile.ts';
import { type Recent, remembering } from './recent.ts';
import { measured, type Yardstick, yardstickAt } from './yardstick.ts';

/** All that is known of one dimension of a group: plain data, folded from its minutes one by one. */
export interface Memory {
  /** Minutes of demand seen. */
  readonly age: number;
  readonly recent: Recent;
  readonly bucket: Bucket;
  readonly forecast: Forecast;
  readonly profile: Profile;
  readonly yardstick: Yardstick;
  readonly ledger: Ledger;
  readonly patience: Patience;
  /** From 0, lean, to 1. */
  readonly caution: number;
  /** When a decision was last made, epoch milliseconds. */
  readonly decidedAt?: number;
}

/** Before the first minute, at a capacity in units per second. */
export const newMemory = (capacity: number): Memory => ({
  age: 0,
  recent: [],
  bucket: fullBucket(capacity),
  forecast: noForecast(0),
  profile: emptyProfile,
  yardstick: yardstickAt(capacity),
  ledger: emptyLedger,
  patience: newPatience,
  caution: 1,
});

/** Demand below this share of its mean is too small for shares of it to mean much. */
const SMALL = 0.02;

export const smallOf = ({ demand, minutes }: Ledger): number => (minutes ? (SMALL * demand) / minutes : 0);

/** What is known after one more minute, and the capacity that served in it, units per second. */
export function learn(memory: Memory, minute: Minute, capacity: number): Memory {
  const demand = minute.consumed + minute.throttled;
  const bucket = afterMinute(memory.bucket, minute, capacity);
  const recent = remembering(memory.recent, demand);
  const yardstick = measured(memory.yardstick, minute.at, demand, bucket.trust);
  const ledger = booked(memory.ledger, demand, shortOf(memory.bucket, minute, capacity), yardstick.throttled);
  const begun = memory.age === 0 ? noForecast(demand) : memory.forecast;
  const age = memory.age + 1;
  return {
    age,
    recent,
    bucket,
    forecast: withMinute(begun, recent, smallOf(ledger)),
    profile: recorded(memory.profile, minute.at, demand),
    yardstick: yardstick.next,
    ledger,
    patience: memory.patience,
    decidedAt: memory.decidedAt,
    caution: cautionOf(ledger, bucket.trust, age),
  };
}
