import { type Minute, QUIET_MINUTES } from '../demand.ts';
import { MINUTE_MS } from '../period.ts';
import type { Method, MethodInput, Proposal } from './method.ts';

/** Quick up: a raise looks at so many of the newest minutes. */
const RISING_MINUTES = 2;
/** A raise takes about so long to land; throttles until then are about the capacity before it. */
const LANDING_MS = MINUTE_MS;
/** Quiet is so many percentage points below the target, as in target tracking. */
const QUIET_POINTS = 20;
/** Consumption tells nothing about demand beyond capacity, so throttling raises by this much at least. */
const THROTTLED_FACTOR = 1.5;
/** A steady climb should not be an UpdateTable a minute: a raise is at least by this share of the capacity. */
const SMALLEST_RAISE = 0.2;
/** A decrease spends from a quota of four free ones a day: not for less than this share of the capacity. */
const SMALLEST_DECREASE = 0.2;

const rate = (units: number): string => `${Number(units.toFixed(1))}/s`;
const demandOf = ({ consumed, throttled }: Minute): number => consumed + throttled;
const highest = (minutes: readonly Minute[]): number => Math.max(0, ...minutes.map(demandOf));

/** Keeps utilisation near a target: up at once, by throttles too, down after a quiet while. */
export const reactive: Method = (input) =>
  throttling(input) ?? rising(input) ?? falling(input) ?? steady(input);

function throttling({
  minutes,
  provisioned,
  lastIncrease = -Infinity,
  targetUtilization,
}: MethodInput): Proposal | undefined {
  const recent = minutes.slice(-RISING_MINUTES).filter(({ at }) => at >= lastIncrease + LANDING_MS);
  const worst = Math.max(0, ...recent.map(({ throttled }) => throttled));
  if (worst === 0) return undefined;
  const units = Math.ceil(
    Math.max((highest(recent) * 100) / targetUtilization, provisioned * THROTTLED_FACTOR),
  );
  return { units, reason: 'throttled', message: `${rate(worst)} throttled at ${provisioned}` };
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
  if (demand * 100 >= (targetUtilization - QUIET_POINTS) * provisioned) return undefined;
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
