/**
 * The embedded AWS: DynamoDB, CloudWatch, Application Auto Scaling, SNS, SQS, S3, STS, and Lambda's event source mappings on one loopback endpoint that the unmodified SDK talks to.
 * dynalite stores the items. The code here adds the rules of AWS that dynalite lacks.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Failure } from './export.ts';
import { settleExports } from './exports.ts';
import { type FifoOptions, FifoQueue } from './fifo-queue.ts';
import { dispatch, front, type Hooks, type Intercepted, type Service } from './front.ts';
import type { Lateness } from './lateness.ts';
import { dynamoSeries, single } from './metrics.ts';
import { type Opened, openRegion, type RegionOptions } from './open-region.ts';
import { Bucket, isForS3 } from './s3.ts';
import { s3Listener } from './s3-front.ts';
import { type Published, publish, topicArn } from './sns.ts';
import { sqsOperations } from './sqs.ts';
import { sts } from './sts.ts';
import type { Impairment } from './table.ts';
import { ACCOUNT, HOME_REGION, regionOf } from './wire.ts';

export interface EmbeddedAws {
  /**
   * http://127.0.0.1:PORT, for all services and regions. The signature of a call names its region. The members below are of the
   * region in `env`, except `calls`, `intercept` and `rewrite`, which are of all.
   */
  readonly endpoint: string;
  /** How many operations were received since the start or the last `resetCalls`, by name, including failed ones. */
  readonly calls: ReadonlyMap<string, number>;
  resetCalls(): void;
  /** The environment variables with which any SDK client uses this endpoint. */
  readonly env: Record<string, string>;
  /** Creates an SNS topic and returns its ARN, for TURNTABLE_TOPIC_ARN. */
  createTopic(name: string): string;
  /** The messages that topics have accepted, in their order. */
  readonly published: readonly Published[];
  /** Creates a FIFO queue of SQS and returns its URL, for TURNTABLE_TICKS_URL. */
  createQueue(name: string, options?: FifoOptions): { readonly url: string; readonly queue: FifoQueue };
  /** Creates a bucket of S3. */
  createBucket(name: string, versions?: 'versioned'): Bucket;
  /** Adds consumed units to the minute that starts at `minute`, in epoch milliseconds. */
  recordMetric(point: {
    metric: string;
    table: string;
    index?: string;
    minute: number;
    sum: number;
    region?: string;
  }): void;
  /**
   * Set it to fail operations with an error, or to answer them. A call for which it returns undefined is not affected. `region` is
   * that of the call.
   */
  intercept?: (operation: string, input: Record<string, unknown>, region: string) => Intercepted | undefined;
  /** Names of functions, and ARNs of Kinesis data streams, that do not exist. All others do. */
  readonly absent: Set<string>;
  /** Regions in which DynamoDB cannot create a replica. */
  readonly failing: Set<string>;
  /** Regions whose endpoints close every connection. */
  readonly unreachable: Set<string>;
  /** Set it to let answers show new and deleted tables late. Default: at once. */
  lateness: Lateness;
  /** How many tables can be CREATING, UPDATING or DELETING. DynamoDB sometimes allows fewer than 500 for a while. */
  changingAtOnce: number;
  /** How many tables with indexes can be CREATING. */
  creatingWithIndexesAtOnce: number;
  /** Calls per second, as in the options. */
  controlCallsPerSecond: number;
  tagWritesPerSecond: number;
  /** Set it to let the exports that start from now on FAIL. */
  exportFailure: Failure | undefined;
  /** How many exports can be IN_PROGRESS. */
  exportsAtOnce: number;
  /** Set it to change the bodies of answers, for example to leave out members that AWS does not mark as required. */
  rewrite?: (operation: string, body: Record<string, unknown>) => Record<string, unknown>;
  /**
   * Performs an operation without a request, and without `calls` and `intercept`: to repeat the calls of another account. S3 has none.
   * @throws AwsError
   */
  perform(
    operation: string,
    input: Record<string, unknown>,
    region?: string,
  ): Promise<Record<string, unknown>>;
  /** Gives a table, or its replica in a region, a status such as ARCHIVED, which AWS gives it by itself, or takes it away again. */
  impair(table: string, impairment: Impairment | undefined, region?: string): void;
  close(): Promise<void>;
}

/** How many accounts this process has started. Each has credentials of its own, so that none is mistaken for a closed one whose port it has got. */
let accounts = 0;

export async function startEmbeddedAws(options: RegionOptions = {}): Promise<EmbeddedAws> {
  const regions = new Map<string, Opened>();
  const buckets = new Map<string, Bucket>();
  const failing = new Set<string>();
  const unreachable = new Set<string>();
  const regionNamed = (name: string): Opened => {
    const elsewhere = { elsewhere: (other: string) => regionNamed(other).region, failing, buckets };
    const opened = regions.get(name) ?? openRegion(name, options, elsewhere);
    regions.set(name, opened);
    return opened;
  };
  const { region } = regionNamed(HOME_REGION);
  const calls = new Map<string, number>();
  const topics = new Set<string>();
  const published: Published[] = [];
  const queues = new Map<string, FifoQueue>();
  const messages = sqs(queues, region.now);
  const notices = sns(topics, published, region.now);
  const hooks: Hooks = {
    now: region.now,
    served: (operation) => calls.set(operation, (calls.get(operation) ?? 0) + 1),
    intercept: (operation, input, of) => aws.intercept?.(operation, input, of),
    rewrite: (operation, body) => aws.rewrite?.(operation, body) ?? body,
  };
  const s3 = s3Listener(buckets, hooks, () => {
    for (const opened of regions.values()) settleExports(opened.region);
  });
  const servicesIn = (name: string) => [...regionNamed(name).services, notices, messages, sts];
  const others = front(({ headers }) => servicesIn(regionOf(headers.authorization)), hooks);
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (unreachable.has(regionOf(request.headers.authorization))) return request.destroy();
    return isForS3(request) ? s3(request, response) : others(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  accounts += 1;
  const accessKeyId = `embedded${accounts}`;

  const aws: EmbeddedAws = {
    endpoint,
    calls,
    resetCalls: () => calls.clear(),
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: HOME_REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'embedded',
    },
    createTopic(name) {
      topics.add(topicArn(name));
      return topicArn(name);
    },
    published,
    createQueue(name, options) {
      const url = `${endpoint}/${ACCOUNT}/${name}`;
      const queue = new FifoQueue(options);
      queues.set(url, queue);
      return { url, queue };
    },
    createBucket(name, versions) {
      const bucket = new Bucket(versions === 'versioned');
      buckets.set(name, bucket);
      return bucket;
    },
    absent: region.absent,
    failing,
    unreachable,
    get lateness() {
      return region.tables.sightings.lateness;
    },
    set lateness(lateness) {
      region.tables.sightings.lateness = lateness;
    },
    get changingAtOnce() {
      return region.tables.changingAtOnce;
    },
    set changingAtOnce(count) {
      region.tables.changingAtOnce = count;
    },
    get creatingWithIndexesAtOnce() {
      return region.tables.creatingWithIndexesAtOnce;
    },
    set creatingWithIndexesAtOnce(count) {
      region.tables.creatingWithIndexesAtOnce = count;
    },
    get controlCallsPerSecond() {
      return region.rates.controlCalls.perSecond;
    },
    set controlCallsPerSecond(perSecond) {
      region.rates.controlCalls.perSecond = perSecond;
    },
    get tagWritesPerSecond() {
      return region.rates.tagWrites.perSecond;
    },
    set tagWritesPerSecond(perSecond) {
      region.rates.tagWrites.perSecond = perSecond;
      region.rates.untags.perSecond = perSecond;
    },
    get exportFailure() {
      return region.exports.failure;
    },
    set exportFailure(failure) {
      region.exports.failure = failure;
    },
    get exportsAtOnce() {
      return region.exports.atOnce;
    },
    set exportsAtOnce(count) {
      region.exports.atOnce = count;
    },
    recordMetric: ({ metric, table, index, minute, sum, region: of = HOME_REGION }) =>
      regionNamed(of).region.metrics.add(dynamoSeries(metric, table, index), minute, single(sum)),
    perform: (operation, input, of = HOME_REGION) =>
      dispatch(
        servicesIn(of).find(({ operations }) => Object.hasOwn(operations, operation)),
        operation,
        input,
      ),
    impair: (table, impairment, of = HOME_REGION) => {
      regionNamed(of).region.tables.get(table).impaired = impairment;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all([...regions.values()].map((opened) => opened.region.engine.close()));
    },
  };
  return aws;
}

const sqs = (queues: ReadonlyMap<string, FifoQueue>, now: () => number): Service => ({
  target: 'AmazonSQS',
  namespace: 'com.amazonaws.sqs',
  queryErrors: true,
  operations: sqsOperations(queues, now),
});

const sns = (topics: ReadonlySet<string>, published: Published[], now: () => number): Service => ({
  target: '2010-03-31',
  namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  query: true,
  queryErrors: false,
  operations: { Publish: publish(topics, published, now) },
});
