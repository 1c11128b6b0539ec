import pMap from 'p-map';
import type { Facts, Need, Reading, TableFact, TableState } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import type { Table } from '../core/fleet.ts';
import type { Observed } from '../core/observed.ts';
import type { Ports } from '../ports.ts';
import { exportsOf } from './archives.ts';
import { attempt } from './attempt.ts';
import { READS_PER_SECOND, ReadRate } from './read-rate.ts';
import { settledTags } from './settled-tags.ts';

/** Concurrent DescribeTable calls and the like. AWS allows far more. */
export const CONCURRENT_READS = 16;
/** AWS allows about 10 calls of ListTagsOfResource per second: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
const CONCURRENT_TAG_READS = 8;

/** How long a run waits for reads, in milliseconds. */
export interface Patience {
  /** A read of the state table that is not done after this time counts as failed. */
  readonly stateMs: number;
  /** The run acts on what is known after this time, and looks again after each further one. */
  readonly waveMs: number;
  /** A read that is not done after this time counts as failed, so that the run has time to act. */
  readonly allMs: number;
}

const concurrency: Readonly<Record<TableFact, number>> = {
  description: CONCURRENT_READS,
  tags: CONCURRENT_TAG_READS,
  timeToLive: CONCURRENT_READS,
  recovery: CONCURRENT_READS,
  destinations: CONCURRENT_READS,
  backups: CONCURRENT_TAG_READS,
  exports: CONCURRENT_TAG_READS,
};

type Readers = {
  readonly [F in TableFact]: (table: string, place: Place) => Promise<Facts[F]>;
};

/** Where a fact is read: in the region of the tables, or in that of a replica. */
interface Place {
  readonly region?: string | undefined;
  readonly tables: Ports['tables'];
}

const readersOf = (ports: Ports, observed: Observed): Readers => ({
  description: (table, { tables }) => tables.describe(table),
  tags: (table, { tables, region }) => {
    const state = descriptionOf(observed, table, region);
    return region === undefined ? settledTags(state, { tables, clock: ports.clock }) : tables.tags(state.arn);
  },
  timeToLive: (table, { tables }) => tables.timeToLive(table),
  recovery: (table, { tables }) => tables.recovery(table),
  destinations: (table, { tables }) => tables.destinations(table),
  backups: (table) => ports.backups.list(table),
  exports: (table) => exportsOf(descriptionOf(observed, table, undefined), ports),
});

function descriptionOf(observed: Observed, table: string, region: string | undefined): TableState {
  const state = observed.known('description', table, region);
  if (!state) throw new Error(`${table} has not been described.`);
  return state;
}

/** A fact about one table. */
type TableNeed = Extract<Need, { fact: TableFact }>;

/** Reads that were begun together. Once the run no longer waits for them, they are late. */
interface Batch {
  late: boolean;
}

/**
 * Reads facts about tables. Late reads continue while the run acts on what is known. Their answers become known together, in
 * `more`: a plan of the whole fleet for each of them would take longer than the reads.
 */
export class TableReads {
  readonly #ports: Ports;
  readonly #observed: Observed;
  readonly #readers: Readers;
  readonly #patience: Patience | undefined;
  /** Only of a worker of shards. One function does not make so many calls. */
  readonly #rate: ReadRate | undefined;
  readonly #inFlight = new Map<string, TableNeed>();
  /** Teaches the answers of late reads. */
  #answered: (() => void)[] = [];
  readonly #batches: Promise<unknown>[] = [];
  /** Why regions of replicas did not answer. A run asks such a region nothing more, so that the others do not wait. */
  readonly #silent = new Map<string, string>();
  /** Tables of which only the description of an earlier run is known. */
  readonly #earlier = new Set<string>();
  readonly #members: ReadonlyMap<string, Table>;
  readonly #startedAt: number;
  readonly #now: number;
  #waitedMs = 0;

  /** `now`: the instant of the run, epoch milliseconds. `members`: the tables of groups, by name. */
  constructor(
    ports: Ports,
    observed: Observed,
    now: number,
    patience: Patience | undefined,
    members: ReadonlyMap<string, Table> = new Map(),
  ) {
    this.#members = members;
    this.#now = now;
    this.#ports = ports;
    this.#observed = observed;
    this.#readers = readersOf(ports, observed);
    this.#patience = patience;
    this.#rate = ports.share && new ReadRate(READS_PER_SECOND / ports.share.workers, ports.clock);
    this.#startedAt = ports.clock.now();
  }

  /** Whether anything is needed that is not being read. */
  areNew(needs: readonly Need[]): boolean {
    return needs.some((need) => !this.#isTableNeed(need) || !this.#inFlight.has(keyOf(need)));
  }

  /** Begins to read what is new. Resolves when it is read, or late. */
  async begin(needs: readonly Need[]): Promise<void> {
    const fresh = new Map<string, TableNeed[]>();
    for (const need of needs) {
      if (!this.#isTableNeed(need) || this.#inFlight.has(keyOf(need)) || this.#isSeen(need)) continue;
      this.#inFlight.set(keyOf(need), need);
      // A slow region delays only its own reads.
      const kind = `${need.fact} ${need.region ?? ''}`;
      fresh.set(kind, [...(fresh.get(kind) ?? []), need]);
    }
    const batch: Batch = { late: false };
    const read = (need: TableNeed) => this.#read(need, batch);
    const reads = [...fresh.values()].map((some) =>
      pMap(some, read, { concurrency: this.#concurrencyOf(some[0]!.fact) }),
    );
    this.#batches.push(...reads);
    await this.#patiently(Promise.all(reads));
    batch.late = true;
  }

  /** Whether an earlier run in this process has just described the table. */
  #isSeen({ fact, table, region }: TableNeed): boolean {
    if (fact !== 'description' || region !== undefined) return false;
    const state = this.#ports.descriptions?.of(table, this.#now, this.#members.get(table));
    if (!state) return false;
    this.#observed.learn('description', table, { value: state });
    this.#earlier.add(table);
    return true;
  }

  /** Makes unknown what is known of these tables only from an earlier run. Returns whether there was anything. */
  forgetEarlier(tables: Iterable<string>): boolean {
    const stale = [...new Set(tables)].filter((table) => this.#earlier.delete(table));
    for (const table of stale) {
      this.#ports.descriptions?.forget(table);
      this.#observed.unlearn('description', table);
    }
    return stale.length > 0;
  }

  /** Resolves when everything is read, or after a while. When the time for all reads is over, they count as failed. */
  async more(): Promise<void> {
    if (this.#leftMs > 0) await this.#patiently(Promise.all(this.#batches));
    for (const learn of this.#answered) learn();
    this.#answered = [];
    if (this.#leftMs <= 0) this.#giveUp();
  }

  /** What is left of the time for all reads. */
  get #leftMs(): number {
    const { allMs } = this.#patience ?? { allMs: Infinity };
    return allMs - Math.max(this.#waitedMs, this.#ports.clock.now() - this.#startedAt);
  }

  /** The workers of shards share the calls that AWS limits to few per second. Of others, each has its rate. */
  #concurrencyOf(fact: TableFact): number {
    const { workers = 1 } = this.#ports.share ?? {};
    const most = concurrency[fact];
    return most === CONCURRENT_TAG_READS ? Math.max(1, Math.floor(most / workers)) : most;
  }

  #isTableNeed(need: Need): need is TableNeed {
    return Object.hasOwn(this.#readers, need.fact);
  }

  async #read(need: TableNeed, batch: Batch): Promise<void> {
    const { fact, table, region } = need;
    await this.#rate?.next();
    if (!this.#inFlight.has(keyOf(need))) return;
    const reading = await attempt<unknown>(() =>
      region === undefined
        ? this.#readers[fact](table, { tables: this.#ports.tables })
        : this.#readElsewhere(need, region),
    );
    if (fact === 'description' && region === undefined && 'value' in reading)
      this.#ports.descriptions?.keep(table, reading.value as TableState | undefined, this.#now);
    const learn = (): void => {
      // An answer after the run has given up would change what it has decided.
      if (this.#inFlight.delete(keyOf(need)))
        this.#observed.learn(fact, table, reading as Reading<never>, region);
    };
    if (batch.late) this.#answered.push(learn);
    else learn();
  }

  async #readElsewhere({ fact, table }: TableNeed, region: string): Promise<unknown> {
    const silent = this.#silent.get(region);
    if (silent !== undefined) throw new ServiceError('unavailable', silent);
    try {
      return await this.#readers[fact](table, { region, tables: this.#ports.inRegion(region).tables });
    } catch (error) {
      if (isFailure(error, 'unavailable')) this.#silent.set(region, error.message);
      throw error;
    }
  }

  #giveUp(): void {
    const error = 'AWS did not answer before the run had to act.';
    for (const { fact, table, region } of this.#inFlight.values())
      this.#observed.learn(fact, table, { error }, region);
    this.#inFlight.clear();
  }

  async #patiently(done: Promise<unknown>): Promise<void> {
    if (!this.#patience) return void (await done);
    const waveMs = Math.max(0, Math.min(this.#patience.waveMs, this.#leftMs));
    const stop = new AbortController();
    const late = this.#ports.clock.sleep(waveMs, stop.signal).then(() => {
      if (!stop.signal.aborted) this.#waitedMs += waveMs;
    });
    await Promise.race([done, late]);
    stop.abort();
  }
}

const keyOf = ({ fact, table, region }: TableNeed): string => `${fact} ${table} ${region ?? ''}`;
