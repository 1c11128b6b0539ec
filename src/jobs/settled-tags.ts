import { MINUTE_MS } from '../core/calendar/period.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure } from '../core/failure.ts';
import { ownershipTags } from '../core/guards/ownership.ts';
import type { Ports } from '../ports.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * In this time after a creation, the answer without tags might be too early:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
 */
const NEW_MS = MINUTE_MS;
const PAUSES_MS: readonly number[] = [300, 600, 1_200];

const ownershipKeys = Object.values(ownershipTags);

/** The tags of a table. If the table is new and none of them is Turntable's, reads them again for two seconds. */
export async function settledTags(
  { arn, createdAt }: TableState,
  { tables, clock }: Pick<Ports, 'tables' | 'clock'>,
): Promise<Tags> {
  const isNew = (): boolean => clock.now() - createdAt < NEW_MS;
  const read = async (last: boolean): Promise<Tags> => {
    try {
      return await tables.tags(arn);
    } catch (error) {
      if (last || !isNew() || !isFailure(error, 'not-found')) throw error;
      return {};
    }
  };
  for (const pauseMs of PAUSES_MS) {
    const tags = await read(false);
    if (!isNew() || ownershipKeys.some((key) => key in tags)) return tags;
    await clock.sleep(pauseMs);
  }
  return read(true);
}
