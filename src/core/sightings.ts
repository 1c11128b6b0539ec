/** Since when runs have seen tables in another status than ACTIVE. DynamoDB does not say so. */
import type { Sighting } from './facts.ts';

/** The record of all sightings is beside the memories of the groups. No TableName contains a parenthesis. */
export const SIGHTINGS = '(sightings)';

/** The record of the consumers that get no changes, which only rotate writes. */
export const UNDELIVERED = '(undelivered)';

/** If the record could not be read, it is not replaced, because the times in it would be lost. */
export const unknownSightings: ReadonlyMap<string, Sighting> = new Map();

export const storableSightings = (sightings: ReadonlyMap<string, Sighting>): string =>
  JSON.stringify(Object.fromEntries(sightings));

/** The valid sightings of a stored text that are not after `now`, epoch milliseconds. */
export function sightingsFrom(text = '{}', now: number): ReadonlyMap<string, Sighting> {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return new Map();
  }
  if (typeof stored !== 'object' || stored === null) return new Map();
  return new Map(
    Object.entries(stored).filter((entry): entry is [string, Sighting] => isSighting(entry[1], now)),
  );
}

function isSighting(value: unknown, now: number): boolean {
  const { status, since, unusableSince = since } = (value ?? {}) as Partial<Record<keyof Sighting, unknown>>;
  const isPast = (at: unknown): boolean => typeof at === 'number' && at >= 0 && at <= now;
  return typeof status === 'string' && isPast(since) && isPast(unusableSince);
}

/** Whether two records are the same, so that none has to be written. */
export const sameSightings = (
  one: ReadonlyMap<string, Sighting>,
  other: ReadonlyMap<string, Sighting>,
): boolean =>
  one.size === other.size &&
  [...one].every(([name, { status, since }]) => {
    const same = other.get(name);
    return same?.status === status && same.since === since;
  });
