import { iso, parseInstant, sayInstant } from '../calendar/instant.ts';
import { tableName } from '../calendar/naming.ts';
import { MINUTE_MS, type Period } from '../calendar/period.ts';
import type { Spec } from '../spec.ts';

/** Tags that say whose a table is. They are given in the creating call, never afterwards. */
export const ownershipTags = {
  environment: 'turntable:environment',
  spec: 'turntable:spec',
  scheme: 'turntable:scheme',
  period: 'turntable:period',
} as const;

/** When the table was made, by whoever gave it its tags: a copy that got the tags too was made at another time. */
export const MADE_AT_TAG = 'turntable:made-at';
/** What the tag and CreationDateTime may differ by: two clocks, and the time that a call takes. */
const MADE_AT_SLACK_MS = 15 * MINUTE_MS;

/** Why a table is not the one that was made for its period, as its creation shows; undefined where it may be. */
export function restored(
  period: Period,
  createdAt: number,
  tags: Readonly<Record<string, string>>,
): string | undefined {
  const madeAt = parseInstant(tags[MADE_AT_TAG] ?? '');
  if (madeAt !== undefined) {
    if (Math.abs(createdAt - madeAt) <= MADE_AT_SLACK_MS) return undefined;
    return `it was created ${sayInstant(createdAt)}, and its tag ${MADE_AT_TAG} says ${sayInstant(madeAt)}`;
  }
  if (createdAt < period.end) return undefined;
  return `it was created ${sayInstant(createdAt)}, after its period had ended, and not by Turntable`;
}

/** A table with this tag, whatever its value, is never condemned or deleted: what people say goes first. */
export const KEEP_TAG = 'turntable:keep';

export function tagsFor(spec: Spec, period: Period): Record<string, string> {
  return {
    [ownershipTags.environment]: spec.environment,
    [ownershipTags.spec]: spec.name,
    [ownershipTags.scheme]: spec.scheme,
    [ownershipTags.period]: Number.isFinite(period.start) ? iso(period.start) : 'none',
  };
}

/** Why a table is not this spec's to change, or undefined where it is: name and every tag have to agree. */
export function disowned(
  spec: Spec,
  period: Period,
  name: string,
  tags: Readonly<Record<string, string>>,
): { reason: 'not-owned' | 'scheme-changed'; message: string } | undefined {
  if (tableName(spec, period) !== name) {
    return {
      reason: 'not-owned',
      message: `The name is not exactly one of ${spec.environment}.${spec.name}'s.`,
    };
  }
  const expected = tagsFor(spec, period);
  const scheme = tags[ownershipTags.scheme];
  if (scheme !== undefined && scheme !== spec.scheme) {
    return {
      reason: 'scheme-changed',
      message: `It was made for RotationScheme ${scheme}; the spec says ${spec.scheme} now.`,
    };
  }
  const wrong = Object.keys(expected).find((key) => tags[key] !== expected[key]);
  if (!wrong) return undefined;
  const found = tags[wrong];
  return {
    reason: 'not-owned',
    message: found
      ? `Its tag ${wrong} is "${found}", not "${expected[wrong]}".`
      : `It has no tag ${wrong}: Turntable did not make it. turntable adopt takes it over.`,
  };
}
