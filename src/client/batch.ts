import { say } from '../resolver/failure.ts';
import { unlessAborted } from './attempt.ts';
import type { Calls } from './batch-call.ts';
import { failureOf } from './batch-failure.ts';
import { identity } from './identity.ts';
import { type Located, tableOf } from './items.ts';
import { wholeKey } from './keys.ts';
import { checkedOptions, invalidOptions } from './options.ts';
import { isSource, type Source, until } from './source.ts';
import { TableWriter } from './table-writer.ts';
import { turns } from './turns.ts';
import type { BatchOptions, BatchWrite, Rejected, RotatingClient, RotatingOptions } from './types.ts';

/** How many requests can wait for their batches to fill. With hourly tables and random times, many would. */
const MOST_WAITING = 500;

/** How many requests without success are kept in memory, unless the source is an array, which has them in memory anyway. */
const MOST_FAILED = 10_000;

/** How many tables are written in parallel. */
const MOST_CALLS = 4;

const RETRIES = 8;

/** Writes every table by itself, so that a slow or broken one does not stop the others. */
export function batches(options: RotatingOptions): Pick<RotatingClient, 'batchWrite'> {
  return {
    batchWrite: async (requests, how: BatchOptions = {}) => {
      const { retries = RETRIES, onProgress } = checkedOptions('batchWrite', how);
      if (!Number.isInteger(retries) || retries < 0)
        throw invalidOptions(`retries must be a whole number of at least 0, not ${say(retries)}.`);
      if (onProgress !== undefined && typeof onProgress !== 'function')
        throw invalidOptions(`onProgress must be a function, not ${say(onProgress)}.`);
      return new Writing(options, requests, how).run();
    },
  };
}

class Writing {
  readonly #source: Source<BatchWrite>;
  readonly #how: BatchOptions;
  readonly #calls: Calls;
  readonly #halt = new AbortController();
  readonly #writers = new Map<string, TableWriter>();
  readonly #malformed: BatchWrite[] = [];
  /** Requests without a table or a whole key. */
  readonly #invalid: Rejected[] = [];
  #taken = 0;

  constructor(options: RotatingOptions, source: Source<BatchWrite>, how: BatchOptions) {
    const { signal, retries = RETRIES } = how;
    const halt = this.#halt.signal;
    const stop = signal ? AbortSignal.any([signal, halt]) : halt;
    this.#calls = { options, retries, signal, stop, inTurn: turns(MOST_CALLS) };
    this.#source = source;
    this.#how = how;
  }

  async run(): Promise<number> {
    let reason: { cause: unknown; aborted: boolean } | undefined;
    try {
      await this.#writeAll();
    } catch (cause) {
      const { signal } = this.#how;
      reason = { cause, aborted: signal?.aborted === true && cause === signal.reason };
      this.#halt.abort(cause);
    }
    const writers = [...this.#writers.values()];
    await Promise.all(writers.map(({ running }) => running));
    const failure = failureOf({
      source: this.#source,
      taken: this.#taken,
      writers,
      malformed: this.#malformed,
      invalid: this.#invalid,
      reason,
    });
    if (failure) throw failure;
    return this.#taken;
  }

  async #writeAll(): Promise<void> {
    if (!isSource(this.#source))
      throw invalidOptions('A batch must be an iterable of requests, such as an array.');
    for await (const request of until(this.#how.signal, this.#source)) {
      this.#taken += 1;
      this.#join(request);
      await this.#room();
      if (!Array.isArray(this.#source) && this.#failed() > MOST_FAILED) break;
    }
    await Promise.all([...this.#writers.values()].map((writer) => writer.finish()));
    this.#calls.stop.throwIfAborted();
  }

  /** @throws RotatingError `invalid-options` if the request is malformed, which is a mistake of the application */
  #join(request: BatchWrite): void {
    const { options } = this.#calls;
    const attributes = this.#attributesOf(request);
    let located: Located | undefined;
    try {
      located = tableOf(options, attributes, 'delete' in request ? request : undefined);
      wholeKey(options, attributes);
    } catch (cause) {
      this.#invalid.push({ ...request, table: located?.table, cause });
      return;
    }
    const writer =
      this.#writers.get(located.table) ?? new TableWriter(located, this.#calls, () => this.#report());
    this.#writers.set(located.table, writer);
    writer.add(identity(options, attributes), request);
  }

  #attributesOf(request: BatchWrite) {
    try {
      return attributesOf(request);
    } catch (error) {
      this.#malformed.push(request);
      throw error;
    }
  }

  /** Waits until there is room for another request. */
  async #room(): Promise<void> {
    this.#calls.stop.throwIfAborted();
    while (this.#sum(({ held }) => held) > MOST_WAITING) {
      const writers = [...this.#writers.values()];
      const idle = writers.filter(({ running, held }) => !running && held > 0);
      if (idle.length > 0) idle.reduce((most, each) => (each.held > most.held ? each : most)).start();
      await Promise.race(writers.flatMap(({ running }) => running ?? []));
      this.#calls.stop.throwIfAborted();
    }
  }

  /** An async onProgress is awaited too: its rejection would otherwise end the process. */
  async #report(): Promise<void> {
    try {
      // An async function is a function without a result, too.
      const done: unknown = this.#how.onProgress?.({
        taken: this.#taken,
        written: this.#sum(({ written }) => written),
        rejected: this.#rejected(),
        unprocessed: this.#sum(({ failure, size }) => (failure ? size : 0)),
      });
      await unlessAborted(this.#calls.stop, Promise.resolve(done));
    } catch (error) {
      this.#halt.abort(error);
    }
  }

  #failed(): number {
    return this.#rejected() + this.#sum(({ failure, size }) => (failure ? size : 0));
  }

  #rejected(): number {
    return this.#invalid.length + this.#sum(({ rejected }) => rejected.length);
  }

  #sum(of: (writer: TableWriter) => number): number {
    let sum = 0;
    for (const writer of this.#writers.values()) sum += of(writer);
    return sum;
  }
}

/** @throws RotatingError `invalid-options` unless the request either puts or deletes */
function attributesOf(request: BatchWrite) {
  const put = isObject(request) && 'put' in request ? request.put : undefined;
  const key = isObject(request) && 'delete' in request ? request.delete : undefined;
  if (isObject(put) === isObject(key))
    throw invalidOptions('A request must be { put: item } or { delete: key }.');
  if (isObject(put) && request.at !== undefined)
    throw invalidOptions(
      'A put does not accept `at`. The timestamp of its item decides which table is used.',
    );
  return (put ?? key)!;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
