import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { say } from '../resolver/failure.ts';
import type { Instant, RetentionStatus, TablePeriod } from '../resolver/types.ts';
import { absenceOf, missingTable } from './absence.ts';
import { attempt, isMissingTable } from './attempt.ts';
import { explained } from './difference.ts';
import { RotatingError } from './failure.ts';
import { wholeKey } from './keys.ts';
import { checkedOptions, invalidOptions } from './options.ts';
import type { Attributes, Key } from './table-keys.ts';
import { instantOf } from './timestamps.ts';
import type {
  Dated,
  DeleteOptions,
  GetOptions,
  PutOptions,
  RotatingClient,
  RotatingOptions,
  UpdateOptions,
} from './types.ts';

type Single = 'put' | 'get' | 'update' | 'delete';
export type Located = TablePeriod & { readonly status: RetentionStatus };

/** Clocks differ: the timestamp of an item that was just written can be a little later than now. */
const CLOCK_SKEW_MS = 5 * 60_000;

export function singleItems(options: RotatingOptions): Pick<RotatingClient, Single> {
  const { documents } = options;
  return {
    put: async (item, how: PutOptions = {}) => {
      const { signal, ...rest } = checkedOptions('put', how);
      const located = tableOf(options, item as Attributes);
      wholeKey(options, item as Attributes);
      return write(options, located, (TableName) =>
        attempt(signal, (http) => documents.send(new PutCommand({ ...rest, TableName, Item: item }), http)),
      );
    },
    update: async (key, how: UpdateOptions) => {
      const { signal, at, ...rest } = checkedOptions('update', how);
      const located = tableOf(options, key, { at });
      const Key = wholeKey(options, key);
      return write(options, located, (TableName) =>
        attempt(signal, (http) => documents.send(new UpdateCommand({ ...rest, TableName, Key }), http)),
      );
    },
    delete: async (key, how: DeleteOptions = {}) => {
      const { signal, at, ...rest } = checkedOptions('delete', how);
      const located = tableOf(options, key, { at });
      const command = new DeleteCommand({ ...rest, TableName: located.table, Key: wholeKey(options, key) });
      const request = attempt(signal, (http) => documents.send(command, http));
      return orAbsent(options, located, request, signal);
    },
    get: async (key, how: GetOptions = {}) => {
      const rest = checkedOptions('get', how);
      if (instantFor(options, key, rest.at) === undefined) return findBackwards(options, key, rest);
      return (await getFrom(options, tableOf(options, key, rest), key, rest)).item;
    },
  };
}

/**
 * The table of an item, or of a key. Without its timestamp, no range would find an item, so only a key can have `at` instead.
 * @throws RotatingError `no-timestamp`, `invalid-timestamp`, `invalid-options`
 */
export function tableOf(options: RotatingOptions, attributes: Key, how?: Dated): Located {
  const instant = instantFor(options, attributes, how?.at);
  if (instant !== undefined) return options.resolver.locate(options.group, instant);
  const name = `"${options.timestamp.attribute}"`;
  throw new RotatingError(
    'no-timestamp',
    `Cannot choose a table: ${how ? `set ${name} or \`at\`` : `the item has no ${name}`}.`,
  );
}

function instantFor({ timestamp }: RotatingOptions, attributes: Key, at?: Instant): Instant | undefined {
  if (typeof attributes !== 'object' || attributes === null)
    throw invalidOptions(`An item or a key must be an object of attributes, not ${say(attributes)}.`);
  return instantOf(timestamp, attributes[timestamp.attribute]) ?? at;
}

/** Writes as long as the table exists: also after its retention, until purge deletes it. */
async function write<Output>(
  options: RotatingOptions,
  located: Located,
  request: (table: string) => Promise<Output>,
): Promise<Output> {
  try {
    return await request(located.table);
  } catch (cause) {
    throw isMissingTable(cause)
      ? unwritable(options, located, cause)
      : explained(options, located.table, cause);
  }
}

/** The error for a write to a table that does not exist. */
export function unwritable(
  options: RotatingOptions,
  { table, status }: Located,
  cause: unknown,
): RotatingError {
  if (status === 'retained' || status === 'upcoming') return missingTable(options, table, cause);
  const why =
    status === 'expired'
      ? 'is purged. Drop the item. To accept such late items, raise PurgeRotation'
      : 'is not due yet. Check the timestamp of the item';
  const message = `Cannot write an item of "${options.group}": its table ${table} ${why}.`;
  return new RotatingError('outside-retention', message, { table, cause });
}

async function orAbsent<Output>(
  options: RotatingOptions,
  period: TablePeriod,
  request: Promise<Output>,
  signal?: AbortSignal,
): Promise<Output | undefined> {
  try {
    return await request;
  } catch (error) {
    if (!isMissingTable(error)) throw explained(options, period.table, error);
    await absenceOf(options, period, error, signal);
    return undefined;
  }
}

interface Found {
  readonly item: Attributes | undefined;
  /** Whether older tables might have the item. */
  readonly more: boolean;
}

async function getFrom(
  options: RotatingOptions,
  period: TablePeriod,
  key: Key,
  { signal, at: _, from: __, ...rest }: GetOptions,
): Promise<Found> {
  const command = new GetCommand({ ...rest, TableName: period.table, Key: wholeKey(options, key) });
  try {
    const { Item } = await attempt(signal, (http) => options.documents.send(command, http));
    return { item: Item, more: Number.isFinite(period.start) };
  } catch (error) {
    if (!isMissingTable(error)) throw explained(options, period.table, error);
    return { item: undefined, more: (await absenceOf(options, period, error, signal)) === 'not-yet' };
  }
}

async function findBackwards(
  options: RotatingOptions,
  key: Key,
  rest: GetOptions,
): Promise<Attributes | undefined> {
  const { resolver, group, timestamp } = options;
  if (options.key.includes(timestamp.attribute))
    throw new RotatingError(
      'no-timestamp',
      `The key is incomplete without "${timestamp.attribute}". Set it, or find the item with a query.`,
    );
  const last = rest.from === undefined ? -Infinity : resolver.locate(group, rest.from).start;
  let period = resolver.locate(group, resolver.now() + CLOCK_SKEW_MS);
  while (period.status !== 'expired' && period.start >= last) {
    const { item, more } = await getFrom(options, period, key, rest);
    if (item || !more) return item;
    period = resolver.locate(group, period.start - 1);
  }
  return undefined;
}
