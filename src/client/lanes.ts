import type { Position } from './cursor.ts';
import type { Key } from './types.ts';

/** One page of one table, and the key after which the next begins, where there is one. */
export interface Fetched<Item> {
  readonly items: readonly Item[];
  readonly lastKey: Key | undefined;
}

/** A page, and where the read stands once it has been consumed. */
export interface LanePage<Item> extends Fetched<Item> {
  readonly table: string;
  readonly rest: Position;
}

export interface Lanes<Item> {
  /** Tables that have not been begun, in the order in which they are to be. */
  readonly tables: readonly string[];
  readonly inOrder: boolean;
  /** Tables that are read side by side, one page of each at most in hand. */
  readonly concurrency: number;
  /** Whether to fetch what comes next while the consumer is busy. */
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
 * Pages of many tables: in order, a table's last page before the next one's first; or as they arrive.
 * What was fetched ahead is aborted when the consumer stops.
 */
export async function* pagesOf<Item>(
  { tables, inOrder, concurrency, ahead, fetch, signal }: Lanes<Item>,
  from: Position,
): AsyncGenerator<LanePage<Item>, void, undefined> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // Lanes that an earlier read had begun may be more than this one is to read at a time: the others wait.
  const waiting = from.open.map(([table, after]): Lane<Item> => ({ table, after }));
  const lanes: Lane<Item>[] = [];
  let begun = 0;

  const fill = (): void => {
    lanes.push(...waiting.splice(0, concurrency - lanes.length));
    while (lanes.length < concurrency && begun < tables.length)
      lanes.push({ table: tables[begun++]!, after: undefined });
  };
  const load = (lane: Lane<Item>): Promise<Fetched<Item>> => {
    if (!lane.page) {
      lane.page = fetch(lane.table, lane.after, either);
      // Whoever awaits it gets its failure; one that nobody comes to await must not end the process.
      lane.page.catch(() => {});
    }
    return lane.page;
  };
  const first = async (): Promise<Lane<Item>> => {
    if (!inOrder) return Promise.race(lanes.map((lane) => load(lane).then(() => lane)));
    if (ahead) lanes.forEach(load);
    return lanes[0]!;
  };

  try {
    for (fill(); lanes.length > 0; fill()) {
      const lane = await first();
      const { items, lastKey } = await load(lane);
      lane.page = undefined;
      lane.after = lastKey;
      if (!lastKey) lanes.splice(lanes.indexOf(lane), 1);
      fill();
      if (ahead) lanes.forEach(load);
      const open = [...lanes, ...waiting].map((each) => [each.table, each.after] as const);
      const last = tables[begun - 1] ?? from.last;
      yield { table: lane.table, items, lastKey, rest: { open, last } };
    }
  } finally {
    stop.abort();
  }
}
