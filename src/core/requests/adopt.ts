import { ask } from '../ask.ts';
import type { Period } from '../calendar/period.ts';
import type { Need } from '../facts.ts';
import { membersOf, type Table, tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Answer, Outcome } from '../outcome.ts';
import type { Config, Spec } from '../spec.ts';
import { type Adoptable, type Assessment, assessmentOf, type Refused } from './adoptable.ts';

/** Which tables of a group can be adopted, and which cannot. */
export interface Adoption {
  readonly adoptable: readonly Adoptable[];
  readonly refused: readonly Refused[];
  /** Names of the tables that Turntable manages already. */
  readonly managed: readonly string[];
}

/** The known part of an adoption. While there are needs, some tables are missing. */
export interface AdoptionDraft extends Adoption {
  readonly needs: readonly Need[];
}

/**
 * Which tables of a group can be adopted: those of the given periods, or all existing ones. Without periods, tables
 * whose names only start like the group's are refused and not ignored.
 */
export function planAdoption(
  config: Config,
  spec: Spec,
  observed: Observed,
  now: number,
  periods?: readonly Period[],
): AdoptionDraft {
  const members = [...membersOf(config, observed.names, now).values()].flat();
  const tables =
    periods?.map((period) => tableOf(spec, period, now)) ??
    members.filter((table) => table.spec.name === spec.name);
  const answers = tables.map((table) => assess(observed, table));
  const assessments = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
  const known = new Set(members.map(({ name }) => name));
  const invalid = periods
    ? []
    : [...observed.names].filter((name) => startsLike(spec, name) && !known.has(name)).sort();
  return {
    adoptable: assessments.filter((one) => 'state' in one),
    refused: [
      ...assessments.filter((one) => 'reasons' in one),
      ...invalid.map((name) => ({ name, reasons: [invalidName(spec)] })),
    ],
    managed: assessments.filter((one) => 'managed' in one).map(({ managed }) => managed),
    needs: answers.flatMap((answer) => ('pending' in answer ? answer.pending.needs : [])),
  };
}

function startsLike({ environment, name: group }: Spec, name: string): boolean {
  const base = `${environment}.${group}`;
  return name === base || name.startsWith(`${base}.`);
}

function invalidName({ environment, name, scheme }: Spec): string {
  const group = `${environment}.${name}`;
  if (scheme === 'none') return `The table name must be exactly ${group}.`;
  return `The table name is not valid for the ${scheme} group ${group}.`;
}

function assess(observed: Observed, table: Table): Answer<Assessment> {
  const { name } = table;
  const missing = { value: { name, reasons: ['The table does not exist.'] } };
  if (!observed.names.has(name)) return missing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return refusedIfUnreadable(name, described.pending);
  if (!described.value) return missing;
  const tags = ask(observed, table, 'tags');
  if ('pending' in tags) return refusedIfUnreadable(name, tags.pending);
  return { value: assessmentOf(table, described.value, tags.value) };
}

/** Turns a failed read into a reason to refuse the table. A value that is not read yet stays pending. */
const refusedIfUnreadable = (name: string, pending: Outcome): Answer<Refused> =>
  pending.needs.length > 0
    ? { pending }
    : { value: { name, reasons: pending.holds.map(({ message }) => message) } };
