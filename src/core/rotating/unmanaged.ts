import { askUnseenTags } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { adoptCommand } from '../commands.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { disowned, ownershipTags, tagsFor } from '../guards/ownership.ts';
import { isDueToBeSeen } from '../guards/seen-ownership.ts';
import { type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import { globalDifference, namesOwnRegion } from '../replicas.ts';
import { differences, keyDifference } from '../schema.ts';
import { protects, type Spec } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { uncapitalized } from '../text.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * The hold for a table that Turntable does not manage, and that has the name of a current or upcoming table. It makes the
 * run fail, because applications are going to use that table. undefined if Turntable manages the table.
 */
export function unmanagedInPlace(context: TableContext): Outcome | undefined {
  const { observed, table, state, now } = context;
  const fixed = [...differences(table.spec.properties, state.schema), ...globalDifference(table.spec, state)];
  const unlike = [...fixed, ...billingDifference(table.spec, state)];
  // Restore adds the tags at its end. Until then, another hold says that DynamoDB restores the table.
  if (state.restoring || (unlike.length === 0 && looksManaged(context))) return undefined;
  const tags = askUnseenTags(observed, table);
  if ('pending' in tags) return tags.pending;
  if (!tags.value) return undefined;
  const objection = disowned(table.spec, table.period, table.name, tags.value);
  if (!objection) return undefined;
  const wrong = tagDifferences(table, tags.value);
  const hold: HoldBody = {
    kind: 'use',
    reason: objection.reason,
    message: [
      placeOf(table, now),
      ...wrong.sentences,
      ...unlike,
      // It might be a replica, so an operator must not delete it.
      namesOwnRegion(table.spec, state.arn) ?? cure(table, wrong.adoptable, fixed),
    ].join(' '),
    urgent: true,
  };
  return holding(hold);
}

/**
 * The hold for a managed table whose key, indexes or stream differ from its spec: the spec was changed after the table was
 * created, or an operator changed the table. It only makes the run fail if the key differs and the table is not in use yet.
 */
export function differsFromSpec({ table, state }: TableContext): Outcome {
  const { properties } = table.spec;
  const different = differences(properties, state.schema);
  if (different.length === 0) return nothing;
  const keyDiffers = keyDifference(properties, state.schema).length > 0;
  const cured = namesOwnRegion(table.spec, state.arn) ?? cureOfDifference(table, keyDiffers);
  const message = [...different, cured].join(' ');
  const urgent = table.phase === 'upcoming' && keyDiffers;
  return holding({ kind: 'use', reason: 'settings-differ', message, ...(urgent && { urgent }) });
}

function cureOfDifference({ spec, phase }: Table, keyDiffers: boolean): string {
  if (phase === 'upcoming') {
    const todo = 'If it has no items that you need, delete it. Rotate then creates it as the spec says.';
    return keyDiffers ? todo : `Change it by hand, or replace it: ${uncapitalized(todo)}`;
  }
  const never = 'Turntable does not change the key, the indexes or the stream of a table that exists.';
  return spec.scheme === 'none'
    ? `${never} Change the spec${keyDiffers ? '' : ', or change the table by hand'}.`
    : `${never} It creates the tables of later periods as the spec says.`;
}

/**
 * Whether a table is protected like one that rotate creates, and its tags are read later. AWS allows about 10 reads of tags
 * per second in an account, so rotate does not read those of all new tables at once.
 */
const looksManaged = ({ observed, table, state, now }: TableContext): boolean =>
  protects(table.spec) &&
  state.deletionProtected &&
  !observed.get('tags', table.name) &&
  !isDueToBeSeen(table, state, now);

function placeOf({ period, phase }: Table, now: number): string {
  const place =
    phase === 'active' || period.start <= now
      ? 'the current table'
      : `the table for the period that starts at ${sayInstant(period.start)}`;
  return `This table is in the place of ${place}, but Turntable does not manage it.`;
}

/** How the ownership tags differ, and whether adopting can add them: it never replaces one. */
function tagDifferences({ spec, period }: Table, tags: Tags): { sentences: string[]; adoptable: boolean } {
  const expected = Object.entries(tagsFor(spec, period));
  const missing = expected.filter(([key]) => tags[key] === undefined).map(([key]) => key);
  const wrong = expected.filter(([key, value]) => tags[key] !== undefined && tags[key] !== value);
  const all = missing.length === expected.length;
  return {
    sentences: [
      ...(all ? ['It has no ownership tags.'] : missing.map((key) => `It has no tag ${key}.`)),
      ...wrong.map(([key, value]) =>
        key === ownershipTags.scheme
          ? `The table was created for RotationScheme ${tags[key]}, but the spec now says ${value}.`
          : `The tag ${key} is "${tags[key]}" instead of "${value}".`,
      ),
    ],
    adoptable: wrong.length === 0,
  };
}

/** How the billing mode of a table differs from its spec. Empty if it does not, or if scale chooses the mode. */
export function billingDifference(spec: Spec, { billingMode }: TableState): string[] {
  const wanted = spec.resources.length === 0 ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  if (spec.billing === 'auto' || billingMode === wanted) return [];
  const say = { PROVISIONED: 'provisioned', PAY_PER_REQUEST: 'on-demand' } as const;
  return [`The table is ${say[billingMode]}, but the spec says ${say[wanted]}.`];
}

/** What an operator can do. `fixed`: differences that nothing can change on an existing table. */
function cure({ spec }: Table, adoptable: boolean, fixed: readonly string[]): string {
  if (!adoptable)
    return 'Rename the spec, or delete the table if you do not need it. Rotate then creates its own.';
  if (fixed.length === 0) return `To manage it, run ${adoptCommand(spec)}. If you do not need it, delete it.`;
  return 'Copy what you need from it, then delete it. Rotate then creates its own.';
}
