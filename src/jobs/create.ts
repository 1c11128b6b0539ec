import { iso } from '../core/calendar/instant.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { CREATED_AT_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { Action, CreateTable } from '../core/plan.ts';
import type { Ports } from '../ports.ts';

/**
 * Creates a table. If another run has created it meanwhile, nothing is left to do. If its tags differ, that is an error.
 * @throws ServiceError
 */
export async function create(
  action: Extract<Action, { kind: 'create' }>,
  { tables, clock }: Ports,
): Promise<void> {
  try {
    await tables.create(stamped(action.input, clock.now()));
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    const existing = await tables.describe(action.table);
    if (!existing || existing.status === 'DELETING') throw error;
    const objection = tagDifference(action.input, await tables.tags(existing.arn));
    if (!objection) return;
    throw new ServiceError(
      'refused',
      `${action.table} already exists and does not belong to the spec: ${objection}`,
      {
        cause: error,
      },
    );
  }
}

/** The input with the tag of the creation time, which the plan cannot know. */
function stamped(input: CreateTable, now: number): CreateTable {
  return { ...input, Tags: [...((input.Tags ?? []) as object[]), { Key: CREATED_AT_TAG, Value: iso(now) }] };
}

const ownershipKeys: ReadonlySet<string> = new Set(Object.values(ownershipTags));

/** How the tags of the existing table differ from the planned ones; undefined if every ownership tag matches. */
function tagDifference(input: CreateTable, tags: Readonly<Record<string, string>>): string | undefined {
  const expected = ((input.Tags ?? []) as { Key: string; Value: string }[]).filter(({ Key }) =>
    ownershipKeys.has(Key),
  );
  const wrong = expected.find(({ Key, Value }) => tags[Key] !== Value);
  if (!wrong) return undefined;
  const found = tags[wrong.Key];
  return found === undefined
    ? `it has no tag ${wrong.Key}.`
    : `the tag ${wrong.Key} is "${found}" instead of "${wrong.Value}".`;
}
