import { absenceOf } from './absence.ts';
import { isMissingTable } from './attempt.ts';
import { type Calls, isInvalidItem, writeAll } from './batch-call.ts';
import { type Located, unwritable } from './items.ts';
import type { BatchWrite, Rejected } from './types.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_REQUESTS = 25;

interface Entry {
  readonly request: BatchWrite;
  /** The earlier request for the same key. It is sent if this one is rejected. */
  readonly earlier: Entry | undefined;
  /** How many requests of the source it stands for: itself, and all earlier ones for the same key. */
  readonly count: number;
}

function inOrder(last: Entry): BatchWrite[] {
  const requests: BatchWrite[] = [];
  for (let each: Entry | undefined = last; each; each = each.earlier) requests.push(each.request);
  return requests.reverse();
}

/**
 * Writes the requests of one table, one batch after another, so that later requests are written later. If the table fails,
 * its requests stay `unprocessed`, and other tables are not affected.
 */
export class TableWriter {
  readonly located: Located;
  readonly rejected: Rejected[] = [];
  /** Why the table accepts no more requests. */
  failure: { readonly table: string; readonly cause: unknown } | undefined;
  /** Settles when the current batches are done. It never rejects. */
  running: Promise<void> | undefined;
  written = 0;
  readonly #calls: Calls;
  readonly #onBatch: () => Promise<void>;
  /** By key, because DynamoDB rejects a batch with duplicate keys. Only the last valid request for a key is sent. */
  readonly #waiting = new Map<string, Entry>();
  readonly #sending = new Map<string, Entry>();
  #size = 0;

  constructor(located: Located, calls: Calls, onBatch: () => Promise<void>) {
    this.located = located;
    this.#calls = calls;
    this.#onBatch = onBatch;
  }

  /** How many requests are in memory until they are written. */
  get held(): number {
    return this.failure ? 0 : this.#size;
  }

  /** How many requests are not written, and not rejected. */
  get size(): number {
    return this.#size;
  }

  get unprocessed(): readonly BatchWrite[] {
    return [...this.#sending.values(), ...this.#waiting.values()].flatMap(inOrder);
  }

  add(id: string, request: BatchWrite): void {
    const earlier = this.#waiting.get(id);
    this.#waiting.set(id, { request, earlier, count: 1 + (earlier?.count ?? 0) });
    this.#size += 1;
    if (this.#waiting.size >= MOST_REQUESTS) this.start();
  }

  /** Starts to send what waits, in full batches after the first one. */
  start(least = MOST_REQUESTS): void {
    if (this.running || !this.#canWrite(1)) return;
    this.running = this.#run(least).finally(() => {
      this.running = undefined;
    });
  }

  /** Sends everything. */
  async finish(): Promise<void> {
    await this.running;
    this.start(1);
    await this.running;
  }

  #canWrite(least: number): boolean {
    return !this.failure && !this.#calls.stop.aborted && this.#waiting.size >= least;
  }

  async #run(least: number): Promise<void> {
    do {
      for (const [id, entry] of [...this.#waiting].slice(0, MOST_REQUESTS)) {
        this.#waiting.delete(id);
        this.#sending.set(id, entry);
      }
      await this.#write([...this.#sending.keys()]);
      await this.#onBatch();
    } while (this.#canWrite(least));
  }

  async #write(ids: readonly string[]): Promise<void> {
    const requests = new Map(ids.map((id) => [id, this.#sending.get(id)!]));
    try {
      await writeAll(this.#calls, this.located.table, requests).finally(() => {
        for (const id of ids) if (!requests.has(id)) this.#done(id);
      });
    } catch (error) {
      // After an abort, it is unknown what became of the requests. They stay unprocessed.
      if (this.#calls.stop.aborted) return;
      if (!isInvalidItem(error)) await this.#settle(error);
      else {
        const alone = requests.size === 1;
        for (const id of requests.keys()) {
          if (alone) this.#reject(id, error);
          if (!this.failure && this.#sending.has(id)) await this.#write([id]);
        }
      }
    }
  }

  /** Settles all requests that are being sent after an error of the table. */
  async #settle(error: unknown): Promise<void> {
    const { options, signal } = this.#calls;
    const { located } = this;
    try {
      if (!isMissingTable(error)) throw error;
      const puts = [...this.#sending].filter(([, entry]) => isPut(entry));
      const cause = puts.length > 0 ? unwritable(options, located, error) : undefined;
      if (cause && cause.code !== 'outside-retention') throw cause;
      if (!cause) await absenceOf(options, located, error, signal);
      for (const [id] of puts) while (isPut(this.#sending.get(id))) this.#reject(id, cause);
      // Deletions from a purged table are done.
      for (const id of [...this.#sending.keys()]) this.#done(id);
    } catch (cause) {
      if (this.#calls.stop.aborted) return;
      this.failure = { table: located.table, cause };
    }
  }

  #done(id: string): void {
    const count = this.#sending.get(id)?.count ?? 0;
    this.written += count;
    this.#size -= count;
    this.#sending.delete(id);
  }

  #reject(id: string, cause: unknown): void {
    const { request, earlier } = this.#sending.get(id)!;
    this.rejected.push({ ...request, table: this.located.table, cause });
    this.#size -= 1;
    if (earlier) this.#sending.set(id, earlier);
    else this.#sending.delete(id);
  }
}

const isPut = (entry: Entry | undefined): boolean => entry !== undefined && 'put' in entry.request;
