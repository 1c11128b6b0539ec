import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type RotationScheme, SCHEMES } from '../core/calendar/period.ts';
import type { AppliedRetention, Retention } from '../core/facts.ts';
import type { EarlierRotation } from '../core/spec.ts';
import { isInstant } from './state-items.ts';
import type { Item } from './state-records.ts';

/** `Keep` of a retention without an end. */
const ALL = '-1';

const keepItem = (keep: number): AttributeValue => ({ N: keep === Infinity ? ALL : String(keep) });

/** Earlier schemes as JSON, with -1 for a retention without an end. */
const earlierItem = ({ previously = [] }: Retention): AttributeValue | undefined =>
  previously.length === 0
    ? undefined
    : {
        S: JSON.stringify(
          previously.map((each) => ({ ...each, keep: each.keep === Infinity ? -1 : each.keep })),
        ),
      };

export function retentionItem(applied: AppliedRetention) {
  const { scheme, keep, since, announced } = applied;
  const earlier = earlierItem(applied);
  const announcedEarlier = announced && earlierItem(announced);
  return {
    Scheme: { S: scheme },
    Keep: keepItem(keep),
    Since: { N: String(Math.floor(since)) },
    ...(earlier && { Previously: earlier }),
    ...(announced && {
      AnnouncedScheme: { S: announced.scheme },
      AnnouncedKeep: keepItem(announced.keep),
      ...(announcedEarlier && { AnnouncedPreviously: announcedEarlier }),
      ToldAt: { N: String(Math.ceil(announced.toldAt)) },
    }),
  };
}

/** A retention by its group; undefined if it is invalid, so that the group needs a confirmation. */
export function retentionFrom(item: Item): [group: string, retention: AppliedRetention] | undefined {
  const applied = retentionOf(item.Scheme, item.Keep, item.Previously);
  const since = Number(item.Since?.N);
  const group = item.Id?.S;
  if (!applied || group === undefined || !isInstant(since)) return undefined;
  const announced = retentionOf(item.AnnouncedScheme, item.AnnouncedKeep, item.AnnouncedPreviously);
  const toldAt = Number(item.ToldAt?.N);
  const told = announced && isInstant(toldAt) ? { announced: { ...announced, toldAt } } : {};
  return [group, { ...applied, since, ...told }];
}

function retentionOf(
  scheme: AttributeValue | undefined,
  kept: AttributeValue | undefined,
  earlier: AttributeValue | undefined,
): Retention | undefined {
  const keep = kept?.N === ALL ? Infinity : Number(kept?.N);
  const known =
    SCHEMES.includes(scheme?.S ?? '') && (keep === Infinity || (Number.isInteger(keep) && keep > 0));
  const previously = earlierFrom(earlier);
  if (!known || !previously) return undefined;
  return { scheme: scheme?.S as RotationScheme, keep, ...(previously.length > 0 && { previously }) };
}

/** undefined if the record is invalid. */
function earlierFrom(item: AttributeValue | undefined): EarlierRotation[] | undefined {
  if (item === undefined) return [];
  try {
    const entries = JSON.parse(item.S ?? '') as Record<keyof EarlierRotation, unknown>[];
    const valid = ({ scheme, keep, until }: (typeof entries)[number]): boolean =>
      SCHEMES.includes(String(scheme)) && Number.isInteger(keep) && keep !== 0 && Number.isInteger(until);
    if (!entries.every(valid)) return undefined;
    return (entries as unknown as EarlierRotation[]).map((each) => ({
      ...each,
      keep: each.keep === -1 ? Infinity : each.keep,
    }));
  } catch {
    return undefined;
  }
}
