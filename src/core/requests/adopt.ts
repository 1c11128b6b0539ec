import { ask } from '../ask.ts';
import { iso, sayInstant } from '../calendar/instant.ts';
import { HOUR_MS, type Period } from '../calendar/period.ts';
import { membersOf, type Table, tableOf } from '../fleet.ts';
import { disowned, KEEP_TAG, MADE_AT_TAG, ownershipTags, restored, tagsFor } from '../guards/ownership.ts';
import type { Need, Observed, TableState } from '../observed.ts';
import type { Answer, Outcome } from '../outcome.ts';
import { expiresAt } from '../phase.ts';
import { differences } from '../schema.ts';
import type { Config, Spec } from '../spec.ts';

type Tags = Readonly<Record<string, string>>;

/** An unmanaged table that matches its spec. */
export interface Adoptable {
  readonly table: Table;
  readonly state: TableState;
  /** Tags that adopting adds: the missing ownership tags, and the time at which the table was created. */
  readonly tags: Tags;
  /** What an operator should know before adopting, one sentence or more each. */
  readonly warnings: readonly string[];
}

export interface Refused {
  readonly name: string;
  /** Every reason why the table cannot be adopted, one sentence each. */
  readonly reasons: readonly string[];
}

/** Which tables of a group can be adopted, and which cannot. */
export interface Adoption {
  readonly adoptable: readonly Adoptable[];
  readonly refused: readonly Refused[];
  /** Names of the tables that Turntable manages already. */
  readonly managed: readonly string[];
}

/** An adoption as far as it is known: as long as anything is needed, it lacks tables. */
export interface AdoptionDraft extends Adoption {
  readonly needs: readonly Need[];
}

/**
 * Which tables of a group can be adopted: those of the given periods, or all that exist. Without periods,
 * tables whose names only start like the group's are refused rather than ignored.
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

type Assessment = Adoptable | Refused | { readonly managed: string };

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

/** What could not be read is a reason to refuse the table. What has yet to be read stays pending. */
const refusedIfUnreadable = (name: string, pending: Outcome): Answer<Refused> =>
  pending.needs.length > 0
    ? { pending }
    : { value: { name, reasons: pending.holds.map(({ message }) => message) } };

/** Whether a table can be adopted, by its description and tags. */
export function assessmentOf(table: Table, state: TableState, tags: Tags): Assessment {
  const { spec, period, name } = table;
  const copy = restored(period, state.createdAt, tags);
  if (!disowned(spec, period, name, tags) && !copy) return { managed: name };
  const wanted = { ...tagsFor(spec, period), [MADE_AT_TAG]: iso(state.createdAt) };
  const reasons = [
    ...statusObjection(state),
    ...tagObjections(table, tags),
    ...(state.global
      ? ['The table is a global table. Turntable manages only tables of a single Region.']
      : []),
    ...differences(spec.properties, state.schema),
    ...tooManyTags({ ...tags, ...wanted }),
  ];
  if (reasons.length > 0) return { name, reasons };
  const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  return {
    table,
    state,
    tags: Object.fromEntries(missing),
    warnings: warningsAbout(table, state, tags, copy),
  };
}

function statusObjection({ status }: TableState): string[] {
  if (status === 'ACTIVE' || status === 'UPDATING') return [];
  return [`The table is ${status}.`];
}

/** Ownership tags with another value. Missing ones are no objection, because adopting adds them. */
function tagObjections({ spec, period }: Table, tags: Tags): string[] {
  return Object.entries(tagsFor(spec, period)).flatMap(([key, wanted]) => {
    const found = tags[key];
    if (found === undefined || found === wanted) return [];
    if (key === ownershipTags.scheme)
      return [`The table was created for RotationScheme ${found}, but the spec now says ${wanted}.`];
    return [`The tag ${key} is "${found}" instead of "${wanted}".`];
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html: tags that AWS adds do not count. */
const MOST_TAGS = 50;

function tooManyTags(tags: Tags): string[] {
  const count = Object.keys(tags).filter((key) => !key.startsWith('aws:')).length;
  return count > MOST_TAGS ? [`The table would have ${count} tags. AWS allows ${MOST_TAGS}.`] : [];
}

function warningsAbout(table: Table, state: TableState, tags: Tags, copy: string | undefined): string[] {
  const { spec, period, phase } = table;
  const billing = spec.resources.length === 0 ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  const warnings: string[] = [];
  if (copy)
    warnings.push(
      `The table looks like a restored copy: ${copy}. After adoption, purge deletes it like any other table.`,
    );
  if (phase === 'expired')
    warnings.push(`Retention ended at ${sayInstant(expiresAt(spec, period))}. ${expiryWarning(spec, tags)}`);
  if (
    spec.billing !== 'auto' &&
    state.billingMode !== billing &&
    spec.outdated.billingMode !== state.billingMode
  ) {
    const say = (mode: string): string => (mode === 'PROVISIONED' ? 'provisioned' : 'on-demand');
    warnings.push(
      `The table is ${say(state.billingMode)} and the spec says ${say(billing)}. Turntable does not change the billing mode.`,
    );
  }
  return warnings;
}

function expiryWarning({ settings }: Spec, tags: Tags): string {
  if (tags[KEEP_TAG] !== undefined) return `The tag ${KEEP_TAG} retains the table.`;
  if (!settings.purge.enabled)
    return 'Purging is disabled. If you enable it, purge can schedule the deletion.';
  const hours = settings.purge.waitingPeriodMs / HOUR_MS;
  return `Purge can schedule the deletion in its next run and delete the table ${hours} hours later. To keep the table, add the tag ${KEEP_TAG} before you adopt it.`;
}
