import { instantIn } from '../core/calendar/instant.ts';
import { not } from './failure.ts';
import type { Instant } from './types.ts';

/** Epoch seconds of today are a day in January 1970: nobody means that. 0 is the epoch. */
const EARLIEST_MS = 1e11;

/** The years that a name has four digits for; epoch microseconds of today are far beyond them. */
const FIRST_MS = -62_167_219_200_000;
export const END_MS = 253_402_300_800_000;

/** @throws ResolverError `invalid-instant`, `seconds` */
export function epochMs(instant: Instant): number {
  const ms = (
    typeof instant === 'string'
      ? instantIn(instant)
      : typeof instant === 'number'
        ? instant
        : instant?.getTime?.()
  ) as number;
  if (!(ms >= FIRST_MS && ms < END_MS))
    throw not('an instant in milliseconds, years 0 to 9999', instant, 'invalid-instant');
  if (typeof instant !== 'string' && ms && Math.abs(ms) < EARLIEST_MS)
    throw not('milliseconds but seconds (multiply by 1000)', ms, 'seconds');
  return ms;
}
