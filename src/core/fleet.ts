import { parseTableName, tableName } from './calendar/naming.ts';
import { type Period, periodAt, shift } from './calendar/period.ts';
import { type Phase, phaseOf } from './phase.ts';
import type { Config, Spec } from './spec.ts';

/** One table of a group: it exists, or should. */
export interface Table {
  readonly name: string;
  readonly spec: Spec;
  readonly period: Period;
  readonly phase: Phase;
}

export function tableOf(spec: Spec, period: Period, now: number): Table {
  return { name: tableName(spec, period), spec, period, phase: phaseOf(spec, period, now) };
}

function range(spec: Spec, now: number, from: number, to: number): Table[] {
  if (spec.scheme === 'none') return [tableOf(spec, periodAt('none', now), now)];
  return Array.from({ length: to - from + 1 }, (_, i) =>
    tableOf(spec, shift(spec.scheme, now, from + i), now),
  );
}

/** Tables that have to exist at `now`: current, coming, and as many past ones as the spec backfills. Oldest first. */
export function requiredTables(spec: Spec, now: number): Table[] {
  return range(spec, now, -spec.backfill, spec.settings.periodsAhead);
}

/**
 * The whole window at `now`: every period the spec keeps, and the coming ones. Where all are kept, the
 * window begins with what is backfilled, for nothing but the account itself knows how far back it goes.
 */
export function windowTables(spec: Spec, now: number): Table[] {
  const past = spec.keep === Infinity ? spec.backfill : spec.keep - 1;
  return range(spec, now, -past, spec.settings.periodsAhead);
}

/** The tables among `names` that are exactly one of this config's, by group; oldest first. */
export function membersOf(config: Config, names: Iterable<string>, now: number): Map<Spec, Table[]> {
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
