import { instantIn } from '../core/calendar/instant.ts';
import { ResolverError } from './failure.ts';
import { EARLIEST_MS, END_MS, FIRST_MS } from './limits.ts';
import type { Instant } from './types.ts';

/** @throws ResolverError `invalid-instant`, `seconds` */
export const epochMs = (instant: Instant): number => {
  const ms = (
    typeof instant === 'string'
      ? instantIn(instant)
      : typeof instant === 'number'
        ? instant
        : instant?.getTime?.()
  ) as number;
  if (!(ms >= FIRST_MS && ms < END_MS))
    throw new ResolverError('instant', instant, 'a Date, ISO 8601 or milliseconds', 'invalid-instant');
  if (typeof instant !== 'string' && ms && Math.abs(ms) < EARLIEST_MS)
    throw new ResolverError('instant', ms, 'milliseconds', 'seconds');
  return ms;
};
