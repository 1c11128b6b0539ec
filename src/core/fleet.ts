import { parseTableName, tableName } from './calendar/naming.ts';
import { type Period, periodAt, shift } from './calendar/period.ts';
import { type Phase, phaseOf } from './phase.ts';
import type { Config, Spec } from './spec.ts';

/** One table of a group. It exists, or should exist. */
export interface Table {
  readonly name: string;
  readonly spec: Spec;
  readonly period: Period;
  readonly phase: Phase;
}

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

function range(spec: Spec, now: number, from: number, to: number): Table[] {
  if (spec.scheme === 'none') return [tableOf(spec, periodAt('none', now), now)];
  return Array.from({ length: to - from + 1 }, (_, i) =>
    tableOf(spec, shift(spec.scheme, now, from + i), now),
  );
}

/** Tables that have to exist at `now`: the backfilled past ones, the current one, and the upcoming ones. Oldest first. */
export function requiredTables(spec: Spec, now: number): Table[] {
  return range(spec, now, -spec.backfill, spec.settings.periodsAhead);
}

/**
 * The whole window at `now`: the retained periods and the upcoming ones. If the spec retains all periods, the window
 * starts with the backfilled ones, because only the account knows how far back the tables go.
 */
export function windowTables(spec: Spec, now: number): Table[] {
  const past = spec.keep === Infinity ? spec.backfill : spec.keep - 1;
  return range(spec, now, -past, spec.settings.periodsAhead);
}

/** An answer, and what it was for. */
interface Found {
  readonly config: Config;
  readonly now: number;
  readonly members: ReadonlyMap<Spec, readonly Table[]>;
}

/** The latest answer for each set of names: while a planner reads what it needs, it asks for the same members again. */
const found = new WeakMap<ReadonlySet<string>, Found>();

/** The tables among `names` that exactly match a spec of this config, by group. Oldest first. */
export function membersOf(config: Config, names: ReadonlySet<string>, now: number): Found['members'] {
  const known = found.get(names);
  if (known?.config === config && known.now === now) return known.members;
  const members = findMembers(config, names, now);
  found.set(names, { config, now, members });
  return members;
}

function findMembers(config: Config, names: ReadonlySet<string>, now: number): Map<Spec, Table[]> {
  const members = new Map<Spec, Table[]>(config.specs.map((spec) => [spec, []]));
  const specs = new Map(config.specs.map((spec) => [`${spec.environment}.${spec.name}`, spec]));
  for (const name of names) {
    for (const base of [name, name.slice(0, Math.max(0, name.lastIndexOf('.')))]) {
      const spec = specs.get(base);
      const period = spec && parseTableName(spec, name);
      if (period) members.get(spec)?.push(tableOf(spec, period, now));
    }
  }
  for (const tables of members.values()) tables.sort((a, b) => a.period.start - b.period.start);
  return members;
}
