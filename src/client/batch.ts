import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pRetry from 'p-retry';
import { say } from '../resolver/failure.ts';
import { absenceOf } from './absence.ts';
import { attempt, saysMissing } from './attempt.ts';
import { RotatingError } from './failure.ts';
import { given, refused } from './given.ts';
import { identity } from './identity.ts';
import { type Located, tableOf, unwritable } from './items.ts';
import { wholeKey } from './keys.ts';
import { isSource, type Source, until } from './source.ts';
import type { Attributes, BatchOptions, BatchWrite, RotatingClient, RotatingOptions } from './types.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_REQUESTS = 25;

/** Requests that wait for their batches to fill: what a table an hour and random times would pile up. */
const MOST_WAITING = 500;

const RETRIES = 8;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;

type Wire = NonNullable<NonNullable<BatchWriteCommandInput['RequestItems']>[string]>[number];

/** Requests of one table that wait for their batch, the last one for each key: DynamoDB takes no key twice. */
interface Batch {
  readonly located: Located;
  readonly requests: Map<string, BatchWrite>;
}

const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

class Refused extends Error {}

/** Batches are written one after another, so that what comes later in the input is written later. */
export function batches(options: RotatingOptions): Pick<RotatingClient, 'batchWrite'> {
  return {
    batchWrite: async (requests, how: BatchOptions = {}) => {
      const { retries = RETRIES } = given('batchWrite', how);
      if (!Number.isInteger(retries) || retries < 0)
        throw refused(`retries must be a whole number from 0 on, and is ${say(retries)}.`);
      return new Writing(options, requests, how).run();
    },
  };
}

class Writing {
  readonly #options: RotatingOptions;
  readonly #source: Source<BatchWrite>;
  readonly #how: BatchOptions;
  readonly #waiting = new Map<string, Batch>();
  /** Requests that no table stands for any more, or yet, and why the first of them. */
  readonly #rejected: BatchWrite[] = [];
  #rejection: RotatingError | undefined;
  /** The request that no table could be told for. */
  readonly #misfit: BatchWrite[] = [];
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
          'A batch is an iterable of requests, an array for instance.',
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
      this.#misfit.push(request);
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
    const held = [...this.#waiting.values()].flatMap(({ requests }) => [...requests.values()]);
    const begun = [...held, ...this.#misfit];
    const counts = { taken: this.#taken, written: this.#taken - begun.length - this.#rejected.length };
    const unprocessed = [...begun, ...restOf(this.#source, this.#taken)];
    const details = { unprocessed, rejected: this.#rejected, ...counts };
    const where = this.#misfit.length > 0 ? `Request ${this.#taken} of the batch: ` : '';
    if (cause instanceof RotatingError) {
      const { table, cause: origin } = cause;
      return new RotatingError(cause.code, where + cause.message, {
        table,
        cause: origin ?? cause,
        ...details,
      });
    }
    const message = `${where}${cause instanceof Error ? cause.message : say(cause)}`;
    // The resolver may be another build's: its class is not to be relied on.
    const code = (cause as Error | undefined)?.name === 'ResolverError' ? 'invalid-timestamp' : 'unprocessed';
    return new RotatingError(code, message, { cause, ...details });
  }
}

/** What was not taken of an array; any other source may be endless, and its rest is known to its maker only. */
const restOf = (source: Source<BatchWrite> | undefined, taken: number): readonly BatchWrite[] =>
  Array.isArray(source) ? source.slice(taken) : [];

/** @throws RotatingError, ResolverError where no table can be told */
function join(options: RotatingOptions, waiting: Map<string, Batch>, request: BatchWrite): Batch {
  const isPut = isObject(request) && 'put' in request;
  const isDelete = isObject(request) && 'delete' in request;
  if (isPut === isDelete) throw refused('it must be { put: item } or { delete: key }.');
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
    if (left > 0) throw new Refused(`${left} of ${all} requests for ${located.table} are unprocessed.`);
  };
  const retrying = {
    retries,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    randomize: true,
    signal,
    shouldRetry: ({ error }: { error: Error }) => error instanceof Refused || throttled.has(error.name),
    // As long as DynamoDB takes some, patience does not run out.
    shouldConsumeRetry: () => left === before,
  };
  try {
    await pRetry(once, retrying);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (await isGone(options, located, requests, error, signal)) return;
    if (!(error instanceof Refused) && !throttled.has((error as Error).name)) throw error;
    const message = `DynamoDB still refuses ${left} of ${all} requests for ${located.table} after ${retries} retries: raise its capacity, or write slower.`;
    throw new RotatingError('unprocessed', message, { table: located.table, cause: error });
  }
}

/**
 * Whether there is nothing left to do because a table has been purged, and with it all that was to be deleted.
 * @throws RotatingError where the table is missing otherwise
 */
async function isGone(
  options: RotatingOptions,
  located: Located,
  requests: ReadonlyMap<string, BatchWrite>,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!saysMissing(error)) return false;
  if ([...requests.values()].some((request) => 'put' in request)) throw unwritable(options, located, error);
  await absenceOf(options, located, error, signal);
  return true;
}

/** Sends a batch once, and takes out of it what DynamoDB has processed. */
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
  const refused = new Set(echoes.map((wire) => identity(options, attributesOf(wire))));
  const processed = [...requests.keys()].filter((id) => !refused.has(id));
  // Where it can't be told for certain which came back, all are sent again: that harms nobody, and loses nothing.
  if (requests.size - processed.length !== echoes.length) return;
  for (const id of processed) requests.delete(id);
}

const wireOf = (options: RotatingOptions, request: BatchWrite): Wire =>
  'put' in request
    ? { PutRequest: { Item: request.put } }
    : { DeleteRequest: { Key: wholeKey(options, request.delete) } };

const attributesOf = ({ PutRequest, DeleteRequest }: Wire): Attributes =>
  PutRequest?.Item ?? DeleteRequest?.Key ?? {};
