import { MINUTE_MS } from './period.ts';

/** FNV-1a: the same number in every version of Turntable. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** A number from 0 to below `places` that depends on the key alone, so that many keys spread evenly. */
export const spread = (key: string, places: number): number => hash(key) % places;

/** The number of the key's turn at `now`, epoch milliseconds. A turn takes `every` minutes, and begins in a minute of the key's own. */
export const turnAt = (key: string, every: number, now: number): number =>
  Math.floor(placeAt(key, every, now) / every);

/** Whether the minute of `now`, epoch milliseconds, is one of the key's own, of which there is one in each `every` minutes. */
export const isTurn = (key: string, every: number, now: number): boolean =>
  placeAt(key, every, now) % every === 0;

const placeAt = (key: string, every: number, now: number): number =>
  Math.floor(now / MINUTE_MS) + spread(key, every);
