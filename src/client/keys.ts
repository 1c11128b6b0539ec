import { refused } from './given.ts';
import type { Attributes, Key, RotatingOptions } from './types.ts';

/**
 * The key attributes alone of a key, or of an item, that may say its timestamp beside them.
 * @throws RotatingError `invalid-options` where one is missing
 */
export function wholeKey({ key, group }: RotatingOptions, attributes: Attributes | Key): Key {
  const missing = key.filter((name) => attributes[name] === undefined);
  if (missing.length > 0)
    throw refused(`It has no ${missing.join(', ')}: the key of "${group}" is ${key.join(', ')}.`);
  return Object.fromEntries(key.map((name) => [name, attributes[name]]));
}
