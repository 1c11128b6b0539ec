import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pRetry from 'p-retry';
import { say } from '../resolver/failure.ts';
import { absenceOf } from './absence.ts';
import { attempt, isMissingTable } from './attempt.ts';
import { RotatingError } from './failure.ts';
import { identity } from './identity.ts';
import { type Located, tableOf, unwritable } from './items.ts';
import { wholeKey } from './keys.ts';
import { checkedOptions, invalidOptions } from './options.ts';
import { isSource, type Source, until } from './source.ts';
import type { Attributes, BatchOptions, BatchWrite, RotatingClient, RotatingOptions } from './types.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_REQUESTS = 25;

/** How many requests can wait for their batches to fill. With hourly tables and random times, many would. */
const MOST_WAITING = 500;

const RETRIES = 8;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;

type Wire = NonNullable<NonNullable<BatchWriteCommandInput['RequestItems']>[string]>[number];

/** The waiting requests of one table. Only the last one for each key, because DynamoDB rejects a batch with duplicate keys. */
interface Batch {
  readonly located: Located;
  readonly requests: Map<string, BatchWrite>;
}

const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

/** DynamoDB returned some requests of a batch as UnprocessedItems. */
class Unprocessed extends Error {}

/** Writes batches one after another, so that later requests of the input are written later. */
export function batches(options: RotatingOptions): Pick<RotatingClient, 'batchWrite'> {
  return {
    batchWrite: async (requests, how: BatchOptions = {}) => {
      const { retries = RETRIES } = checkedOptions('batchWrite', how);
      if (!Number.isInteger(retries) || retries < 0)
        throw invalidOptions(`retries must be a whole number of at least 0, not ${say(retries)}.`);
      return new Writing(options, requests, how).run();
    },
  };
}

class Writing {
  readonly #options: RotatingOptions;
  readonly #source: Source<BatchWrite>;
  readonly #how: BatchOptions;
  readonly #waiting = new Map<string, Batch>();
  /** Puts whose tables are purged or not due yet, and the error of the first one. */
  readonly #rejected: BatchWrite[] = [];
  #rejection: RotatingError | undefined;
  /** The request without a table, which ended the batch. */
  readonly #invalid: BatchWrite[] = [];
  #taken = 0;

  constructor(options: RotatingOptions, source: Source<BatchWrite>, how: BatchOptions) {
    this.#options = options;
    this.#source = source;
    this.#how = how;
  }

  async run(): Promise<number> {
    try {
      if (!isSource(this.#source))
        throw new RotatingError(
          'invalid-options',
          'A batch must be an iterable of requests, such as an array.',
        );
      for await (const request of until(this.#how.signal, this.#source)) {
        this.#taken += 1;
        const batch = this.#join(request);
        if (batch.requests.size === MOST_REQUESTS) await this.#flush(batch);
        else if (sizeOf(this.#waiting) > MOST_WAITING) await this.#flush(fullest(this.#waiting));
      }
      for (const batch of this.#waiting.values()) await this.#flush(batch);
    } catch (error) {
      const { signal } = this.#how;
      throw signal?.aborted && error === signal.reason ? error : this.#failure(error);
    }
    if (this.#rejection) throw this.#failure(this.#rejection);
    return this.#taken;
  }

  #join(request: BatchWrite): Batch {
    try {
      return join(this.#options, this.#waiting, request);
    } catch (error) {
      this.#invalid.push(request);
      throw error;
    }
  }

  async #flush(batch: Batch): Promise<void> {
    try {
      await writeBatch(this.#options, batch, this.#how);
    } catch (error) {
      if (!(error instanceof RotatingError && error.code === 'outside-retention')) throw error;
      this.#rejection ??= error;
      this.#rejected.push(...[...batch.requests.values()].filter((request) => 'put' in request));
    }
    this.#waiting.delete(batch.located.table);
  }

  #failure(cause: unknown): RotatingError {
    const waiting = [...this.#waiting.values()].flatMap(({ requests }) => [...requests.values()]);
    const pending = [...waiting, ...this.#invalid];
    const counts = { taken: this.#taken, written: this.#taken - pending.length - this.#rejected.length };
    const unprocessed = [...pending, ...restOf(this.#source, this.#taken)];
    const details = { unprocessed, rejected: this.#rejected, ...counts };
    const where = this.#invalid.length > 0 ? `Request ${this.#taken} of the batch is invalid. ` : '';
    if (cause instanceof RotatingError) {
      const { table, cause: origin } = cause;
      return new RotatingError(cause.code, where + cause.message, {
        table,
        cause: origin ?? cause,
        ...details,
      });
    }
    const message = `${where}${cause instanceof Error ? cause.message : say(cause)}`;
    // The resolver can come from another copy of this package, so `instanceof` is not reliable.
    const code = (cause as Error | undefined)?.name === 'ResolverError' ? 'invalid-timestamp' : 'unprocessed';
    return new RotatingError(code, message, { cause, ...details });
  }
}

/** The rest of an array. Any other source can be endless, so only the caller knows its rest. */
const restOf = (source: Source<BatchWrite> | undefined, taken: number): readonly BatchWrite[] =>
  Array.isArray(source) ? source.slice(taken) : [];

/** @throws RotatingError, ResolverError if the request has no table */
function join(options: RotatingOptions, waiting: Map<string, Batch>, request: BatchWrite): Batch {
  const isPut = isObject(request) && 'put' in request;
  const isDelete = isObject(request) && 'delete' in request;
  if (isPut === isDelete) throw invalidOptions('A request must be { put: item } or { delete: key }.');
  const [attributes, at] = isPut ? [request.put, undefined] : [request.delete, request.at];
  const located = tableOf(options, attributes, at);
  wholeKey(options, attributes);
  const batch = waiting.get(located.table) ?? { located, requests: new Map<string, BatchWrite>() };
  waiting.set(located.table, batch);
  batch.requests.set(identity(options, attributes), request);
  return batch;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const sizeOf = (waiting: ReadonlyMap<string, Batch>): number =>
  [...waiting.values()].reduce((sum, { requests }) => sum + requests.size, 0);

const fullest = (waiting: ReadonlyMap<string, Batch>): Batch =>
  [...waiting.values()].reduce((most, batch) => (batch.requests.size > most.requests.size ? batch : most));

async function writeBatch(
  options: RotatingOptions,
  { located, requests }: Batch,
  { signal, retries = RETRIES }: BatchOptions,
): Promise<void> {
  const all = requests.size;
  let left = all;
  let before = all;
  const once = async (): Promise<void> => {
    before = left;
    await send(options, located.table, requests, signal);
    left = requests.size;
    if (left > 0)
      throw new Unprocessed(
        `DynamoDB returned ${left} of ${all} requests for ${located.table} as unprocessed.`,
      );
  };
  const retrying = {
    retries,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    randomize: true,
    signal,
    shouldRetry: ({ error }: { error: Error }) => error instanceof Unprocessed || throttled.has(error.name),
    // As long as DynamoDB accepts some requests, no retry is used up.
    shouldConsumeRetry: () => left === before,
  };
  try {
    await pRetry(once, retrying);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (await isPurged(options, located, requests, error, signal)) return;
    if (!(error instanceof Unprocessed) && !throttled.has((error as Error).name)) throw error;
    const message = `DynamoDB did not accept ${left} of ${all} requests for ${located.table} after ${retries} retries. Raise the capacity of the table, or write more slowly.`;
    throw new RotatingError('unprocessed', message, { table: located.table, cause: error });
  }
}

/**
 * Whether a batch of deletions is done because its table is already purged.
 * @throws RotatingError if the table is missing for another reason
 */
async function isPurged(
  options: RotatingOptions,
  located: Located,
  requests: ReadonlyMap<string, BatchWrite>,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!isMissingTable(error)) return false;
  if ([...requests.values()].some((request) => 'put' in request)) throw unwritable(options, located, error);
  await absenceOf(options, located, error, signal);
  return true;
}

/** Sends a batch once, and removes the requests that DynamoDB processed. */
async function send(
  options: RotatingOptions,
  table: string,
  requests: Map<string, BatchWrite>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = new BatchWriteCommand({
    RequestItems: { [table]: [...requests.values()].map((request) => wireOf(options, request)) },
  });
  const { UnprocessedItems } = await attempt(signal, (http) => options.documents.send(command, http));
  const echoes = UnprocessedItems?.[table] ?? [];
  const unprocessed = new Set(echoes.map((wire) => identity(options, attributesOf(wire))));
  const processed = [...requests.keys()].filter((id) => !unprocessed.has(id));
  // If it is uncertain which requests came back, all are sent again. That is safe and loses nothing.
  if (requests.size - processed.length !== echoes.length) return;
  for (const id of processed) requests.delete(id);
}

const wireOf = (options: RotatingOptions, request: BatchWrite): Wire =>
  'put' in request
    ? { PutRequest: { Item: request.put } }
    : { DeleteRequest: { Key: wholeKey(options, request.delete) } };

const attributesOf = ({ PutRequest, DeleteRequest }: Wire): Attributes =>
  PutRequest?.Item ?? DeleteRequest?.Key ?? {};
