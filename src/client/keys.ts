import { invalidOptions } from './options.ts';
import type { Attributes, Key } from './table-keys.ts';
import type { RotatingOptions } from './types.ts';

/**
 * Only the key attributes, from a key or an item that can have others, such as a timestamp.
 * @throws RotatingError `invalid-options` if one is missing
 */
export function wholeKey({ key, group }: RotatingOptions, attributes: Attributes | Key): Key {
  const missing = key.filter((name) => attributes[name] === undefined);
  if (missing.length > 0)
    throw invalidOptions(
      `Missing key attributes: ${missing.join(', ')}. The key of "${group}" is ${key.join(', ')}.`,
    );
  return Object.fromEntries(key.map((name) => [name, attributes[name]]));
}
