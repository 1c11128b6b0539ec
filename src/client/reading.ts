import { say } from '../resolver/failure.ts';
import type { TablePeriod } from '../resolver/types.ts';
import { oldestTable } from './absence.ts';
import { type Bookmark, type Position, writeCursor } from './cursor.ts';
import { refused } from './given.ts';
import { type LanePage, type Lanes, pagesOf } from './lanes.ts';
import { fetchPage, keyOf, NOTHING, type Plan } from './page.ts';
import { tablesOf } from './tables.ts';
import type { Attributes, Page, Reading } from './types.ts';

/** Items of a page that have been handed out, up to this one. */
interface Middle {
  readonly page: LanePage<Attributes>;
  readonly item: Attributes;
}

type Place = Position | Middle | 'end';

/** What DynamoDB takes for a Limit; long before, 1 MB ends a page. */
const MOST_AT_A_TIME = 2 ** 31 - 1;

const AT_EASE = { ahead: false } as const;
const AHEAD = { ahead: true } as const;

export class RangeReading implements Reading<Attributes> {
  readonly #plan: Plan;
  #place: Place;
  /** How often it has been iterated: the last one goes on. */
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
      throw refused(`take is given a whole number from 0 on, or Infinity, not ${say(count)}.`);
    const items: Attributes[] = [];
    // What a filter leaves of a page is not known: DynamoDB's own pages then need the fewest calls.
    const known = this.#plan.request.FilterExpression === undefined && count <= MOST_AT_A_TIME;
    const pageSize = known ? Math.max(1, count) : undefined;
    if (count > 0)
      for await (const item of this.#items({ ...AT_EASE, pageSize })) {
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
        this.#mayGoOn(turn);
        if (i < last) this.#place = { page, item };
        else this.#consumed(page.rest);
        yield item;
      }
      if (last < 0) this.#consumed(page.rest);
    }
  }

  async *#pages(
    { ahead, pageSize }: How,
    turn: number,
  ): AsyncGenerator<LanePage<Attributes>, void, undefined> {
    const position = this.#position();
    if (!position) return;
    const { options, bookmark, concurrency, signal } = this.#plan;
    const periods = await tablesOf(options, bookmark, signal);
    const byName = new Map(periods.map((period) => [period.table, period]));
    const begun = new Set(position.open.map(([table]) => table));
    const limit = this.#plan.pageSize ?? pageSize;
    let oldest: TablePeriod | undefined;
    const findOldest: typeof oldestTable = async (...args) => {
      oldest = await oldestTable(...args);
      return oldest;
    };
    const fetch: Lanes<Attributes>['fetch'] = (table, after, either) =>
      // Once it is known when the group began, nobody is asked for anything older.
      oldest && table < oldest.table
        ? Promise.resolve(NOTHING)
        : fetchPage(this.#plan, byName.get(table)!, { after, limit, signal: either, findOldest });
    const pages = pagesOf<Attributes>(
      {
        tables: [...byName.keys()].filter(
          (table) => isAfter(table, position.last, bookmark.order) && !begun.has(table),
        ),
        inOrder: bookmark.order !== 'unordered',
        concurrency,
        ahead,
        signal,
        fetch,
      },
      // What has expired since the cursor was made is as empty as what is purged.
      { ...position, open: position.open.filter(([table]) => byName.has(table)) },
    );
    for await (const page of pages) {
      this.#mayGoOn(turn);
      yield page;
    }
    if (turn === this.#turn) this.#place = 'end';
  }

  /** @throws RotatingError `invalid-options`, the signal's reason */
  #mayGoOn(turn: number): void {
    this.#plan.signal?.throwIfAborted();
    if (turn !== this.#turn)
      throw refused('This read has been iterated anew meanwhile, and goes on there. Make a read for each.');
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
}

const isAfter = (table: string, last: string | undefined, order: Bookmark['order']): boolean =>
  last === undefined || (order === 'newest-first' ? table < last : table > last);
