import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TablePeriod } from '../resolver/types.ts';
import { absenceOf, type oldestTable } from './absence.ts';
import { attempt, isMissingTable } from './attempt.ts';
import type { Bookmark } from './cursor.ts';
import { explained } from './difference.ts';
import { RotatingError } from './failure.ts';
import type { Fetched } from './lanes.ts';
import type { TableRequest } from './request.ts';
import type { Attributes, Key } from './table-keys.ts';
import type { RotatingOptions } from './types.ts';

/** A read as the caller requested it, with its range as a condition. */
export interface Plan {
  readonly options: RotatingOptions;
  readonly bookmark: Bookmark;
  readonly request: TableRequest;
  readonly concurrency: number | undefined;
  readonly pageSize: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export const NOTHING: Fetched<Attributes> = { items: [], lastKey: undefined };

interface PageRequest {
  readonly after: Key | undefined;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
  readonly findOldest: typeof oldestTable;
}

/** One page of one table. Empty if the table does not exist and does not need to. */
export async function fetchPage(
  { options, bookmark, request }: Plan,
  period: TablePeriod,
  { after, limit, signal, findOldest }: PageRequest,
): Promise<Fetched<Attributes>> {
  const input = { ...request, TableName: period.table, ExclusiveStartKey: after, Limit: limit };
  const { documents } = options;
  try {
    const { Items = [], LastEvaluatedKey } = await attempt(signal, (http) =>
      bookmark.kind === 'query'
        ? documents.send(new QueryCommand(input), http)
        : documents.send(new ScanCommand(input), http),
    );
    return { items: Items, lastKey: LastEvaluatedKey };
  } catch (error) {
    if (!isMissingTable(error)) throw explained(options, period.table, error, bookmark.index);
    await absenceOf(options, period, error, signal, findOldest);
    return NOTHING;
  }
}

/**
 * The key after which the next page would start if a page ended with this item.
 * @throws RotatingError `no-cursor` if the item lacks a key attribute
 */
export function keyOf({ options, bookmark }: Plan, item: Attributes): Key {
  const index = bookmark.index === undefined ? [] : (options.indexes?.[bookmark.index] ?? []);
  const names = [...new Set([...options.key, ...index])];
  const missing = names.filter((name) => item[name] === undefined);
  if (missing.length > 0)
    throw new RotatingError(
      'no-cursor',
      `Cannot create a cursor: the item has no ${missing.join(', ')}. Project the key attributes, or use the cursors of pages().`,
    );
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}
