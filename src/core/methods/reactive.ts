import { QUIET_MINUTES } from '../demand.ts';
import { MINUTE_MS } from '../period.ts';
import { highest, RISING_MINUTES, throttlesOf } from '../throttles.ts';
import type { Method, MethodInput, Proposal } from './method.ts';

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

const rate = (units: number): string => `${Number(units.toFixed(1))}/s`;

/** Keeps utilisation near a target: up at once, by throttles too, down after a quiet while. */
export const reactive: Method = (input) =>
  throttling(input) ?? rising(input) ?? falling(input) ?? steady(input);

function throttling(input: MethodInput): Proposal | undefined {
  const { minutes, provisioned, targetUtilization } = input;
  const { full } = throttlesOf(input);
  if (full.length === 0) return undefined;
  const demand = highest(minutes.slice(-RISING_MINUTES));
  const units = Math.ceil(Math.max((demand * 100) / targetUtilization, provisioned * THROTTLED_FACTOR));
  const requests = Math.max(1, Math.round(60 * Math.max(...full.map(({ throttled }) => throttled))));
  const what = requests === 1 ? '1 request' : `${requests} requests`;
  return { units, reason: 'throttled', message: `${what} throttled a minute at ${provisioned}` };
}

function rising({ minutes, provisioned, targetUtilization }: MethodInput): Proposal | undefined {
  const demand = highest(minutes.slice(-RISING_MINUTES));
  const needed = Math.ceil((demand * 100) / targetUtilization);
  if (needed <= provisioned) return undefined;
  const units = Math.max(needed, Math.ceil(provisioned * (1 + SMALLEST_RAISE)));
  return { units, reason: 'utilisation-high', message: usage(demand, provisioned, targetUtilization) };
}

function falling(input: MethodInput): Proposal | undefined {
  const { minutes, provisioned, lastIncrease = -Infinity, targetUtilization, now } = input;
  const quiet = minutes.slice(-QUIET_MINUTES);
  if (quiet.length < QUIET_MINUTES || now - lastIncrease < QUIET_MINUTES * MINUTE_MS) return undefined;
  if (quiet.some(({ throttled }) => throttled > 0)) return undefined;
  const demand = highest(quiet);
  const quietBelow = Math.max(targetUtilization - QUIET_POINTS, targetUtilization * QUIET_SHARE);
  if (demand * 100 >= quietBelow * provisioned) return undefined;
  const units = Math.max(1, Math.ceil((demand * 100) / targetUtilization));
  if (units > provisioned * (1 - SMALLEST_DECREASE)) return undefined;
  const message = `${usage(demand, provisioned, targetUtilization)}, for ${QUIET_MINUTES} minutes`;
  return { units, reason: 'utilisation-low', message };
}

function steady({ minutes, provisioned, targetUtilization }: MethodInput): Proposal {
  const message = usage(highest(minutes.slice(-RISING_MINUTES)), provisioned, targetUtilization);
  return { units: provisioned, reason: 'steady', message };
}

function usage(demand: number, provisioned: number, target: number): string {
  const percent = Math.round((demand * 100) / provisioned);
  return `${rate(demand)} is ${percent} % of ${provisioned} (target ${target} %)`;
}
