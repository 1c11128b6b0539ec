/** What a closed environment means: which mark counts, and for which tables. */
import { sayInstant } from '../calendar/instant.ts';
import type { Closing, TableState } from '../facts.ts';
import type { Observed } from '../observed.ts';
import type { Spec } from '../spec.ts';

type Place = Pick<Spec, 'environment' | 'settings'>;

/**
 * The mark that keeps rotate from creating tables, also in a run for an instant before it was set: such a run is late, and no one
 * has confirmed the tables that it would create. None is where the settings say `Protected`, and none that belongs to another
 * environment or is from the future.
 */
export function counting(
  closing: Closing | undefined,
  { environment, settings }: Place,
): Closing | undefined {
  if (!closing || settings.protected || closing.inFuture) return undefined;
  return closing.environment === environment ? closing : undefined;
}

/** The mark that is in force at `now`, epoch milliseconds. None is before it was set. */
export function inForce(closing: Closing | undefined, place: Place, now: number): Closing | undefined {
  const mark = counting(closing, place);
  return mark && mark.since <= now ? mark : undefined;
}

/** The mark in force, if a run has read it. */
export const knownClosing = ({ closing }: Observed, spec: Place, now: number): Closing | undefined =>
  closing && 'value' in closing ? inForce(closing.value, spec, now) : undefined;

/**
 * When a person confirmed a plan with exactly this table, epoch milliseconds; undefined if none did at `now`. A table that was
 * created again, adopted or restored later is another one.
 */
export function listedAt(
  { tables }: Closing,
  { id, name }: Pick<TableState, 'id' | 'name'>,
  now: number,
): number | undefined {
  const listed = tables.get(id);
  return listed && listed.name === name && listed.listedAt <= now ? listed.listedAt : undefined;
}

/** `The environment was closed at 2026-11-24 09:00 UTC by arn:aws:iam::123456789012:user/ann.` */
export const sayClosed = ({ since, by }: Pick<Closing, 'since' | 'by'>): string =>
  `The environment was closed at ${sayInstant(since)}${by === undefined ? '' : ` by ${by}`}.`;
