import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pRetry from 'p-retry';
import { attempt } from './attempt.ts';
import { RotatingError } from './failure.ts';
import { identity } from './identity.ts';
import { wholeKey } from './keys.ts';
import type { Attributes } from './table-keys.ts';
import type { turns } from './turns.ts';
import type { BatchWrite, RotatingOptions } from './types.ts';

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;

type Wire = NonNullable<NonNullable<BatchWriteCommandInput['RequestItems']>[string]>[number];

/** Requests of one table, at most 25, each with a different key. A request is removed as soon as it is written. */
export type Requests = Map<string, { readonly request: BatchWrite }>;

export interface Calls {
  readonly options: RotatingOptions;
  /** How many retries in a row can write nothing. */
  readonly retries: number;
  /** Aborts the call. */
  readonly signal: AbortSignal | undefined;
  /** Ends the retries, but lets the call finish. */
  readonly stop: AbortSignal;
  readonly inTurn: ReturnType<typeof turns>;
}

const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

/** DynamoDB returned some requests of a batch as UnprocessedItems. */
class Unprocessed extends Error {}

const isTemporary = (error: Error): boolean => error instanceof Unprocessed || throttled.has(error.name);

/** What the document client throws for values that it cannot convert. A circular value overflows the stack. */
const UNCONVERTIBLE =
  /^(?:Pass |Unsupported type passed|Special numeric value|Only Number Set|Maximum call stack|Cannot convert a Symbol)|Use NumberValue from/;

/** The HTTP status for a request of more than 16 MB. The request of a batch can only be that large if one of its items is. */
const TOO_LARGE = 413;

const CONVERSION_ERRORS: ReadonlySet<string> = new Set(['Error', 'RangeError', 'TypeError']);

/** Whether an item is invalid. One such item fails its whole batch, and the error does not say which one it is. */
export const isInvalidItem = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ValidationException' ||
    (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === TOO_LARGE ||
    (CONVERSION_ERRORS.has(error.name) && UNCONVERTIBLE.test(error.message)));

/**
 * Writes requests, and repeats unprocessed ones with back-off.
 * @throws RotatingError `unprocessed` after all retries; errors of DynamoDB; the reason of `stop`
 */
export async function writeAll(calls: Calls, table: string, requests: Requests): Promise<void> {
  const { retries, stop } = calls;
  const all = requests.size;
  let left = all;
  let before = all;
  const once = async (): Promise<void> => {
    before = left;
    await send(calls, table, requests);
    left = requests.size;
    if (left > 0)
      throw new Unprocessed(`DynamoDB returned ${left} of ${all} requests for ${table} as unprocessed.`);
  };
  const retrying = {
    retries,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    randomize: true,
    signal: stop,
    shouldRetry: ({ error }: { error: Error }) => isTemporary(error),
    // As long as DynamoDB accepts some requests, no retry is used up.
    shouldConsumeRetry: () => left === before,
  };
  try {
    await pRetry(once, retrying);
  } catch (cause) {
    if (stop.aborted || !isTemporary(cause as Error)) throw cause;
    const message = `DynamoDB did not accept ${left} of ${all} requests for ${table} after ${retries} retries. Raise the capacity of the table, or write more slowly.`;
    throw new RotatingError('unprocessed', message, { table, cause });
  }
}

/** Sends requests once, and removes those that DynamoDB processed. */
async function send({ options, signal, inTurn }: Calls, table: string, requests: Requests): Promise<void> {
  const command = new BatchWriteCommand({
    RequestItems: { [table]: [...requests.values()].map(({ request }) => wireOf(options, request)) },
  });
  const { UnprocessedItems } = await attempt(signal, (http) =>
    inTurn(() => options.documents.send(command, http)),
  );
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
