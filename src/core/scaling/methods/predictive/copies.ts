import { MINUTE_MS } from '../../../calendar/period.ts';
import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { changed, type Model, modelAt, modeled, served } from '../../../capacity/model.ts';
import { isRefusedLately } from '../../../capacity/refusals.ts';
import { type Ahead, aheadOf } from './ahead.ts';
import { afterDecrease, type DecreaseTiming, newTiming } from './decrease-timing.ts';
import { nextSampleMs } from './sampling.ts';
import type { Situation } from './situation.ts';
import { type Bill, summed } from './totals.ts';
import { moreCautious, VARIANTS, type Variant } from './variant.ts';
import { weighed } from './weigh.ts';

/**
 * One variant of the method, on a simulated table with the same demand. Demand is known afterwards, so copies show
 * what each variant would have cost and throttled.
 */
export interface Copy extends Bill {
  readonly model: Model;
  readonly timing: DecreaseTiming;
  /** Minutes since its last decision, and until the next one. */
  readonly decidedAgo: number;
  readonly dueIn: number;
  /** Start of the newest minute in which it throttled, epoch milliseconds; 0 before the first one. */
  readonly throttledAt: number;
}

/** A copy for each variant, at a capacity in units per second. */
export const newCopies = (capacity: number): readonly Copy[] =>
  VARIANTS.map(() => ({
    model: modeled(capacity),
    timing: newTiming,
    cost: 0,
    throttled: 0,
    decidedAgo: 0,
    dueIn: 0,
    throttledAt: 0,
  }));

/** What the last decision had to observe, and copies too: see `Moment`. */
export interface Limits {
  readonly reliance: number;
  readonly thrift: number;
  readonly tolerable: number;
}

/** What copies share: all that is known of demand, and the trust in burst capacity that the real table shows. */
export interface Shared extends Omit<Situation, keyof Own> {
  readonly trust: number;
  readonly limits: Limits;
  /** No copy is less cautious. */
  readonly least: Variant;
}

/** What each copy has for itself. */
type Own = Pick<Situation, 'burst' | 'timing' | 'variant' | 'decidedAt'>;

/** The copies after a minute of demand, units per second, that started `at`, epoch milliseconds. */
export function copiesAfter(
  copies: readonly Copy[],
  shared: Shared,
  at: number,
  demand: number,
): readonly Copy[] {
  const now = at + MINUTE_MS;
  let ahead: Ahead | undefined;
  return copies.map((before, i) => {
    const copy = servedCopy(before, shared.trust, at, demand);
    if (copy.dueIn > 0 || copy.model.change) return copy;
    ahead ??= aheadOf(shared, Math.min(shared.trust, shared.limits.reliance));
    return decidedCopy(copy, situationOf(copy, VARIANTS[i]!, shared, now), shared.limits, ahead, now);
  });
}

/** The copy after a minute of demand, before it decides. */
function servedCopy(copy: Copy, trust: number, at: number, demand: number): Copy {
  const { model } = copy;
  const after = served(model, demand, BURST_SECONDS * trust);
  const { throttled } = after.served;
  return {
    model: modelAt(after.model, at / MINUTE_MS + 1),
    timing: copy.timing,
    cost: summed(copy.cost, model.provisioned),
    throttled: summed(copy.throttled, throttled),
    decidedAgo: copy.decidedAgo + 1,
    dueIn: copy.dueIn - 1,
    throttledAt: throttled > 0 ? at : copy.throttledAt,
  };
}

function decidedCopy(copy: Copy, situation: Situation, limits: Limits, ahead: Ahead, now: number): Copy {
  const { provisioned, quota: decreases } = copy.model;
  const { reliance, thrift } = limits;
  const moment = { now, provisioned, decreases, reliance, thrift };
  const { outlook, raised, needed, timing, decrease } = weighed(situation, moment, ahead);
  const dueIn = nextSampleMs(outlook, moment, situation.variant.caution) / MINUTE_MS;
  if (raised !== undefined)
    return { ...copy, model: changedTo(copy.model, raised, now), decidedAgo: 0, dueIn };
  if (decrease !== 'due') return { ...copy, timing, decidedAgo: 0, dueIn };
  if (isRefusedLately(copy.throttledAt, now)) return { ...copy, dueIn };
  const model = changedTo(copy.model, needed, now);
  return { ...copy, model, timing: afterDecrease(timing), decidedAgo: 0, dueIn };
}

function situationOf(copy: Copy, variant: Variant, shared: Shared, now: number): Situation {
  const { recent, forecast, profile, jumps, outage, totals, baseline, trust, least } = shared;
  return {
    recent,
    forecast,
    profile,
    jumps,
    outage,
    totals,
    baseline,
    // The balance of a copy is the trusted part. A situation has all of it.
    burst: { balance: trust > 0 ? copy.model.burstBalance / trust : 0, trust },
    timing: copy.timing,
    variant: moreCautious(variant, least),
    decidedAt: now - copy.decidedAgo * MINUTE_MS,
  };
}

function changedTo(model: Model, units: number, now: number): Model {
  const next = changed(model, units, now / MINUTE_MS, now);
  return next === 'refused' ? model : next;
}
