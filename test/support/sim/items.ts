import { ServiceError } from '../../../src/core/failure.ts';
import type { ItemReader } from '../../../src/ports.ts';
import type { SimTable } from './table.ts';

/** Items that a page of a count has. DynamoDB's has 1 MB. */
const PAGE = 10;

/** Items of tables in memory. `find` throws if there is no such table. */
export function simItems(find: (name: string) => SimTable): ItemReader {
  const itemsOf = (name: string): [string, string][] => [...find(name).items];
  return {
    count: async (name, from = '0') => {
      const start = Number(from);
      const all = itemsOf(name);
      if (!Number.isInteger(start)) throw new ServiceError('refused', 'The provided starting key is invalid');
      const page = all.slice(start, start + PAGE);
      const end = start + page.length;
      return { items: page.length, ...(end < all.length && { next: String(end) }) };
    },
    sample: async (name, _, most) => {
      const all = itemsOf(name);
      const every = Math.max(1, Math.ceil(all.length / most));
      return all.filter((__, i) => i % every === 0).map(([key, item]) => ({ key, item }));
    },
    withKeys: async (name, _, keys) => {
      const { items } = find(name);
      const found = keys.filter((key) => items.has(key));
      return { read: new Set(keys), found: new Map(found.map((key) => [key, items.get(key)!])) };
    },
  };
}
