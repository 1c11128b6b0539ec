import { QUIET_MINUTES } from '../../capacity/demand.ts';
import type { MethodInput, Proposal, StatelessMethod } from '../../capacity/method.ts';
import { highest, NEWEST_MINUTES, newlyThrottled } from '../../capacity/throttles.ts';
import { usage } from './proposed.ts';

/** A minute is quiet if utilization is this many percentage points below the target, as in target tracking. */
const QUIET_POINTS = 20;
/** If the target is too low for that many points, a minute is quiet below this share of the target. */
const QUIET_SHARE = 0.5;
/** Consumption does not show demand beyond capacity, so throttles raise capacity by at least this factor. */
const THROTTLED_FACTOR = 1.5;
/**
 * A raise is by at least this share of the capacity, so that a steady climb does not cause one UpdateTable per minute.
 */
const SMALLEST_RAISE = 0.2;
/** Decreases have a daily quota, so each one is by at least this share of the capacity. */
const SMALLEST_DECREASE = 0.2;

/**
 * Keeps utilization near a target: raises at once, for throttles too, and lowers after some quiet minutes. Of the methods
 * with provisioned throughput it throttles least on most traces of docs/capacity.md, and costs the most.
 */
export const reactive: StatelessMethod = {
  learns: false,
  parameters: ['TargetUtilization'],
  silentMinutes: QUIET_MINUTES,
  decide: (input) => throttling(input) ?? rising(input) ?? falling(input) ?? steady(input),
};

function throttling(input: MethodInput): Proposal | undefined {
  const { minutes, provisioned, scaling } = input;
  const message = newlyThrottled(input);
  if (message === undefined) return undefined;
  const demand = highest(minutes.slice(-NEWEST_MINUTES));
  const units = Math.ceil(
    Math.max((demand * 100) / scaling.targetUtilization, provisioned * THROTTLED_FACTOR),
  );
  return { units, reason: 'throttled', message };
}

function rising({ minutes, provisioned, scaling: { targetUtilization } }: MethodInput): Proposal | undefined {
  const demand = highest(minutes.slice(-NEWEST_MINUTES));
  const needed = Math.ceil((demand * 100) / targetUtilization);
  if (needed <= provisioned) return undefined;
  const units = Math.max(needed, Math.ceil(provisioned * (1 + SMALLEST_RAISE)));
  return { units, reason: 'utilization-high', message: usageOf(demand, provisioned, targetUtilization) };
}

function falling(input: MethodInput): Proposal | undefined {
  const { minutes, provisioned } = input;
  const { targetUtilization } = input.scaling;
  const quiet = minutes.slice(-QUIET_MINUTES);
  if (quiet.length < QUIET_MINUTES) return undefined;
  if (quiet.some(({ throttled }) => throttled > 0)) return undefined;
  const demand = highest(quiet);
  const quietBelow = Math.max(targetUtilization - QUIET_POINTS, targetUtilization * QUIET_SHARE);
  if (demand * 100 >= quietBelow * provisioned) return undefined;
  const units = Math.max(1, Math.ceil((demand * 100) / targetUtilization));
  if (units > provisioned * (1 - SMALLEST_DECREASE)) return undefined;
  const message = `${usageOf(demand, provisioned, targetUtilization)}, for ${QUIET_MINUTES} minutes`;
  return { units, reason: 'utilization-low', message };
}

function steady({ minutes, provisioned, scaling: { targetUtilization } }: MethodInput): Proposal {
  const message = usageOf(highest(minutes.slice(-NEWEST_MINUTES)), provisioned, targetUtilization);
  return { units: provisioned, reason: 'steady', message };
}

const usageOf = (demand: number, provisioned: number, target: number): string =>
  `${usage(demand, provisioned)}, target ${target}%`;
