/** Which tables of a group scale looks after, and with which care. */
import { missingTables, type Table } from '../fleet.ts';
import { withoutLowering } from '../guards/lowering.ts';
import { reduceActions } from '../guards/reduce.ts';
import type { Observed } from '../observed.ts';
import type { Outcome } from '../outcome.ts';
import type { Draft, Objection } from '../plan.ts';
import { groupsOf, type Refusal } from '../scheme-change.ts';
import type { Config, Spec } from '../spec.ts';

/** A group as scale sees it. */
export interface ServedGroup {
  readonly spec: Spec;
  /** The tables to scale: those that exist, and needed ones that do not. */
  readonly tables: readonly Table[];
  /** Why the group is refused, in words, and its current tables. */
  readonly refused?: { readonly message: string; readonly tables: readonly Table[] };
  /** Why nothing in the group is lowered. */
  readonly caution?: Objection;
  /** What has to be read before the group is known to be in order. Until then, its tables are raised. */
  readonly pending?: Outcome;
}

/** All groups at `now`, epoch milliseconds. */
export const servedGroups = (config: Config, observed: Observed, now: number): ServedGroup[] =>
  groupsOf(config, observed, now, 'ownership').map(({ spec, present, verdict }): ServedGroup => {
    const missing = missingTables(spec, observed.names, now);
    const tables = missing.length === 0 ? present : [...present, ...missing];
    if ('pending' in verdict)
      return { spec, tables, caution: unsure('Some tags are not read yet.'), pending: verdict.pending };
    const { refusal, unread } = verdict.value;
    if (refusal) return { spec, ...refusedGroup(refusal) };
    const [why] = unread.flatMap(({ outcome }) => outcome.holds);
    return { spec, tables, ...(why && { caution: unsure(why.message) }) };
  });

const unsure = (why: string): Objection => ({
  reason: 'unreadable',
  message: `It is not known whether the RotationScheme of the group changed. ${why}`,
});

function refusedGroup({
  message,
  tables,
  current,
}: Refusal): Pick<ServedGroup, 'tables' | 'refused' | 'caution'> {
  const all = tables.map(raisedOnly);
  const active = all.filter(({ phase }) => phase === 'active');
  const needed = active.length > 0 ? active : [current];
  return {
    tables: all,
    refused: { message, tables: needed },
    caution: { reason: 'scheme-changed', message: 'The RotationScheme of the group changed.' },
  };
}

/**
 * A table of a refused group is raised by its own newest demand. Nothing is learned of it, because the demand of the group
 * is not one series then, and its billing mode stays.
 */
const raisedOnly = (table: Table): Table => ({
  ...table,
  spec: {
    ...table.spec,
    billing: 'provisioned',
    resources: table.spec.resources.map((resource) => {
      const { scaling } = resource;
      return scaling.method === 'none'
        ? resource
        : { ...resource, scaling: { ...scaling, method: 'reactive' } };
    }),
  },
});

/** A draft without what lowers tables of the groups for which that is not sure to be right. */
export const withCaution = (draft: Draft, groups: readonly ServedGroup[]): Draft =>
  groups.reduce(
    (left, { spec, caution }) =>
      caution
        ? reduceActions(left, { reason: caution.reason }, (action) =>
            action.group === spec.name ? withoutLowering(action, caution.message) : { left: action },
          )
        : left,
    draft,
  );
