/**
 * An AWS on loopback in virtual time, with the latency and the quotas of AWS. A request says when it is sent, and its answer says when
 * it arrives. Tables and metrics are kept here, and the items of the state table in the embedded AWS.
 */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/core/calendar/period.ts';
import { FifoQueue } from '../../src/embedded/fifo-queue.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { sqsOperations } from '../../src/embedded/sqs.ts';

/** Calls per second in an account and Region, by operation. https://docs.aws.amazon.com/general/latest/gr/ddb.html and the CloudWatch quotas page */
const RATES: Readonly<Record<string, number>> = { ListTagsOfResource: 10, GetMetricData: 50 };
/**
 * For benches with several workers: reads of the control plane, and the calls of GetMetricData that the newest page of quotas has.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const OF_ALL_WORKERS = { DescribeTable: 2_500, GetMetricData: 500 };
/** Points per second that GetMetricData returns. */
const POINTS_PER_SECOND = 180_000;
/** Tables that may change at once. */
const CHANGING = 500;
/** How long a table changes. DynamoDB: from seconds to minutes. */
const CHANGE_MS = 30 * SECOND_MS;
const MUTATING = new Set(['CreateTable', 'UpdateTable', 'DeleteTable']);
const PAGE = 100;

type Json = Record<string, unknown>;

interface Table {
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  readonly input: Json;
  readonly tags: readonly unknown[];
  units: { read: number; write: number };
  /** Until when it is CREATING or UPDATING. */
  changing: { readonly status: string; readonly until: number };
  lastIncrease?: number;
  lastDecrease?: number;
  decreases: number;
}

class Rejected extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** What takes `perSecond` a second, and as much at once after a pause. */
class Bucket {
  readonly #perSecond: number;
  #left: number;
  #at = -Infinity;
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }
  takes(amount: number, at: number): boolean {
    const passed = Math.max(0, at - this.#at);
    this.#left = Math.min(this.#perSecond, this.#left + (passed / SECOND_MS) * this.#perSecond);
    this.#at = Math.max(this.#at, at);
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}

interface Counted {
  readonly calls: Readonly<Record<string, number>>;
  readonly byCaller: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export interface BenchAws {
  readonly env: Readonly<Record<string, string>>;
  readonly tables: ReadonlyMap<string, Table>;
  /** Adds tables that another bench has had. */
  restore(tables: readonly Table[]): void;
  /**
   * Before, calls take no time and have no quotas. `mutatingPerSecond`: what the account accepts of changes of tables. `workers`: how
   * many share the quotas, of which one is measured.
   */
  limit(mutatingPerSecond: number, workers?: number): void;
  /** The URL of a queue, and its messages. */
  readonly queue: { readonly url: string; readonly messages: FifoQueue };
  /** Calls since the last time, by operation and by the application that the user agent names, and throttled calls. */
  counted(): Counted;
  close(): Promise<void>;
}

/** Of each call. */
export const LATENCY_MS = 20;
const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const arnOf = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const seconds = (ms: number): number => ms / SECOND_MS;

/** `sumAt`: what a table consumes in a minute, for reads as for writes; undefined if there is no such table then. */
export async function startBenchAws(
  stateTable: string,
  sumAt: (table: string, minute: number) => number | undefined,
): Promise<BenchAws> {
  const embedded = await startEmbeddedAws({ createTableMs: 1 });
  const tables = new Map<string, Table>();
  let calls: Record<string, number> = {};
  let byCaller: Record<string, number> = {};
  let throttled = 0;
  let buckets: Map<string, Bucket> | undefined;
  const points = new Bucket(POINTS_PER_SECOND);
  const messages = new FifoQueue();
  const queues = new Map<string, FifoQueue>();

  const server = createServer((request, response) => {
    readBody(request).then(async (body) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? 'Publish';
      const now = Number(request.headers['x-bench-now'] ?? 0);
      const due = now + (buckets ? LATENCY_MS : 0);
      const headers = { 'x-bench-due': String(due), date: new Date(due).toUTCString() };
      calls[operation] = (calls[operation] ?? 0) + 1;
      const [, caller = ''] = /\bapp\/(\w+)/.exec(String(request.headers['user-agent'])) ?? [];
      byCaller[caller] = (byCaller[caller] ?? 0) + 1;
      const input = jsonOf(body);
      const name = nameOf(input);
      try {
        const isMutating = MUTATING.has(operation);
        const bucket = buckets?.get(isMutating ? 'mutating' : operation);
        if (bucket && !bucket.takes(1, now)) throw new Rejected('ThrottlingException', 'Rate exceeded');
        const answer = operations[operation];
        if (answer && name !== stateTable) send(response, 200, headers, answer(input, now));
        else await forward(embedded, request, body, headers, response);
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        const { type, message } = error;
        if (type === 'ThrottlingException' || type === 'LimitExceededException') throttled += 1;
        const queryError = { 'x-amzn-query-error': `${type};Sender` };
        send(response, 400, { ...headers, ...queryError }, { __type: `com.amazonaws#${type}`, message });
      }
    });
  });

  const known = (name: string): Table => {
    const table = tables.get(name);
    if (table) return table;
    throw new Rejected('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  };
  const isChanging = ({ changing }: Table, now: number): boolean => changing.until > now;
  const rejectTooMany = (now: number): void => {
    if (!buckets) return;
    const changing = [...tables.values()].filter((table) => isChanging(table, now)).length;
    if (changing >= CHANGING)
      throw new Rejected(
        'LimitExceededException',
        'Subscriber limit exceeded: too many tables are changing.',
      );
  };
  const changed = (status: string, now: number) => ({ status, until: buckets ? now + CHANGE_MS : now });

  const operations: Readonly<Record<string, (input: Json, now: number) => Json>> = {
    ListTables: ({ ExclusiveStartTableName: after = '', Limit: limit = PAGE }) => {
      const names = [...tables.keys(), stateTable].sort().filter((name) => name > String(after));
      const page = names.slice(0, Number(limit));
      return {
        TableNames: page,
        ...(names.length > page.length && { LastEvaluatedTableName: page.at(-1) }),
      };
    },
    DescribeTable: (input, now) => ({ Table: described(known(nameOf(input)), now) }),
    ListTagsOfResource: (input) => ({ Tags: known(nameOf(input)).tags }),
    DescribeTimeToLive: () => ({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } }),
    DescribeContinuousBackups: () => ({
      ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED' },
    }),
    DescribeLimits: () => ({
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    }),
    CreateTable: (input, now) => {
      rejectTooMany(now);
      const name = nameOf(input);
      const table: Table = {
        name,
        id: `id-${tables.size}`,
        createdAt: now,
        input,
        tags: (input.Tags ?? []) as unknown[],
        units: unitsOf(input, { read: 0, write: 0 }),
        changing: changed('CREATING', now),
        decreases: 0,
      };
      tables.set(name, table);
      return { TableDescription: described(table, now) };
    },
    UpdateTable: (input, now) => {
      const table = known(nameOf(input));
      if (isChanging(table, now))
        throw new Rejected('ResourceInUseException', `Attempt to change a resource which is still in use`);
      rejectTooMany(now);
      const units = unitsOf(input, table.units);
      const lowers = units.read < table.units.read || units.write < table.units.write;
      if (lowers) Object.assign(table, { lastDecrease: now, decreases: table.decreases + 1 });
      else table.lastIncrease = now;
      table.units = units;
      table.changing = changed('UPDATING', now);
      return { TableDescription: described(table, now) };
    },
    SendMessageBatch: (input, now) => sqsOperations(queues, () => now).SendMessageBatch!(input) as Json,
    GetMetricData: ({ MetricDataQueries: queries, StartTime: start, EndTime: end }, now) => {
      const from = Number(start) * SECOND_MS;
      const to = Math.min(Number(end) * SECOND_MS, Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
      const results = (queries as MetricQuery[]).map((query) => seriesOf(query, from, to));
      const count = results.reduce((sum, { Values }) => sum + Values.length, 0);
      if (buckets && !points.takes(Math.min(count, POINTS_PER_SECOND), now))
        throw new Rejected('ThrottlingException', 'Rate exceeded');
      return { MetricDataResults: results, Messages: [] };
    },
  };

  const seriesOf = (
    { Id, MetricStat: { Metric: metric, Period: period } }: MetricQuery,
    from: number,
    to: number,
  ) => {
    const table = metric.Dimensions.find(({ Name }) => Name === 'TableName')?.Value ?? '';
    const isConsumed = metric.MetricName.startsWith('Consumed');
    const Timestamps: number[] = [];
    const Values: number[] = [];
    if (isConsumed)
      for (let at = Math.ceil(from / MINUTE_MS) * MINUTE_MS; at < to; at += period * SECOND_MS) {
        const sum = table === stateTable ? 1 : sumAt(table, at);
        if (sum === undefined) continue;
        Timestamps.push(seconds(at));
        Values.push((sum * period) / 60);
      }
    return { Id, Label: metric.MetricName, Timestamps, Values, StatusCode: 'Complete' };
  };

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const queueUrl = `http://127.0.0.1:${port}/${ACCOUNT}/ticks.fifo`;
  queues.set(queueUrl, messages);
  return {
    env: { ...embedded.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
    tables,
    queue: { url: queueUrl, messages },
    restore(earlier) {
      for (const table of earlier) tables.set(table.name, table);
    },
    limit(mutatingPerSecond, workers) {
      const rates = {
        ...RATES,
        mutating: mutatingPerSecond,
        ...(workers && OF_ALL_WORKERS),
      };
      buckets = new Map(
        Object.entries(rates).map(([name, rate]) => [name, new Bucket(Math.max(1, rate / (workers ?? 1)))]),
      );
    },
    counted() {
      const before = { calls, byCaller, throttled };
      calls = {};
      byCaller = {};
      throttled = 0;
      return before;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await embedded.close();
    },
  };
}

interface MetricQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
  };
}

function described({ name, id, createdAt, input, units, changing, ...table }: Table, now: number): Json {
  const { KeySchema, AttributeDefinitions, DeletionProtectionEnabled = false } = input;
  const sameDay = Math.floor((table.lastDecrease ?? 0) / DAY_MS) === Math.floor(now / DAY_MS);
  return {
    TableName: name,
    TableArn: arnOf(name),
    TableId: id,
    ...{ KeySchema, AttributeDefinitions, DeletionProtectionEnabled },
    TableStatus: changing.until > now ? changing.status : 'ACTIVE',
    CreationDateTime: seconds(createdAt),
    ProvisionedThroughput: {
      ReadCapacityUnits: units.read,
      WriteCapacityUnits: units.write,
      NumberOfDecreasesToday: sameDay ? table.decreases : 0,
      ...(table.lastIncrease && { LastIncreaseDateTime: seconds(table.lastIncrease) }),
      ...(table.lastDecrease && { LastDecreaseDateTime: seconds(table.lastDecrease) }),
    },
    TableSizeBytes: 0,
    ItemCount: 0,
  };
}

function unitsOf({ ProvisionedThroughput: own }: Json, before: Table['units']): Table['units'] {
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = (own ?? {}) as Record<string, number>;
  return { read: read ?? before.read, write: write ?? before.write };
}

/** DynamoDB accepts an ARN instead of a name. */
const nameOf = ({ TableName: table, ResourceArn: resource }: Json): string =>
  String(table ?? resource ?? '')
    .split('/')
    .at(-1)!;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function jsonOf(body: Buffer): Json {
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    return {};
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: Json): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/x-amz-json-1.0',
    'content-length': text.length,
  });
  response.end(text);
}

/** The embedded AWS's answer, with the time of this one. */
function forward(
  { endpoint }: EmbeddedAws,
  { url = '/', method = 'POST', headers }: IncomingMessage,
  body: Buffer,
  own: Record<string, string>,
  response: ServerResponse,
): Promise<void> {
  return new Promise((done, fail) => {
    const onward = httpRequest(new URL(url, endpoint), { method, headers }, async (answer) => {
      const text = await readBody(answer);
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...own });
      response.end(text);
      done();
    });
    onward.on('error', fail);
    onward.end(body);
  });
}
