import { say } from '../resolver/failure.ts';
import { type Bookmark, digestOf, invalidCursor, ORDERS, readCursor } from './cursor.ts';
import { given, refused } from './given.ts';
import { RangeReading } from './reading.ts';
import { fitted, type Kind, type TableRequest, within } from './request.ts';
import { pinned } from './tables.ts';
import type { Attributes, QueryInput, RangeOptions, RotatingClient, RotatingOptions } from './types.ts';

const SIDE_BY_SIDE = 4;

export function ranges(options: RotatingOptions): Pick<RotatingClient, 'query' | 'scan'> {
  return {
    query: (input) => reading(options, 'query', input),
    scan: (input = {}) => reading(options, 'scan', input),
  };
}

/** @throws RotatingError, ResolverError at once, before anything is sent */
function reading(options: RotatingOptions, kind: Kind, input: Input): RangeReading {
  const { from, to, order, concurrency, pageSize, cursor, signal, ...request } = given(kind, input);
  if (order !== undefined && !ORDERS.includes(order))
    throw refused(`There is no order "${say(order)}": ${ORDERS.join(', ')}.`);
  if ((request as Attributes).Select === 'COUNT') throw refused('Select: COUNT answers no items to read.');
  const digest = digestOf([options.group, kind, SAME.map((name) => (request as Attributes)[name] ?? null)]);
  const bookmark =
    cursor === undefined
      ? begin(options, kind, input, digest)
      : goOn(options, kind, input, readCursor(cursor, options.group, kind, request.IndexName, digest));
  if (kind === 'query') checkDirection(options, input, bookmark);
  const usual = bookmark.order === 'unordered' ? SIDE_BY_SIDE : 1;
  const atATime = concurrency === undefined ? usual : concurrency;
  for (const [name, value] of Object.entries({
    concurrency: atATime,
    pageSize: pageSize === undefined ? 1 : pageSize,
  }))
    if (!Number.isInteger(value) || value < 1)
      throw refused(`${name} must be a whole number from 1 on, and is ${say(value)}.`);
  return new RangeReading({
    options,
    bookmark,
    request: within(kind, options, kind === 'query' ? directed(request, bookmark) : request, bookmark),
    concurrency: atATime,
    pageSize,
    signal,
  });
}

/** What has to be the same for a cursor to be of the same read. */
const SAME = [
  'IndexName',
  'KeyConditionExpression',
  'FilterExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ScanIndexForward',
  'Segment',
  'TotalSegments',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'ConditionalOperator',
] as const;

type Input = TableRequest & RangeOptions & Pick<QueryInput, 'ScanIndexForward'>;

function begin(options: RotatingOptions, kind: Kind, input: Input, digest: string): Bookmark {
  const { from, to, order = 'oldest-first', IndexName: index } = input;
  const position = { open: [], last: undefined };
  const range = { from: pinned(options, from), to: pinned(options, to) };
  return { group: options.group, kind, index, order, position, digest, ...range };
}

/** A cursor's read, within the range that is given beside it. */
function goOn(options: RotatingOptions, kind: Kind, input: Input, bookmark: Bookmark): Bookmark {
  const { from, to } = begin(options, kind, input, '');
  const index = bookmark.index === undefined ? [] : options.indexes?.[bookmark.index];
  const names = index && [...new Set([...options.key, ...index])].sort().join();
  for (const [, after] of bookmark.position.open)
    if (after && names !== undefined && Object.keys(after).sort().join() !== names)
      throw invalidCursor('is none');
  if (input.order !== undefined && input.order !== bookmark.order)
    throw invalidCursor(`goes ${bookmark.order}, and the order given is ${input.order}`);
  try {
    pinned(options, bookmark.from);
    pinned(options, bookmark.to);
  } catch (error) {
    throw invalidCursor('is none', error);
  }
  const range = {
    from: from === undefined ? bookmark.from : Math.max(from, bookmark.from ?? -Infinity),
    to: to === undefined ? bookmark.to : Math.min(to, bookmark.to ?? Infinity),
  };
  const forward = input.ScanIndexForward ?? bookmark.order !== 'newest-first';
  return { ...bookmark, ...range, position: fitted(kind, options, { ...bookmark, ...range }, forward) };
}

/** By a timestamp as sort key, tables one way and the items of each the other way would be in no order at all. */
function checkDirection(
  { key, indexes, timestamp }: RotatingOptions,
  input: Input,
  { order }: Bookmark,
): void {
  const { IndexName: index, ScanIndexForward: forward } = input;
  const sortKey = (index === undefined ? key : indexes?.[index])?.[1];
  if (forward === undefined || order === 'unordered' || sortKey !== timestamp.attribute) return;
  if (forward === (order === 'newest-first'))
    throw refused(
      `ScanIndexForward: ${forward} is \`order: '${forward ? 'oldest' : 'newest'}-first'\` here, and the order is ${order}.`,
    );
}

/** Within a table a query goes the same way as from table to table. */
const directed = (
  request: TableRequest & Pick<QueryInput, 'ScanIndexForward'>,
  { order }: Bookmark,
): TableRequest & Pick<QueryInput, 'ScanIndexForward'> => ({
  ...request,
  ScanIndexForward: request.ScanIndexForward ?? order !== 'newest-first',
});
