import { instantIn } from '../core/calendar/instant.ts';
import { invalid } from './failure.ts';
import { EARLIEST_MS, END_MS, FIRST_MS } from './limits.ts';
import type { Instant } from './types.ts';

/** @throws ResolverError `invalid-instant`, `seconds` */
export function epochMs(instant: Instant): number {
  const text = typeof instant === 'string';
  const ms = (
    text ? instantIn(instant) : typeof instant === 'number' ? instant : instant?.getTime?.()
  ) as number;
  if (!(ms >= FIRST_MS && ms < END_MS))
    throw invalid('instant', instant, 'a Date, milliseconds or ISO 8601', 'invalid-instant');
  if (!text && ms && Math.abs(ms) < EARLIEST_MS)
    throw invalid('instant', ms, 'milliseconds, not seconds', 'seconds');
  return ms;
}
