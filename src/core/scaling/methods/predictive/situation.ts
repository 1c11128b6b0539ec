import type { Baseline } from './baseline.ts';
import type { Burst } from './burst.ts';
import type { DecreaseTiming } from './decrease-timing.ts';
import type { Forecast } from './forecast.ts';
import type { Outage } from './outage.ts';
import type { Profile } from './profile.ts';
import type { Recent } from './recent.ts';
import type { Totals } from './totals.ts';
import type { Uneven } from './uneven.ts';
import type { Variant } from './variant.ts';

/** What a decision knows of demand and of one table, real or simulated. */
export interface Situation {
  readonly recent: Recent;
  readonly burst: Burst;
  readonly forecast: Forecast;
  readonly profile: Profile;
  readonly outage: Outage;
  readonly baseline: Baseline;
  readonly totals: Totals;
  /** Present while throttled requests show that demand is uneven within minutes. Not of simulated tables. */
  readonly uneven?: Uneven;
  /** The capacity with which burst capacity serves jumps like recent ones, units per second. */
  readonly jumps: number;
  readonly timing: DecreaseTiming;
  /** How cautiously the table decides now. */
  readonly variant: Variant;
  /** The time of the last decision, epoch milliseconds. */
  readonly decidedAt?: number;
}
