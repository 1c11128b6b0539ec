import { iso } from '../core/calendar/instant.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { MADE_AT_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { Action, CreateTable } from '../core/plan.ts';
import type { Ports } from '../ports.ts';

/**
 * Makes a table. One that another run of ours made meanwhile is what was wanted; one of somebody else's is not.
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
    const standing = await tables.describe(action.table);
    if (!standing || standing.status === 'DELETING') throw error;
    const objection = foreign(action.input, await tables.tags(standing.arn));
    if (!objection) return;
    throw new ServiceError('refused', `${action.table} exists, and it is not ours: ${objection}`, {
      cause: error,
    });
  }
}

/** The plan cannot know when the call is made. */
function stamped(input: CreateTable, now: number): CreateTable {
  return { ...input, Tags: [...((input.Tags ?? []) as object[]), { Key: MADE_AT_TAG, Value: iso(now) }] };
}

const ours: ReadonlySet<string> = new Set(Object.values(ownershipTags));

/** What tells the standing table from the one that was to be made; undefined where every tag of ownership agrees. */
function foreign(input: CreateTable, tags: Readonly<Record<string, string>>): string | undefined {
  const expected = ((input.Tags ?? []) as { Key: string; Value: string }[]).filter(({ Key }) =>
    ours.has(Key),
  );
  const wrong = expected.find(({ Key, Value }) => tags[Key] !== Value);
  if (!wrong) return undefined;
  const found = tags[wrong.Key];
  return found === undefined
    ? `it has no tag ${wrong.Key}.`
    : `its tag ${wrong.Key} is "${found}", not "${wrong.Value}".`;
}
