import { MINUTE_MS } from '../../../calendar/period.ts';
import type { Decision, LearningMethod, Moment, Proposal } from '../../../capacity/method.ts';
import { nextDecreaseAt } from '../../../capacity/quota.ts';
import { afterDecrease, isOverdue, isTime, timingAfter } from './decrease-timing.ts';
import { isLargeEnough, largerSoon, PEAK_MINUTES, sufficientNow } from './lower.ts';
import { learn, type Memory, newMemory } from './memory.ts';
import { outlookOf } from './outlook.ts';
import { raisedTo } from './raise.ts';
import { nextSampleMs } from './sampling.ts';

/** From the third minute without a datapoint, the method would assume that demand is low. */
const SILENT_MINUTES = 3;

/**
 * Serves short peaks from burst capacity, raises capacity before burst capacity runs out, and lowers it if a decrease
 * is worth more now than later. docs/capacity.md explains the method.
 */
export const predictive: LearningMethod<Memory> = {
  learns: true,
  parameters: ['BurstReliance'],
  silentMinutes: SILENT_MINUTES,
  version: 2,
  begin: newMemory,
  learn,
  decide,
};

function decide(memory: Memory, moment: Moment): Decision<Memory> {
  const { now, provisioned, decreases, reliance = 1, sharesDecrease = false } = moment;
  const trusting = relyingAtMost(memory, reliance);
  const outlook = outlookOf(trusting, provisioned);
  const sampleAgainMs = nextSampleMs(outlook, provisioned, memory.caution);
  const raised = raisedTo(trusting, outlook, provisioned);
  if (raised !== undefined)
    return {
      memory: { ...memory, decidedAt: now },
      proposal: raise(memory, raised, provisioned),
      sampleAgainMs,
    };
  const needed = Math.min(provisioned, sufficientNow(trusting, outlook));
  const allowed = nextDecreaseAt(decreases, now) <= now;
  const minutes = Math.max(1, (now - (memory.decidedAt ?? now)) / MINUTE_MS);
  const excess = provisioned / needed - 1;
  const timing = timingAfter(memory.timing, excess, minutes, allowed);
  const waitedEnough = () =>
    isTime(timing) &&
    (isOverdue(timing, excess, PEAK_MINUTES) || !largerSoon(trusting, outlook, provisioned, needed));
  const lowers = allowed && isLargeEnough(provisioned, needed) && (sharesDecrease || waitedEnough());
  return {
    memory: { ...memory, decidedAt: now, timing: lowers ? afterDecrease(timing) : timing },
    proposal: lowers ? lower(memory, needed, provisioned) : steady(memory, provisioned),
    sampleAgainMs,
  };
}

/** Burst capacity is trusted no more than the settings allow. */
const relyingAtMost = (memory: Memory, reliance: number): Memory =>
  memory.burst.trust <= reliance ? memory : { ...memory, burst: { ...memory.burst, trust: reliance } };

const rate = (units: number): string => `${Number(units.toFixed(1))}/s`;

const newest = ({ recent }: Memory): number => recent.at(-1) ?? 0;

function raise(memory: Memory, units: number, provisioned: number): Proposal {
  const throttled = memory.burst.balance === 0 && newest(memory) > provisioned;
  const message = `demand is ${rate(newest(memory))} at ${provisioned} provisioned, so burst capacity might run out before a raise takes effect`;
  return { units, reason: throttled ? 'throttled' : 'utilization-high', message };
}

const expecting = (memory: Memory, provisioned: number): string =>
  `expected demand is ${rate(memory.forecast.expected)} at ${provisioned} provisioned`;

const lower = (memory: Memory, units: number, provisioned: number): Proposal => ({
  units,
  reason: 'utilization-low',
  message: expecting(memory, provisioned),
});

const steady = (memory: Memory, provisioned: number): Proposal => ({
  units: provisioned,
  reason: 'steady',
  message: expecting(memory, provisioned),
});
