import { parseInstant } from '../core/instant.ts';
import type { Instant } from './types.ts';

/** What was asked for can not be answered; `code` says why to machines, the message to people. */
export class ResolverError extends Error {
  readonly code: 'unknown-group' | 'invalid-instant' | 'seconds' | 'outside-retention' | 'invalid-options';
  constructor(code: ResolverError['code'], message: string) {
    super(message);
    this.name = 'ResolverError';
    this.code = code;
  }
}

/** Epoch seconds of today are a day in January 1970: nobody means that. 0 is the epoch. */
const EARLIEST_MS = 1e11;

/** The furthest from the epoch that a Date can be. */
const FURTHEST_MS = 8.64e15;

/** @throws ResolverError `invalid-instant`, `seconds` */
export function epochMs(instant: Instant): number {
  const ms =
    typeof instant === 'number'
      ? instant
      : typeof instant === 'string'
        ? parseInstant(instant)
        : instant?.getTime?.();
  if (ms === undefined || !(Math.abs(ms) <= FURTHEST_MS))
    throw new ResolverError('invalid-instant', `Not an instant: ${String(instant)}.`);
  if (typeof instant !== 'string' && ms !== 0 && Math.abs(ms) < EARLIEST_MS)
    throw new ResolverError(
      'seconds',
      `${ms} looks like seconds; instants are epoch milliseconds: multiply by 1000.`,
    );
  return ms;
}
