import { say } from '../resolver/failure.ts';
import { type Bookmark, digestOf, invalidCursor, ORDERS, readCursor } from './cursor.ts';
import { checkedOptions, invalidOptions } from './options.ts';
import { RangeReading } from './reading.ts';
import { fitted, type Kind, type TableRequest, within } from './request.ts';
import type { Attributes } from './table-keys.ts';
import { epochMsOf } from './tables.ts';
import type { QueryInput, RangeOptions, RotatingClient, RotatingOptions } from './types.ts';

export function ranges(options: RotatingOptions): Pick<RotatingClient, 'query' | 'scan'> {
  return {
    query: (input) => reading(options, 'query', input),
    scan: (input = {}) => reading(options, 'scan', input),
  };
}

/** @throws RotatingError, ResolverError before anything is sent */
function reading(options: RotatingOptions, kind: Kind, input: Input): RangeReading {
  const { from, to, order, concurrency, pageSize, cursor, signal, ...request } = checkedOptions(kind, input);
  if (order !== undefined && !ORDERS.includes(order))
    throw invalidOptions(`Invalid order: ${say(order)}. Use ${ORDERS.join(', ')}.`);
  if ((request as Attributes).Select === 'COUNT')
    throw invalidOptions('Select: COUNT is not accepted, because it returns no items.');
  const { IndexName: index } = request;
  if (index !== undefined && !Object.hasOwn(options.indexes ?? {}, index))
    throw invalidOptions(
      `Unknown index "${say(index)}". Add its key attributes to the \`indexes\` of the client.`,
    );
  const digest = digestOf([options.group, kind, SAME.map((name) => (request as Attributes)[name] ?? null)]);
  const bookmark =
    cursor === undefined
      ? begin(options, kind, input, digest)
      : resume(options, kind, input, readCursor(cursor, options.group, kind, index, digest));
  if (kind === 'query') checkDirection(options, input, bookmark);
  for (const [name, value] of Object.entries({
    concurrency: concurrency === undefined ? 1 : concurrency,
    pageSize: pageSize === undefined ? 1 : pageSize,
  }))
    if (!Number.isInteger(value) || value < 1)
      throw invalidOptions(`${name} must be a whole number of at least 1, not ${say(value)}.`);
  return new RangeReading({
    options,
    bookmark,
    request: within(kind, options, kind === 'query' ? directed(request, bookmark) : request, bookmark),
    concurrency,
    pageSize,
    signal,
  });
}

/** The inputs that must be equal for a cursor to belong to the read. */
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
  const range = { from: epochMsOf(options, from), to: epochMsOf(options, to) };
  return { group: options.group, kind, index, order, position, digest, ...range };
}

/** Continues the read of a cursor, within the range of the input. */
function resume(options: RotatingOptions, kind: Kind, input: Input, bookmark: Bookmark): Bookmark {
  const { from, to } = begin(options, kind, input, '');
  const index = bookmark.index === undefined ? [] : options.indexes?.[bookmark.index];
  const names = index && [...new Set([...options.key, ...index])].sort().join();
  for (const [, after] of bookmark.position.open)
    if (after && names !== undefined && Object.keys(after).sort().join() !== names)
      throw invalidCursor('is invalid');
  if (input.order !== undefined && input.order !== bookmark.order)
    throw invalidCursor(`has the order ${bookmark.order}, and the read has ${input.order}`);
  try {
    epochMsOf(options, bookmark.from);
    epochMsOf(options, bookmark.to);
  } catch (error) {
    throw invalidCursor('is invalid', error);
  }
  const range = {
    from: from === undefined ? bookmark.from : Math.max(from, bookmark.from ?? -Infinity),
    to: to === undefined ? bookmark.to : Math.min(to, bookmark.to ?? Infinity),
  };
  const forward = input.ScanIndexForward ?? bookmark.order !== 'newest-first';
  return { ...bookmark, ...range, position: fitted(kind, options, { ...bookmark, ...range }, forward) };
}

/** If the timestamp is the sort key, items within a table must be in the same order as the tables. */
function checkDirection(
  { key, indexes, timestamp }: RotatingOptions,
  input: Input,
  { order }: Bookmark,
): void {
  const { IndexName: index, ScanIndexForward: forward } = input;
  const sortKey = (index === undefined ? key : indexes?.[index])?.[1];
  if (forward === undefined || order === 'unordered' || sortKey !== timestamp.attribute) return;
  if (forward === (order === 'newest-first'))
    throw invalidOptions(
      `ScanIndexForward: ${forward} contradicts the order ${order}. Use \`order: '${forward ? 'oldest' : 'newest'}-first'\` instead.`,
    );
}

/** Items within a table are in the same order as the tables, unless the input sets ScanIndexForward. */
const directed = (
  request: TableRequest & Pick<QueryInput, 'ScanIndexForward'>,
  { order }: Bookmark,
): TableRequest & Pick<QueryInput, 'ScanIndexForward'> => ({
  ...request,
  ScanIndexForward: request.ScanIndexForward ?? order !== 'newest-first',
});
