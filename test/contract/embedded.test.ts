import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  type AttributeDefinition,
  type AttributeValue,
  type CreateGlobalSecondaryIndexAction,
  CreateTableCommand,
  DisableKinesisStreamingDestinationCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awsArchiveStore } from '../../src/aws/archive-store.ts';
import { awsBackups } from '../../src/aws/backups.ts';
import { done as awsDone } from '../../src/aws/errors.ts';
import { awsExports } from '../../src/aws/exports.ts';
import { awsItems } from '../../src/aws/items.ts';
import { lateLambda, lateS3, lateSns } from '../../src/aws/late-clients.ts';
import { awsLoads } from '../../src/aws/loads.ts';
import { awsMappings } from '../../src/aws/mappings.ts';
import { awsMetrics } from '../../src/aws/metrics.ts';
import { awsNotices } from '../../src/aws/notices.ts';
import { awsState } from '../../src/aws/state.ts';
import { awsTables } from '../../src/aws/tables.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';
import { statesLasting } from '../support/states.ts';
import { BUCKET, portsContract, type Subject, sumsOf, TAG_READS_PER_SECOND, tableInput } from './ports.ts';

/** How long a table stays CREATING, UPDATING or DELETING. Time only passes when a test lets it. */
const STATE_MS = 200;

function clients({ env, endpoint }: EmbeddedAws) {
  const settings = {
    endpoint,
    region: env.AWS_REGION!,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! },
    maxAttempts: 1,
  };
  const dynamodb = new DynamoDBClient(settings);
  return { dynamodb, cloudwatch: new CloudWatchClient(settings), settings };
}

const fault = { type: 'InternalServiceFault', message: 'Out of order.', status: 500 };

const open = async (): Promise<Subject> => {
  let now = at('2026-11-21T12:00');
  let passed: number | undefined;
  const elapsed = () => passed ?? performance.now();
  const aws = await startEmbeddedAws({
    now: () => now,
    elapsed,
    tagReadsPerSecond: TAG_READS_PER_SECOND,
    ...statesLasting(STATE_MS),
    backfillMs: HOUR,
  });
  const { dynamodb, cloudwatch, settings } = clients(aws);
  const lambda = new LambdaClient(settings);
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  const state = awsState(dynamodb, 'contract');
  await state.initialize();
  passed = performance.now();
  aws.createBucket(BUCKET);
  return {
    ports: {
      tables: awsTables(dynamodb),
      backups: awsBackups(dynamodb),
      exports: awsExports(dynamodb),
      archive: awsArchiveStore(lateS3),
      loads: awsLoads(() => dynamodb),
      metrics: awsMetrics(cloudwatch),
      inRegion: (region) => {
        const there = { ...settings, region };
        return {
          tables: awsTables(new DynamoDBClient(there)),
          metrics: awsMetrics(new CloudWatchClient(there)),
        };
      },
      state,
      notices: awsNotices(aws.createTopic('contract'), lateSns),
      mappings: awsMappings(lateLambda),
      items: awsItems(dynamodb),
    },
    fill: async (TableName, keys) => {
      for (const key of keys)
        await dynamodb.send(new PutItemCommand({ TableName, Item: { Key: { S: key } } }));
    },
    failExports: (failure) => {
      aws.exportFailure = failure;
    },
    limitExports: (atOnce) => {
      aws.exportsAtOnce = atOnce;
    },
    put: (TableName, key, value) =>
      awsDone(() =>
        dynamodb.send(
          new PutItemCommand({
            TableName,
            Item: { Key: { S: key }, Value: { S: value }, Words: { SS: ['b', 'a'] } },
          }),
        ),
      ),
    absent: aws.absent,
    unreachable: aws.unreachable,
    failing: aws.failing,
    disableMapping: (UUID) =>
      lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false })).then(() => {}),
    disableDestination: (TableName, StreamArn) =>
      awsDone(() => dynamodb.send(new DisableKinesisStreamingDestinationCommand({ TableName, StreamArn }))),
    inPagesOf: async (size, work) => {
      aws.intercept = (operation, input) => {
        if (operation === 'ListEventSourceMappings') input.MaxItems = size;
        return undefined;
      };
      return work().finally(() => {
        aws.intercept = undefined;
      });
    },
    published: () =>
      aws.published.map(({ attributes, ...notice }) => ({
        ...notice,
        types: JSON.parse(attributes.types ?? 'null'),
      })),
    now: () => now,
    pass: async (durationMs) => {
      now += durationMs;
      // No test needs a change that ends within less than a minute.
      if (durationMs >= MINUTE) passed! += STATE_MS;
    },
    record: (point) => aws.recordMetric(point),
    addIndex: (TableName, IndexName, { read, write }) => {
      const ProvisionedThroughput = { ReadCapacityUnits: read, WriteCapacityUnits: write };
      const Create: CreateGlobalSecondaryIndexAction = {
        IndexName,
        KeySchema: [{ AttributeName: IndexName, KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
        ProvisionedThroughput,
      };
      const AttributeDefinitions: AttributeDefinition[] = [{ AttributeName: IndexName, AttributeType: 'S' }];
      const update = { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] };
      return awsDone(() => dynamodb.send(new UpdateTableCommand(update)));
    },
    dropIndex: (TableName, IndexName) => {
      const update = { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] };
      return awsDone(() => dynamodb.send(new UpdateTableCommand(update)));
    },
    impair: (table, status) => aws.impair(table, { status }),
    delay: ({ describe, tags, list }) => {
      const lateMs = (late = false) => (late ? STATE_MS / 2 : 0);
      aws.lateness = { describeMs: lateMs(describe), tagsMs: lateMs(tags), listMs: lateMs(list) };
    },
    limitChanges: ({ all = 500, creatingWithIndexes = 250 }) => {
      aws.changingAtOnce = all;
      aws.creatingWithIndexesAtOnce = creatingWithIndexes;
    },
    limitCalls: ({ control = Infinity, tagWrites = Infinity }) => {
      aws.controlCallsPerSecond = control;
      aws.tagWritesPerSecond = tagWrites;
    },
    breakMetrics: (broken) => {
      aws.intercept = broken ? (operation) => (operation === 'GetMetricData' ? fault : undefined) : undefined;
    },
    close: async () => {
      dynamodb.destroy();
      cloudwatch.destroy();
      lambda.destroy();
      vi.unstubAllEnvs();
      await aws.close();
    },
  };
};

portsContract('the ports over the SDK and the embedded AWS', open);

describe('the SDK’s adapters', () => {
  let aws: EmbeddedAws;
  let sdk: ReturnType<typeof clients>;
  beforeAll(async () => {
    aws = await startEmbeddedAws({ createTableMs: 0, backupMs: 0 });
    sdk = clients(aws);
  });
  afterAll(async () => {
    sdk.dynamodb.destroy();
    sdk.cloudwatch.destroy();
    await aws.close();
  });

  it('ignore invalid instants: a suspension stays in force, a scheduled deletion does not', async () => {
    const state = awsState(sdk.dynamodb, 'odd');
    await state.initialize();
    const beyond = { N: '1e125' };
    const put = (item: Record<string, AttributeValue>) =>
      sdk.dynamodb.send(new PutItemCommand({ TableName: 'odd.turntable', Item: item }));
    await put({ Kind: { S: 'suspension' }, Id: { S: 'purging' }, Since: beyond, Until: beyond });
    await put({
      Kind: { S: 'scheduled-deletion' },
      Id: { S: 'a' },
      CreatedAt: { N: '1' },
      ScheduledAt: beyond,
    });
    await put({
      Kind: { S: 'scheduled-deletion' },
      Id: { S: 'b' },
      CreatedAt: beyond,
      ScheduledAt: { N: '1' },
    });
    const sound = { CreatedAt: { N: '1' }, ScheduledAt: { N: '1' } };
    await put({ Kind: { S: 'scheduled-deletion' }, Id: { S: 'c' }, ...sound, ClosedAt: beyond });
    expect(await state.suspensions()).toEqual([{ what: 'purging', since: 0 }]);
    expect(await state.scheduledDeletions()).toEqual([]);
  });

  it.each<[string, Record<string, AttributeValue>]>([
    ['no end', { Owner: { S: 'a' } }],
    ['a text as its end', { Owner: { S: 'a' }, ExpiresAt: { S: '5000' } }],
    ['no end but true', { Owner: { S: 'a' }, ExpiresAt: { BOOL: true } }],
    ['no owner', { ExpiresAt: { N: '5000' } }],
    ['a number as its owner', { Owner: { N: '1' }, ExpiresAt: { N: '5000' } }],
  ])('grant a lease that has %s', async (_, given) => {
    const state = awsState(sdk.dynamodb, 'unsound');
    await state.initialize();
    const Item = { Kind: { S: 'lease' }, Id: { S: 'purge' }, ...given };
    await sdk.dynamodb.send(new PutItemCommand({ TableName: 'unsound.turntable', Item }));
    const lease = { job: 'purge', owner: 'b' };
    expect(await state.acquire(lease, 1_000, 4_000)).toEqual({ granted: true });
    const other = { job: 'purge', owner: 'c' };
    expect(await state.acquire(other, 1_500, 4_000)).toMatchObject({ granted: false, owner: 'b' });
    await state.release(lease);
  });

  it.each<[string, Record<string, AttributeValue>]>([
    ['no scheme', { Keep: { N: '2' }, Since: { N: '1' } }],
    ['an unknown scheme', { Scheme: { S: 'fortnightly' }, Keep: { N: '2' }, Since: { N: '1' } }],
    ['no number of periods', { Scheme: { S: 'daily' }, Since: { N: '1' } }],
    ['a text as its number of periods', { Scheme: { S: 'daily' }, Keep: { S: '2' }, Since: { N: '1' } }],
    ['0 periods', { Scheme: { S: 'daily' }, Keep: { N: '0' }, Since: { N: '1' } }],
    ['half a period', { Scheme: { S: 'daily' }, Keep: { N: '0.5' }, Since: { N: '1' } }],
    ['no start', { Scheme: { S: 'daily' }, Keep: { N: '2' } }],
    ['an invalid start', { Scheme: { S: 'daily' }, Keep: { N: '2' }, Since: { N: '1e120' } }],
  ])('ignore a retention that has %s', async (_, given) => {
    const state = awsState(sdk.dynamodb, 'unsound');
    await state.initialize();
    const Item = { Kind: { S: 'retention' }, Id: { S: 'Events' }, ...given };
    await sdk.dynamodb.send(new PutItemCommand({ TableName: 'unsound.turntable', Item }));
    expect(await state.retentions()).toEqual(new Map());
  });

  it.each<[string, Record<string, AttributeValue>]>([
    ['is for production', { Id: { S: 'production' }, Since: { N: '1' }, Tables: { M: {} } }],
    ['is invalid', { Since: { N: '1e120' }, Tables: { M: {} } }],
    ['is invalid', { Since: { S: 'yesterday' }, Tables: { M: {} } }],
    ['is invalid', { Tables: { M: {} } }],
    ['is invalid', { Since: { N: '1' } }],
    ['is invalid', { Since: { N: '1' }, Tables: { S: 'all' } }],
  ])('reject a mark of a closed environment that %s: %j', async (what, given) => {
    const state = awsState(sdk.dynamodb, 'unmarked');
    await state.initialize();
    await state.reopen();
    const Item = { Kind: { S: 'closing' }, Id: { S: 'unmarked' }, ...given };
    await sdk.dynamodb.send(new PutItemCommand({ TableName: 'unmarked.turntable', Item }));
    await expect(state.closing()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(`The record that the environment is closed ${what}`),
    });
    await state.reopen();
    expect(await state.closing()).toBeUndefined();
  });

  it('list no table whose entry in the mark of a closed environment is invalid', async () => {
    const state = awsState(sdk.dynamodb, 'unmarked');
    const entries: Record<string, AttributeValue> = {
      sound: { M: { Name: { S: 'a' }, ListedAt: { N: '1' } } },
      nameless: { M: { ListedAt: { N: '1' } } },
      timeless: { M: { Name: { S: 'a' } } },
      odd: { S: 'a' },
    };
    const Item = { Kind: { S: 'closing' }, Id: { S: 'unmarked' }, Since: { N: '1' }, Tables: { M: entries } };
    await sdk.dynamodb.send(new PutItemCommand({ TableName: 'unmarked.turntable', Item }));
    expect([...(await state.closing())!.tables]).toEqual([['sound', { name: 'a', listedAt: 1 }]]);
  });

  it('say what is wrong with a topic', async () => {
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const notice = { subject: 'a', message: 'b', types: ['delete' as const] };
    await expect(awsNotices('Alarms', lateSns).publish(notice)).rejects.toMatchObject({
      code: 'refused',
      message: 'TURNTABLE_TOPIC_ARN is not the ARN of an SNS topic.',
    });
    const missing = awsNotices('arn:aws:sns:us-east-1:000000000000:missing', lateSns);
    await expect(missing.publish(notice)).rejects.toMatchObject({
      code: 'not-found',
      message: 'Publish failed: Topic does not exist (NotFoundException, HTTP 404)',
    });
    const arn = aws.createTopic('denied');
    aws.intercept = () => ({ type: 'AuthorizationError', message: 'purge may not publish', status: 403 });
    await expect(awsNotices(arn, lateSns).publish(notice)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(
        /^Publish failed: purge may not publish \(AuthorizationErrorException, HTTP \d+\)$/,
      ),
    });
    aws.intercept = undefined;
    vi.unstubAllEnvs();
  });

  it('say how to create a missing state table', async () => {
    const state = awsState(sdk.dynamodb, 'staging');
    const missing = {
      code: 'not-found',
      message:
        'The state table staging.turntable does not exist. A deployment creates it. Without a deployment, run `turntable init --env staging`.',
    };
    await expect(state.acquire({ job: 'rotate', owner: 'a' }, 0, 1)).rejects.toMatchObject(missing);
    await expect(state.release({ job: 'rotate', owner: 'a' })).rejects.toMatchObject(missing);
    await expect(state.scheduledDeletions()).rejects.toMatchObject(missing);
    await expect(state.scheduleDeletion({ table: 't', createdAt: 0, scheduledAt: 0 })).rejects.toMatchObject(
      missing,
    );
    await expect(state.cancelDeletion('t')).rejects.toMatchObject(missing);
    await expect(state.suspensions()).rejects.toMatchObject(missing);
    await expect(state.suspend({ what: 'purging', since: 0 })).rejects.toMatchObject(missing);
    await expect(state.resume('purging')).rejects.toMatchObject(missing);
  });

  it('create the state table once, on-demand and protected', async () => {
    const state = awsState(sdk.dynamodb, 'fresh');
    expect(await state.initialize()).toEqual({ created: true, timeToLiveEnabled: true });
    expect(await state.initialize()).toEqual({ created: false, timeToLiveEnabled: false });
    expect(await awsTables(sdk.dynamodb).timeToLive('fresh.turntable')).toMatchObject({
      attribute: 'HistoryExpiresAt',
    });
    expect(await awsTables(sdk.dynamodb).describe('fresh.turntable')).toMatchObject({
      billingMode: 'PAY_PER_REQUEST',
      deletionProtected: true,
    });
  });

  describe('of the history', () => {
    const start = Date.parse('2025-11-21T09:00:00Z');
    const entries = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        id: `${new Date(start + i).toISOString()} owner`,
        entry: `entry ${i}`,
        expiresAt: start + 90 * DAY + 1,
      }));
    const opened = async (environment: string) => {
      const state = awsState(sdk.dynamodb, environment);
      await state.initialize();
      aws.resetCalls();
      return state;
    };
    const itemsOf = async (TableName: string) =>
      (await sdk.dynamodb.send(new ScanCommand({ TableName }))).Items ?? [];

    it('turn time to live on for a state table that stands', async () => {
      const KeySchema = [
        { AttributeName: 'Kind', KeyType: 'HASH' as const },
        { AttributeName: 'Id', KeyType: 'RANGE' as const },
      ];
      const AttributeDefinitions = KeySchema.map(({ AttributeName }) => ({
        AttributeName,
        AttributeType: 'S' as const,
      }));
      const standing = { KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' as const };
      for (const TableName of ['standing.turntable', 'other.turntable'])
        await sdk.dynamodb.send(new CreateTableCommand({ TableName, ...standing }));
      const enabled = { created: false, timeToLiveEnabled: true };
      expect(await awsState(sdk.dynamodb, 'standing').initialize()).toEqual(enabled);
      await awsTables(sdk.dynamodb).setTimeToLive('other.turntable', 'ExpiresAt', true);
      await expect(awsState(sdk.dynamodb, 'other').initialize()).rejects.toMatchObject({
        code: 'refused',
        message:
          'The state table other.turntable exists, but time to live could not be turned on: It is on for the attribute ExpiresAt. Turn it off, wait an hour, and run the command again, so that it can be on for HistoryExpiresAt.',
      });
    });

    it('write seconds to the attribute of time to live, which only entries have', async () => {
      const state = await opened('seconds');
      await state.acquire({ job: 'scale', owner: 'a' }, start, start + 60_000);
      await state.scheduleDeletion({ table: 'a', createdAt: 1, scheduledAt: 2 });
      await state.suspend({ what: 'purging', since: 1, until: 2 });
      await state.remember('Events', '{}');
      await state.recordHistory([...entries(1), { job: 'scale', open: '[]' }]);
      const items = await itemsOf('seconds.turntable');
      const having = (attribute: string) =>
        items.filter((item) => item[attribute]).map(({ Kind, Id }) => `${Kind?.S} ${Id?.S}`);
      expect(items).toHaveLength(6);
      expect(having('HistoryExpiresAt')).toEqual(['history 2025-11-21T09:00:00.000Z owner']);
      expect(having('ExpiresAt')).toEqual(['lease scale']);
      const [entry] = items.filter((item) => item.HistoryExpiresAt);
      expect(entry?.HistoryExpiresAt?.N).toBe(String((start + 90 * DAY) / 1000 + 1));
      expect(entry?.Format?.N).toBe('1');
    });

    it('send one request for 25 records, in their order', async () => {
      const state = await opened('batches');
      const sent: number[] = [];
      aws.intercept = (operation, input) => {
        if (operation !== 'BatchWriteItem') return undefined;
        sent.push(Object.values(input.RequestItems as Record<string, unknown[]>)[0]!.length);
        return undefined;
      };
      await state.recordHistory(entries(51));
      await state.recordHistory([...entries(24), { job: 'scale', open: '[]' }]);
      aws.intercept = undefined;
      expect(sent).toEqual([25, 25, 1, 25]);
      expect(aws.calls.get('BatchWriteItem')).toBe(4);
      expect(await state.openHolds('scale')).toBe('[]');
      expect(aws.calls.get('Query')).toBe(1);
    });

    it('store the memories of many groups with one request for 25', async () => {
      const state = await opened('memories');
      const memories = new Map(Array.from({ length: 60 }, (_, i) => [`Group${i}`, `memory ${i}`]));
      const sent: number[] = [];
      aws.intercept = (operation, input) => {
        if (operation !== 'BatchWriteItem') return undefined;
        sent.push(Object.values(input.RequestItems as Record<string, unknown[]>)[0]!.length);
        return undefined;
      };
      await state.rememberAll(memories);
      aws.intercept = undefined;
      expect(sent.toSorted()).toEqual([10, 25, 25]);
      expect(await state.memories()).toEqual(memories);
      expect((await itemsOf('memories.turntable'))[0]?.Format?.N).toBe('1');
    });

    it.each([
      ['too large for DynamoDB', 'ValidationException', 'refused'],
      ['one that the role may not write', 'AccessDeniedException', 'access-denied'],
    ])('store the memories of the other groups if one is %s', async (_, type, code) => {
      const state = await opened(`memories-${code}`);
      const memories = new Map(Array.from({ length: 60 }, (_, i) => [`Group${i}`, `memory ${i}`]));
      aws.intercept = (operation, input) =>
        /^(BatchWrite|Put)Item$/.test(operation) && JSON.stringify(input).includes('"Group7"')
          ? { type, message: 'Item size has exceeded the maximum allowed size' }
          : undefined;
      await expect(state.rememberAll(memories)).rejects.toMatchObject({ code });
      aws.intercept = undefined;
      expect(await state.memories()).toEqual(new Map([...memories].filter(([group]) => group !== 'Group7')));
    });

    it('store memories one by one if the role may not store them together', async () => {
      const state = await opened('memories-alone');
      const memories = new Map(Array.from({ length: 30 }, (_, i) => [`Group${i}`, `memory ${i}`]));
      aws.intercept = (operation) =>
        operation === 'BatchWriteItem'
          ? { type: 'AccessDeniedException', message: 'You may not.' }
          : undefined;
      await state.rememberAll(memories);
      aws.intercept = undefined;
      expect(await state.memories()).toEqual(memories);
    });

    it('do not send memories again one by one if AWS is too busy', async () => {
      const state = await opened('memories-busy');
      const memories = new Map(Array.from({ length: 30 }, (_, i) => [`Group${i}`, `memory ${i}`]));
      aws.intercept = (operation) =>
        operation === 'BatchWriteItem' ? { type: 'InternalServerError', message: 'Later.' } : undefined;
      await expect(state.rememberAll(memories)).rejects.toMatchObject({ code: 'unavailable' });
      aws.intercept = undefined;
      expect(aws.calls.get('PutItem') ?? 0).toBe(0);
    });

    it('send again what DynamoDB left unprocessed', async () => {
      const state = await opened('unprocessed');
      let calls = 0;
      let later: Record<string, unknown[]> = {};
      aws.intercept = (operation, input) => {
        if (operation !== 'BatchWriteItem') return undefined;
        calls += 1;
        const [table, requests] = Object.entries(input.RequestItems as Record<string, unknown[]>)[0]!;
        if (calls === 1) {
          later = { [table]: requests.slice(1) };
          input.RequestItems = { [table]: requests.slice(0, 1) };
        }
        return calls === 2 ? { body: { UnprocessedItems: { [table]: requests } as never } } : undefined;
      };
      aws.rewrite = (operation, body) =>
        operation === 'BatchWriteItem' && calls === 1 ? { ...body, UnprocessedItems: later } : body;
      await state.recordHistory(entries(3));
      aws.rewrite = undefined;
      expect(calls).toBe(3);
      expect(await state.history(start, start + 10)).toEqual(['entry 0', 'entry 1', 'entry 2']);
      aws.intercept = (operation, input) =>
        operation === 'BatchWriteItem'
          ? { body: { UnprocessedItems: input.RequestItems as never } }
          : undefined;
      await expect(state.recordHistory(entries(2))).rejects.toMatchObject({
        code: 'throttled',
        message: 'DynamoDB left 2 of 2 records unprocessed, 6 times.',
      });
      aws.intercept = undefined;
    });

    it('reject what a newer version wrote, and ignore what is invalid', async () => {
      const state = await opened('newer');
      const TableName = 'newer.turntable';
      const put = (Id: string, more: Record<string, AttributeValue>) =>
        sdk.dynamodb.send(
          new PutItemCommand({ TableName, Item: { Kind: { S: 'history' }, Id: { S: Id }, ...more } }),
        );
      await put('(open) rotate', { Open: { S: '[]' } });
      await put('(open) purge', { Open: { B: new Uint8Array([1, 2, 3]) } });
      await put('2025-11-21T09:00:00.000Z a', { Entry: { N: '1' } });
      expect(await state.openHolds('rotate')).toBeUndefined();
      expect(await state.openHolds('purge')).toBeUndefined();
      expect(await state.history(start, start)).toEqual([]);
      await put('(open) scale', { Format: { N: '2' } });
      await put('2025-11-21T10:00:00.000Z a', { Format: { N: '2' }, Entry: { S: '?' } });
      const newer = { code: 'newer-state', message: expect.stringContaining('in format 2') };
      await expect(state.openHolds('scale')).rejects.toMatchObject(newer);
      await expect(state.history(start, start + DAY)).rejects.toMatchObject(newer);
    });
  });

  it.each([
    ['ThrottlingException', 'throttled'],
    ['ProvisionedThroughputExceededException', 'throttled'],
    ['LimitExceededException', 'limit-exceeded'],
    ['ResourceInUseException', 'in-use'],
    ['TableInUseException', 'in-use'],
    ['TableAlreadyExistsException', 'in-use'],
    ['BackupInUseException', 'in-use'],
    ['BackupNotFoundException', 'not-found'],
    ['ResourceNotFoundException', 'not-found'],
    ['AccessDeniedException', 'access-denied'],
    ['UnrecognizedClientException', 'access-denied'],
    ['ExpiredTokenException', 'access-denied'],
    ['ValidationException', 'refused'],
    ['InternalServerError', 'unavailable'],
  ])('translate %s into %s, and keep AWS’s message', async (type, code) => {
    aws.intercept = () => ({ type, message: 'In AWS’s own words.' });
    const call = awsTables(sdk.dynamodb).remove('any');
    await expect(call).rejects.toMatchObject({ name: 'ServiceError', code, message: 'In AWS’s own words.' });
    aws.intercept = undefined;
  });

  it('name a code of AWS that is not known', async () => {
    aws.intercept = () => ({ type: 'SomethingNewException', message: 'In AWS’s own words.' });
    await expect(awsTables(sdk.dynamodb).remove('any')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The call failed: In AWS’s own words. (SomethingNewException, HTTP 400)',
    });
    aws.intercept = undefined;
  });

  it('distinguish a used-up decrease quota from limits that end within seconds', async () => {
    const limit = async (message: string) => {
      aws.intercept = () => ({ type: 'LimitExceededException', message });
      const code = await awsTables(sdk.dynamodb)
        .resize('any', [{ from: { read: 2, write: 2 }, to: { read: 1, write: 1 } }])
        .catch(({ code }: { code: string }) => code);
      aws.intercept = undefined;
      return code;
    };
    expect(await limit('Subscriber limit exceeded: Provisioned throughput decreases are limited')).toBe(
      'refused',
    );
    expect(await limit('Too many tables are being created')).toBe('limit-exceeded');
  });

  it('say that AWS could not be reached', async () => {
    const other = await startEmbeddedAws();
    const { dynamodb } = clients(other);
    await other.close();
    await expect(awsTables(dynamodb).list()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^Could not reach AWS: /),
    });
    dynamodb.destroy();
  });

  it('lose only the metrics of a batch that could not be read', async () => {
    let calls = 0;
    aws.intercept = (operation) => (operation === 'GetMetricData' && ++calls === 1 ? fault : undefined);
    const queries = Array.from({ length: 600 }, (_, i) => ({ metric: 'ReadThrottleEvents', table: `t${i}` }));
    const series = await awsMetrics(sdk.cloudwatch).read(queries, 0, MINUTE);
    aws.intercept = undefined;
    expect(series).toHaveLength(600);
    expect(series.filter((one) => 'error' in one).length).toBeOneOf([500, 100]);
  });

  it.each([
    ['an hour of 600 metrics', 600, 60, [500, 100]],
    ['26 hours of 130', 130, 26 * 60, [64, 64, 2]],
    ['a week of 25', 25, 7 * 1440, [10, 10, 5]],
    ['one metric with more points than fit into a call', 2, 100_801, [1, 1]],
  ])(
    'request at most 500 metrics and 100,800 points in a call: %s',
    async (_, metrics, minutes, expected) => {
      const batches: number[] = [];
      aws.intercept = (operation, input) => {
        if (operation === 'GetMetricData') batches.push((input.MetricDataQueries as unknown[]).length);
        return undefined;
      };
      const queries = Array.from({ length: metrics }, (_, i) => ({
        metric: 'ReadThrottleEvents',
        table: `b${i}`,
      }));
      const to = Math.floor(Date.now() / MINUTE) * MINUTE;
      const series = await awsMetrics(sdk.cloudwatch).read(queries, to - minutes * MINUTE, to);
      aws.intercept = undefined;
      expect(series.every((one) => sumsOf(one).size === 0)).toBe(true);
      expect(batches.sort((a, b) => b - a)).toEqual(expected);
    },
  );

  it('read every page of an answer', async () => {
    const { cloudwatch } = sdk;
    const minute = Math.floor(Date.now() / MINUTE) * MINUTE - 300 * MINUTE;
    const query = { metric: 'ConsumedReadCapacityUnits', table: 'paged' };
    for (let i = 0; i < 260; i += 1) aws.recordMetric({ ...query, minute: minute + i * MINUTE, sum: i });
    const pages: unknown[] = [];
    // AWS may return smaller pages than it could.
    aws.intercept = (operation, input) => {
      if (operation !== 'GetMetricData') return undefined;
      pages.push(input.NextToken);
      input.MaxDatapoints = 100;
      return undefined;
    };
    const [series] = await awsMetrics(cloudwatch).read([query], minute, minute + 260 * MINUTE);
    aws.intercept = undefined;
    expect(pages).toHaveLength(3);
    expect(sumsOf(series).size).toBe(260);
    expect(sumsOf(series).get(minute + 259 * MINUTE)).toBe(259);
  });

  it('find every backup of a table on all pages', async () => {
    const [tables, backups] = [awsTables(sdk.dynamodb), awsBackups(sdk.dynamodb)];
    await tables.create(tableInput('backed-up'));
    const made = Array.from({ length: 130 }, (_, i) => `backup-${i}`);
    for (const name of made) await backups.create('backed-up', name);
    aws.resetCalls();
    expect((await backups.list('backed-up')).map(({ name }) => name)).toEqual(made);
    expect(aws.calls.get('ListBackups')).toBe(2);
  });

  it('find a table’s tags on all pages, even if its name has dots and dashes', async () => {
    const tables = awsTables(sdk.dynamodb);
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`tag-${i}`, String(i)]));
    await tables.create(tableInput('a-b.C_d.20261121', { tags }));
    const state = await tables.describe('a-b.C_d.20261121');
    expect(await tables.tags(state!.arn)).toEqual(tags);
  });
});
