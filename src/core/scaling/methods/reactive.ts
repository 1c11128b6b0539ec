import { QUIET_MINUTES } from '../../capacity/demand.ts';
import type { Method, MethodInput, Proposal } from '../../capacity/method.ts';
import { highest, RISING_MINUTES, throttledLately } from '../../capacity/throttles.ts';
import { usage } from './proposed.ts';

/** Quiet is so many percentage points below the target, as in target tracking, */
const QUIET_POINTS = 20;
/** but a low target has no room for them: then it is less than this share of the target. */
const QUIET_SHARE = 0.5;
/** Consumption tells nothing about demand beyond capacity, so throttling raises by this much at least. */
const THROTTLED_FACTOR = 1.5;
/** A steady climb should not be an UpdateTable a minute: a raise is at least by this share of the capacity. */
const SMALLEST_RAISE = 0.2;
/** A decrease spends from a quota of four free ones a day: not for less than this share of the capacity. */
const SMALLEST_DECREASE = 0.2;

/** Keeps utilisation near a target: up at once, by throttles too, down after a quiet while. */
export const reactive: Method = (input) =>
  throttling(input) ?? rising(input) ?? falling(input) ?? steady(input);

function throttling(input: MethodInput): Proposal | undefined {
  const { minutes, provisioned, scaling } = input;
  const message = throttledLately(input);
  if (message === undefined) return undefined;
  const demand = highest(minutes.slice(-RISING_MINUTES));
  const units = Math.ceil(
    Math.max((demand * 100) / scaling.targetUtilization, provisioned * THROTTLED_FACTOR),
  );
  return { units, reason: 'throttled', message };
}

function rising({ minutes, provisioned, scaling: { targetUtilization } }: MethodInput): Proposal | undefined {
  const demand = highest(minutes.slice(-RISING_MINUTES));
  const needed = Math.ceil((demand * 100) / targetUtilization);
  if (needed <= provisioned) return undefined;
  const units = Math.max(needed, Math.ceil(provisioned * (1 + SMALLEST_RAISE)));
  return { units, reason: 'utilisation-high', message: usageOf(demand, provisioned, targetUtilization) };
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
  return { units, reason: 'utilisation-low', message };
}

function steady({ minutes, provisioned, scaling: { targetUtilization } }: MethodInput): Proposal {
  const message = usageOf(highest(minutes.slice(-RISING_MINUTES)), provisioned, targetUtilization);
  return { units: provisioned, reason: 'steady', message };
}

const usageOf = (demand: number, provisioned: number, target: number): string =>
  `${usage(demand, provisioned)} (target ${target} %)`;
