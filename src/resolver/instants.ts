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

export const invalid = (message: string) => new ResolverError('invalid-options', message);

/** Epoch seconds of today are a day in January 1970: nobody means that. 0 is the epoch. */
const EARLIEST_MS = 1e11;

/** The years that a name has four digits for; epoch microseconds of today are far beyond them. */
const FIRST_MS = -62_167_219_200_000;
const END_MS = 253_402_300_800_000;
/** As good as no end. */
export const LAST_MS = END_MS - 1;

/** @throws ResolverError `invalid-instant`, `seconds` */
export function epochMs(instant: Instant): number {
  const ms =
    typeof instant === 'number'
      ? instant
      : typeof instant === 'string'
        ? parseInstant(instant)
        : instant?.getTime?.();
  if (ms === undefined || !(ms >= FIRST_MS && ms < END_MS))
    throw new ResolverError(
      'invalid-instant',
      `Not an instant of the years 0 to 9999 in epoch milliseconds: ${String(instant)}.`,
    );
  if (typeof instant !== 'string' && ms !== 0 && Math.abs(ms) < EARLIEST_MS)
    throw new ResolverError(
      'seconds',
      `${ms} looks like seconds; instants are epoch milliseconds: multiply by 1000.`,
    );
  return ms;
}
