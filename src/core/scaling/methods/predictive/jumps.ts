import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { RELIED_ON } from './ahead.ts';
import { type Recent, sufficient } from './recent.ts';

/** Minutes from the start of a jump until a raise takes effect. Burst capacity has to serve them. */
const UNTIL_EFFECTIVE = 3;
/** Minutes after which a jump counts a third: a day. */
const MEMORY_MINUTES = 1440;

/**
 * The lowest capacity, units per second, at which full burst capacity serves the first minutes of a jump like the steepest of about the last
 * day. Older jumps count less.
 */
export const readyAfter = (known: number, recent: Recent): number =>
  Math.max(
    known * (1 - 1 / MEMORY_MINUTES),
    sufficient(recent, UNTIL_EFFECTIVE, (BURST_SECONDS / 60) * RELIED_ON),
  );
