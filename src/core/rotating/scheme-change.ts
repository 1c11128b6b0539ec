import { ask } from '../ask.ts';
import { parseTableName } from '../calendar/naming.ts';
import { type Period, periodAt, type RotationScheme, SCHEMES } from '../calendar/period.ts';
import { begins, firstCommonStart, periodOf, rotationAt } from '../calendar/rotation.ts';
import type { Table } from '../fleet.ts';
import { disowned, ownershipTags } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { type Answer, combined, type HoldBody, holding, type Outcome } from '../outcome.ts';
import { type EarlierRotation, type Spec, writtenSchemes } from '../spec.ts';

/** A table of the group whose scheme is not the one that the spec has for its period. */
interface Foreign {
  readonly name: string;
  readonly scheme: RotationScheme;
  readonly period: Period;
}

/** The names of a group: its tables by the spec, and those that only another scheme could have. */
interface Names {
  readonly present: readonly Table[];
  readonly strays: readonly string[];
}

/** What to say about a table. */
interface About {
  readonly name: string;
  readonly outcome: Outcome;
}

/** Why a group is refused, if it is, and which tables do not show whether it should be. */
interface Verdict {
  readonly refusal?: Outcome;
  readonly unread: readonly About[];
}

/**
 * Refuses a whole group if its scheme changed and the spec does not say when. Names of one scheme can be names of another, so a leftover would become the current table, and applications would no longer read
 * the rest. Tags decide. They are read only for names that do not look like a group of this scheme.
 */
export function schemeChange(spec: Spec, names: Names, observed: Observed, now: number): Answer<Verdict> {
  const suspicious = [...names.strays, ...unusual(spec, names.present, now)];
  const found = foreignAmong(spec, suspicious, observed);
  if ('pending' in found) return found;
  const [first] = found.value.foreign;
  // Creation goes on, because a missing table is worse than an extra one.
  if (!first) return { value: { unread: found.value.unread } };
  // The last tables of the earlier scheme can look usual. The change has to be after all of them.
  const unfinished = names.present.filter(({ period }) => period.end > now).map(({ name }) => name);
  const all = foreignAmong(spec, [...new Set([...suspicious, ...unfinished])], observed);
  if ('pending' in all) return all;
  const { foreign, unread } = all.value;
  return { value: { refusal: holding(holdOf(spec, foreign, now)), unread } };
}

/**
 * Tables whose names suggest another scheme: without a neighbor, followed by a gap, or the first after a change of
 * scheme, which an earlier scheme could have created in advance.
 */
function unusual(spec: Spec, present: readonly Table[], now: number): string[] {
  if (spec.scheme === 'none') return [];
  const current = periodOf(spec, now);
  const starts = new Set(present.map(({ period }) => period.start));
  return present
    .filter(({ period, phase }) => {
      const first = spec.previously.some(({ until }) => until === period.start);
      if (first && (phase === 'active' || phase === 'upcoming')) return true;
      if (starts.has(period.end)) return false;
      return period.end <= current.start || !starts.has(periodOf(spec, period.start - 1).start);
    })
    .map(({ name }) => name);
}

/** The tables that Turntable created for another scheme, by their tags, and which tags could not be read. */
function foreignAmong(
  spec: Spec,
  names: readonly string[],
  observed: Observed,
): Answer<{ readonly foreign: readonly Foreign[]; readonly unread: readonly About[] }> {
  const answers = names.map((name) => ({ name, answer: schemeOf(spec, name, observed) }));
  const unread = answers.flatMap(({ name, answer }) =>
    'pending' in answer ? [{ name, outcome: answer.pending }] : [],
  );
  const needed = unread.filter(({ outcome }) => outcome.needs.length > 0);
  if (needed.length > 0) return { pending: combined(...needed.map(({ outcome }) => outcome)) };
  const foreign = answers.flatMap(({ answer }) => ('value' in answer && answer.value ? [answer.value] : []));
  return { value: { foreign, unread } };
}

function schemeOf(spec: Spec, name: string, observed: Observed): Answer<Foreign | undefined> {
  const described = ask(observed, { name }, 'description');
  if ('pending' in described) return described;
  if (!described.value || described.value.status === 'DELETING') return { value: undefined };
  const tags = ask(observed, { name }, 'tags');
  return 'pending' in tags ? tags : { value: foreignBy(spec, name, tags.value) };
}

function foreignBy(spec: Spec, name: string, tags: Readonly<Record<string, string>>): Foreign | undefined {
  const scheme = tags[ownershipTags.scheme] as RotationScheme;
  if (!SCHEMES.includes(scheme)) return undefined;
  const asCreated = { ...spec, scheme, previously: [] };
  const period = parseTableName(asCreated, name);
  if (!period || disowned(asCreated, period, name, tags)) return undefined;
  const wanted = rotationAt(spec, scheme === 'none' ? Infinity : period.start).scheme;
  return wanted === scheme ? undefined : { name, scheme, period };
}

function holdOf(spec: Spec, found: readonly Foreign[], now: number): HoldBody {
  const newest = found.reduce((last, each) => (each.period.start > last.period.start ? each : last));
  const since = rotationAt(spec, newest.scheme === 'none' ? now : newest.period.start).scheme;
  const created = `Nothing in this group changes. ${newest.name} was created for RotationScheme ${newest.scheme}, but the spec says ${since} for its period.`;
  return {
    kind: 'create',
    reason: 'scheme-changed',
    message: `${created} ${cure(spec, found, newest, now)}`,
    urgent: true,
  };
}

function cure(spec: Spec, found: readonly Foreign[], { scheme }: Foreign, now: number): string {
  const line = earlierSchemes(spec, found, scheme, now);
  if (!line)
    return `Set RotationScheme to ${scheme} again. For ${spec.scheme} tables, add a spec with another TableName.`;
  const { entries, added } = line;
  const retention = added ? ' Set PurgeRotation to its earlier value. -1 retains all tables.' : '';
  return `To go on with ${scheme}, restore the spec. To change the scheme, add this line to the spec: "Previously": ${entries}.${retention}`;
}

/** The value of Previously under which every table has the scheme that it was created for; undefined with `none`. */
function earlierSchemes(
  { scheme: present, previously }: Spec,
  found: readonly Foreign[],
  scheme: RotationScheme,
  now: number,
): { readonly entries: string; readonly added: boolean } | undefined {
  if (scheme === 'none' || present === 'none') return undefined;
  const own = found.filter((each) => each.scheme === scheme);
  const start = Math.min(...own.map(({ period }) => period.start));
  const end = Math.max(...own.map(({ period }) => period.end));
  // The rotation that the spec has at the start of the tables, and the one before it.
  const place = previously.filter(({ until }) => until <= start).length;
  const [earlier, wrong] = [previously[place - 1], previously[place]];
  const next = previously[place + 1]?.scheme ?? present;
  if (wrong && next === scheme && begins(wrong.scheme, start))
    return { entries: spelled(previously.with(place, { ...wrong, until: start })), added: false };
  // The table of the earlier scheme that is being written ends first.
  const from = end > now ? Math.max(end, periodAt(scheme, now).end) : end;
  const until = firstCommonStart(scheme, wrong?.scheme ?? present, from);
  if (until === undefined) return undefined;
  const extended = earlier?.scheme === scheme ? earlier : undefined;
  const before = previously.slice(0, extended ? place - 1 : place);
  const after = previously.slice(place).filter((each) => each.until > until);
  const entry = { scheme, keep: extended?.keep ?? Infinity, until };
  return { entries: spelled([...before, entry, ...after]), added: extended === undefined };
}

const spelled = (rotations: readonly EarlierRotation[]): string => {
  const entries = writtenSchemes(rotations).map(
    ({ RotationScheme, PurgeRotation, Until }) =>
      `{ "RotationScheme": "${RotationScheme}", "PurgeRotation": "${PurgeRotation}", "Until": "${Until}" }`,
  );
  return `[${entries.join(', ')}]`;
};
