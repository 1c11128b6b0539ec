import type { Decision, LearningMethod, Moment, Proposal } from '../../../capacity/method.ts';
import { mayHaveThrottled } from './burst.ts';
import { afterDecrease } from './decrease-timing.ts';
import { explain, rate } from './explain.ts';
import { learn, type Memory, newMemory } from './memory.ts';
import { nextSampleMs } from './sampling.ts';
import { soughtBy } from './uneven.ts';
import { weighed } from './weigh.ts';

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
  version: 7,
  begin: newMemory,
  learn,
  mayHaveThrottled: ({ burst }, minutes, served) => mayHaveThrottled(burst, minutes, served),
  decide,
  explain,
};

function decide(memory: Memory, moment: Moment): Decision<Memory> {
  const { now, provisioned, reliance = 1, thrift = 0, tolerable = 1 } = moment;
  const limits = { reliance, thrift, tolerable };
  const { outlook, raised, needed, timing, decrease } = weighed(memory, moment);
  const sampleAgainMs = nextSampleMs(outlook, moment, memory.variant.caution);
  if (raised !== undefined)
    return {
      memory: { ...memory, decidedAt: now, limits },
      proposal: raise(memory, raised, provisioned),
      sampleAgainMs,
    };
  const lowers = decrease === 'due';
  return {
    memory: { ...memory, decidedAt: now, limits, timing: lowers ? afterDecrease(timing) : timing },
    proposal: lowers ? lower(memory, needed, provisioned) : steady(memory, provisioned),
    sampleAgainMs,
  };
}

const newest = ({ recent }: Memory): number => recent.at(-1) ?? 0;

function raise(memory: Memory, units: number, provisioned: number): Proposal {
  if (soughtBy(memory.uneven, provisioned, memory.forecast.level) === units) {
    const message = `requests are throttled at ${provisioned} provisioned although demand is only ${rate(newest(memory))}, so bursts within a minute probably need more`;
    return { units, reason: 'throttled', message };
  }
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
