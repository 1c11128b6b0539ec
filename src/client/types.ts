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

/** Attributes by name: an item where nothing more is known of it. */
export type Attributes = Record<string, unknown>;

/** The key attributes of an item, and its timestamp where that is known; the rest of the item may be there. */
export type Key<Item extends object = Attributes> = Readonly<Partial<Item>>;

/**
 * What the timestamp attribute holds: numbers of `milliseconds` or `seconds` since the epoch, or `iso` strings in
 * UTC as Date's toISOString writes them.
 */
export type Unit = 'milliseconds' | 'seconds' | 'iso';

export interface Timestamp {
  /** The attribute that says which period an item belongs to. */
  readonly attribute: string;
  readonly unit: Unit;
}

export interface RotatingOptions<Name extends string = string> {
  readonly documents: DynamoDBDocumentClient;
  readonly resolver: Resolver<Name>;
  readonly group: NoInfer<Name>;
  readonly timestamp: Timestamp;
  /** Names of the tables' key attributes: HASH, then RANGE. */
  readonly key: readonly string[];
  /** The same for every index that is going to be read. */
  readonly indexes?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface Abortable {
  /** Aborts what is under way; it is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Dated extends Abortable {
  /** When the item was stamped, where its key does not say so. */
  readonly at?: Instant | undefined;
}

export type PutOptions = Omit<PutCommandInput, 'TableName' | 'Item'> & Abortable;
export type GetOptions = Omit<GetCommandInput, 'TableName' | 'Key'> &
  Dated & {
    /** How far back to look where neither the key nor `at` says when; as far as tables are kept unless given. */
    readonly from?: Instant | undefined;
  };
export type UpdateOptions = Omit<UpdateCommandInput, 'TableName' | 'Key'> & Dated;
export type DeleteOptions = Omit<DeleteCommandInput, 'TableName' | 'Key'> & Dated;

export interface RangeOptions extends Abortable {
  /** The first instant; as far back as tables are kept unless given. */
  readonly from?: Instant | undefined;
  /** The first instant after; as far ahead as tables are made unless given. */
  readonly to?: Instant | undefined;
  /**
   * `oldest-first` unless given: one table after another, each in the order of its sort key, backwards for
   * `newest-first`. `unordered` reads several tables side by side.
   */
  readonly order?: Order | 'unordered' | undefined;
  /** How many tables are read at a time, and so how many pages are held: 1 in order, 4 unordered, unless given. */
  readonly concurrency?: number | undefined;
  /** Items that DynamoDB looks at for one page; as many as make 1 MB unless given. */
  readonly pageSize?: number | undefined;
  /** Where to go on: what an earlier read's `cursor` was. It brings its range and order along. */
  readonly cursor?: string | undefined;
}

type Ours = 'TableName' | 'ExclusiveStartKey' | 'Limit' | 'Select';

interface Selecting {
  /** `COUNT` answers no items. */
  readonly Select?: Exclude<QueryCommandInput['Select'], 'COUNT'>;
}

export type QueryInput = Omit<QueryCommandInput, Ours> & Selecting & RangeOptions;
export type ScanInput = Omit<ScanCommandInput, Ours> & Selecting & RangeOptions;

export interface Page<Item> {
  readonly table: string;
  readonly items: readonly Item[];
  /** Where the read goes on after this page; undefined after the last one. */
  readonly cursor: string | undefined;
}

/**
 * A read over many tables. Nothing is sent before it is iterated; iterated again, it goes on where it was
 * left, and an iteration that is still under way is refused its next item. It holds `concurrency` pages at most, however
 * many items there are.
 */
export interface Reading<Item> extends AsyncIterable<Item> {
  /** The pages that DynamoDB answers with, without empty ones. */
  pages(): AsyncIterable<Page<Item>>;
  /** The next items, `count` at most, and the cursor after them. */
  take(count: number): Promise<{ readonly items: Item[]; readonly cursor: string | undefined }>;
  /**
   * Where it stands: after the item that was handed out last; undefined when all have been. It outlives the
   * process, and rotation.
   * @throws RotatingError `no-cursor`
   */
  readonly cursor: string | undefined;
}

export type BatchWrite<Item extends object = Attributes> =
  | { readonly put: Item }
  | { readonly delete: Key<Item>; readonly at?: Instant | undefined };

export interface BatchOptions extends Abortable {
  /** How often in a row DynamoDB may refuse everything that is left; 8 unless given: about 20 seconds. */
  readonly retries?: number | undefined;
}

/** One group's items, whichever table they are in. All methods throw RotatingError and the resolver's ResolverError. */
export interface RotatingClient<Item extends object = Attributes> {
  /** Writes an item to the table of its own timestamp, while that stands. */
  put(item: Item, options?: PutOptions): Promise<PutCommandOutput>;
  /** Reads from the table that the key's timestamp or `at` names; without either from the newest table backwards. */
  get(key: Key<Item>, options?: GetOptions): Promise<Item | undefined>;
  update(key: Key<Item>, options: UpdateOptions): Promise<UpdateCommandOutput>;
  /** Answers undefined where the item's table has been purged: nothing is left to delete. */
  delete(key: Key<Item>, options?: DeleteOptions): Promise<DeleteCommandOutput | undefined>;
  query(input: QueryInput): Reading<Item>;
  scan(input?: ScanInput): Reading<Item>;
  /** Writes and deletes in batches, each request in the table of its own timestamp; answers how many there were. */
  batchWrite(
    requests: Iterable<BatchWrite<Item>> | AsyncIterable<BatchWrite<Item>>,
    options?: BatchOptions,
  ): Promise<number>;
}
