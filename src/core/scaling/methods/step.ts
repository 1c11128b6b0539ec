import type { Method, MethodInput, Proposal } from '../../capacity/method.ts';
import { LANDING_MS, throttledLately } from '../../capacity/throttles.ts';
import type { Step } from '../../spec.ts';
import { proposed, usage } from './proposed.ts';

/** A step looks at the mean of so many minutes, all of them after the step before. */
const WINDOW_MINUTES = 5;

/**
 * Capacity after one step, units per second: up from what was used where that is more, and down only where what was
 * used fits. As dynamic-dynamodb does it: https://github.com/sebdah/dynamic-dynamodb
 *
 * @param used units per second
 */
export function stepped(step: Step, provisioned: number, used: number, lowest = 1): number {
  const percent = (used / provisioned) * 100;
  const whole = Math.ceil((provisioned * percent) / 100);
  if (percent > step.raiseAbove) return raised(step, Math.max(provisioned, whole));
  if (percent >= step.lowerBelow) return provisioned;
  const lower = Math.max(lowest, provisioned - Math.floor((provisioned * step.lowerBy) / 100));
  return whole > lower ? provisioned : lower;
}

const raised = ({ raiseBy }: Step, units: number): number => units + Math.ceil((units * raiseBy) / 100);

/** A percentage up above one threshold, or when throttled, and a percentage down below another. */
export const step: Method = (input) => throttling(input) ?? stepping(input);

/** Consumption tells nothing about demand beyond capacity. */
function throttling(input: MethodInput): Proposal | undefined {
  const message = throttledLately(input);
  if (message === undefined) return undefined;
  return { units: raised(input.scaling.step, input.provisioned), reason: 'throttled', message };
}

function stepping({
  minutes,
  provisioned,
  lastIncrease = -Infinity,
  lastDecrease = -Infinity,
  scaling: { step: settings },
}: MethodInput): Proposal {
  const since = Math.max(lastIncrease, lastDecrease) + LANDING_MS;
  const window = minutes.slice(-WINDOW_MINUTES).filter(({ at }) => at >= since);
  const mean = window.reduce((sum, { consumed }) => sum + consumed, 0) / (window.length || 1);
  const units = window.length < WINDOW_MINUTES ? provisioned : stepped(settings, provisioned, mean);
  return proposed(units, provisioned, `${usage(mean, provisioned)} in ${WINDOW_MINUTES} minutes`);
}
