import { ServiceError } from '../core/failure.ts';
import type { TableClient } from '../ports.ts';

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
