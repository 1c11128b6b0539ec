/** How pages of many tables are fetched and returned, seen by the function that fetches them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Fetched, type Lanes, pagesOf } from '../../src/client/lanes.ts';
import type { Key } from '../../src/client/table-keys.ts';
import { collect } from '../support/rotating.ts';

const START = { open: [], last: undefined };

type How = Partial<Omit<Lanes<string>, 'concurrency'>> & { readonly concurrency?: number };

/** Tables whose names end with their number of pages: `b3` has three pages of one item each. */
function source(tables: readonly string[], { concurrency = 1, ...how }: How = {}) {
  const seen = { fetched: [] as string[], underWay: 0, most: 0, aborted: 0 };
  const fetch = async (
    table: string,
    after: Key | undefined,
    signal: AbortSignal,
  ): Promise<Fetched<string>> => {
    const page = Number(after?.page ?? 0) + 1;
    seen.fetched.push(`${table}:${page}`);
    seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    signal.addEventListener('abort', () => {
      seen.aborted += 1;
    });
    await sleep(2);
    seen.underWay -= 1;
    const more = page < Number(table.slice(1));
    return { items: [`${table}:${page}`], lastKey: more ? { page } : undefined };
  };
  const parallel = { concurrency: () => concurrency };
  const lanes: Lanes<string> = { tables, inOrder: true, ...parallel, ahead: true, fetch, ...how };
  return { lanes, seen };
}

const items = async (lanes: Lanes<string>) =>
  (await collect(pagesOf(lanes, START))).flatMap((page) => page.items);

describe('pagesOf', () => {
  it.each([1, 2, 5])(
    'returns pages in the order of the tables with a concurrency of %i',
    async (concurrency) => {
      const { lanes, seen } = source(['a2', 'b1', 'c3'], { concurrency });
      expect(await items(lanes)).toEqual(['a2:1', 'a2:2', 'b1:1', 'c3:1', 'c3:2', 'c3:3']);
      expect(seen.most).toBeLessThanOrEqual(concurrency);
    },
  );

  it('returns each page once, as it arrives, if order does not matter', async () => {
    const { lanes, seen } = source(['a4', 'b1', 'c3', 'd2'], { inOrder: false, concurrency: 3 });
    const found = await items(lanes);
    expect(found).toHaveLength(10);
    expect(new Set(found).size).toBe(10);
    expect(found.indexOf('b1:1')).toBeLessThan(found.indexOf('a4:4'));
    expect(seen.most).toBe(3);
  });

  it('holds at most one page per lane, also for a slow consumer', async () => {
    const { lanes, seen } = source(['a9', 'b9', 'c9'], { inOrder: false, concurrency: 2 });
    let consumed = 0;
    for await (const _ of pagesOf(lanes, START)) {
      consumed += 1;
      await sleep(5);
      expect(seen.fetched.length - consumed).toBeLessThanOrEqual(2);
    }
    expect(consumed).toBe(27);
  });

  it.each([
    [1, ['a3:2', 'a3:3', 'b2:2', 'c3:3', 'd1:1']],
    [2, ['a3:2', 'b2:2', 'a3:3', 'c3:3', 'd1:1']],
  ])('continues open lanes with a concurrency of %i, and loses nothing', async (concurrency, all) => {
    const { lanes, seen } = source(['d1'], { inOrder: false, concurrency });
    const open = [
      ['a3', { page: 1 }],
      ['b2', { page: 1 }],
      ['c3', { page: 2 }],
    ] as const;
    const found: string[] = [];
    let consumed = 0;
    for await (const { items: page, rest } of pagesOf(lanes, { open, last: 'c3' })) {
      found.push(...page);
      consumed += 1;
      expect(seen.fetched.length - consumed).toBeLessThanOrEqual(concurrency);
      if (consumed > 1) continue;
      expect(rest.last).toBe('c3');
      expect(rest.open.map(([table]) => table)).toEqual(['a3', 'b2', 'c3']);
    }
    expect(seen.most).toBe(concurrency);
    expect(found.toSorted()).toEqual(all.toSorted());
  });

  it('fetches one page at a time without reading ahead', async () => {
    const { lanes, seen } = source(['a3', 'b3'], { ahead: false });
    for await (const { items: page } of pagesOf(lanes, START)) if (page[0] === 'a3:2') break;
    expect(seen.fetched).toEqual(['a3:1', 'a3:2']);
  });

  it('aborts pages ahead if the consumer stops', async () => {
    const { lanes, seen } = source(['a3', 'b3'], { concurrency: 2 });
    for await (const _ of pagesOf(lanes, START)) break;
    expect(seen.aborted).toBe(3);
  });

  it('reports the failure of a page ahead only when its turn comes', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const { lanes } = source(['a3', 'b1']);
    const failing: Lanes<string> = {
      ...lanes,
      concurrency: () => 2,
      fetch: (table, after, signal) =>
        table === 'b1' ? Promise.reject(new Error('b is broken')) : lanes.fetch(table, after, signal),
    };
    const found: string[] = [];
    const read = async () => {
      for await (const page of pagesOf(failing, START)) {
        found.push(...page.items);
        await sleep(5);
      }
    };
    await expect(read()).rejects.toThrow('b is broken');
    expect(found).toEqual(['a3:1', 'a3:2', 'a3:3']);
    for await (const _ of pagesOf(failing, START)) break;
    await sleep(5);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
