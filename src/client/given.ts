import { say } from '../resolver/failure.ts';
import { RotatingError } from './failure.ts';
import type { Abortable, RotatingOptions } from './types.ts';

export const refused = (message: string): RotatingError => new RotatingError('invalid-options', message);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What DynamoDB and its client call what is said otherwise here: to pass over it would do something else than was meant. */
const INSTEAD: Readonly<Record<string, string>> = {
  TableName: 'The timestamp says which table it is',
  Item: 'The item is the first argument',
  Key: 'The key is the first argument',
  ExclusiveStartKey: 'Give `cursor`',
  Limit: 'Give `pageSize`, or take(count)',
  abortSignal: 'Give `signal`',
};

/**
 * The options of a method, where there are any.
 * @throws RotatingError `invalid-options`
 */
export function given<Options extends Abortable>(method: string, options: Options): Options {
  if (!isObject(options)) throw refused(`${method} takes an object of options, not ${say(options)}.`);
  const foreign = Object.keys(INSTEAD).find(
    (name) => (options as Record<string, unknown>)[name] !== undefined,
  );
  if (foreign) throw refused(`${method} takes no ${foreign}. ${INSTEAD[foreign]}.`);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw refused(`The signal of ${method} must be an AbortSignal, and is ${say(signal)}.`);
  return options;
}

/** @throws RotatingError `invalid-options` */
export function checkClient(options: RotatingOptions): void {
  if (!isObject(options)) throw refused(`A client is made with an object of options, not ${say(options)}.`);
  const { documents, resolver, timestamp, key, indexes = {} } = options;
  if (typeof (documents as Partial<typeof documents> | null)?.send !== 'function')
    throw refused('documents must be a DynamoDBDocumentClient.');
  if (typeof (resolver as Partial<typeof resolver> | null)?.current !== 'function')
    throw refused('resolver must be what createResolver makes.');
  if (
    typeof timestamp?.attribute !== 'string' ||
    !['milliseconds', 'seconds', 'iso'].includes(timestamp.unit)
  )
    throw refused('timestamp must name an attribute, and its unit: milliseconds, seconds or iso.');
  if (!isNames(key) || key.length > 2)
    throw refused('key must name the key attributes of the tables: HASH, then RANGE.');
  if (!isObject(indexes) || !Object.values(indexes).every(isNames))
    throw refused('indexes must name the key attributes of each index: HASH, then RANGE.');
}

const isNames = (names: unknown): boolean =>
  Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
