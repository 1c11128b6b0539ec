import type { Instant } from '../resolver/types.ts';
import type { Bookmark, Position } from './cursor.ts';
import { invalidOptions } from './options.ts';
import { highest, lowest } from './timestamps.ts';
import type { QueryInput, RotatingOptions, ScanInput } from './types.ts';

export type Kind = 'query' | 'scan';

/** The part of a request that is the same for every table. */
export type TableRequest = Pick<
  QueryInput<string | undefined> & ScanInput<string | undefined>,
  | 'IndexName'
  | 'KeyConditionExpression'
  | 'FilterExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
  | 'Select'
>;

/** The expression for a condition on the timestamp. DynamoDB does not accept key attributes in the filter of a query. */
function placeOf(kind: Kind, { key, indexes, timestamp }: RotatingOptions, index: string | undefined) {
  const names = index === undefined ? key : indexes?.[index];
  if (kind === 'scan') return 'FilterExpression';
  return names!.slice(1).includes(timestamp.attribute) ? 'KeyConditionExpression' : 'FilterExpression';
}

/**
 * A filter on an attribute that a global index does not contain matches no item, and DynamoDB does not report that.
 * @throws RotatingError `invalid-options`
 */
function checkProjected(
  { key, indexes, projections, timestamp: { attribute } }: RotatingOptions,
  { IndexName: index = '', Select: selected }: TableRequest,
): void {
  const projected = projections?.[index];
  const names = indexes?.[index] ?? [];
  // An index with the hash key of the table can be a local one, which fetches what it does not contain.
  if (!projected || names[0] === key[0] || selected === 'ALL_ATTRIBUTES') return;
  if (![...key, ...names, ...projected].includes(attribute))
    throw invalidOptions(
      `The index "${index}" does not project "${attribute}", so a range finds nothing in it. Project that attribute, or leave out \`from\` and \`to\`.`,
    );
}

/** Limits a request to items with timestamps in [from, to). Either side can be undefined. */
export function within<Request extends TableRequest>(
  kind: Kind,
  options: RotatingOptions,
  request: Request,
  { from, to }: { readonly from: Instant | undefined; readonly to: Instant | undefined },
): Request {
  if (from === undefined && to === undefined) return request;
  const { attribute, unit } = options.timestamp;
  const place = placeOf(kind, options, request.IndexName);
  if (place === 'FilterExpression') checkProjected(options, request);
  const [lower, upper] = [':turntable_from', ':turntable_to'];
  const condition =
    from === undefined
      ? `#turntable_at <= ${upper}`
      : to === undefined
        ? `#turntable_at >= ${lower}`
        : `#turntable_at BETWEEN ${lower} AND ${upper}`;
  const own = request[place];
  return {
    ...request,
    [place]: own ? `${place === 'FilterExpression' ? `(${own})` : own} AND ${condition}` : condition,
    ExpressionAttributeNames: { ...request.ExpressionAttributeNames, '#turntable_at': attribute },
    ExpressionAttributeValues: {
      ...request.ExpressionAttributeValues,
      ...(from === undefined ? {} : { [lower]: lowest(unit, new Date(from).getTime()) }),
      ...(to === undefined ? {} : { [upper]: highest(unit, new Date(to).getTime()) }),
    },
  };
}

/**
 * The position of a read within a narrower range than the one it started with. DynamoDB does not accept a start key
 * outside the key condition.
 */
export function fitted(
  kind: Kind,
  options: RotatingOptions,
  { index, from, to, position }: Bookmark,
  forward: boolean,
): Position {
  if (from === undefined && to === undefined) return position;
  if (placeOf(kind, options, index) !== 'KeyConditionExpression') return position;
  const { attribute, unit } = options.timestamp;
  const open = position.open.flatMap(([table, after]): Position['open'] => {
    const value = after?.[attribute];
    if (value === undefined) return [[table, after]];
    const stamp = unit === 'iso' ? String(value) : Number(String(value));
    const before = from !== undefined && stamp < lowest(unit, from);
    const behind = to !== undefined && stamp > highest(unit, to);
    if (!before && !behind) return [[table, after]];
    return before === forward ? [[table, undefined]] : [];
  });
  return { ...position, open };
}
