import { say } from '../resolver/failure.ts';
import type { TablePeriod } from '../resolver/types.ts';
import { oldestTable, periodOf } from './absence.ts';
import { type Position, writeCursor } from './cursor.ts';
import { type LanePage, type Lanes, pagesOf } from './lanes.ts';
import { invalidOptions } from './options.ts';
import { fetchPage, keyOf, NOTHING, type Plan } from './page.ts';
import type { Attributes } from './table-keys.ts';
import { tablesOf } from './tables.ts';
import type { Page, Reading } from './types.ts';
import { widthOf } from './width.ts';

/** A position within a page: `item` is the last one returned. */
interface Middle {
  readonly page: LanePage<Attributes>;
  readonly item: Attributes;
}

type Place = Position | Middle | 'end';

/** The largest Limit that DynamoDB accepts. 1 MB ends a page long before. */
const MAX_LIMIT = 2 ** 31 - 1;

const ON_DEMAND = { ahead: false } as const;
const AHEAD = { ahead: true } as const;

export class RangeReading implements Reading<Attributes> {
  readonly #plan: Plan;
  #place: Place;
  /** The number of iterations. Only the last one can continue. */
  #turn = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#place = plan.bookmark.position;
  }

  get cursor(): string | undefined {
    const position = this.#position();
    return position && writeCursor({ ...this.#plan.bookmark, position });
  }

  [Symbol.asyncIterator](): AsyncGenerator<Attributes, void, undefined> {
    return this.#items(AHEAD);
  }

  async *pages(): AsyncGenerator<Page<Attributes>, void, undefined> {
    this.#turn += 1;
    for await (const { table, items, rest } of this.#pages(AHEAD, this.#turn)) {
      this.#consumed(rest);
      if (items.length > 0) yield { table, items, cursor: this.cursor };
    }
  }

  async take(count: number) {
    if (count !== Infinity && !(Number.isInteger(count) && count >= 0))
      throw invalidOptions(`take(count) needs a whole number of at least 0, or Infinity, not ${say(count)}.`);
    const items: Attributes[] = [];
    // With a filter, the yield of a page is unknown. Full pages of 1 MB then need the fewest requests.
    const known = this.#plan.request.FilterExpression === undefined && count <= MAX_LIMIT;
    const pageSize = known ? Math.max(1, count) : undefined;
    if (count > 0)
      for await (const item of this.#items({ ...ON_DEMAND, pageSize, wanted: count })) {
        items.push(item);
        if (items.length >= count) break;
      }
    return { items, cursor: this.cursor };
  }

  async *#items(how: How): AsyncGenerator<Attributes, void, undefined> {
    this.#turn += 1;
    const turn = this.#turn;
    for await (const page of this.#pages(how, turn)) {
      const last = page.items.length - 1;
      for (const [i, item] of page.items.entries()) {
        this.#checkTurn(turn);
        if (i < last) this.#place = { page, item };
        else this.#consumed(page.rest);
        yield item;
      }
      if (last < 0) this.#consumed(page.rest);
    }
  }

  async *#pages(
    { ahead, pageSize, wanted }: How,
    turn: number,
  ): AsyncGenerator<LanePage<Attributes>, void, undefined> {
    const position = this.#position();
    if (!position) return;
    const { options, bookmark, signal } = this.#plan;
    const limit = this.#plan.pageSize ?? pageSize;
    let oldest: TablePeriod | undefined;
    let finding: ReturnType<typeof oldestTable> | undefined;
    const findOldest: typeof oldestTable = async (...args) => {
      finding ??= oldestTable(...args);
      oldest = await finding;
      return oldest;
    };
    const tables = await tablesOf(options, { ...bookmark, position }, () => oldest, signal);
    const fetch: Lanes<Attributes>['fetch'] = (table, after, combined) =>
      // Once the oldest table is known, older ones are not requested.
      oldest && table < oldest.table
        ? Promise.resolve(NOTHING)
        : fetchPage(this.#plan, periodOf(options, table)!, { after, limit, signal: combined, findOldest });
    const pages = pagesOf<Attributes>(
      {
        tables: tables.names,
        inOrder: bookmark.order !== 'unordered',
        concurrency: widthOf(this.#plan, wanted),
        ahead,
        signal,
        fetch,
      },
      // A table that expired after the cursor was created counts as empty, like a purged one.
      { ...position, open: position.open.filter(([table]) => tables.includes(table)) },
    );
    for await (const page of pages) {
      this.#checkTurn(turn);
      yield page;
    }
    if (turn === this.#turn) this.#place = 'end';
  }

  /** @throws RotatingError `invalid-options`, or the reason of the signal */
  #checkTurn(turn: number): void {
    this.#plan.signal?.throwIfAborted();
    if (turn !== this.#turn)
      throw invalidOptions(
        'Another iteration of this read has started, and only that one continues. Create one read for each iteration.',
      );
  }

  #consumed(rest: Position): void {
    this.#place = rest.open.length === 0 ? 'end' : rest;
  }

  /** @throws RotatingError `no-cursor` */
  #position(): Position | undefined {
    const place = this.#place;
    if (place === 'end') return undefined;
    if (!('page' in place)) return place;
    const { table, rest } = place.page;
    const others = rest.open.filter(([other]) => other !== table);
    return { open: [[table, keyOf(this.#plan, place.item)], ...others], last: rest.last };
  }
}

interface How {
  readonly ahead: boolean;
  readonly pageSize?: number | undefined;
  /** How many items `take` wants. */
  readonly wanted?: number;
}
