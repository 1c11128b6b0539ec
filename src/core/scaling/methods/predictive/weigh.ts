import { MINUTE_MS } from '../../../calendar/period.ts';
import type { Moment } from '../../../capacity/method.ts';
import { nextDecreaseAt } from '../../../capacity/quota.ts';
import { type Ahead, aheadOf, PEAK_MINUTES } from './ahead.ts';
import { type DecreaseTiming, isOverdue, isTime, timingAfter } from './decrease-timing.ts';
import { isLargeEnough, largerSoon, sufficientNow } from './lower.ts';
import { type Outlook, outlookOf } from './outlook.ts';
import { raisedTo } from './raise.ts';
import type { Situation } from './situation.ts';

/** What a decision weighs, all in units per second. */
export interface Weighed {
  /** The memory, with burst capacity trusted no more than the settings allow. */
  readonly trusting: Situation;
  readonly outlook: Outlook;
  /** The capacity to raise to; undefined if nothing is raised. */
  readonly raised: number | undefined;
  /** The sufficient part of the capacity. */
  readonly needed: number;
  readonly timing: DecreaseTiming;
  /** `not-now`: a later decrease is probably worth more. */
  readonly decrease: 'due' | 'quota' | 'too-small' | 'not-now';
}

/** `ahead` is given if it is known, because copies share it. */
export function weighed(memory: Situation, moment: Moment, ahead?: Ahead): Weighed {
  const { now, provisioned, decreases, reliance = 1, sharesDecrease = false } = moment;
  const trusting = relyingAtMost(memory, reliance);
  const soon = ahead ?? aheadOf(trusting, trusting.burst.trust);
  const outlook = outlookOf(trusting, soon, provisioned);
  const raised = raisedTo(trusting, outlook, provisioned);
  const needed = Math.min(provisioned, sufficientNow(soon, outlook));
  const allowed = nextDecreaseAt(decreases, now) <= now;
  const minutes = Math.max(1, (now - (memory.decidedAt ?? now)) / MINUTE_MS);
  const excess = provisioned / needed - 1;
  const timing = timingAfter(memory.timing, excess, minutes, allowed);
  const waitedEnough = () =>
    isTime(timing) &&
    (isOverdue(timing, excess, PEAK_MINUTES) || !largerSoon(trusting, outlook, provisioned, needed));
  const decrease = (): Weighed['decrease'] => {
    if (!isLargeEnough(provisioned, needed)) return 'too-small';
    if (!allowed) return 'quota';
    return sharesDecrease || waitedEnough() ? 'due' : 'not-now';
  };
  return {
    trusting,
    outlook,
    raised,
    needed,
    timing,
    decrease: raised === undefined ? decrease() : 'not-now',
  };
}

/** Burst capacity is trusted no more than the settings allow. */
const relyingAtMost = (memory: Situation, reliance: number): Situation =>
  memory.burst.trust <= reliance ? memory : { ...memory, burst: { ...memory.burst, trust: reliance } };
