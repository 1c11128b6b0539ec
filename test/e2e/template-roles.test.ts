/** Runs each bundle on an embedded AWS that enforces the bundle's role. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import type { Job } from '../../src/core/plan.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Summary } from '../../src/jobs/run.ts';
import type { StateStore } from '../../src/ports.ts';
import { virtualDateScript } from '../support/virtual-date.ts';
import { iamRequests } from './iam-requests.ts';
import {
  archive,
  type Packaged,
  packageService,
  packageUnlike,
  pinnedNode,
  replicated,
  streaming,
  type Template,
} from './template.ts';
import { allows, many, type Request, type Statement, sample, statementsOf } from './template-iam.ts';

const TABLES = [
  {
    TableName: 'SessionFlags',
    RotationScheme: 'daily',
    PurgeRotation: 2,
    Properties: {
      AttributeDefinitions: [
        { AttributeName: 'Key', AttributeType: 'S' },
        { AttributeName: 'User', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByUser',
          KeySchema: [{ AttributeName: 'User', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
          OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
        },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      TimeToLive: { AttributeName: 'ExpiresAt' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  },
];

let packaged: Packaged;
let aws: EmbeddedAws;
let config: string;
let now = Date.parse('2026-11-01T00:05:00Z');

/** The job whose role is enforced. undefined while the test prepares. */
let acting: Job | undefined;
const used = new Map<Job, Set<string>>();
const recorded = new Map<Job, Request[]>();
/** Requests with consumers. */
const streamed: [Job, Request][] = [];
const denied: string[] = [];
const requestsOf = iamRequests((arn) => arn.split(':').at(-1)!);

beforeAll(async () => {
  packaged = await packageService('production');
  config = mkdtempSync(join(tmpdir(), 'turntable-config-'));
  writeFileSync(join(config, 'tables.json'), JSON.stringify(TABLES));
  // A short warm-up, so that rotate must raise a table, not only create it.
  writeFileSync(
    join(config, 'settings.json'),
    JSON.stringify({
      Defaults: { WarmUpHours: 1, Purge: { FinalBackup: true }, Notices: ['create', 'raise', 'delete'] },
    }),
  );
  aws = await startEmbeddedAws({ now: () => now });
  aws.intercept = enforce;
  await withState((state) => state.initialize());
});

const withState = <T>(work: (state: StateStore) => Promise<T>): Promise<T> =>
  withClient((client) => work(awsState(client, 'production')));

async function withClient<T>(work: (client: DynamoDBClient) => Promise<T>): Promise<T> {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

afterAll(async () => {
  await aws?.close();
  rmSync(config, { recursive: true, force: true });
});

const jobs: readonly Job[] = ['rotate', 'purge', 'scale'];
/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html, …list_amazoncloudwatch.html */
const UNSCOPED: readonly string[] = [
  'cloudwatch:GetMetricData',
  'dynamodb:DescribeLimits',
  'dynamodb:ListBackups',
  'dynamodb:ListTables',
];
const roleOf = (job: Job): string => `${job[0]!.toUpperCase()}${job.slice(1)}Role`;

type Input = Record<string, unknown>;

/** The template whose roles are enforced. Default: the one without consumers. */
let enforced: Template | undefined;

/** Evaluates the role before the embedded AWS handles the call. */
function enforce(operation: string, input: Input, of: string) {
  if (!acting) return undefined;
  const region = of === 'us-east-1' ? sample.region : of;
  const statements: Statement[] = statementsOf(enforced ?? packaged.template, roleOf(acting));
  for (const request of requestsOf(operation, input, region)) {
    if (enforced) streamed.push([acting, request]);
    else recorded.set(acting, [...(recorded.get(acting) ?? []), request]);
    if (!enforced) used.set(acting, (used.get(acting) ?? new Set()).add(request.action));
    if (allows(statements, request)) continue;
    const message = `${acting} is not authorized to perform: ${request.action} on resource: ${request.resource}`;
    denied.push(message);
    return { type: 'AccessDeniedException', message };
  }
  return undefined;
}

/** Another package of a job than that without an archive. */
const packagedFor: Partial<Record<Job, Packaged | undefined>> = {};

async function invoke(job: Job, at: string): Promise<Summary> {
  now = Date.parse(at);
  acting = job;
  const script = `${virtualDateScript(now)} require(process.env.HANDLER).handler({ time: ${JSON.stringify(at)} }, {})
    .catch((error) => { console.error(error.message); process.exitCode = 1; })`;
  try {
    const { stdout } = await promisify(execFile)(pinnedNode, ['-e', script], {
      env: {
        ...aws.env,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HANDLER: (packagedFor[job] ?? packaged).handlerPath(job),
        LAMBDA_TASK_ROOT: (packagedFor[job] ?? packaged).taskRoot(job),
        TURNTABLE_CONFIG: config,
        TURNTABLE_ENVIRONMENT: 'production',
        TURNTABLE_TOPIC_ARN: aws.createTopic('Alarms'),
      },
    });
    // The last line is the summary. Lines of actions and of metrics are before it.
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } finally {
    acting = undefined;
  }
}

const done = ({ results }: Summary) =>
  results.map(({ action, outcome }) => `${outcome} ${action.kind}`).sort();

test('runs each job with only its own role', async () => {
  const first = await invoke('rotate', '2026-11-01T00:05:00Z');
  expect(done(first)).toEqual([
    'applied create',
    'applied create',
    'applied recovery',
    'applied recovery',
    'applied time-to-live',
    'applied time-to-live',
  ]);
  // Purge remembers that this expired table is unmanaged.
  const unmanaged = new CreateTableCommand({
    TableName: 'production.SessionFlags.20261001',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
  });
  await withClient((client) => client.send(unmanaged));
  await invoke('rotate', '2026-11-02T03:05:00Z');
  // No table has expired yet, so purge records the retention.
  expect(done(await invoke('purge', '2026-11-02T03:35:00Z'))).toEqual([]);
  const third = await invoke('rotate', '2026-11-03T03:05:00Z');
  expect(done(third)).toContain('applied lower');

  expect(done(await invoke('purge', '2026-11-03T03:35:00Z'))).toEqual(['applied schedule-deletion']);

  const minute = Date.parse('2026-11-03T20:00:00Z');
  for (let i = 0; i < 20; i += 1) {
    const point = { table: 'production.SessionFlags.20261103', minute: minute + i * 60_000, sum: 1_200 };
    aws.recordMetric({ metric: 'ConsumedWriteCapacityUnits', ...point });
  }
  // As if no run had seen the tags for a day.
  const unseen = { schemes: 'daily', seenAt: new Map() };
  await withState((state) => state.rememberSeen('ownership', 'SessionFlags', unseen));
  expect(done(await invoke('scale', '2026-11-03T20:20:00Z'))).toContain('applied raise');

  await invoke('rotate', '2026-11-04T00:05:00Z');
  expect(done(await invoke('purge', '2026-11-04T03:35:00Z'))).toEqual([
    'applied back-up',
    'applied schedule-deletion',
  ]);
  const retained = { table: 'production.SessionFlags.20261105', createdAt: 0, scheduledAt: 0 };
  await withState((state) => state.scheduleDeletion(retained));
  expect(done(await invoke('rotate', '2026-11-05T00:05:00Z'))).toContain('applied cancel-deletion');
  expect(await withState((state) => state.scheduledDeletions())).not.toContainEqual(retained);
  expect(done(await invoke('purge', '2026-11-05T03:35:00Z'))).toEqual([
    'applied back-up',
    'applied delete',
    'applied schedule-deletion',
  ]);
  // Scale finds no current table, and reads whether the environment is closed.
  await invoke('scale', '2026-11-07T00:03:00Z');
  // Purge misses a day, so two tables are due together, and one of them is unusual.
  await invoke('rotate', '2026-11-07T00:05:00Z');
  expect(done(await invoke('purge', '2026-11-07T03:35:00Z')).filter((line) => /schedule/.test(line))).toEqual(
    ['applied schedule-deletion', 'applied schedule-deletion'],
  );
  // Purge tells of an unusual deletion before it, and each job of what it did.
  expect(aws.published.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([
      'Turntable production: 2 tables created',
      'Turntable production: 1 raised',
      'Turntable production: 1 table deleted',
      'Turntable production: deletion of 1 table scheduled',
    ]),
  );
  // Rotate and scale read the retention that purge last applied if the scheme of a group changed.
  const changed = TABLES.map((spec) => ({ ...spec, RotationScheme: 'monthly' }));
  writeFileSync(join(config, 'tables.json'), JSON.stringify(changed));
  const line = '"Previously": [{ "RotationScheme": "daily", "PurgeRotation": "2"';
  await expect(invoke('rotate', '2026-11-07T00:50:00Z')).rejects.toThrow(line);
  expect((await invoke('scale', '2026-11-07T00:51:00Z')).holds[0]?.message).toContain(line);
  expect(denied).toEqual([]);
});

test('attaches and detaches consumers with permissions that exist only with Consumers and KinesisStreamDestination', async () => {
  const unlike = JSON.stringify((await packageUnlike()).template);
  enforced = JSON.parse(unlike.replaceAll('pre-production', 'production')) as Template;
  const [spec] = TABLES;
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' };
  const changed = {
    ...spec,
    ...streaming,
    TableName: 'Streamed',
    PurgeRotation: 5,
    Properties: { ...spec!.Properties, StreamSpecification },
  };
  writeFileSync(join(config, 'tables.json'), JSON.stringify([changed]));
  const first = await invoke('rotate', '2026-11-07T01:05:00Z');
  expect(done(first).filter((line) => /consumer|destination/.test(line))).toEqual([
    ...Array(4).fill('applied attach-consumer'),
    ...Array(2).fill('applied enable-destination'),
  ]);
  expect(done(await invoke('rotate', '2026-11-07T01:50:00Z'))).toEqual([]);
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const TableName = 'production.Streamed.20261108';
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  // The table is UPDATING for a moment.
  await vi.waitFor(() => client.send(new DeleteTableCommand({ TableName })));
  client.destroy();
  for (let i = 0; i < 24 * 60; i += 30) {
    const minute = Date.parse('2026-11-08T01:00:00Z') + i * 60_000;
    aws.recordMetric({
      metric: 'ConsumedWriteCapacityUnits',
      table: 'production.turntable',
      minute,
      sum: 60,
    });
  }
  await invoke('rotate', '2026-11-09T01:05:00Z');
  const purged = done(await invoke('purge', '2026-11-09T01:35:00Z'));
  expect(purged.filter((line) => /consumer/.test(line))).toEqual([
    'applied detach-consumer',
    'applied detach-consumer',
  ]);
  expect(denied).toEqual([]);
  for (const job of ['rotate', 'purge'] as const) {
    const calls = streamed.filter(([one]) => one === job).map(([, request]) => request);
    const own = (template: Template) =>
      statementsOf(template, roleOf(job)).filter(({ Action = [] }) =>
        many(Action).some((action) => /^(lambda|kinesis):|Kinesis/.test(action)),
      );
    expect(own(packaged.template), job).toEqual([]);
    for (const statement of own(enforced))
      for (const Action of many(statement.Action ?? []))
        expect(
          calls.filter((call) => allows([{ ...statement, Action }], call)),
          Action,
        ).not.toEqual([]);
    const foreign: Request[] = [
      {
        action: 'lambda:CreateEventSourceMapping',
        resource: '*',
        context: {
          'lambda:FunctionArn': 'arn:aws:lambda:eu-west-1:123456789012:function:visits-production2',
        },
      },
      { action: 'kinesis:PutRecords', resource: 'arn:aws:kinesis:eu-west-1:123456789012:stream/changes2' },
    ];
    expect(foreign.filter((call) => allows(statementsOf(enforced!, roleOf(job)), call))).toEqual([]);
  }
  enforced = undefined;
});

test('adds, follows and removes replicas with permissions that exist only with Replicas', async () => {
  const unlike = JSON.stringify((await packageUnlike()).template);
  enforced = JSON.parse(unlike.replaceAll('pre-production', 'production')) as Template;
  streamed.length = 0;
  const spec = {
    ...replicated,
    TableName: 'Copied',
    RotationScheme: 'daily',
    PurgeRotation: 2,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  };
  const write = (properties: object) =>
    writeFileSync(
      join(config, 'tables.json'),
      JSON.stringify([{ ...spec, Properties: { ...spec.Properties, ...properties } }]),
    );
  write({});
  const applied = async (job: Job, at: string) =>
    done(await invoke(job, at)).map((line) => line.replace('applied ', ''));
  expect(await applied('rotate', '2026-11-10T01:05:00Z')).toEqual([
    ...['add-replica', 'add-replica', 'create', 'create', 'recovery', 'recovery'],
  ]);
  expect(await applied('rotate', '2026-11-10T01:50:00Z')).toEqual([
    ...['add-replica', 'add-replica', 'recovery', 'recovery', 'tag-replica', 'tag-replica'],
  ]);
  await invoke('rotate', '2026-11-10T02:05:00Z');
  write({ TimeToLive: { AttributeName: 'ExpiresAt' } });
  expect(await applied('rotate', '2026-11-10T02:50:00Z')).toEqual([
    ...['protection', 'protection', 'time-to-live', 'time-to-live'],
  ]);
  expect(await applied('rotate', '2026-11-10T03:05:00Z')).toEqual([]);
  await invoke('purge', '2026-11-10T04:35:00Z');
  for (let i = 0; i < 4 * 24 * 60; i += 30)
    aws.recordMetric({
      metric: 'ConsumedWriteCapacityUnits',
      table: 'production.turntable',
      minute: Date.parse('2026-11-11T01:00:00Z') + i * 60_000,
      sum: 60,
    });
  for (const day of [11, 12]) await invoke('rotate', `2026-11-${day}T01:05:00Z`);
  expect(await applied('purge', '2026-11-12T04:35:00Z')).toEqual(['schedule-deletion']);
  await invoke('rotate', '2026-11-13T01:05:00Z');
  expect(await applied('purge', '2026-11-13T04:35:00Z')).toEqual(['back-up', 'schedule-deletion']);
  await invoke('rotate', '2026-11-14T01:05:00Z');
  expect(await applied('purge', '2026-11-14T04:35:00Z')).toEqual([
    ...['back-up', 'remove-replica', 'remove-replica'],
  ]);
  expect(denied).toEqual([]);
  const ofReplicas = (template: Template, job: Job) =>
    statementsOf(template, roleOf(job)).filter(({ Effect, Resource }) =>
      many(Resource).some((arn) => Effect === 'Allow' && /us-west-2|ap-southeast-2/.test(arn)),
    );
  for (const job of jobs) expect(ofReplicas(packaged.template, job), job).toEqual([]);
  expect(ofReplicas(enforced, 'scale')).toEqual([]);
  for (const job of ['rotate', 'purge'] as const) {
    const calls = streamed.filter(([one]) => one === job).map(([, request]) => request);
    const statements = statementsOf(enforced, roleOf(job));
    for (const statement of ofReplicas(enforced, job))
      for (const Action of many(statement.Action ?? []))
        for (const Resource of many(statement.Resource))
          expect(
            calls.filter((call) => allows([{ ...statement, Action, Resource }], call)),
            `${job} ${Action} ${Resource}`,
          ).not.toEqual([]);
    const arn = (table: string, region = 'us-west-2') =>
      `arn:aws:dynamodb:${region}:${sample.account}:table/${table}`;
    const foreign = ['PutItem', 'DeleteItem', 'DeleteTable', 'DeleteTableReplica', 'DescribeTable'].flatMap(
      (action) =>
        [arn('production.turntable'), arn('production2.Copied'), arn('production.Copied', 'us-east-2')].map(
          (resource) => ({ action: `dynamodb:${action}`, resource }),
        ),
    );
    expect(foreign.filter((call) => allows(statements, call))).toEqual([]);
    const untagged = [
      { action: 'dynamodb:DeleteTable', resource: arn('production.Copied.20261110') },
      { action: 'dynamodb:DeleteTableReplica', resource: arn('production.Copied.20261110') },
    ];
    expect(untagged.filter((call) => allows(statements, call))).toEqual([]);
  }
  enforced = undefined;
});

test('exports tables with permissions that exist only with Purge.Archive', async () => {
  const unlike = JSON.stringify((await packageUnlike()).template);
  enforced = JSON.parse(unlike.replaceAll('pre-production', 'production')) as Template;
  packagedFor.purge = await packageUnlike();
  const before = streamed.length;
  aws.createBucket(archive.Bucket);
  writeFileSync(
    join(config, 'tables.json'),
    JSON.stringify([{ ...TABLES[0], TableName: 'Archived', PurgeRotation: 1 }]),
  );
  writeFileSync(
    join(config, 'settings.json'),
    JSON.stringify({ Defaults: { WarmUpHours: 1, Purge: { Archive: archive } } }),
  );
  const day = async (date: string) => {
    await invoke('rotate', `${date}T03:05:00Z`);
    return done(await invoke('purge', `${date}T03:35:00Z`)).filter((line) => !/schedule/.test(line));
  };
  await day('2026-11-14');
  expect(await day('2026-11-15')).toEqual([]);
  // Someone has turned point-in-time recovery off.
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false };
  const TableName = 'production.Archived.20261114';
  await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  client.destroy();
  expect(await day('2026-11-16')).toEqual(['applied recovery']);
  expect(await day('2026-11-17')).toEqual(['applied archive', 'applied archive']);
  expect(await day('2026-11-18')).toEqual(['applied archive', 'applied delete', 'applied delete']);
  expect(denied).toEqual([]);
  const calls = streamed.slice(before).flatMap(([job, request]) => (job === 'purge' ? [request] : []));
  const own = (template: Template, job: Job) =>
    statementsOf(template, roleOf(job)).filter(({ Sid = '' }) => /Export|Manifest/.test(Sid));
  for (const job of jobs) expect(own(packaged.template, job), job).toEqual([]);
  for (const job of ['rotate', 'scale'] as const) expect(own(enforced, job), job).toEqual([]);
  const statements = own(enforced, 'purge');
  expect(statements).toHaveLength(5);
  for (const statement of statements)
    for (const Action of many(statement.Action ?? []))
      expect(
        calls.filter((call) => allows([{ ...statement, Action }], call)),
        Action,
      ).not.toEqual([]);
  const bucket = `arn:aws:s3:::${archive.Bucket}`;
  const table = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/production.Archived.20261114`;
  const foreign: Request[] = [
    { action: 's3:PutObject', resource: `${bucket}/cold/staging.Archived.20261114/AWSDynamoDB/01/data/0` },
    { action: 's3:PutObject', resource: `${bucket}/production.Archived.20261114/AWSDynamoDB/01/data/0` },
    { action: 's3:GetObject', resource: `${bucket}/cold/production.Archived.20261114/AWSDynamoDB/01/data/0` },
    {
      action: 's3:DeleteObject',
      resource: `${bucket}/cold/production.Archived.20261114/AWSDynamoDB/01/data/0`,
    },
    { action: 's3:ListBucket', resource: bucket },
    { action: 'dynamodb:ImportTable', resource: table },
    { action: 'dynamodb:StartBulkPutItems', resource: table },
  ];
  expect(foreign.filter((call) => allows(statementsOf(enforced!, roleOf('purge')), call))).toEqual([]);
  enforced = undefined;
  packagedFor.purge = undefined;
});

test('grants no action that the job does not use', () => {
  expect([...used.keys()].sort()).toEqual(['purge', 'rotate', 'scale']);
  for (const [job, actions] of used) {
    const granted = statementsOf(packaged.template, roleOf(job))
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [] }) => Action)
      .filter((action) => !action.startsWith('logs:'));
    expect([...actions].sort(), job).toEqual([...new Set(granted)].sort());
  }
});

/** The calls as AWS sees them while attribute-based access control is off: without tags. */
const withoutTags = (calls: readonly Request[]): Request[] =>
  calls.map((call) => {
    const seen = Object.entries(call.context ?? {}).filter(([key]) => !key.startsWith('aws:'));
    return { ...call, context: Object.fromEntries(seen) };
  });

/** The actions of the calls that a role denies. */
function deniedBy(template: Template, job: Job, calls: readonly Request[]): string[] {
  const statements = statementsOf(template, roleOf(job));
  return [...new Set(calls.filter((call) => !allows(statements, call)).map(({ action }) => action))].sort();
}

describe('while attribute-based access control is off', () => {
  test('with AttributeBasedAccessControl false, allows all calls of rotate and scale, and purge deletes nothing', async () => {
    const unlike = JSON.stringify((await packageUnlike()).template);
    const template = JSON.parse(unlike.replaceAll('pre-production', 'production')) as Template;
    for (const [job, calls] of recorded) {
      const ofPurge = ['dynamodb:DeleteTable', 'dynamodb:UpdateTable'];
      expect(deniedBy(template, job, withoutTags(calls)), job).toEqual(job === 'purge' ? ofPurge : []);
      expect(deniedBy(template, job, calls), job).toEqual([]);
    }
  });

  test('with AttributeBasedAccessControl true, denies every creation and every change of a table', () => {
    const denials = (job: Job) => deniedBy(packaged.template, job, withoutTags(recorded.get(job)!));
    expect(denials('rotate')).toEqual(['dynamodb:TagResource', 'dynamodb:UpdateTable']);
    expect(denials('scale')).toEqual(['dynamodb:UpdateTable']);
  });
});

test('denies every change of a table without the tag of the environment', () => {
  for (const [job, calls] of recorded) {
    const updates = calls.filter(({ action }) => action === 'dynamodb:UpdateTable');
    expect(updates.length, job).toBeGreaterThan(0);
    for (const environment of [undefined, 'pre-production', 'Production', '']) {
      const context: Request['context'] =
        environment === undefined ? {} : { 'aws:ResourceTag/turntable:environment': environment };
      const foreign = updates.map((call) => ({ ...call, context }));
      expect(deniedBy(packaged.template, job, foreign), job).toEqual(['dynamodb:UpdateTable']);
    }
  }
});

/** In a part with one of several values, a call needs the value if it has it beside others. */
const ONE_OF = { 'ForAllValues:StringEquals': 'ForAnyValue:StringEquals' } as const;
const oneOf = (operator: string) => ONE_OF[operator as keyof typeof ONE_OF] ?? operator;

/** Splits a statement into one per action and condition value. */
const partsOf = (statement: Statement): Statement[] =>
  many(statement.Action ?? []).flatMap((Action) =>
    Object.entries(statement.Condition ?? { none: {} }).flatMap(([operator, keys]) =>
      Object.entries(keys).length === 0
        ? [{ ...statement, Action }]
        : Object.entries(keys).flatMap(([key, values]) =>
            many(values).map((value) => ({
              ...statement,
              Action,
              Condition: { [oneOf(operator)]: { [key]: [value] } },
            })),
          ),
    ),
  );

test('contains no statement, action, or condition value that no call needs', () => {
  for (const [job, calls] of recorded) {
    const parts = statementsOf(packaged.template, roleOf(job))
      .filter(({ Effect, Sid }) => Effect === 'Allow' && Sid !== 'WriteLogs')
      .flatMap(partsOf);
    expect(parts.length).toBeGreaterThan(5);
    const idle = parts.filter((part) => !calls.some((call) => allows([part], call)));
    expect(idle, `unused by ${job}`).toEqual([]);
  }
});

/** The jobs that may make a call for records of one kind. */
function allowedFor(kind: string, action: string): Job[] {
  const resource = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/production.turntable`;
  const context = { 'dynamodb:LeadingKeys': [kind] };
  return jobs.filter((job) =>
    allows(statementsOf(packaged.template, roleOf(job)), { action, resource, context }),
  );
}

test('lets only rotate and scale remember which ownership tags they have seen, and purge not even read it', () => {
  expect(allowedFor('ownership', 'dynamodb:PutItem')).toEqual(['rotate', 'scale']);
  expect(allowedFor('ownership', 'dynamodb:Query')).toEqual(['rotate', 'scale']);
  expect(allowedFor('ownership', 'dynamodb:DeleteItem')).toEqual([]);
});

test('lets only purge remember which tables are unmanaged', () => {
  expect(allowedFor('unmanaged', 'dynamodb:PutItem')).toEqual(['purge']);
  expect(allowedFor('unmanaged', 'dynamodb:Query')).toEqual(['purge']);
  for (const action of ['DeleteItem', 'UpdateItem', 'GetItem', 'Scan', 'BatchWriteItem', 'BatchGetItem'])
    expect(allowedFor('unmanaged', `dynamodb:${action}`), action).toEqual([]);
});

test('lets each job read whether the environment is closed, and none close it or open it again', () => {
  expect(allowedFor('closing', 'dynamodb:Query')).toEqual(jobs);
  for (const action of ['PutItem', 'DeleteItem', 'UpdateItem', 'BatchWriteItem', 'GetItem', 'Scan'])
    expect(allowedFor('closing', `dynamodb:${action}`), action).toEqual([]);
});

test('lets only purge schedule a deletion', () => {
  const allowed = (action: string) => allowedFor('scheduled-deletion', action);
  expect(allowed('dynamodb:PutItem')).toEqual(['purge']);
  expect(allowed('dynamodb:DeleteItem')).toEqual(['rotate', 'purge']);
  expect(allowed('dynamodb:Query')).toEqual(['rotate', 'purge']);
});

test('lets each job add to the history, and write no other record together with it, and scale store memories together', () => {
  const all = ['rotate', 'purge', 'scale'];
  expect(allowedFor('history', 'dynamodb:BatchWriteItem')).toEqual(all);
  expect(allowedFor('history', 'dynamodb:Query')).toEqual(all);
  for (const action of ['PutItem', 'DeleteItem', 'UpdateItem', 'GetItem', 'Scan', 'BatchGetItem'])
    expect(allowedFor('history', `dynamodb:${action}`), action).toEqual([]);
  const kinds = [
    'lease',
    'scheduled-deletion',
    'suspension',
    'memory',
    'retention',
    'ownership',
    'unmanaged',
    'switch',
    'closing',
  ];
  const resource = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/production.turntable`;
  for (const kind of kinds)
    for (const written of [[kind], ['history', kind], [kind, 'history']])
      for (const job of jobs) {
        const context = { 'dynamodb:LeadingKeys': written };
        const request = { action: 'dynamodb:BatchWriteItem', resource, context };
        expect(allows(statementsOf(packaged.template, roleOf(job)), request), `${job} ${written}`).toBe(
          job === 'scale' && String(written) === 'memory',
        );
      }
  const batches = [...recorded.values()].flat().filter(({ action }) => /BatchWriteItem/.test(action));
  const kindsOf = batches.map(({ context }) => context?.['dynamodb:LeadingKeys']);
  expect(new Set(kindsOf.map(String))).toEqual(new Set(['history', 'memory']));
  expect(batches.length).toBeGreaterThan(5);
});

test('lets only purge remember a retention, and not forget it', () => {
  const resource = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/production.turntable`;
  const context = { 'dynamodb:LeadingKeys': ['retention'] };
  const allowed = (action: string) =>
    jobs.filter((job) => allows(statementsOf(packaged.template, roleOf(job)), { action, resource, context }));
  expect(allowed('dynamodb:PutItem')).toEqual(['purge']);
  expect(allowed('dynamodb:Query')).toEqual(['rotate', 'purge', 'scale']);
  for (const action of ['dynamodb:DeleteItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'])
    expect(allowed(action), action).toEqual([]);
});

test('lets the jobs send notices only on the topic of the stack', () => {
  const allowed = (resource: string) =>
    jobs.filter((job) =>
      allows(statementsOf(packaged.template, roleOf(job)), { action: 'sns:Publish', resource }),
    );
  expect(allowed('Alarms')).toEqual(jobs);
  expect(allowed('arn:aws:sns:eu-west-1:123456789012:other')).toEqual([]);
});

test('calls nothing outside the environment, except actions without a resource', () => {
  const tables = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/production.`;
  for (const [job, calls] of recorded)
    for (const { action, resource } of calls)
      if (action === 'sns:Publish') expect(resource, job).toBe('Alarms');
      else
        expect(
          UNSCOPED.includes(action) ? resource : resource.slice(0, tables.length),
          `${job} ${action}`,
        ).toBe(UNSCOPED.includes(action) ? '*' : tables);
});

describe('for any table name', () => {
  const NAME = /^[A-Za-z0-9_.-]{3,255}$/;
  const alike = fc.constantFrom(
    ...[
      'pre-production.',
      'production2.',
      'reproduction_results',
      'production',
      'Production.',
      'production-',
    ],
    ...['x.production.', 'production_.', 'staging.', '.production.', 'productio', 'n.'],
  );
  const names = fc
    .oneof(
      fc.stringMatching(NAME),
      fc.tuple(alike, fc.stringMatching(/^[A-Za-z0-9_.-]{0,60}$/)).map((parts) => parts.join('')),
    )
    .filter((name) => NAME.test(name) && !name.startsWith('production.'));

  test('grants no action unless the name starts with the environment and a dot', () => {
    const tagged = {
      'aws:ResourceTag/turntable:environment': 'production',
      'aws:RequestTag/turntable:environment': 'production',
    };
    fc.assert(
      fc.property(names, fc.constantFrom('', '/index/ByUser', '/backup/01', '/stream/01'), (name, part) => {
        const resource = `arn:aws:dynamodb:${sample.region}:${sample.account}:table/${name}${part}`;
        for (const job of jobs) {
          const statements = statementsOf(packaged.template, roleOf(job));
          const actions = statements
            .flatMap(({ Action = [] }) => Action)
            .filter((action) => !UNSCOPED.includes(action));
          for (const kind of ['lease', 'scheduled-deletion', 'suspension', 'retention', 'closing'])
            for (const action of new Set(actions)) {
              const context = { ...tagged, 'dynamodb:LeadingKeys': [kind] };
              expect(allows(statements, { action, resource, context }), `${job} ${action} ${resource}`).toBe(
                false,
              );
            }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('uses wildcards only if AWS supports no narrower resource', () => {
    const wide = jobs
      .flatMap((job) => statementsOf(packaged.template, roleOf(job)))
      .filter(({ Effect, Resource }) => Effect === 'Allow' && many(Resource).includes('*'))
      .flatMap(({ Action = [] }) => Action);
    expect([...new Set(wide)].sort()).toEqual(UNSCOPED);
    const within = jobs.flatMap((job) =>
      statementsOf(packaged.template, roleOf(job))
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Resource }) => many(Resource))
        .filter((resource) => resource.includes('*') && resource !== '*')
        .map((resource) => resource.replace(job, 'JOB').split(`:${sample.account}:`)[1]),
    );
    expect([...new Set(within)].sort()).toEqual([
      'log-group:/aws/lambda/turntable-production-JOB:*',
      'table/production.*',
      'table/production.*/backup/*',
    ]);
    const docs = readFileSync(join(import.meta.dirname, '../../docs/safety.md'), 'utf8');
    for (const action of UNSCOPED) expect(docs).toContain(`\`${action}\` | \`*\``);
  });
});

test('rejects a call that the role does not allow', async () => {
  const borrowed = packaged.handlerPath('purge');
  acting = 'scale';
  const env = {
    ...aws.env,
    LAMBDA_TASK_ROOT: '',
    TURNTABLE_CONFIG: config,
    TURNTABLE_ENVIRONMENT: 'production',
  };
  const script = `${virtualDateScript(now)} require(${JSON.stringify(borrowed)}).handler({ time: '2026-11-06T03:35:00Z' }, {})
    .catch((error) => { console.error(error.message); process.exitCode = 1; })`;
  const running = promisify(execFile)(pinnedNode, ['-e', script], { env });
  await expect(running.finally(() => (acting = undefined))).rejects.toThrow(
    'scale is not authorized to perform: dynamodb:Query',
  );
});
