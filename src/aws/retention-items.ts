import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type RotationScheme, SCHEMES } from '../core/calendar/period.ts';
import type { AppliedRetention, Retention } from '../core/observed.ts';
import { isInstant } from './state-items.ts';
import type { Item } from './state-records.ts';

/** `Keep` of a retention without an end. */
const ALL = '-1';

const keepItem = (keep: number): AttributeValue => ({ N: keep === Infinity ? ALL : String(keep) });

export function retentionItem({ scheme, keep, since, announced }: AppliedRetention) {
  return {
    Scheme: { S: scheme },
    Keep: keepItem(keep),
    Since: { N: String(Math.floor(since)) },
    ...(announced && {
      AnnouncedScheme: { S: announced.scheme },
      AnnouncedKeep: keepItem(announced.keep),
      ToldAt: { N: String(Math.ceil(announced.toldAt)) },
    }),
  };
}

/** A retention by its group; undefined if it is invalid, so that the group needs a confirmation. */
export function retentionFrom(item: Item): [group: string, retention: AppliedRetention] | undefined {
  const applied = retentionOf(item.Scheme, item.Keep);
  const since = Number(item.Since?.N);
  const group = item.Id?.S;
  if (!applied || group === undefined || !isInstant(since)) return undefined;
  const announced = retentionOf(item.AnnouncedScheme, item.AnnouncedKeep);
  const toldAt = Number(item.ToldAt?.N);
  const told = announced && isInstant(toldAt) ? { announced: { ...announced, toldAt } } : {};
  return [group, { ...applied, since, ...told }];
}

function retentionOf(
  scheme: AttributeValue | undefined,
  kept: AttributeValue | undefined,
): Retention | undefined {
  const keep = kept?.N === ALL ? Infinity : Number(kept?.N);
  const known =
    SCHEMES.includes(scheme?.S ?? '') && (keep === Infinity || (Number.isInteger(keep) && keep > 0));
  return known ? { scheme: scheme?.S as RotationScheme, keep } : undefined;
}
