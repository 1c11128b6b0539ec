import { type Bookmark, readCursor } from './cursor.ts';
import { RotatingError } from './failure.ts';
import { RangeReading } from './reading.ts';
import { type Kind, type TableRequest, within } from './request.ts';
import { pinned } from './tables.ts';
import type { QueryInput, RangeOptions, RotatingClient, RotatingOptions } from './types.ts';

const SIDE_BY_SIDE = 4;

export function ranges(options: RotatingOptions): Pick<RotatingClient, 'query' | 'scan'> {
  return {
    query: (input) => reading(options, 'query', input),
    scan: (input = {}) => reading(options, 'scan', input),
  };
}

/** @throws RotatingError, ResolverError at once, before anything is sent */
function reading(options: RotatingOptions, kind: Kind, input: TableRequest & RangeOptions): RangeReading {
  const { from, to, order, concurrency, pageSize, cursor, signal, ...request } = input;
  const bookmark =
    cursor === undefined
      ? begin(options, kind, input)
      : readCursor(cursor, options.group, kind, request.IndexName);
  const atATime = concurrency ?? (bookmark.order === 'unordered' ? SIDE_BY_SIDE : 1);
  for (const [name, value] of Object.entries({ concurrency: atATime, pageSize: pageSize ?? 1 }))
    if (!Number.isInteger(value) || value < 1)
      throw new RotatingError(
        'invalid-options',
        `${name} must be a whole number from 1 on, and is ${value}.`,
      );
  return new RangeReading({
    options,
    bookmark,
    request: within(kind, options, kind === 'query' ? directed(request, bookmark) : request, bookmark),
    concurrency: atATime,
    pageSize,
    signal,
  });
}

function begin(options: RotatingOptions, kind: Kind, input: TableRequest & RangeOptions): Bookmark {
  const { from, to, order = 'oldest-first', IndexName: index } = input;
  const position = { open: [], last: undefined };
  const range = { from: pinned(options, from), to: pinned(options, to) };
  return { group: options.group, kind, index, order, position, ...range };
}

/** Within a table a query goes the same way as from table to table. */
const directed = (
  request: TableRequest & Pick<QueryInput, 'ScanIndexForward'>,
  { order }: Bookmark,
): TableRequest & Pick<QueryInput, 'ScanIndexForward'> => ({
  ...request,
  ScanIndexForward: request.ScanIndexForward ?? order !== 'newest-first',
});
