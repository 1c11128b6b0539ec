import { iso } from '../core/calendar/instant.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { CREATED_AT_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { Action, CreateTable } from '../core/plan.ts';
import type { Ports } from '../ports.ts';

type Create = Extract<Action, { kind: 'create' }>;

/**
 * For this long, AWS might not show the tags of a table that a run has not found in the list of tables, or those of an
 * earlier table of the name:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
 */
const TAGS_SETTLE_MS = 15 * SECOND_MS;

/**
 * Creates a table. If another run has created it meanwhile, or an earlier try whose answer was lost, nothing is left to do.
 * If its tags differ, that is an error. `begunAt`: when the run found no such table, epoch milliseconds.
 * @throws ServiceError, `in-use` if waiting helps
 */
export async function create(action: Create, ports: Ports, begunAt: number): Promise<void> {
  try {
    await ports.tables.create(stamped(action.input, ports.clock.now()));
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    await mustBelong(action, ports, begunAt, error);
  }
}

/** Whether the table that exists is the one to create. @throws ServiceError if it is not, or not yet */
async function mustBelong(
  { table, input }: Create,
  { tables, clock }: Ports,
  begunAt: number,
  cause: ServiceError,
): Promise<void> {
  const existing = await tables.describe(table);
  // DynamoDB does not show the table yet.
  if (!existing) throw cause;
  if (existing.status === 'DELETING')
    throw new ServiceError('in-use', `${table} is still DELETING, so it cannot be created yet.`, { cause });
  const tags = await tables.tags(existing.arn).catch((error: unknown) => {
    if (isFailure(error, 'not-found')) return {};
    throw error;
  });
  const objection = tagDifference(input, tags);
  if (!objection) return;
  const settling = clock.now() - Math.max(existing.createdAt, begunAt) < TAGS_SETTLE_MS;
  throw new ServiceError(
    settling ? 'in-use' : 'refused',
    `${table} already exists and does not belong to the spec: ${objection}`,
    { cause },
  );
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
