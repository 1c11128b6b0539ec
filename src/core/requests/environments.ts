/** Which environments an account has, by the names of its tables, and what their tables are together. */
import { isOwn, STATE_TABLE } from '../calendar/naming.ts';
import { costOf, monthOf } from '../cost.ts';
import type { TableState } from '../facts.ts';
import { membersOf } from '../fleet.ts';
import type { Phase } from '../phase.ts';
import type { Prices } from '../prices.ts';
import type { Config } from '../spec.ts';

/** A table of an environment by its name. Without a configuration, the phase is not known. */
export interface NamedTable {
  readonly name: string;
  readonly group: string;
  readonly phase?: Phase;
}

/** What some tables are together. */
export interface Sums {
  readonly tables: number;
  readonly sizeBytes: number;
  /** USD per month, without the requests of on-demand tables. */
  readonly costMonth: number;
  readonly onDemand: number;
}

export interface GroupSums extends Sums {
  readonly group: string;
  /** How many tables are in each phase; null without a configuration. */
  readonly phases: Readonly<Partial<Record<Phase, number>>> | null;
}

/** `<environment>.<group>`, and `.20261121` or `.2026112109` if the group rotates. */
const NAME = /^([a-zA-Z0-9_][\w-]{0,63})\.(.+?)(\.\d{8}(?:\d\d)?)?$/;

/** What names of tables show of one possible environment. */
export interface Candidate {
  /** Whether a state table has its name. No other tool creates such a table. */
  readonly hasState: boolean;
  /** One table of each group, whose tags show whether Turntable created it. */
  readonly samples: readonly string[];
}

/** The possible environments by name: those with a state table, with a dated table, or with a table of one of the groups. */
export function candidatesAmong(
  names: Iterable<string>,
  groups: readonly string[],
): ReadonlyMap<string, Candidate> {
  const found = new Map<string, { hasState: boolean; samples: Map<string, string> }>();
  for (const name of names) {
    const [, environment = '', group = '', date] = NAME.exec(name) ?? [];
    const isState = group === STATE_TABLE && date === undefined;
    if (!isState && date === undefined && !groups.includes(group)) continue;
    const known = found.get(environment) ?? { hasState: false, samples: new Map() };
    if (isState) known.hasState = true;
    else if (!known.samples.has(group)) known.samples.set(group, name);
    found.set(environment, known);
  }
  return new Map(
    [...found].map(([name, { hasState, samples }]) => [name, { hasState, samples: [...samples.values()] }]),
  );
}

/** The tables of an environment, and the names with its prefix that no spec matches. */
export function tablesOf(
  environment: string,
  config: Config | undefined,
  names: ReadonlySet<string>,
  now: number,
): { readonly tables: readonly NamedTable[]; readonly unmanaged: readonly string[] } {
  const own = [...names].filter((name) => name.startsWith(`${environment}.`) && !isOwn(environment, name));
  const tables = config
    ? [...membersOf(config, names, now).values()]
        .flat()
        .map(({ name, spec, phase }) => ({ name, group: spec.name, phase }))
    : own.flatMap((name) => {
        const [, , group = '', date] = NAME.exec(name) ?? [];
        return date === undefined ? [] : [{ name, group }];
      });
  const known = new Set(tables.map(({ name }) => name));
  return { tables, unmanaged: own.filter((name) => !known.has(name)) };
}

/** A table, and what DescribeTable says of it. */
export interface Described extends NamedTable {
  readonly state: TableState;
}

/** The sums of each group, in the order of its first table. */
export function sumsByGroup(described: readonly Described[], prices: Prices): GroupSums[] {
  const groups = [...new Set(described.map(({ group }) => group))];
  return groups.map((group) => {
    const own = described.filter((one) => one.group === group);
    return { group, ...sumsOf(own, prices), phases: phasesOf(own) };
  });
}

function sumsOf(described: readonly Described[], prices: Prices): Sums {
  const states = described.map(({ state }) => state);
  const sum = (of: (state: TableState) => number): number =>
    states.reduce((total, state) => total + of(state), 0);
  return {
    tables: states.length,
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    costMonth: sum((state) => monthOf(costOf(state, undefined, prices))),
    onDemand: states.filter(({ billingMode }) => billingMode === 'PAY_PER_REQUEST').length,
  };
}

function phasesOf(described: readonly Described[]): GroupSums['phases'] {
  if (described.some(({ phase }) => phase === undefined)) return null;
  const phases: Partial<Record<Phase, number>> = {};
  for (const { phase } of described) if (phase) phases[phase] = (phases[phase] ?? 0) + 1;
  return phases;
}

export const addedUp = (all: readonly Sums[]): Sums => ({
  tables: all.reduce((sum, { tables }) => sum + tables, 0),
  sizeBytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  costMonth: all.reduce((sum, { costMonth }) => sum + costMonth, 0),
  onDemand: all.reduce((sum, { onDemand }) => sum + onDemand, 0),
});
