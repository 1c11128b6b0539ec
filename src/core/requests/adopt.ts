import { iso, sayInstant } from '../calendar/instant.ts';
import { HOUR_MS, type Period } from '../calendar/period.ts';
import { membersOf, type Table, tableOf } from '../fleet.ts';
import { disowned, KEEP_TAG, MADE_AT_TAG, ownershipTags, restored, tagsFor } from '../guards/ownership.ts';
import type { Observed, TableState } from '../observed.ts';
import { expiresAt } from '../phase.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import { differences } from '../schema.ts';
import type { Config, Spec } from '../spec.ts';

type Tags = Readonly<Record<string, string>>;

/** An unowned table that fits its spec. */
export interface Adoptable {
  readonly table: Table;
  readonly state: TableState;
  /** What it has to be given: the tags of ownership that it has not, and when it was made. */
  readonly tags: Tags;
  /** What somebody should know before: scheduledDeletions. */
  readonly cautions: readonly string[];
}

export interface Refused {
  readonly name: string;
  /** Everything that speaks against it: scheduledDeletions. */
  readonly reasons: readonly string[];
}

/** What may be taken over of a group, and what may not. */
export interface Adoption {
  readonly adoptable: readonly Adoptable[];
  readonly refused: readonly Refused[];
  /** Names of the tables that are managed already. */
  readonly managed: readonly string[];
}

/**
 * Which tables of a group can be taken over: those of the given periods, or all that stand. Tables whose names only
 * begin as the group's do are refused, not passed over, unless periods are given.
 */
export function planAdoption(
  draft: PlanBuilder,
  config: Config,
  spec: Spec,
  observed: Observed,
  now: number,
  periods?: readonly Period[],
): Adoption {
  const members = [...membersOf(config, observed.names, now).values()].flat();
  const tables =
    periods?.map((period) => tableOf(spec, period, now)) ??
    members.filter((table) => table.spec.name === spec.name);
  const verdicts = tables.flatMap((table) => judge(draft, observed, table) ?? []);
  const known = new Set(members.map(({ name }) => name));
  const strangers = periods
    ? []
    : [...observed.names].filter((name) => resembles(spec, name) && !known.has(name)).sort();
  return {
    adoptable: verdicts.filter((verdict) => 'state' in verdict),
    refused: [
      ...verdicts.filter((verdict) => 'reasons' in verdict),
      ...strangers.map((name) => ({ name, reasons: [misnamed(spec)] })),
    ],
    managed: verdicts.filter((verdict) => 'managed' in verdict).map(({ managed }) => managed),
  };
}

function resembles({ environment, name: group }: Spec, name: string): boolean {
  const base = `${environment}.${group}`;
  return name === base || name.startsWith(`${base}.`);
}

function misnamed({ environment, name, scheme }: Spec): string {
  const group = `${environment}.${name}`;
  if (scheme === 'none') return `The name is not exactly ${group}.`;
  return `The name is not exactly one of the ${scheme} tables of ${group}.`;
}

type Verdict = Adoptable | Refused | { readonly managed: string };

/** undefined where something has yet to be read. */
function judge(draft: PlanBuilder, observed: Observed, table: Table): Verdict | undefined {
  const { name } = table;
  if (!observed.names.has(name)) return { name, reasons: ['It does not exist.'] };
  const unreadable = (fact: 'description' | 'tags'): Refused | undefined => {
    const reading = observed.get(fact, name);
    return reading && 'error' in reading
      ? { name, reasons: [`Could not read its ${fact}: ${reading.error}`] }
      : undefined;
  };
  const described = draft.ask(observed, table, 'description');
  if (!described) return unreadable('description');
  if (!described.value) return { name, reasons: ['It does not exist.'] };
  const tags = draft.ask(observed, table, 'tags');
  if (!tags) return unreadable('tags');
  return verdictOn(table, described.value, tags.value);
}

/** What a table's description and tags say of taking it over. */
export function verdictOn(table: Table, state: TableState, tags: Tags): Verdict {
  const { spec, period, name } = table;
  const copy = restored(period, state.createdAt, tags);
  if (!disowned(spec, period, name, tags) && !copy) return { managed: name };
  const wanted = { ...tagsFor(spec, period), [MADE_AT_TAG]: iso(state.createdAt) };
  const reasons = [
    ...statusObjection(state),
    ...tagObjections(table, tags),
    ...(state.global ? ['It is a global table; Turntable keeps tables of one region only.'] : []),
    ...differences(spec.properties, state.schema),
    ...tooManyTags({ ...tags, ...wanted }),
  ];
  if (reasons.length > 0) return { name, reasons };
  const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  return { table, state, tags: Object.fromEntries(missing), cautions: cautionsOn(table, state, tags, copy) };
}

function statusObjection({ status }: TableState): string[] {
  if (status === 'ACTIVE' || status === 'UPDATING') return [];
  return [`It is ${status}.`];
}

/** Tags of ownership that say something else; those that are missing are what adopting is for. */
function tagObjections({ spec, period }: Table, tags: Tags): string[] {
  return Object.entries(tagsFor(spec, period)).flatMap(([key, wanted]) => {
    const found = tags[key];
    if (found === undefined || found === wanted) return [];
    if (key === ownershipTags.scheme)
      return [`It was made for RotationScheme ${found}; the spec says ${wanted} now.`];
    return [`Its tag ${key} is "${found}", not "${wanted}".`];
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html: AWS's own do not count. */
const MOST_TAGS = 50;

function tooManyTags(tags: Tags): string[] {
  const count = Object.keys(tags).filter((key) => !key.startsWith('aws:')).length;
  return count > MOST_TAGS ? [`It would have ${count} tags, and AWS allows ${MOST_TAGS}.`] : [];
}

function cautionsOn(table: Table, state: TableState, tags: Tags, copy: string | undefined): string[] {
  const { spec, period, phase } = table;
  const billing = spec.resources.length === 0 ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  const cautions: string[] = [];
  if (copy)
    cautions.push(`It seems to be a restored copy: ${copy}. Once taken over it is purged like any other.`);
  if (phase === 'expired')
    cautions.push(`Expired since ${sayInstant(expiresAt(spec, period))}: ${fate(spec, tags)}`);
  if (
    spec.billing !== 'auto' &&
    state.billingMode !== billing &&
    spec.outdated.billingMode !== state.billingMode
  ) {
    const say = (mode: string): string => (mode === 'PROVISIONED' ? 'provisioned' : 'on demand');
    cautions.push(`It is ${say(state.billingMode)}, the spec says ${say(billing)}: nothing changes that.`);
  }
  return cautions;
}

function fate({ settings }: Spec, tags: Tags): string {
  if (tags[KEEP_TAG] !== undefined) return `its tag ${KEEP_TAG} keeps it.`;
  if (!settings.purge.enabled) return 'purging is switched off; once it is on, purge may condemn it.';
  const hours = settings.purge.waitingPeriodMs / HOUR_MS;
  return `purge may condemn it at its next run, and delete it ${hours} hours later. To keep it, tag it ${KEEP_TAG} first.`;
}
