import { ServiceError } from '../core/failure.ts';
import type { TableClient } from '../ports.ts';

/** Gives a table tags. @throws ServiceError, `in-use` as long as AWS does not show them */
export async function tagVisibly(
  arn: string,
  tags: Readonly<Record<string, string>>,
  tables: TableClient,
  areShown: () => Promise<boolean>,
): Promise<void> {
  await tables.tag(arn, tags);
  if (await areShown()) return;
  throw new ServiceError('in-use', 'AWS does not show its new tags yet; look again in a while.');
}
