import { MINUTE_MS } from '../calendar/period.ts';
import { QUIET_MINUTES } from '../capacity/demand.ts';

/** A raise has to be lived with for so long: what was measured before it says nothing about what it was for. */
const COOL_DOWN_MS = QUIET_MINUTES * MINUTE_MS;

/** Until when nothing is lowered after a raise; epoch milliseconds. */
export const coolsUntil = (raisedAt = -Infinity): number => raisedAt + COOL_DOWN_MS;
