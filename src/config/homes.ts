import { quote } from './quote.ts';
import { resolve, type Schema } from './schema.ts';

/** Where each key of a format belongs, in words; so that a misplaced one can be sent home. */
export type Homes = ReadonlyMap<string, ReadonlySet<string>>;

export function homes(root: Schema): Homes {
  const found = new Map<string, Set<string>>();
  const spec = root.items && resolve(root, root.items);
  visit(root, 'at the top of the file');
  return found;

  function visit(schema: Schema, home: string): void {
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      found.set(key, (found.get(key) ?? new Set()).add(home));
      const { items, additionalProperties: named, ...own } = resolve(root, part);
      visit(own, `in ${quote(key)}`);
      if (typeof named === 'object') visit(resolve(root, named), `in an entry of ${quote(key)}`);
      const item = items && resolve(root, items);
      if (item) visit(item, item === spec ? 'in the table spec itself' : `in an item of ${quote(key)}`);
    }
  }
}
