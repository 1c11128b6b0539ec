import type { MethodInput, Proposal, StatelessMethod } from '../../capacity/method.ts';
import { EARLIER_CAPACITY_MS, newlyThrottled } from '../../capacity/throttles.ts';
import type { Step } from '../../spec.ts';
import { proposed, usage } from './proposed.ts';

/** A step uses the mean of this many minutes, all of them after the previous step. */
const WINDOW_MINUTES = 5;
/** If this many minutes, most of the window, have no demand, the method can lower capacity. */
const SILENT_MINUTES = 3;

/**
 * Capacity after one step, units per second. A raise starts from the used capacity if that exceeds the provisioned one.
 * Capacity is lowered only if the used capacity still fits. The rule is that of
 * https://github.com/sebdah/dynamic-dynamodb
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

/** Raises by a percentage above one threshold, or if requests were throttled, and lowers by a percentage below another. */
export const step: StatelessMethod = {
  learns: false,
  parameters: ['Step'],
  silentMinutes: SILENT_MINUTES,
  decide: (input) => throttling(input) ?? stepping(input),
};

/** Consumption does not show demand beyond capacity. */
function throttling(input: MethodInput): Proposal | undefined {
  const message = newlyThrottled(input);
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
  const since = Math.max(lastIncrease, lastDecrease) + EARLIER_CAPACITY_MS;
  const window = minutes.slice(-WINDOW_MINUTES).filter(({ at }) => at >= since);
  const mean = window.reduce((sum, { consumed }) => sum + consumed, 0) / (window.length || 1);
  const units = window.length < WINDOW_MINUTES ? provisioned : stepped(settings, provisioned, mean);
  return proposed(units, provisioned, `${usage(mean, provisioned)} over ${WINDOW_MINUTES} minutes`);
}
