import { iso, parseInstant, sayInstant } from '../calendar/instant.ts';
import { tableName } from '../calendar/naming.ts';
import { MINUTE_MS, type Period } from '../calendar/period.ts';
import { rotationAt } from '../calendar/rotation.ts';
import { adoptCommand } from '../commands.ts';
import type { Spec } from '../spec.ts';

/** The tags that identify a table's spec and period. CreateTable sets them, never a later call. */
export const ownershipTags = {
  environment: 'turntable:environment',
  spec: 'turntable:spec',
  scheme: 'turntable:scheme',
  period: 'turntable:period',
} as const;

/** The creation time, recorded with the ownership tags. A copy with the same tags was created at another time. */
export const CREATED_AT_TAG = 'turntable:created-at';
/** The tag and CreationDateTime may differ this much: they are from two clocks, and a call takes time. */
const CREATED_AT_SLACK_MS = 15 * MINUTE_MS;

/** Why a table's creation time shows that it is a copy of its period's table; undefined if it does not. */
export function restored(
  period: Period,
  createdAt: number,
  tags: Readonly<Record<string, string>>,
): string | undefined {
  const taggedAt = parseInstant(tags[CREATED_AT_TAG] ?? '');
  if (taggedAt !== undefined) {
    if (Math.abs(createdAt - taggedAt) <= CREATED_AT_SLACK_MS) return undefined;
    return `it was created ${sayInstant(createdAt)}, but its tag ${CREATED_AT_TAG} says ${sayInstant(taggedAt)}`;
  }
  if (createdAt < period.end) return undefined;
  return `it was created ${sayInstant(createdAt)}, after its period had ended, and not by Turntable`;
}

/** Purge never deletes a table with this tag, whatever the tag's value. */
export const KEEP_TAG = 'turntable:keep';

/** The group that the scratch table of a restore drill is of. No other table has this tag. */
export const DRILL_TAG = 'turntable:drill';

export function tagsFor(spec: Spec, period: Period): Record<string, string> {
  return {
    [ownershipTags.environment]: spec.environment,
    [ownershipTags.spec]: spec.name,
    [ownershipTags.scheme]: rotationAt(spec, period.start).scheme,
    [ownershipTags.period]: Number.isFinite(period.start) ? iso(period.start) : 'none',
  };
}

/** Why a table does not belong to a spec; undefined if it does. The name and every tag have to match. */
export function disowned(
  spec: Spec,
  period: Period,
  name: string,
  tags: Readonly<Record<string, string>>,
): { reason: 'not-owned' | 'scheme-changed'; message: string } | undefined {
  if (tableName(spec, period) !== name) {
    return {
      reason: 'not-owned',
      message: `The table name does not match the spec ${spec.environment}.${spec.name}.`,
    };
  }
  const expected = tagsFor(spec, period);
  const scheme = tags[ownershipTags.scheme];
  const wanted = expected[ownershipTags.scheme];
  if (scheme !== undefined && scheme !== wanted) {
    return {
      reason: 'scheme-changed',
      message: `The table was created for RotationScheme ${scheme}, but the spec now says ${wanted}.`,
    };
  }
  const wrong = Object.keys(expected).find((key) => tags[key] !== expected[key]);
  if (!wrong) return undefined;
  const found = tags[wrong];
  return {
    reason: 'not-owned',
    message: found
      ? `The tag ${wrong} is "${found}" instead of "${expected[wrong]}".`
      : `The table has no tag ${wrong}, so Turntable did not create it. To manage it, run ${adoptCommand(spec)}.`,
  };
}
