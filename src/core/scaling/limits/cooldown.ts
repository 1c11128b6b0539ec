import { MINUTE_MS } from '../../calendar/period.ts';
import { QUIET_MINUTES } from '../../capacity/demand.ts';

/** Minutes that were measured before a raise say nothing about demand at the new capacity. */
const COOLDOWN_MS = QUIET_MINUTES * MINUTE_MS;

/** Until when capacity is not lowered after a raise; epoch milliseconds. */
export const cooldownEnd = (raisedAt = -Infinity): number => raisedAt + COOLDOWN_MS;
