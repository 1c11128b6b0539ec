import type {
  DeleteCommandInput,
  DeleteCommandOutput,
  DynamoDBDocumentClient,
  GetCommandInput,
  PutCommandInput,
  PutCommandOutput,
  QueryCommandInput,
  ScanCommandInput,
  UpdateCommandInput,
  UpdateCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { Instant, Order, Resolver } from '../resolver/types.ts';
import type { AnyKeys, Attributes, IndexOf, Key, Read, SelectItems, TableKeys } from './table-keys.ts';

/**
 * The values of the timestamp attribute: numbers of `milliseconds` or `seconds` since the epoch, or `iso` strings in the
 * form of Date.toISOString, such as 2026-11-21T09:00:00.000Z.
 */
export type Unit = 'milliseconds' | 'seconds' | 'iso';

export interface Timestamp {
  /** The attribute that decides to which period, and so to which table, an item belongs. */
  readonly attribute: string;
  readonly unit: Unit;
}

/** The timestamp attribute of items of a known type, with a unit that its values can have. */
export type TimestampOf<Item extends object> = {
  readonly [Name in keyof Item & string]: { readonly attribute: Name; readonly unit: UnitOf<Item[Name]> };
}[keyof Item & string];

type UnitOf<Value> = unknown extends Value
  ? Unit
  : Value extends string
    ? 'iso'
    : Value extends number | bigint | { readonly value: string }
      ? 'milliseconds' | 'seconds'
      : never;

export interface RotatingOptions<Name extends string = string> extends TableKeys {
  /** The document client that sends all requests. */
  readonly documents: DynamoDBDocumentClient;
  readonly resolver: Resolver<Name>;
  /** The TableName of a spec. */
  readonly group: NoInfer<Name>;
  readonly timestamp: Timestamp;
  /**
   * The start of the first table that has an index, by index name. Reads by that index leave older tables out. An index that is
   * not listed is in all tables.
   */
  readonly since?: Readonly<Record<string, Instant | undefined>> | undefined;
}

export interface Abortable {
  /** Aborts the call, which is rejected with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

export interface Dated extends Abortable {
  /** The timestamp of the item, if its key does not contain it. */
  readonly at?: Instant | undefined;
}

export type PutOptions = Omit<PutCommandInput, 'TableName' | 'Item'> & Abortable;
export type GetOptions = Omit<GetCommandInput, 'TableName' | 'Key' | 'AttributesToGet'> &
  Dated & {
    /** Limits how far back `get` searches without a timestamp. Default: all retained tables. */
    readonly from?: Instant | undefined;
  };
export type UpdateOptions = Omit<UpdateCommandInput, 'TableName' | 'Key'> & Dated;
export type DeleteOptions = Omit<DeleteCommandInput, 'TableName' | 'Key'> & Dated;

export interface RangeOptions extends Abortable {
  /** The start of the range. Default: the start of the oldest retained table. */
  readonly from?: Instant | undefined;
  /** The end of the range, exclusive. Default: the end of the last upcoming table. */
  readonly to?: Instant | undefined;
  /**
   * `oldest-first` and `newest-first` read one table after another, each in the order of its sort key. For `newest-first`,
   * that order is descending. `unordered` reads several tables in parallel. Default: `oldest-first`.
   */
  readonly order?: Order | 'unordered' | undefined;
  /**
   * How many tables are read in parallel, and so how many pages are in memory. Default: 4 if `unordered`, and 1 in order.
   * If a query in order finds few items, `take` reads up to 8 by default.
   */
  readonly concurrency?: number | undefined;
  /** How many items DynamoDB reads for one page, before any filter. Default: as many as fit in 1 MB. */
  readonly pageSize?: number | undefined;
  /** The `cursor` of an earlier read, to continue after it. It contains the range and the order of that read. */
  readonly cursor?: string | undefined;
}

/** `AttributesToGet` is what ProjectionExpression was called before, without a type for what it returns. */
type Excluded =
  | 'TableName'
  | 'ExclusiveStartKey'
  | 'Limit'
  | 'AttributesToGet'
  | keyof Selection<unknown, unknown, unknown>;

/** What decides which attributes a read returns. */
interface Selection<Index, Projection, Selected> {
  readonly IndexName?: Index;
  readonly ProjectionExpression?: Projection;
  readonly Select?: Selected;
}

/** A query of whole items of the tables. An index or a projection is a type argument: `QueryInput<'ByPage'>`, `QueryInput<undefined, string>`. */
export type QueryInput<Index = undefined, Projection = undefined, Selected = SelectItems | undefined> = Omit<
  QueryCommandInput,
  Excluded
> &
  Selection<Index, Projection, Selected> &
  RangeOptions;

/** A scan of whole items of the tables. An index or a projection is a type argument, as for QueryInput. */
export type ScanInput<Index = undefined, Projection = undefined, Selected = SelectItems | undefined> = Omit<
  ScanCommandInput,
  Excluded
> &
  Selection<Index, Projection, Selected> &
  RangeOptions;

export interface Page<Item> {
  readonly table: string;
  readonly items: readonly Item[];
  /** Continues the read after this page. undefined after the last page. */
  readonly cursor: string | undefined;
}

/**
 * A read over many tables. It sends nothing before it is iterated. A second iteration continues where the first one stopped.
 * If the first one is still running, its next item throws `invalid-options`. At most `concurrency` pages are in memory,
 * plus one page ahead.
 */
export interface Reading<Item> extends AsyncIterable<Item> {
  /** The pages that DynamoDB returns, without empty ones. */
  pages(): AsyncIterable<Page<Item>>;
  /** The next items, at most `count`, and the cursor after them. `Infinity` returns all that are left. */
  take(count: number): Promise<{ readonly items: Item[]; readonly cursor: string | undefined }>;
  /**
   * The position after the last returned item. undefined after the end of the read. Another process can continue from it,
   * also after tables were rotated.
   * @throws RotatingError `no-cursor` if the last item lacks a key attribute
   */
  readonly cursor: string | undefined;
}

export type BatchWrite<Item extends object = Attributes, Keys extends TableKeys = AnyKeys> =
  | { readonly put: Item; readonly at?: undefined }
  | { readonly delete: Key<Item, Keys>; readonly at?: Instant | undefined };

export interface BatchOptions extends Abortable {
  /** How many retries in a row can fail to write any request, before a table fails. Default: 8, which takes about 20 seconds. */
  readonly retries?: number | undefined;
  /** Called after every batch of at most 25 requests. An error that it throws, or a rejection, ends the batch. */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
}

/** Numbers of requests. */
export interface BatchProgress {
  readonly taken: number;
  readonly written: number;
  readonly rejected: number;
  /** Requests for tables that have failed. */
  readonly unprocessed: number;
}

/** A request that cannot be written, its table if it has a valid timestamp, and the reason. */
export type Rejected<Item extends object = Attributes> = BatchWrite<Item> & {
  readonly table: string | undefined;
  /** The error of DynamoDB, the document client or the resolver, or a RotatingError such as `outside-retention`. */
  readonly cause: unknown;
};

/** A table that could not be written, and the reason. */
export interface TableFailure {
  readonly table: string;
  readonly cause: unknown;
}

/** The items of one group, in whichever table they are. All methods throw RotatingError, and ResolverError for invalid instants. */
export interface RotatingClient<Item extends object = Attributes, Keys extends TableKeys = AnyKeys> {
  /**
   * Writes an item to the table of its timestamp.
   * @throws RotatingError `outside-retention` if that table is purged or not due yet
   */
  put(item: Item, options?: PutOptions): Promise<PutCommandOutput>;
  /** Reads from the table of the key's timestamp, or of `at`. Without either, it searches from the newest table back. */
  get<Projection extends string | undefined = undefined>(
    key: Key<Item, Keys>,
    options?: GetOptions & { readonly ProjectionExpression?: Projection },
  ): Promise<Read<Item, Keys, undefined, Projection, undefined> | undefined>;
  /** Updates in the table of the key's timestamp, or of `at`. */
  update(key: Key<Item, Keys>, options: UpdateOptions): Promise<UpdateCommandOutput>;
  /** Deletes from the table of the key's timestamp, or of `at`. Returns undefined if that table is already purged. */
  delete(key: Key<Item, Keys>, options?: DeleteOptions): Promise<DeleteCommandOutput | undefined>;
  /** Queries all tables of the range with the same key condition. */
  query<
    Index extends IndexOf<Keys> | undefined = undefined,
    Projection extends string | undefined = undefined,
    Selected extends SelectItems | undefined = undefined,
  >(input: QueryInput<Index, Projection, Selected>): Reading<Read<Item, Keys, Index, Projection, Selected>>;
  /** Scans all tables of the range. */
  scan<
    Index extends IndexOf<Keys> | undefined = undefined,
    Projection extends string | undefined = undefined,
    Selected extends SelectItems | undefined = undefined,
  >(input?: ScanInput<Index, Projection, Selected>): Reading<Read<Item, Keys, Index, Projection, Selected>>;
  /**
   * Writes and deletes in batches of 25, each request in the table of its timestamp. Returns the number of requests.
   * Requests of one table are written in order, and up to 4 tables in parallel. A table that fails does not stop the others.
   * @throws RotatingError with `unprocessed` and `rejected` requests, and `failures` of tables
   */
  batchWrite(
    requests: Iterable<BatchWrite<Item, Keys>> | AsyncIterable<BatchWrite<Item, Keys>>,
    options?: BatchOptions,
  ): Promise<number>;
}
