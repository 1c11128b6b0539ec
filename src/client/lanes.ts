import type { Position } from './cursor.ts';
import type { Key } from './table-keys.ts';

/** One page of one table, and the key after which the next page starts. undefined after the last page. */
export interface Fetched<Item> {
  readonly items: readonly Item[];
  readonly lastKey: Key | undefined;
}

/** A page, and the position of the read after that page. */
export interface LanePage<Item> extends Fetched<Item> {
  readonly table: string;
  readonly rest: Position;
}

/** How many tables have been read to their end, and how many items came. */
export interface Progress {
  readonly tables: number;
  readonly items: number;
}

export interface Lanes<Item> {
  /** The tables that the read has not started, in the order in which it starts them. Each is found only when it is needed. */
  readonly tables: Iterable<string>;
  readonly inOrder: boolean;
  /** How many tables are read in parallel from now on. At most one page of each is in memory. */
  readonly concurrency: (progress: Progress) => number;
  /** Whether to fetch the next page while the consumer is busy. */
  readonly ahead: boolean;
  readonly fetch: (table: string, after: Key | undefined, signal: AbortSignal) => Promise<Fetched<Item>>;
  readonly signal?: AbortSignal | undefined;
}

interface Lane<Item> {
  readonly table: string;
  after: Key | undefined;
  page?: Promise<Fetched<Item>> | undefined;
}

/**
 * The pages of many tables. In order, the last page of a table comes before the first page of the next. Otherwise, pages
 * come as they arrive. If the consumer stops, requests for pages ahead are aborted.
 */
export async function* pagesOf<Item>(
  { tables, inOrder, concurrency, ahead, fetch, signal }: Lanes<Item>,
  from: Position,
): AsyncGenerator<LanePage<Item>, void, undefined> {
  const stop = new AbortController();
  const combined = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // An earlier read might have started more tables than this one reads in parallel. The others wait.
  const waiting = from.open.map(([table, after]): Lane<Item> => ({ table, after }));
  const lanes: Lane<Item>[] = [];
  const names = tables[Symbol.iterator]();
  let { last } = from;
  let progress: Progress = { tables: 0, items: 0 };

  const fill = (): void => {
    const width = concurrency(progress);
    lanes.push(...waiting.splice(0, Math.max(0, width - lanes.length)));
    while (lanes.length < width) {
      const { done, value } = names.next();
      if (done) return;
      last = value;
      lanes.push({ table: value, after: undefined });
    }
  };
  const load = (lane: Lane<Item>): Promise<Fetched<Item>> => {
    if (!lane.page) {
      lane.page = fetch(lane.table, lane.after, combined);
      // Only a consumer that awaits the page gets its failure. An unawaited one must not end the process.
      lane.page.catch(() => {});
    }
    return lane.page;
  };
  const first = async (): Promise<Lane<Item>> => {
    if (!inOrder) return Promise.race(lanes.map((lane) => load(lane).then(() => lane)));
    lanes.forEach(load);
    return lanes[0]!;
  };

  try {
    for (fill(); lanes.length > 0; fill()) {
      const lane = await first();
      const { items, lastKey } = await load(lane);
      lane.page = undefined;
      lane.after = lastKey;
      if (!lastKey) lanes.splice(lanes.indexOf(lane), 1);
      const { tables, items: before } = progress;
      progress = { tables: tables + (lastKey ? 0 : 1), items: before + items.length };
      fill();
      if (ahead) lanes.forEach(load);
      const open = [...lanes, ...waiting].map((each) => [each.table, each.after] as const);
      yield { table: lane.table, items, lastKey, rest: { open, last } };
    }
  } finally {
    stop.abort();
  }
}
