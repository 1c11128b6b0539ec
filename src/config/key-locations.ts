import { quote } from './quote.ts';
import { resolve, type Schema } from './schema.ts';

/** The places where each key of a schema is valid, as text for messages about misplaced keys. */
export type KeyLocations = ReadonlyMap<string, ReadonlySet<string>>;

/** Collects the locations of every key in a schema. */
export function keyLocations(root: Schema): KeyLocations {
  const found = new Map<string, Set<string>>();
  const spec = root.items && resolve(root, root.items);
  visit(root, 'at the top level of the file');
  return found;

  function visit(schema: Schema, location: string): void {
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      found.set(key, (found.get(key) ?? new Set()).add(location));
      const { items, additionalProperties: named, ...own } = resolve(root, part);
      visit(own, `in ${quote(key)}`);
      if (typeof named === 'object') visit(resolve(root, named), `in an entry of ${quote(key)}`);
      const item = items && resolve(root, items);
      if (item) visit(item, item === spec ? 'in the table spec itself' : `in an item of ${quote(key)}`);
    }
  }
}
