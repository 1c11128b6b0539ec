/**
 * The tables of the region and their states. A change (CREATING, UPDATING, DELETING) has an end time and an action for the
 * end. The next access after that time applies it. Without timers, nothing stays open after `close`.
 */
import { accessDenied, limitExceeded, notFound } from './failure.ts';
import { Sightings } from './lateness.ts';
import { type Change, settleIndexes, type Table } from './table.ts';

/** The maximum number of tables in a region (DynamoDB quotas). */
const TABLES_PER_REGION = 2_500;

export class Tables {
  /** The maximum number of changing tables. DynamoDB sometimes allows fewer for a while. */
  changingAtOnce = 500;
  /** The maximum number of tables with indexes that are CREATING. */
  creatingWithIndexesAtOnce = 250;
  readonly sightings: Sightings;
  readonly #byName = new Map<string, Table>();
  /** In the order of ListTables. */
  readonly #names: string[] = [];
  readonly #changing = new Set<Table>();
  readonly #elapsed: () => number;
  readonly #now: () => number;
  #starting = 0;

  /**
   * `elapsed` is the clock that ends states, in milliseconds. Usually, that is real time, because clients wait in real time.
   * `now` is the virtual clock, by which indexes are filled and deleted.
   */
  constructor(elapsed: () => number, now: () => number) {
    this.#elapsed = elapsed;
    this.#now = now;
    this.sightings = new Sightings(elapsed);
  }

  find(name: string): Table | undefined {
    const table = this.#byName.get(name);
    if (table) this.#settle(table);
    return this.#byName.get(name);
  }

  get(name: string): Table {
    const table = this.find(name);
    if (!table) throw notFound(`Requested resource not found: Table: ${name} not found`);
    return table;
  }

  /** A table that DescribeTable already shows. */
  described(name: string): Table {
    const table = this.get(name);
    if (this.sightings.isDescribed(name)) return table;
    throw notFound(`Requested resource not found: Table: ${name} not found`);
  }

  /** A table that serves items, so not one that is CREATING or DELETING. */
  serving(name: string): Table {
    const table = this.find(name);
    if (!table || table.change?.status === 'CREATING' || table.change?.status === 'DELETING')
      throw notFound('Requested resource not found');
    if (table.impaired && table.impaired.status !== 'REPLICATION_NOT_AUTHORIZED')
      throw accessDenied(`The table is ${table.impaired.status}: ${name}`);
    return table;
  }

  page(after: string | undefined, limit: number): { names: string[]; last?: string } {
    this.#settleAll();
    const all = this.sightings.listed(this.#names);
    const from = after === undefined ? 0 : position(all, after, true);
    const names = all.slice(from, from + limit);
    return from + limit < all.length ? { names, last: names.at(-1) } : { names };
  }

  add(table: Table, change: Change): void {
    this.sightings.created(table.name);
    this.#byName.set(table.name, table);
    this.#names.splice(position(this.#names, table.name, false), 0, table.name);
    this.begin(table, change);
  }

  begin(table: Table, change: Change): void {
    table.change = change;
    this.#changing.add(table);
  }

  /** Runs the start of a change. It counts towards the limit of the account immediately. */
  async starting<T>(kind: 'create' | 'create-with-indexes' | 'change', start: () => Promise<T>): Promise<T> {
    this.#settleAll();
    if (this.#changing.size + this.#starting >= this.changingAtOnce)
      throw limitExceeded(
        `Only ${this.changingAtOnce} tables can be created, updated, or deleted simultaneously`,
      );
    if (kind === 'create-with-indexes' && this.#creatingWithIndexes() >= this.creatingWithIndexesAtOnce)
      throw limitExceeded(
        `Only ${this.creatingWithIndexesAtOnce} tables with secondary indexes can be created simultaneously`,
      );
    if (kind !== 'change' && this.#names.length >= TABLES_PER_REGION)
      throw limitExceeded(`The maximum of ${TABLES_PER_REGION} tables in this Region has been reached`);
    this.#starting++;
    try {
      return await start();
    } finally {
      this.#starting--;
    }
  }

  #creatingWithIndexes(): number {
    const all = [...this.#changing];
    return all.filter(({ change, indexes }) => change?.status === 'CREATING' && indexes.length > 0).length;
  }

  #settleAll(): void {
    for (const table of this.#changing) this.#settle(table);
  }

  #settle(table: Table): void {
    settleIndexes(table, this.#now());
    const { change } = table;
    if (!change || this.#elapsed() < change.endsAt) return;
    this.#changing.delete(table);
    table.change = undefined;
    change.finish();
    if (change.status === 'DELETING') this.#remove(table.name);
  }

  #remove(name: string): void {
    this.sightings.deleted(name, this.#byName.get(name)?.tags ?? new Map());
    this.#byName.delete(name);
    this.#names.splice(position(this.#names, name, false), 1);
  }
}

function position(names: readonly string[], name: string, after: boolean): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const candidate = names[middle] ?? '';
    if (candidate < name || (after && candidate === name)) low = middle + 1;
    else high = middle;
  }
  return low;
}
