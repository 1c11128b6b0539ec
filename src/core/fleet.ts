import { parseTableName, tableName } from './calendar/naming.ts';
import { type Period, shift } from './calendar/period.ts';
import { periodOf, stepped } from './calendar/rotation.ts';
import { LONGEST_HANDOVER_MS } from './capacity/handover.ts';
import { expiresAt, type Phase, phaseOf } from './phase.ts';
import type { Config, EarlierRotation, Spec } from './spec.ts';

/** One table of a group. It exists, or should exist. */
export interface Table {
  readonly name: string;
  readonly spec: Spec;
  readonly period: Period;
  readonly phase: Phase;
}

/** Whether applications need the table now or soon. */
export const isNeeded = ({ phase }: Table): boolean => phase === 'active' || phase === 'upcoming';

/** Names by the start of their period. Planners ask for the same tables again whenever something has been read. */
const names = new WeakMap<Spec, Map<number, string>>();

function nameOf(spec: Spec, period: Period): string {
  const known = names.get(spec) ?? new Map<number, string>();
  const name = known.get(period.start) ?? tableName(spec, period);
  names.set(spec, known.set(period.start, name));
  return name;
}

export function tableOf(spec: Spec, period: Period, now: number): Table {
  return { name: nameOf(spec, period), spec, period, phase: phaseOf(spec, period, now) };
}

/** The latest answer for each spec: while a planner reads what it needs, it asks for the same tables again. */
const needed = new WeakMap<Spec, { readonly now: number; readonly tables: readonly Table[] }>();

/** The tables that applications need at `now` or later: the current one, and the upcoming ones. Oldest first. */
export function neededTables(spec: Spec, now: number): readonly Table[] {
  const known = needed.get(spec);
  if (known?.now === now) return known.tables;
  const tables = [tableOf(spec, periodOf(spec, now), now)];
  const periods = spec.scheme === 'none' ? 1 : 1 + spec.settings.periodsAhead;
  while (tables.length < periods) tables.push(tableOf(spec, periodOf(spec, tables.at(-1)!.period.end), now));
  needed.set(spec, { now, tables });
  return tables;
}

/**
 * Tables that have to exist at `now`: the backfilled past ones, the current one, and the upcoming ones. Oldest first.
 * Past tables of an earlier scheme are backfilled only while their own retention lasts.
 */
export function requiredTables(spec: Spec, now: number): Table[] {
  const periods = spec.scheme === 'none' ? 0 : spec.backfill;
  const backfilled = Array.from({ length: periods }, (_, i) =>
    tableOf(spec, stepped(spec, now, i - periods), now),
  );
  return [...backfilled.filter(({ period }) => expiresAt(spec, period) > now), ...neededTables(spec, now)];
}

/**
 * The whole window at `now`: the retained periods and the upcoming ones. If a scheme retains all periods, its oldest ones
 * are unknown, because only the account knows how far back the tables go. The window then starts with those that are
 * known: after a change of scheme, or backfilled.
 */
export function windowTables(spec: Spec, now: number): Table[] {
  const required = requiredTables(spec, now);
  const oldest = Math.min(
    required[0]!.period.start,
    ...spansOf(spec).map((span) => firstRetained(span, now)),
  );
  const past: Table[] = [];
  for (let before = required[0]!.period.start; before > oldest; before = past.at(-1)!.period.start)
    past.push(tableOf(spec, periodOf(spec, before - 1), now));
  return [...past.filter(({ period }) => expiresAt(spec, period) > now).reverse(), ...required];
}

/** A rotation of a group, and when the group has it: [from, until), epoch milliseconds. */
interface Span extends EarlierRotation {
  readonly from: number;
}

const spansOf = ({ scheme, keep, previously }: Spec): Span[] =>
  [...previously, { scheme, keep, until: Infinity }].map((rotation, i) => ({
    ...rotation,
    from: previously[i - 1]?.until ?? -Infinity,
  }));

/** The start of the first period that a rotation retains and that is known. Infinity if it retains none that is known. */
function firstRetained({ scheme, keep, from, until }: Span, now: number): number {
  const first = keep === Infinity ? from : Math.max(from, shift(scheme, now, 1 - keep).start);
  return first === -Infinity || first >= until ? Infinity : first;
}

/** An answer, and what it was for. */
interface Found {
  readonly config: Config;
  readonly now: number;
  readonly members: ReadonlyMap<Spec, readonly Table[]>;
  readonly strays: ReadonlyMap<Spec, readonly string[]>;
}

/** The latest answer for each set of names: while a planner reads what it needs, it asks for the same members again. */
const found = new WeakMap<ReadonlySet<string>, Found>();

/** The tables among `names` that exactly match a spec of this config, by group. Oldest first. */
export const membersOf = (config: Config, names: ReadonlySet<string>, now: number): Found['members'] =>
  find(config, names, now).members;

/** The tables of a group that have to exist at `now`, or minutes later, and are not among `names`. */
export const missingTables = (spec: Spec, names: ReadonlySet<string>, now: number): Table[] =>
  neededTables(spec, now).filter(
    ({ name, period }) => !names.has(name) && now >= period.start - LONGEST_HANDOVER_MS,
  );

/**
 * The names that tables of a group could have under another scheme, and that match no spec of this config. Usually a
 * person created such a table, or the scheme of the group has changed.
 */
export const straysOf = (config: Config, names: ReadonlySet<string>, now: number): Found['strays'] =>
  find(config, names, now).strays;

function find(config: Config, names: ReadonlySet<string>, now: number): Found {
  const known = found.get(names);
  if (known?.config === config && known.now === now) return known;
  const answer = { config, now, ...sorted(config, names, now) };
  found.set(names, answer);
  return answer;
}

function sorted(
  { specs }: Config,
  names: ReadonlySet<string>,
  now: number,
): { readonly members: Map<Spec, Table[]>; readonly strays: Map<Spec, string[]> } {
  const members = new Map<Spec, Table[]>(specs.map((spec) => [spec, []]));
  const strays = new Map<Spec, string[]>(specs.map((spec) => [spec, []]));
  const placeOf = placesAmong(specs);
  for (const name of names) {
    const { matching, stray } = placeOf(name);
    for (const { spec, period } of matching)
      members.get(spec)?.push({ name, spec, period, phase: phaseOf(spec, period, now) });
    for (const spec of stray) strays.get(spec)?.push(name);
  }
  for (const tables of members.values()) tables.sort((a, b) => a.period.start - b.period.start);
  return { members, strays };
}

/** Where a name belongs. */
interface Place {
  readonly matching: readonly { readonly spec: Spec; readonly period: Period }[];
  /** The groups whose table it could be under another scheme. */
  readonly stray: readonly Spec[];
}

/** Places by names. Each run asks for those of all tables. */
const places = new WeakMap<Config['specs'], (name: string) => Place>();

function placesAmong(specs: Config['specs']): (name: string) => Place {
  const before = places.get(specs);
  if (before) return before;
  const byBase = new Map(specs.map((spec) => [`${spec.environment}.${spec.name}`, spec]));
  const known = new Map<string, Place>();
  const placeOf = (name: string): Place => {
    const place = known.get(name) ?? placeAmong(byBase, name);
    known.set(name, place);
    return place;
  };
  places.set(specs, placeOf);
  return placeOf;
}

/** `.20261121` or `.2026112109`: what a scheme other than `none` adds to the name of a group. */
const DATED = /^(?:\.\d{8}(?:\d\d)?)?$/;

function placeAmong(byBase: ReadonlyMap<string, Spec>, name: string): Place {
  const candidates = [name, name.slice(0, Math.max(0, name.lastIndexOf('.')))].flatMap((base) => {
    const spec = byBase.get(base);
    return spec ? [{ spec, suffix: name.slice(base.length), period: parseTableName(spec, name) }] : [];
  });
  const matching = candidates.flatMap(({ spec, period }) => (period ? [{ spec, period }] : []));
  const stray = matching.length > 0 ? [] : candidates.filter(({ suffix }) => DATED.test(suffix));
  return { matching, stray: stray.map(({ spec }) => spec) };
}
