import { periodAt, type RotationScheme } from './calendar/period.ts';
import { begins, firstCommonStart, rotationAt, sayUntil } from './calendar/rotation.ts';
import type { Table } from './fleet.ts';
import { type Foreign, newestOf } from './guards/foreign.ts';
import { ownershipTags } from './guards/ownership.ts';
import { isSeen } from './guards/seen-ownership.ts';
import type { Observed } from './observed.ts';
import { type EarlierRotation, type Spec, writtenSchemes } from './spec.ts';

/**
 * What an operator can do about a group whose scheme changed: the line for the spec under which every table has the scheme
 * that it was created for, if there is one. `others`: the tables of the group that are not foreign.
 */
export function schemeCure(
  spec: Spec,
  foreign: readonly Foreign[],
  others: readonly Table[],
  observed: Observed,
  now: number,
): string {
  const { retentions } = observed;
  const { name, scheme } = newestOf(foreign);
  const applied = 'error' in retentions ? undefined : retentions.get(spec.name);
  const rotations = [...(applied?.previously ?? []), ...(applied ? [applied] : [])];
  const keepOf: KeepOf = (one) => rotations.findLast((rotation) => rotation.scheme === one)?.keep;
  const previously = earlierSchemes(spec, foreign, keepOf, now);
  if (!previously)
    return `Set RotationScheme to ${scheme} again. For ${spec.scheme} tables, add a spec with another TableName.`;
  const overlapping = others.find(
    ({ name: other, period: { start } }) =>
      rotationAt({ ...spec, previously }, start).scheme !== rotationAt(spec, start).scheme &&
      hasItsScheme(spec, other, start, observed),
  );
  if (overlapping)
    return `${overlapping.name} and ${name} are for the same time, so no Previously fits both. Move the items of one of them to the other, and delete it.`;
  const known = new Set([...spec.previously, ...rotations].map((rotation) => rotation.scheme));
  const unknown = previously.some((rotation) => !known.has(rotation.scheme));
  const retention = unknown ? ' Set PurgeRotation to its earlier value. -1 retains all tables.' : '';
  const place =
    spec.previously.length === 0
      ? 'add this line to the spec'
      : 'replace Previously in the spec by this line';
  return `To go on with ${scheme}, restore the spec. ${sayWrong(spec.previously, previously)}To change the scheme, ${place}: "Previously": ${spelled(previously)}.${retention}`;
}

/** Whether a table is known to be of the scheme that the spec has for its period. */
function hasItsScheme(spec: Spec, name: string, start: number, observed: Observed): boolean {
  const tags = observed.known('tags', name);
  if (tags) return tags[ownershipTags.scheme] === rotationAt(spec, start).scheme;
  const state = observed.known('description', name);
  return state !== undefined && isSeen(observed, spec, state) === true;
}

/** The retained periods of a scheme as purge last applied it; undefined if that is not known. */
type KeepOf = (scheme: RotationScheme) => number | undefined;

/** `The Until 2026-11-30 is too early. `, if only that is wrong. */
function sayWrong(before: readonly EarlierRotation[], after: readonly EarlierRotation[]): string {
  const changed = before.filter(({ until }, i) => until !== after[i]?.until);
  const same = before.length === after.length && before.every(({ scheme }, i) => scheme === after[i]?.scheme);
  const [wrong] = changed;
  if (!same || !wrong || changed.length > 1) return '';
  const early = (after[before.indexOf(wrong)]?.until ?? 0) > wrong.until;
  return `The Until ${sayUntil(wrong.until)} is too ${early ? 'early' : 'late'}. `;
}

/** The value of Previously under which every found table has the scheme that it was created for; undefined if none has. */
function earlierSchemes(
  spec: Spec,
  found: readonly Foreign[],
  keepOf: KeepOf,
  now: number,
): readonly EarlierRotation[] | undefined {
  let corrected: Spec = spec;
  let wrong = found;
  while (wrong.length > 0) {
    const { scheme } = newestOf(wrong);
    const previously = withRotation(
      corrected,
      wrong.filter((one) => one.scheme === scheme),
      scheme,
      keepOf,
      now,
    );
    if (!previously) return undefined;
    corrected = { ...corrected, previously };
    const left = found.filter(
      ({ period, ...one }) => rotationAt(corrected, period.start).scheme !== one.scheme,
    );
    if (left.length >= wrong.length) return undefined;
    wrong = left;
  }
  return corrected.previously;
}

/** The earlier rotations of a spec, and in their place the one that some tables were created for; undefined with `none`. */
function withRotation(
  { scheme: present, previously }: Spec,
  own: readonly Foreign[],
  scheme: RotationScheme,
  keepOf: KeepOf,
  now: number,
): readonly EarlierRotation[] | undefined {
  if (scheme === 'none' || present === 'none') return undefined;
  const start = Math.min(...own.map(({ period }) => period.start));
  const end = Math.max(...own.map(({ period }) => period.end));
  // The rotation that the spec has at the start of the tables, and the one before it.
  const place = previously.filter(({ until }) => until <= start).length;
  const [earlier, wrong] = [previously[place - 1], previously[place]];
  const next = previously[place + 1]?.scheme ?? present;
  if (wrong && next === scheme && begins(wrong.scheme, start))
    return previously.with(place, { ...wrong, until: start });
  // The table of the earlier scheme that is being written ends first.
  const from = end > now ? Math.max(end, periodAt(scheme, now).end) : end;
  const until = firstCommonStart(scheme, wrong?.scheme ?? present, from);
  if (until === undefined) return undefined;
  const extended = earlier?.scheme === scheme ? earlier : undefined;
  const before = previously.slice(0, extended ? place - 1 : place);
  const after = previously.slice(place).filter((each) => each.until > until);
  const entry = { scheme, keep: extended?.keep ?? keepOf(scheme) ?? Infinity, until };
  return [...before, entry, ...after];
}

const spelled = (rotations: readonly EarlierRotation[]): string => {
  const entries = writtenSchemes(rotations).map(
    ({ RotationScheme, PurgeRotation, Until }) =>
      `{ "RotationScheme": "${RotationScheme}", "PurgeRotation": "${PurgeRotation}", "Until": "${Until}" }`,
  );
  return `[${entries.join(', ')}]`;
};
