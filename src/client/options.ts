import { say } from '../resolver/failure.ts';
import { RotatingError } from './failure.ts';
import type { Abortable, RotatingOptions } from './types.ts';

export const invalidOptions = (message: string): RotatingError =>
  new RotatingError('invalid-options', message);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Inputs of the document client that the rotating client sets itself, and what to use instead. Ignoring one would be a
 * surprise.
 */
const INSTEAD: Readonly<Record<string, string>> = {
  TableName: 'The timestamp decides which table is used',
  Item: 'Pass the item as the first argument',
  Key: 'Pass the key as the first argument',
  ExclusiveStartKey: 'Use `cursor`',
  Limit: 'Use `pageSize` or take(count)',
  abortSignal: 'Use `signal`',
};

/**
 * The options of a method.
 * @throws RotatingError `invalid-options`
 */
export function checkedOptions<Options extends Abortable>(method: string, options: Options): Options {
  if (!isObject(options))
    throw invalidOptions(`The options of ${method} must be an object, not ${say(options)}.`);
  const foreign = Object.keys(INSTEAD).find(
    (name) => (options as Record<string, unknown>)[name] !== undefined,
  );
  if (foreign) throw invalidOptions(`${method} does not accept ${foreign}. ${INSTEAD[foreign]}.`);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidOptions(`The signal of ${method} must be an AbortSignal, not ${say(signal)}.`);
  return options;
}

/** @throws RotatingError `invalid-options` */
export function checkClient(options: RotatingOptions): void {
  if (!isObject(options))
    throw invalidOptions(`The options of createRotatingClient must be an object, not ${say(options)}.`);
  const { documents, resolver, timestamp, key, indexes = {}, projections = {}, since = {} } = options;
  if (typeof (documents as Partial<typeof documents> | null)?.send !== 'function')
    throw invalidOptions('`documents` must be a DynamoDBDocumentClient.');
  if (typeof (resolver as Partial<typeof resolver> | null)?.current !== 'function')
    throw invalidOptions('`resolver` must be a resolver from createResolver.');
  if (
    typeof timestamp?.attribute !== 'string' ||
    !['milliseconds', 'seconds', 'iso'].includes(timestamp.unit)
  )
    throw invalidOptions('`timestamp` must have an attribute name and a unit: milliseconds, seconds or iso.');
  if (!isNames(key) || key.length > 2)
    throw invalidOptions('`key` must list the names of the key attributes of the tables: HASH, then RANGE.');
  if (!isObject(indexes) || !Object.values(indexes).every(isNames))
    throw invalidOptions(
      '`indexes` must list the names of the key attributes of each index: HASH, then RANGE.',
    );
  if (!isObject(projections) || !Object.values(projections).every(isNamesOrNone))
    throw invalidOptions('`projections` must list the names of the attributes that each index projects.');
  if (!isObject(since)) throw invalidOptions('`since` must list the start of the first table of an index.');
  const unknown = Object.keys(since).find((index) => !Object.hasOwn(indexes, index));
  if (unknown !== undefined) throw invalidOptions(`\`since\` names the unknown index "${unknown}".`);
}

const isNamesOrNone = (names: unknown): boolean =>
  Array.isArray(names) && names.every((name) => typeof name === 'string');

const isNames = (names: unknown): boolean => isNamesOrNone(names) && (names as string[]).length > 0;
