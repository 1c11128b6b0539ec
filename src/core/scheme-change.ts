import { ask } from './ask.ts';
import { periodOf, rotationAt } from './calendar/rotation.ts';
import type { SeenKind } from './facts.ts';
import { membersOf, straysOf, type Table, tableOf } from './fleet.ts';
import { type Foreign, foreignBy, newestOf, withScheme } from './guards/foreign.ts';
import { isSeen, seenUnmanaged } from './guards/seen-ownership.ts';
import type { Observed } from './observed.ts';
import { type Answer, combined, needing, type Outcome } from './outcome.ts';
import { phaseOf } from './phase.ts';
import { schemeCure } from './scheme-cure.ts';
import type { Config, Spec } from './spec.ts';

/** What to say about a table. */
interface About {
  readonly name: string;
  readonly outcome: Outcome;
}

/** A group that is refused, because its scheme changed and the spec does not say when. */
export interface Refusal {
  /** What is not done, which table shows the change, and what to do: sentences. */
  readonly message: string;
  /** The tables of the group, each with the scheme that it was created for. */
  readonly tables: readonly Table[];
  /** The current table by the scheme of the newest table. It might not exist. */
  readonly current: Table;
}

/** Why a group is refused, if it is, and which tables do not show whether it should be. */
interface Verdict {
  readonly refusal?: Refusal;
  readonly unread: readonly About[];
}

/** The existing tables of a spec, and what they show about its scheme. */
export interface Group {
  readonly spec: Spec;
  readonly present: readonly Table[];
  readonly verdict: Answer<Verdict>;
}

/** The record whose tags count, or `fresh`: only those that this run reads. */
type Reading = SeenKind | 'fresh';

/** All groups, with what is known about their schemes at `now`, epoch milliseconds. */
export function groupsOf(config: Config, observed: Observed, now: number, reading: Reading): Group[] {
  const strays = straysOf(config, observed.names, now);
  return [...membersOf(config, observed.names, now)].map(([spec, present]) => {
    const names = { present, strays: strays.get(spec) ?? [] };
    return { spec, present, verdict: schemeChange(spec, names, observed, now, reading) };
  });
}

/** The names of a group: its tables by the spec, and those that only another scheme could have. */
interface Names {
  readonly present: readonly Table[];
  readonly strays: readonly string[];
}

/**
 * Refuses a whole group if its scheme changed and the spec does not say when. Names of one scheme can be names of another,
 * so a leftover would become the current table, and applications would no longer read the rest. Tags decide. They are read
 * only for names that do not look like a group of this scheme.
 */
function schemeChange(
  spec: Spec,
  { present, strays }: Names,
  observed: Observed,
  now: number,
  reading: Reading,
): Answer<Verdict> {
  const suspicious = [...strays, ...unusual(spec, present, now)];
  const found = foreignAmong(spec, suspicious, observed, reading);
  if ('pending' in found) return found;
  // Creation goes on, because a missing table is worse than an extra one.
  if (found.value.foreign.length === 0) return { value: { unread: found.value.unread } };
  // The last tables of the earlier scheme can look usual. The change has to be after all of them.
  const from = Math.min(now, ...found.value.foreign.map(({ period }) => period.start));
  const later = present.filter(({ period }) => period.end > from).map(({ name }) => name);
  const all = foreignAmong(spec, [...new Set([...suspicious, ...later])], observed, reading);
  if ('pending' in all) return all;
  if (!observed.hasReadRetentions) return { pending: needing({ fact: 'retentions' }) };
  const { foreign, unread } = all.value;
  const names = unread.map(({ name }) => name);
  return { value: { refusal: refusalOf(spec, present, { foreign, unread: names }, observed, now), unread } };
}

/** The latest answer for each list of tables. `membersOf` returns the same lists while a planner reads what it needs. */
const unusualOf = new WeakMap<readonly Table[], readonly string[]>();

/**
 * Tables whose names suggest another scheme: without a neighbor, followed by a gap, or the first after a change of
 * scheme, which an earlier scheme could have created in advance.
 */
function unusual(spec: Spec, present: readonly Table[], now: number): readonly string[] {
  if (spec.scheme === 'none') return [];
  const known = unusualOf.get(present);
  if (known) return known;
  const current = periodOf(spec, now);
  const starts = new Set(present.map(({ period }) => period.start));
  const names = present
    .filter(({ period, phase }) => {
      const first = spec.previously.some(({ until }) => until === period.start);
      if (first && (phase === 'active' || phase === 'upcoming')) return true;
      if (starts.has(period.end)) return false;
      return period.end <= current.start || !starts.has(periodOf(spec, period.start - 1).start);
    })
    .map(({ name }) => name);
  unusualOf.set(present, names);
  return names;
}

/** The tables that Turntable created for another scheme, by their tags, and which tags could not be read. */
function foreignAmong(
  spec: Spec,
  names: readonly string[],
  observed: Observed,
  reading: Reading,
): Answer<{ readonly foreign: readonly Foreign[]; readonly unread: readonly About[] }> {
  const answers = names.map((name) => ({ name, answer: foreignTable(spec, name, observed, reading) }));
  const unread = answers.flatMap(({ name, answer }) =>
    'pending' in answer ? [{ name, outcome: answer.pending }] : [],
  );
  const needed = unread.filter(({ outcome }) => outcome.needs.length > 0);
  if (needed.length > 0) return { pending: combined(...needed.map(({ outcome }) => outcome)) };
  const foreign = answers.flatMap(({ answer }) => ('value' in answer && answer.value ? [answer.value] : []));
  return { value: { foreign, unread } };
}

/** A person gets the tags of now, if a plan of purge is asked for. */
const counts = (reading: Reading, { thorough }: Observed): reading is SeenKind =>
  reading === 'ownership' || (reading === 'unmanaged' && !thorough);

function foreignTable(
  spec: Spec,
  name: string,
  observed: Observed,
  reading: Reading,
): Answer<Foreign | undefined> {
  const described = ask(observed, { name }, 'description');
  if ('pending' in described) return described;
  const state = described.value;
  if (!state || state.status === 'DELETING') return { value: undefined };
  if (counts(reading, observed) && !observed.get('tags', name)) {
    if (!observed.seen(reading)) return { pending: needing({ fact: reading }) };
    const isOwned = reading === 'ownership' && isSeen(observed, spec, state);
    if (isOwned || seenUnmanaged(observed, reading, spec, state)) return { value: undefined };
  }
  const tags = ask(observed, { name }, 'tags');
  return 'pending' in tags ? tags : { value: foreignBy(spec, name, tags.value) };
}

function refusalOf(
  spec: Spec,
  present: readonly Table[],
  { foreign, unread }: { readonly foreign: readonly Foreign[]; readonly unread: readonly string[] },
  observed: Observed,
  now: number,
): Refusal {
  const newest = newestOf(foreign);
  const since = rotationAt(spec, newest.scheme === 'none' ? now : newest.period.start).scheme;
  const created = `${newest.name} was created for RotationScheme ${newest.scheme}, but the spec says ${since} for its period.`;
  const names = new Set(foreign.map(({ name }) => name));
  const others = present.filter(({ name }) => !names.has(name));
  const asCreated = foreign.map(({ name, scheme, period }): Table => {
    const own = withScheme(spec, scheme);
    return { name, spec: own, period, phase: phaseOf(own, period, now) };
  });
  const latest = withScheme(spec, newest.scheme);
  // A line that leaves out a table would be wrong.
  const cured =
    unread.length > 0
      ? `A later run says how to correct that, because ${unread.join(', ')} could not be read.`
      : schemeCure(spec, foreign, others, observed, now);
  return {
    message: `Turntable does not create, change, or delete tables of this group. Scale only raises throttled ones. ${created} ${cured}`,
    tables: [...others, ...asCreated],
    current: tableOf(latest, periodOf(latest, now), now),
  };
}
