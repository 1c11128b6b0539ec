import { iso, sayInstant } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { CREATED_AT_TAG, disowned, KEEP_TAG, ownershipTags, restored, tagsFor } from '../guards/ownership.ts';
import { expiresAt } from '../phase.ts';
import { globalDifference } from '../replicas.ts';
import { differences } from '../schema.ts';
import type { Spec } from '../spec.ts';

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

export type Assessment = Adoptable | Refused | { readonly managed: string };

/** Whether a table can be adopted, by its description and tags. */
export function assessmentOf(table: Table, state: TableState, tags: Tags): Assessment {
  const { spec, period, name } = table;
  const copy = restored(period, state.createdAt, tags);
  if (!disowned(spec, period, name, tags) && !copy) return { managed: name };
  const wanted = { ...tagsFor(spec, period), [CREATED_AT_TAG]: iso(state.createdAt) };
  const reasons = [
    ...statusObjection(state),
    ...tagObjections(table, tags),
    ...globalDifference(spec, state),
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

/** Ownership tags with another value. Missing tags are accepted, because adopting adds them. */
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
