/**
 * What runs remember of a table with throttled requests that they read now and then, because metrics cost money. While there
 * are any, they read them each minute.
 */
import type { Sighting } from '../../facts.ts';
import type { Observed } from '../../observed.ts';
import { aspectKey } from '../../usability.ts';

const THROTTLED = 'throttled';

/** Beside the status of the table. */
export const throttledKey = (name: string): string => aspectKey(name, THROTTLED);

export const throttledSince = (since: number): Sighting => ({ status: THROTTLED, since });

/** Whether an earlier run has seen throttled requests of a table. A steady fleet has no sightings, and this is asked for all its tables. */
export const isSeenThrottled = (name: string, { sightings }: Observed): boolean =>
  sightings.size > 0 && sightings.has(throttledKey(name));
