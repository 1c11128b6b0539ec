import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRunInstant } from '../../src/core/calendar/instant.ts';
import { type MetricName, metricNames, metrics, NAMESPACE } from '../../src/core/metrics/catalog.ts';
import type { Job } from '../../src/core/plan.ts';
import { typeErrors } from '../support/tsc.ts';
import { readZip } from '../support/zip.ts';
import {
  builtPackage,
  type Packaged,
  packageService,
  packageUnlike,
  packageWith,
  pinnedNode,
  type Resource,
  type Template,
  unlike,
} from './template.ts';
import { allows, many, type Request, resolve, type Statement, sample, statementsOf } from './template-iam.ts';

const jobs: readonly Job[] = ['rotate', 'purge', 'scale'];
const root = join(import.meta.dirname, '../..');
const KILOBYTE = 1024;

let production: Packaged;
let preProduction: Packaged;

beforeAll(async () => {
  [production, preProduction] = await Promise.all([packageService('production'), packageUnlike()]);
});

const idOf = (job: Job) => job[0]!.toUpperCase() + job.slice(1);

function resource(template: Template, id: string, type: string): Resource {
  const found = template.Resources[id];
  expect(found?.Type, id).toBe(type);
  return found!;
}

const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

describe('the packager', () => {
  test('works without credentials and prints no warnings', () => {
    expect(production.output).toContain('Service packaged');
    expect(production.output).not.toMatch(/warn|deprecat|error|credential|telemetry/i);
  });

  test('rejects a stage with a dot, which separates the parts of table names', async () => {
    await expect(packageService('pre.production')).rejects.toThrow('Invalid stage name');
  });
});

describe('the functions of the stack', () => {
  test('contains one function per job', () => {
    const ids = ofType(production.template, 'AWS::Lambda::Function').map(([id]) => id);
    expect(ids.sort()).toEqual(['PurgeLambdaFunction', 'RotateLambdaFunction', 'ScaleLambdaFunction']);
  });

  test.each(jobs)('configures %s with the current runtime, its stage, and its memory', (job) => {
    for (const [stage, service, MemorySize, { template }] of [
      ['production', 'turntable', 256, production],
      ['pre-production', unlike.ServiceName, 512, preProduction],
    ] as const) {
      const { Properties } = resource(template, `${idOf(job)}LambdaFunction`, 'AWS::Lambda::Function');
      expect(Properties).toMatchObject({
        FunctionName: `${service}-${stage}-${job}`,
        // With Shards, the function of scale is the coordinator.
        Handler: `handlers/${stage === 'pre-production' && job === 'scale' ? 'coordinator' : job}.handler`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize,
        Environment: { Variables: { TURNTABLE_ENVIRONMENT: stage } },
      });
    }
  });

  test.each(jobs)('reserves one execution for %s, and none with ReservedConcurrency false', (job) => {
    const reserved = ({ template }: Packaged) =>
      resource(template, `${idOf(job)}LambdaFunction`, 'AWS::Lambda::Function').Properties
        .ReservedConcurrentExecutions;
    expect([reserved(production), reserved(preProduction)]).toEqual([1, undefined]);
  });

  test.each(jobs)('tags %s, keeps its log, and sends its failures as deployment.json says', (job) => {
    const of = ({ template }: Packaged) => ({
      tags: template.Resources[`${idOf(job)}LambdaFunction`]?.Properties.Tags,
      days: template.Resources[`${idOf(job)}LogGroup`]?.Properties.RetentionInDays,
      destination: template.Resources[`${idOf(job)}LambdaEvConf`]?.Properties.DestinationConfig,
    });
    expect(of(production)).toEqual({ tags: [], days: 30, destination: {} });
    expect(of(preProduction)).toEqual({
      tags: expect.arrayContaining([
        { Key: 'team', Value: 'data' },
        { Key: 'cost-center', Value: '1234' },
      ]),
      days: 90,
      destination: { OnFailure: { Destination: unlike.FailureDestination } },
    });
  });

  test('takes no parameter from the command line, where the next deployment would forget it', async () => {
    const told = [
      '--param "alarmEmail=…" is no longer read. Set "AlarmEmail" in config/deployment.json.',
      '--param "abac=…" is no longer read. Instead of "no", set "AttributeBasedAccessControl" to false in config/deployment.json.',
      '--param "stateTable=…" is no longer read. A deployment finds out whether the state table exists.',
    ];
    const given = ['alarmEmail=ops@example.com', 'abac=no', 'stateTable=existing'];
    await expect(packageService('production', ...given.flatMap((one) => ['--param', one]))).rejects.toThrow(
      told.join('\n'),
    );
  });

  test('packages nothing with an invalid deployment.json, and lists everything that is wrong in it', async () => {
    await expect(
      packageWith('production', {
        Defaults: { AlarmMail: 'x' },
        Environments: { production: { MemorySize: 5 } },
      }),
    ).rejects.toThrow(
      [
        'config/deployment.json:1:14  Defaults.AlarmMail  is an unknown key. Did you mean "AlarmEmail"?',
        'config/deployment.json:1:61  Environments.production.MemorySize  is 5, but must be an integer from 128 to 10240.',
      ].join('\n'),
    );
  });

  test.each([
    { job: 'rotate', schedule: 'cron(5,50,54 * * * ? *)', timeout: 300, retries: 0, age: 3600 },
    { job: 'purge', schedule: 'cron(35 3 * * ? *)', timeout: 300, retries: 1, age: 3600 },
    { job: 'scale', schedule: 'rate(1 minute)', timeout: 55, retries: 0, age: 60 },
  ] as const)('runs $job at $schedule', ({ job, schedule, timeout, retries, age }) => {
    const { template } = production;
    const id = idOf(job);
    const { Properties } = resource(template, `${id}LambdaFunction`, 'AWS::Lambda::Function');
    expect(Properties.Timeout).toBe(timeout);
    const { Properties: own } = resource(template, `${id}Schedule`, 'AWS::Scheduler::Schedule');
    expect(resolve(own, template.Conditions)).toMatchObject({
      ScheduleExpression: schedule,
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: `${id}LambdaFunction.Arn`, RoleArn: 'ScheduleRole.Arn' },
    });
    expect(ofType(template, 'AWS::Events::Rule')).toEqual([]);
    const retrying = resource(template, `${id}LambdaEvConf`, 'AWS::Lambda::EventInvokeConfig').Properties;
    expect(retrying).toMatchObject({ MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age });
    // EventBridge Scheduler puts the time of the schedule into the event that a handler reads.
    const { time } = JSON.parse(
      own.Target.Input.replace('<aws.scheduler.scheduled-time>', '2022-03-22T18:59:43Z'),
    );
    expect(parseRunInstant(time)).toBe(Date.UTC(2022, 2, 22, 18, 59, 43));
    const log = resource(template, `${id}LogGroup`, 'AWS::Logs::LogGroup').Properties;
    expect(log).toEqual({ LogGroupName: `/aws/lambda/turntable-production-${job}`, RetentionInDays: 30 });
  });
});

const table = (name: string) => `arn:aws:dynamodb:${sample.region}:${sample.account}:table/${name}`;
const statementsFor = (job: Job): Statement[] => statementsOf(production.template, `${idOf(job)}Role`);
const whoMay = (request: Request): Job[] => jobs.filter((job) => allows(statementsFor(job), request));

const own = table('production.SessionFlags.20261101');
const ownIndex = `${own}/index/ByUser`;
const others = table('pre-production.SessionFlags.20261101');
const state = table('production.turntable');
const tagged = (environment: string) => ({ 'aws:ResourceTag/turntable:environment': environment });
const ownKeys = ['environment', 'spec', 'scheme', 'period', 'created-at'].map((key) => `turntable:${key}`);
const tagging = (environment: string, ...keys: string[]) => ({
  'aws:RequestTag/turntable:environment': environment,
  'aws:TagKeys': keys.length > 0 ? keys : ['turntable:environment'],
});
const kind = (...kinds: string[]) => ({ 'dynamodb:LeadingKeys': kinds });

describe('the schedules of the stack', () => {
  const policiesOf = (template: Template) =>
    statementsOf(template, 'ScheduleRole').map(({ Action, Resource }) => [Action, Resource]);
  const functions = ['RotateLambdaFunction.Arn', 'PurgeLambdaFunction.Arn', 'ScaleLambdaFunction.Arn'];

  test('have a role of their own, which starts the three functions and does nothing else', () => {
    const { template } = production;
    const trust = resource(template, 'ScheduleRole', 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument;
    expect(resolve(trust.Statement)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': sample.account } },
      },
    ]);
    expect(policiesOf(template)).toEqual([['lambda:InvokeFunction', functions]]);
  });

  test('send events that they could not deliver to the failure destination if it is a queue', () => {
    const { template } = preProduction;
    expect(policiesOf(template)).toEqual([
      ['lambda:InvokeFunction', functions],
      ['sqs:SendMessage', unlike.FailureDestination],
    ]);
    const deadLetters = ({ template }: Packaged) =>
      ofType(template, 'AWS::Scheduler::Schedule').map(
        ([, { Properties }]) => (resolve(Properties, template.Conditions) as { Target: object }).Target,
      );
    for (const target of deadLetters(preProduction))
      expect(target).toMatchObject({ DeadLetterConfig: { Arn: unlike.FailureDestination } });
    for (const target of deadLetters(production)) expect(target).not.toMatchObject({ DeadLetterConfig: {} });
  });
});

describe('the roles of the stack', () => {
  test('contains one role per function, which only Lambda can assume', () => {
    expect(
      ofType(production.template, 'AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual(['PurgeRole', 'RotateRole', 'ScaleRole', 'ScheduleRole']);
    for (const job of jobs) {
      const { template } = production;
      const { Properties } = resource(template, `${idOf(job)}LambdaFunction`, 'AWS::Lambda::Function');
      expect(resolve(Properties.Role)).toBe(`${idOf(job)}Role.Arn`);
      const trust = resource(template, `${idOf(job)}Role`, 'AWS::IAM::Role').Properties
        .AssumeRolePolicyDocument;
      expect(trust.Statement).toEqual([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
    }
  });

  const anywhere = '*';
  const unscoped = [
    'dynamodb:ListTables',
    'dynamodb:ListBackups',
    'dynamodb:DescribeLimits',
    'cloudwatch:GetMetricData',
  ];
  test.each<[what: string, action: string, resource: string, who: Job[], context?: Request['context']]>([
    ['list tables', 'dynamodb:ListTables', anywhere, ['rotate', 'purge', 'scale']],
    ['read the account limits', 'dynamodb:DescribeLimits', anywhere, ['rotate', 'scale']],
    ['describe a table', 'dynamodb:DescribeTable', own, ['rotate', 'purge', 'scale']],
    ['read tags', 'dynamodb:ListTagsOfResource', own, ['rotate', 'purge', 'scale']],
    ['create a table', 'dynamodb:CreateTable', own, ['rotate']],
    ['tag a table in the same call', 'dynamodb:TagResource', own, ['rotate'], tagging('production')],
    [
      'tag a table with all tags of Turntable',
      'dynamodb:TagResource',
      own,
      ['rotate'],
      tagging('production', ...ownKeys),
    ],
    ['tag a table without the environment', 'dynamodb:TagResource', own, [], { 'aws:TagKeys': ['team'] }],
    [
      'tag a table for another environment',
      'dynamodb:TagResource',
      own,
      [],
      tagging('pre-production', ...ownKeys),
    ],
    ['tag a table for more', 'dynamodb:TagResource', own, [], tagging('production', ...ownKeys, 'team')],
    ['change a table without the tag', 'dynamodb:UpdateTable', own, []],
    [
      'change a table with the tag of another environment',
      'dynamodb:UpdateTable',
      own,
      [],
      tagged('pre-production'),
    ],
    ['read time to live', 'dynamodb:DescribeTimeToLive', own, ['rotate']],
    ['set time to live', 'dynamodb:UpdateTimeToLive', own, ['rotate']],
    ['read point-in-time recovery', 'dynamodb:DescribeContinuousBackups', own, ['rotate']],
    ['set point-in-time recovery', 'dynamodb:UpdateContinuousBackups', own, ['rotate']],
    ['read metrics', 'cloudwatch:GetMetricData', anywhere, ['purge', 'scale']],
    [
      'change the throughput of a managed table',
      'dynamodb:UpdateTable',
      own,
      ['rotate', 'purge', 'scale'],
      tagged('production'),
    ],
    ['delete a managed table', 'dynamodb:DeleteTable', own, ['purge'], tagged('production')],

    ['delete a table without the tag', 'dynamodb:DeleteTable', own, []],
    [
      'delete a table with the tag of another environment',
      'dynamodb:DeleteTable',
      own,
      [],
      tagged('pre-production'),
    ],
    ['remove tags', 'dynamodb:UntagResource', own, []],
    ['set a resource policy', 'dynamodb:PutResourcePolicy', own, []],
    ['read an item', 'dynamodb:GetItem', own, []],
    ['query items', 'dynamodb:Query', own, [], kind('lease')],
    ['query an index', 'dynamodb:Query', ownIndex, [], kind('lease')],
    ['scan items', 'dynamodb:Scan', own, []],
    ['write an item', 'dynamodb:PutItem', own, [], kind('lease')],
    ['update an item', 'dynamodb:UpdateItem', own, [], kind('lease')],
    ['delete an item', 'dynamodb:DeleteItem', own, [], kind('lease')],
    ['write items in batches', 'dynamodb:BatchWriteItem', own, []],
    ['read a stream', 'dynamodb:GetRecords', `${own}/stream/2026-11-01T00:00:00.000`, []],
    ['export a table', 'dynamodb:ExportTableToPointInTime', own, []],
    ['list backups', 'dynamodb:ListBackups', anywhere, ['purge']],
    ['create a backup of a table', 'dynamodb:CreateBackup', own, ['purge']],
    ['read a backup', 'dynamodb:DescribeBackup', `${own}/backup/01`, ['purge']],
    ['restore a table', 'dynamodb:RestoreTableFromBackup', `${own}/backup/01`, []],
    ['back up the state table', 'dynamodb:CreateBackup', state, []],
    ['delete a backup', 'dynamodb:DeleteBackup', `${own}/backup/01`, []],

    ['acquire the lease', 'dynamodb:PutItem', state, ['rotate', 'purge', 'scale'], kind('lease')],
    ['release the lease', 'dynamodb:DeleteItem', state, ['rotate', 'purge', 'scale'], kind('lease')],
    ['read scheduled deletions', 'dynamodb:Query', state, ['rotate', 'purge'], kind('scheduled-deletion')],
    ['schedule a deletion', 'dynamodb:PutItem', state, ['purge'], kind('scheduled-deletion')],
    ['cancel a deletion', 'dynamodb:DeleteItem', state, ['rotate', 'purge'], kind('scheduled-deletion')],
    ['read the retention', 'dynamodb:Query', state, ['rotate', 'purge', 'scale'], kind('retention')],
    ['remember the retention', 'dynamodb:PutItem', state, ['purge'], kind('retention')],
    ['forget the retention', 'dynamodb:DeleteItem', state, [], kind('retention')],
    ['read suspensions', 'dynamodb:Query', state, ['rotate', 'purge', 'scale'], kind('suspension')],
    ['read suspensions of 0.1.0', 'dynamodb:Query', state, ['purge'], kind('switch')],
    ['read learned demand', 'dynamodb:Query', state, ['rotate', 'scale'], kind('memory')],
    ['store learned demand', 'dynamodb:PutItem', state, ['scale'], kind('memory')],
    ['store that of many groups', 'dynamodb:BatchWriteItem', state, ['scale'], kind('memory')],
    ['read the records of runs', 'dynamodb:Query', state, ['rotate', 'purge', 'scale'], kind('run')],
    ['record a run', 'dynamodb:PutItem', state, ['rotate', 'purge', 'scale'], kind('run')],
    ['delete the record of a run', 'dynamodb:DeleteItem', state, [], kind('run')],
    ['delete learned demand', 'dynamodb:DeleteItem', state, [], kind('memory')],
    ['suspend an activity', 'dynamodb:PutItem', state, [], kind('suspension')],
    ['resume an activity', 'dynamodb:DeleteItem', state, [], kind('suspension')],
    ['read the history', 'dynamodb:Query', state, ['rotate', 'purge', 'scale'], kind('history')],
    ['add to the history', 'dynamodb:BatchWriteItem', state, ['rotate', 'purge', 'scale'], kind('history')],
    ['add to the history with another item', 'dynamodb:BatchWriteItem', state, [], kind('history', 'lease')],
    ['write a lease in a batch', 'dynamodb:BatchWriteItem', state, [], kind('lease')],
    ['schedule a deletion in a batch', 'dynamodb:BatchWriteItem', state, [], kind('scheduled-deletion')],
    ['replace a single entry of the history', 'dynamodb:PutItem', state, [], kind('history')],
    ['write another kind of item to the state table', 'dynamodb:PutItem', state, [], kind('anything')],
    ['scan the state table', 'dynamodb:Scan', state, []],
    ['delete the state table', 'dynamodb:DeleteTable', state, []],
    ['delete the state table if it is tagged', 'dynamodb:DeleteTable', state, [], tagged('production')],
    ['turn off the protection of the state table', 'dynamodb:UpdateTable', state, []],
    ['tag the state table', 'dynamodb:TagResource', state, []],

    [
      'write a lease of another environment',
      'dynamodb:PutItem',
      table('pre-production.turntable'),
      [],
      kind('lease'),
    ],
    ['pass a role', 'iam:PassRole', anywhere, []],
  ])('grants only the listed jobs: %s', (_, action, resource, who, context) => {
    expect(whoMay({ action, resource, context })).toEqual(who);
  });

  test.each<[what: string, action: string, who: Job[], context?: Request['context']]>([
    ['change any table', 'dynamodb:UpdateTable', ['rotate', 'scale']],
    ['tag any table, because AWS sees no tags in the request', 'dynamodb:TagResource', ['rotate']],
    ['tag a table with other tags', 'dynamodb:TagResource', [], { 'aws:TagKeys': ['team'] }],
    ['delete a table', 'dynamodb:DeleteTable', []],
    ['delete a managed table', 'dynamodb:DeleteTable', ['purge'], tagged('pre-production')],
  ])('with AttributeBasedAccessControl false, lets only the listed jobs %s', (_, action, who, context) => {
    const statements = (job: Job) => statementsOf(preProduction.template, `${idOf(job)}Role`);
    const request = { action, resource: others, context };
    expect(jobs.filter((job) => allows(statements(job), request))).toEqual(who);
  });

  test('have the permissions boundary of deployment.json, or none', () => {
    const boundaries = ({ template }: Packaged) =>
      ofType(template, 'AWS::IAM::Role').map(([, { Properties }]) => Properties.PermissionsBoundary);
    expect(new Set(boundaries(preProduction))).toEqual(new Set([unlike.PermissionsBoundary]));
    for (const boundary of boundaries(production)) expect(boundary).toEqual({ Ref: 'AWS::NoValue' });
  });

  test('may send to the failure destination, and only with one', () => {
    const may = ({ template }: Packaged, action: string, resource: string) =>
      jobs.filter((job) => allows(statementsOf(template, `${idOf(job)}Role`), { action, resource }));
    expect(may(preProduction, 'sqs:SendMessage', unlike.FailureDestination)).toEqual(jobs);
    expect(may(preProduction, 'sqs:SendMessage', `${unlike.FailureDestination}-2`)).toEqual([]);
    expect(may(preProduction, 'sns:Publish', unlike.FailureDestination)).toEqual([]);
    expect(may(production, 'sqs:SendMessage', unlike.FailureDestination)).toEqual([]);
  });

  test('allows the tags of the specs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'turntable-tags-'));
    mkdirSync(join(folder, 'config'));
    const Tags = [{ Key: 'team', Value: 'flags' }];
    const tables = { Tables: [{ TableName: 'A', Properties: { Tags } }, { TableName: 'B' }] };
    writeFileSync(join(folder, 'config/tables.json'), `// Flags\n${JSON.stringify(tables)}`);
    const script = `console.log(JSON.stringify(require(${JSON.stringify(join(root, 'scripts/tag-keys.cjs'))})()))`;
    const printed = execFileSync(pinnedNode, ['-e', script], { cwd: folder });
    expect(JSON.parse(String(printed))).toEqual([...ownKeys, 'team']);
    rmSync(folder, { recursive: true });
  });

  test('grants no action on another environment, account, or region', () => {
    const actions = new Set(
      jobs.flatMap((job) => statementsFor(job).flatMap(({ Action }) => many(Action ?? []))),
    );
    const foreign = [
      others,
      table('production'),
      table('productions.SessionFlags.20261101'),
      table('staging.production.X.20261101'),
      own.replace(sample.account, '999999999999'),
      own.replace(sample.region, 'us-east-1'),
    ];
    for (const action of actions) {
      if (unscoped.includes(action)) continue;
      for (const resource of foreign) {
        const context = { ...tagged('production'), ...tagging('production'), ...kind('lease') };
        expect(whoMay({ action, resource, context }), `${action} ${resource}`).toEqual([]);
      }
    }
  });

  test('grants each job only its own log group', () => {
    const group = (job: Job) =>
      `arn:aws:logs:${sample.region}:${sample.account}:log-group:/aws/lambda/turntable-production-${job}:log-stream:x`;
    for (const job of jobs) {
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
        expect(whoMay({ action, resource: group(job) })).toEqual([job]);
      expect(whoMay({ action: 'logs:DeleteLogStream', resource: group(job) })).toEqual([]);
    }
  });

  test('contains no wildcard action, and a wildcard resource only if AWS supports no other', () => {
    for (const statement of jobs.flatMap(statementsFor)) {
      if (statement.Effect === 'Deny') continue;
      const actions = many(statement.Action ?? '*');
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      const wide = many(statement.Resource).some((arn) => /^\*|:table\/\*|:\*:|:log-group:\*/.test(arn));
      if (wide) expect(unscoped).toEqual(expect.arrayContaining([...actions]));
    }
  });

  test('grants exactly the actions that the code calls', () => {
    // DynamoDB itself uses the permissions for Kinesis and some for exports, and Lambda that for the failure destination.
    // What DynamoDB requires of the caller in the Regions of replicas is in test/e2e/template-roles.test.ts.
    const granted = jobs
      .flatMap((job) => statementsOf(preProduction.template, `${idOf(job)}Role`))
      .filter(({ Effect, Sid = '' }) => Effect === 'Allow' && !/Replicas$/.test(Sid))
      .flatMap(({ Action }) => many(Action ?? []))
      .filter((action) => !/^(logs|kinesis|sqs):|^s3:(AbortMultipartUpload|PutObjectAcl)$/.test(action));
    const needed = [...calledActions()].filter((action) => !byNoJob.includes(action));
    expect([...new Set(granted)].sort()).toEqual(needed.sort());
  });
});

/** Actions that no job calls: only the command line, or the functions of the report, of restore drills and of shards. */
const byNoJob: readonly string[] = [
  'sqs:SendMessageBatch',
  'sqs:DeleteMessage',
  'application-autoscaling:DescribeScalableTargets',
  'cloudwatch:DescribeAlarms',
  'dynamodb:RestoreTableFromBackup',
  'dynamodb:StartBulkPutItems',
  'dynamodb:DescribeBulkOperation',
  'dynamodb:Scan',
  'sts:GetCallerIdentity',
];

const services: Readonly<Record<string, string>> = {
  CreateEventSourceMapping: 'lambda',
  DeleteEventSourceMapping: 'lambda',
  GetEventSourceMapping: 'lambda',
  ListEventSourceMappings: 'lambda',
  DescribeAlarms: 'cloudwatch',
  DescribeScalableTargets: 'application-autoscaling',
  GetMetricData: 'cloudwatch',
  GetCallerIdentity: 'sts',
  Publish: 'sns',
  GetObject: 's3',
  PutObject: 's3',
  DeleteMessage: 'sqs',
  SendMessageBatch: 'sqs',
};

/** Actions with another name than their call. */
const actionOf: Readonly<Record<string, string>> = { ListObjectsV2: 's3:ListBucket' };

/** What S3 also requires for a version of an object, and for an object that does not exist. */
const alsoRequired: Readonly<Record<string, readonly string[]>> = {
  GetObject: ['s3:GetObjectVersion', 's3:ListBucket'],
};

/** The IAM actions of every SDK call in src/aws. */
function calledActions(): Set<string> {
  const folder = join(root, 'src/aws');
  const actions = new Set<string>();
  for (const file of readdirSync(folder)) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, command, page] of source.matchAll(
      /new (?:\w+\.)?([A-Z]\w+)Command\(|paginate([A-Z]\w+)\(/g,
    )) {
      const call = command ?? page;
      actions.add(actionOf[call ?? ''] ?? `${services[call ?? ''] ?? 'dynamodb'}:${call}`);
      for (const action of alsoRequired[call ?? ''] ?? []) actions.add(action);
    }
  }
  return actions;
}

describe('the state table', () => {
  test('has the schema that the code expects, and is retained with the stack removed', () => {
    const created = resource(production.template, 'StateTable', 'AWS::DynamoDB::Table');
    expect(created).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(created.Properties).toEqual({
      TableName: 'production.turntable',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: [
        { AttributeName: 'Kind', AttributeType: 'S' },
        { AttributeName: 'Id', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'Kind', KeyType: 'HASH' },
        { AttributeName: 'Id', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'HistoryExpiresAt', Enabled: true },
    });
  });

  test('is the only table of the stack', () => {
    for (const { template } of [production, preProduction])
      expect(ofType(template, 'AWS::DynamoDB::Table').map(([id]) => id)).toEqual(['StateTable']);
  });
});

describe('the alarms of the stack', () => {
  const alarms = () => ofType(production.template, 'AWS::CloudWatch::Alarm');
  /** With those that a stack has only if deployment.json asks for them. */
  const allAlarms = () => ofType(preProduction.template, 'AWS::CloudWatch::Alarm');

  test.each([
    ['RotateFailed', 'Rotate', 'Errors', 'notBreaching'],
    ['PurgeFailed', 'Purge', 'Errors', 'ignore'],
    ['ScaleFailed', 'Scale', 'Errors', 'notBreaching'],
    ['RotateNearTimeout', 'Rotate', 'Duration', 'notBreaching'],
    ['PurgeNearTimeout', 'Purge', 'Duration', 'ignore'],
    ['ScaleNearTimeout', 'Scale', 'Duration', 'notBreaching'],
  ])('has %s on the function itself', (id, of, metric, missing) => {
    const { Properties } = resource(production.template, id, 'AWS::CloudWatch::Alarm');
    expect(resolve(Properties)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: metric,
      Dimensions: [{ Name: 'FunctionName', Value: `${of}LambdaFunction` }],
      TreatMissingData: missing,
    });
  });

  test('has each other alarm on a metric that is sent by default, for the environment', () => {
    const own = alarms().filter(([, { Properties }]) => Properties.Namespace !== 'AWS/Lambda');
    expect(own.length).toBeGreaterThan(7);
    for (const [id, { Properties }] of own) {
      expect(Properties.Namespace, id).toBe(NAMESPACE);
      expect(metrics[Properties.MetricName as MetricName]?.total, `${id} ${Properties.MetricName}`).toBe(
        true,
      );
      expect(Properties.Dimensions, id).toEqual([{ Name: 'Environment', Value: 'production' }]);
      expect(Properties.TreatMissingData, id).toBe(id === 'ScaleLate' ? 'breaching' : 'ignore');
    }
  });

  test('publishes each alarm to the topic, red and green, with a link to its runbook', () => {
    const runbooks = readFileSync(join(root, 'docs/runbooks.md'), 'utf8');
    const sections = [...runbooks.matchAll(/^## (\w+)$/gm)].map(([, id]) => id);
    expect(sections.sort()).toEqual(
      allAlarms()
        .map(([id]) => id)
        .sort(),
    );
    for (const [id, { Properties }] of allAlarms()) {
      expect([resolve(Properties.AlarmActions), resolve(Properties.OKActions)]).toEqual([
        ['Alarms'],
        ['Alarms'],
      ]);
      expect(Properties.AlarmDescription).toMatch(new RegExp(` docs/runbooks\\.md#${id.toLowerCase()}$`));
      const section = runbooks.split(`\n## ${id}\n`)[1]!.split('\n## ')[0]!;
      for (const part of ['**Means.**', '**Look at.**', '**Do.**', '**Green again**'])
        expect(section, `${id} ${part}`).toContain(part);
    }
  });

  test('alarms if a run takes 80% of the time of its function', () => {
    for (const job of jobs) {
      const { Timeout } = resource(
        production.template,
        `${idOf(job)}LambdaFunction`,
        'AWS::Lambda::Function',
      ).Properties;
      const { Threshold } = resource(
        production.template,
        `${idOf(job)}NearTimeout`,
        'AWS::CloudWatch::Alarm',
      ).Properties;
      expect(Threshold).toBe(Timeout * 1000 * 0.8);
    }
  });

  test('subscribes the email address if one is given', () => {
    const mail = ({ template }: Packaged) => ({
      ...resource(template, 'AlarmEmail', 'AWS::SNS::Subscription'),
      wanted: template.Conditions?.HasAlarmEmail,
    });
    const equals = (address: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [address, ''] }] });
    expect(mail(preProduction)).toMatchObject({
      Condition: 'HasAlarmEmail',
      wanted: equals('ops@example.com'),
      Properties: { Protocol: 'email', Endpoint: 'ops@example.com' },
    });
    expect(mail(production)).toMatchObject({ Condition: 'HasAlarmEmail', wanted: equals('') });
  });
});

describe('the dashboard of the stack', () => {
  test('shows every alarm, and only metrics that exist', () => {
    const { DashboardName, DashboardBody } = resource(
      production.template,
      'Dashboard',
      'AWS::CloudWatch::Dashboard',
    ).Properties;
    expect(DashboardName).toBe('turntable-production');
    const { widgets } = JSON.parse(DashboardBody['Fn::Sub']) as {
      widgets: { properties: { alarms?: string[]; metrics?: unknown[][]; query?: string } }[];
    };
    const arns = ofType(production.template, 'AWS::CloudWatch::Alarm').map(([id]) => `\${${id}.Arn}`);
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).sort()).toEqual(arns.sort());
    const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []);
    const own = shown.filter(([namespace]) => namespace === NAMESPACE);
    const totals = metricNames.filter((name) => metrics[name].total && !metrics[name].needs);
    expect(own.map(([, name]) => name).sort()).toEqual([...totals].sort());
    for (const [, , ...dimension] of own)
      expect(dimension.slice(0, 2)).toEqual(['Environment', 'production']);
  });
});

describe('the artifacts', () => {
  test.each(jobs)(
    'packages %s with its handler, source map, what it loads late, and configuration, below 700 kB',
    (job) => {
      const files = readZip(production.artifact(job));
      const config = readdirSync(join(root, 'config'))
        .filter((file) => file !== 'deployment.json')
        .map((file) => `config/${file}`);
      const [late, others] = [true, false].map((isLate) =>
        [...files.keys()].filter((file) => file.endsWith('.mjs') === isLate).sort(),
      );
      expect(others).toEqual([...config, `handlers/${job}.cjs`, `handlers/${job}.cjs.map`].sort());
      const clients = job === 'scale' ? ['sns'] : ['lambda', 'sns'];
      expect(late).toEqual(
        expect.arrayContaining([...clients, 'explain'].map((name) => `handlers/${job}.${name}.mjs`)),
      );
      expect(late!.filter((file) => !file.startsWith(`handlers/${job}.`) || /\.s3[.-]/.test(file))).toEqual(
        [],
      );
      for (const file of config) expect(files.get(file)).toEqual(readFileSync(join(root, file)));
      expect(statSync(production.artifact(job)).size).toBeLessThan(700 * KILOBYTE);
      expect(files.get(`handlers/${job}.cjs.map`)?.toString()).not.toContain('sourcesContent":["');
    },
  );

  test.each(jobs)('keeps the messages about an invalid configuration out of the bundle of %s', (job) => {
    const files = [...readZip(production.artifact(job))];
    for (const words of ['is a duplicate key', 'must contain only letters'])
      expect(
        files.filter(([file, code]) => /\.[cm]js$/.test(file) && code.toString().includes(words)),
      ).toEqual([[expect.stringMatching(/\.mjs$/), expect.anything()]]);
  });

  test('packages the client of S3 that reads manifests in purge alone, and only with Purge.Archive', () => {
    const withClient = jobs.filter((job) =>
      readZip(preProduction.artifact(job)).has(`handlers/${job}.s3-archive.mjs`),
    );
    expect(withClient).toEqual(['purge']);
  });

  test.each(jobs)('loads %s as Lambda loads it', async (job) => {
    const { stdout } = await inTaskRoot(
      job,
      `const loaded = require(process.env.HANDLER); console.log(Object.keys(loaded), typeof loaded.handler)`,
    );
    expect(stdout).toBe("[ 'handler' ] function\n");
  });

  test.each(jobs)('finds the configuration of %s and calls AWS', async (job) => {
    const { stdout } = await inTaskRoot(
      job,
      `require(process.env.HANDLER).handler({ time: '2026-11-21T06:00:00Z' }, { awsRequestId: 'x' })
         .catch(() => undefined)`,
    );
    expect(JSON.parse(stdout)).toEqual({
      job,
      outcome: 'failed',
      message: expect.stringMatching(/^Could not reach AWS: /),
    });
  });

  const invoke =
    "require(process.env.HANDLER).handler({ time: '2026-11-21T06:00:00Z' }).catch(() => undefined)";

  test.each(jobs)('loads in %s what explains an invalid configuration', async (job) => {
    const folder = 'test/fixtures/bad/array-form';
    const { stdout } = await inTaskRoot(job, invoke, { TURNTABLE_CONFIG: join(root, folder) });
    const expected = readFileSync(join(root, folder, 'expected.txt'), 'utf8').trim();
    expect(JSON.parse(stdout)).toEqual({
      job,
      outcome: 'failed',
      message: expected.replaceAll('config/', `${join(root, folder)}/`),
    });
  });

  test.each(jobs)('loads in %s what looks for credentials elsewhere', async (job) => {
    const { stdout } = await inTaskRoot(job, invoke, {
      AWS_ACCESS_KEY_ID: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_CONFIG_FILE: '/dev/null',
    });
    expect(JSON.parse(stdout).message).toMatch(
      /AWS_PROFILE to a profile that has some, or set AWS_ACCESS_KEY_ID/,
    );
  });
});

/** Runs a script beside the unpacked bundle. The AWS endpoint is a closed port. */
function inTaskRoot(
  job: Job,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  const taskRoot = production.taskRoot(job);
  return promisify(execFile)(pinnedNode, ['--enable-source-maps', '-e', script], {
    cwd: '/',
    env: {
      HANDLER: production.handlerPath(job),
      LAMBDA_TASK_ROOT: taskRoot,
      TURNTABLE_ENVIRONMENT: 'production',
      AWS_REGION: sample.region,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      ...env,
    },
  });
}

describe('the npm packages', () => {
  const run = promisify(execFile);
  const tool = join(root, 'packages/cli');
  const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  let consumer: string;
  let library: string;
  let command: string;

  /** Creates a project that has installed both packages. Only the command line has its dependencies. */
  beforeAll(async () => {
    consumer = mkdtempSync(join(tmpdir(), 'turntable-consumer-'));
    library = join(consumer, 'node_modules/turntable');
    command = join(consumer, 'node_modules/turntable-cli');
    for (const [from, to] of [
      [root, library],
      [tool, command],
    ] as const) {
      mkdirSync(to, { recursive: true });
      cpSync(join(from, 'package.json'), join(to, 'package.json'));
      cpSync(await builtPackage(), join(to, 'dist'), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(command, 'node_modules'));
    for (const [folder, type] of [
      ['esm', 'module'],
      ['cjs', 'commonjs'],
    ] as const) {
      mkdirSync(join(consumer, folder));
      writeFileSync(join(consumer, folder, 'package.json'), JSON.stringify({ type }));
      writeFileSync(join(consumer, folder, 'application.ts'), application);
    }
  });

  afterAll(() => rmSync(consumer, { recursive: true, force: true }));

  const application = `
    import { createResolver, type Resolver, ResolverError } from 'turntable';
    const tables = [{ TableName: 'SessionFlags', RotationScheme: 'daily' }] as const;
    const resolver: Resolver<'SessionFlags'> = createResolver({ environment: 'production', tables });
    export const name: string = resolver.current('SessionFlags', new Date());
    // @ts-expect-error unknown group
    resolver.current('SessionFlag');
    export const known = (error: ResolverError): boolean => error.code !== 'unknown-group';
  `;

  test('contain every file that their package.json names', () => {
    const leaves = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values((value as object) ?? {}).flatMap(leaves);
    for (const folder of [library, command]) {
      const { main, module, types, bin, exports } = manifest(folder);
      const named = [main, module, types, bin, exports].flatMap(leaves);
      expect(named.length).toBeGreaterThan(0);
      for (const file of named) expect(existsSync(join(folder, file)), file).toBe(true);
    }
  });

  test('have one version and one license', () => {
    expect(manifest(tool).version).toBe(manifest(root).version);
    expect(readFileSync(join(tool, 'LICENSE'))).toEqual(readFileSync(join(root, 'LICENSE')));
  });

  test('install nothing with the library, and the packages that it imports with the command line', () => {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest(root);
    expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
    const imported = (file: string) => {
      const text = readFileSync(join(consumer, 'node_modules', file), 'utf8');
      const names = [...text.matchAll(/^import .* from "(.+)";$|\bimport\("(.+?)"\)/gm)].map(
        ([, name, late]) => name ?? late!,
      );
      return [...new Set(names)].filter((name) => !name.startsWith('node:')).sort();
    };
    expect(imported('turntable/dist/index.js')).toEqual([]);
    expect(imported('turntable/dist/client.js')).toEqual(Object.keys(peerDependencies).sort());
    for (const name of Object.keys(peerDependencies))
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    expect(imported('turntable-cli/dist/cli.js')).toEqual(Object.keys(manifest(tool).dependencies).sort());
  });

  test.each([
    ['esm', 'nodenext', 'nodenext'],
    ['cjs', 'nodenext', 'nodenext'],
    ['esm', 'esnext', 'bundler'],
  ])('have types for %s under %s, %s', async (folder, module, moduleResolution) => {
    const file = join(folder, 'application.ts');
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2023'];
    const resolution = ['--module', module, '--moduleResolution', moduleResolution];
    expect(await typeErrors([...options, ...resolution, file], consumer)).toEqual([]);
  });

  test.each([
    ['import', 'module', "import { createResolver } from 'turntable';"],
    ['require', 'commonjs', "const { createResolver } = require('turntable');"],
  ])('load the library with %s', async (_, type, line) => {
    const script = `${line}
      const tables = [{ TableName: 'A', RotationScheme: 'weekly' }];
      console.log(createResolver({ environment: 'production', tables }).current('A', '2026-11-21'));`;
    const { stdout } = await run(pinnedNode, [`--input-type=${type}`, '-e', script], { cwd: consumer });
    expect(stdout).toBe('production.A.20261116\n');
  });

  test('contain the command line as an executable file', async () => {
    const { stdout } = await run(join(command, 'dist/cli.js'), ['--version'], { cwd: consumer });
    expect(stdout.trim()).toBe(manifest(tool).version);
  });
});
