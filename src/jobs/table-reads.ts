import pMap from 'p-map';
import type { Facts, Need, Reading, TableFact, TableState } from '../core/facts.ts';
import { messageOf } from '../core/failure.ts';
import type { Observed } from '../core/observed.ts';
import type { Ports } from '../ports.ts';
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

/** The value of a read, or why it failed. */
export async function attempt<T>(reader: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await reader() };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const concurrency: Readonly<Record<TableFact, number>> = {
  description: CONCURRENT_READS,
  tags: CONCURRENT_TAG_READS,
  timeToLive: CONCURRENT_READS,
  recovery: CONCURRENT_READS,
  destinations: CONCURRENT_READS,
  backups: CONCURRENT_TAG_READS,
};

type Readers = { readonly [F in TableFact]: (table: string) => Promise<Facts[F]> };

const readersOf = (ports: Ports, observed: Observed): Readers => ({
  description: (table) => ports.tables.describe(table),
  tags: (table) => settledTags(descriptionOf(observed, table), ports),
  timeToLive: (table) => ports.tables.timeToLive(table),
  recovery: (table) => ports.tables.recovery(table),
  destinations: (table) => ports.tables.destinations(table),
  backups: (table) => ports.backups.list(table),
});

function descriptionOf(observed: Observed, table: string): TableState {
  const state = observed.known('description', table);
  if (!state) throw new Error(`${table} has not been described.`);
  return state;
}

/** A fact about one table. */
type TableNeed = Extract<Need, { fact: TableFact }>;

/** Reads facts about tables. Late reads continue while the run acts on what is known. */
export class TableReads {
  readonly #ports: Ports;
  readonly #observed: Observed;
  readonly #readers: Readers;
  readonly #patience: Patience | undefined;
  readonly #inFlight = new Map<string, TableNeed>();
  readonly #batches: Promise<unknown>[] = [];
  readonly #startedAt: number;
  #waitedMs = 0;

  constructor(ports: Ports, observed: Observed, patience: Patience | undefined) {
    this.#ports = ports;
    this.#observed = observed;
    this.#readers = readersOf(ports, observed);
    this.#patience = patience;
    this.#startedAt = ports.clock.now();
  }

  /** Whether anything is needed that is not being read. */
  areNew(needs: readonly Need[]): boolean {
    return needs.some((need) => !this.#isTableNeed(need) || !this.#inFlight.has(keyOf(need)));
  }

  /** Begins to read what is new. Resolves when it is read, or late. */
  async begin(needs: readonly Need[]): Promise<void> {
    const fresh = new Map<TableFact, TableNeed[]>();
    for (const need of needs) {
      if (!this.#isTableNeed(need) || this.#inFlight.has(keyOf(need))) continue;
      this.#inFlight.set(keyOf(need), need);
      fresh.set(need.fact, [...(fresh.get(need.fact) ?? []), need]);
    }
    const read = (need: TableNeed) => this.#read(need);
    const batch = [...fresh].map(([fact, some]) => pMap(some, read, { concurrency: concurrency[fact] }));
    this.#batches.push(...batch);
    await this.#patiently(Promise.all(batch));
  }

  /** Resolves when everything is read, or after a while. When the time for all reads is over, they count as failed. */
  async more(): Promise<void> {
    if (this.#leftMs > 0) await this.#patiently(Promise.all(this.#batches));
    if (this.#leftMs <= 0) this.#giveUp();
  }

  /** What is left of the time for all reads. */
  get #leftMs(): number {
    const { allMs } = this.#patience ?? { allMs: Infinity };
    return allMs - Math.max(this.#waitedMs, this.#ports.clock.now() - this.#startedAt);
  }

  #isTableNeed(need: Need): need is TableNeed {
    return Object.hasOwn(this.#readers, need.fact);
  }

  async #read(need: TableNeed): Promise<void> {
    const { fact, table } = need;
    if (!this.#inFlight.has(keyOf(need))) return;
    const reading = await attempt<unknown>(() => this.#readers[fact](table));
    // An answer after the run has given up would change what it has decided.
    if (this.#inFlight.delete(keyOf(need))) this.#observed.learn(fact, table, reading as Reading<never>);
  }

  #giveUp(): void {
    const error = 'AWS did not answer before the run had to act.';
    for (const { fact, table } of this.#inFlight.values()) this.#observed.learn(fact, table, { error });
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

const keyOf = ({ fact, table }: TableNeed): string => `${fact} ${table}`;
