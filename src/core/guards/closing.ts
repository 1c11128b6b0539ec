/** What a closed environment means: which mark counts, and for which tables. */
import { sayInstant } from '../calendar/instant.ts';
import type { Closing, TableState } from '../facts.ts';
import type { Observed } from '../observed.ts';
import type { Spec } from '../spec.ts';

/**
 * The mark that is in force at `now`, epoch milliseconds. None is where the settings say `Protected`, none before it was set, and
 * none that belongs to another environment.
 */
export function inForce(
  closing: Closing | undefined,
  { environment, settings }: Pick<Spec, 'environment' | 'settings'>,
  now: number,
): Closing | undefined {
  if (!closing || settings.protected || closing.environment !== environment) return undefined;
  return closing.since <= now ? closing : undefined;
}

/** The mark in force, if a run has read it. */
export const knownClosing = (
  { closing }: Observed,
  spec: Pick<Spec, 'environment' | 'settings'>,
  now: number,
): Closing | undefined => (closing && 'value' in closing ? inForce(closing.value, spec, now) : undefined);

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
