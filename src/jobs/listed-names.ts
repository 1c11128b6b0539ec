import { SECOND_MS } from '../core/calendar/period.ts';
import { type Layout, namesByShard } from '../core/sharding/layout.ts';
import type { TableClient } from '../ports.ts';

type NamesByShard = readonly (readonly string[])[];

interface Listed {
  readonly names: readonly string[];
  /** When the list was begun, epoch milliseconds. */
  readonly at: number;
  readonly layout: Layout;
  readonly byShard: NamesByShard;
}

/** The coordinator runs once a minute, and Lambda can start it some seconds late. */
const OLDEST_MS = 90 * SECOND_MS;

/**
 * The table names that this process has listed last. The coordinator sends the ticks of a minute with those of the minute before, and
 * lists the tables while the workers run. A worker describes every table before it acts on it, and looks for what a group needs and
 * the names lack: so an older list can neither hide a table nor make one exist.
 */
export class ListedNames {
  readonly #oldestMs: number;
  #last: Listed | undefined;

  /** `oldestMs`: for how long a list is recent enough. Default: 90 seconds. */
  constructor(oldestMs = OLDEST_MS) {
    this.#oldestMs = oldestMs;
  }

  /** The names of each shard, if they are recent enough at `now`, epoch milliseconds of the wall clock. */
  recent(layout: Layout, now: number): NamesByShard | undefined {
    if (!this.#last || this.#last.at > now || now - this.#last.at > this.#oldestMs) return undefined;
    if (this.#last.layout !== layout)
      this.#last = { ...this.#last, layout, byShard: namesByShard(layout, this.#last.names) };
    return this.#last.byShard;
  }

  /** Lists all tables at `now`. Returns the names of each shard. @throws ServiceError, and forgets the earlier names then */
  async list(tables: Pick<TableClient, 'list'>, layout: Layout, now: number): Promise<NamesByShard> {
    this.#last = undefined;
    const names = await tables.list();
    const byShard = namesByShard(layout, names);
    this.#last = { names, at: now, layout, byShard };
    return byShard;
  }
}
