import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { withoutUnmanaged } from '../core/guards/seen-ownership.ts';
import type { StateStore, TableClient } from '../ports.ts';

/** Tags a table. @throws ServiceError, `in-use` until AWS shows the tags */
export async function tagVisibly(
  arn: string,
  tags: Readonly<Record<string, string>>,
  tables: TableClient,
  areShown: () => Promise<boolean>,
): Promise<void> {
  await tables.tag(arn, tags);
  if (await areShown()) return;
  throw new ServiceError('in-use', 'AWS does not show the new tags yet. Try again in a minute.');
}

/** Lets the next runs read the tags of a table that they might have seen without. @throws ServiceError */
export async function forgetUnmanaged(group: string, table: TableState, state: StateStore): Promise<void> {
  try {
    for (const kind of ['ownership', 'unmanaged'] as const) {
      const left = withoutUnmanaged((await state.seen(kind)).get(group), table);
      if (left) await state.rememberSeen(kind, group, left);
    }
  } catch (error) {
    // Without a state table, nothing is remembered.
    if (!isFailure(error, 'not-found')) throw error;
  }
}
