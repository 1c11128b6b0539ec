import { execFile } from 'node:child_process';
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
import type { Job } from '../../src/core/plan.ts';
import { type Packaged, packageService, pinnedNode, type Resource, type Template } from './template.ts';
import { allows, many, type Request, resolve, type Statement, sample, statementsOf } from './template-iam.ts';
import { readZip } from './template-zip.ts';

const jobs: readonly Job[] = ['rotate', 'purge', 'scale'];
const root = join(import.meta.dirname, '../..');
const KILOBYTE = 1024;

let production: Packaged;
let preProduction: Packaged;

beforeAll(async () => {
  [production, preProduction] = await Promise.all([
    packageService('production'),
    packageService(
      'pre-production',
      '--param',
      'alarmEmail=ops@example.com',
      '--param',
      'stateTable=existing',
    ),
  ]);
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
  test('works without credentials, and prints nothing alarming', () => {
    expect(production.output).toContain('Service packaged');
    expect(production.output).not.toMatch(/warn|deprecat|error|credential|telemetry/i);
  });

  test('refuses a stage that could not be told apart in table names', async () => {
    await expect(packageService('pre.production')).rejects.toThrow('Invalid stage name');
  });
});

describe('functions', () => {
  test('are three, one for each job', () => {
    const ids = ofType(production.template, 'AWS::Lambda::Function').map(([id]) => id);
    expect(ids.sort()).toEqual(['PurgeLambdaFunction', 'RotateLambdaFunction', 'ScaleLambdaFunction']);
  });

  test.each(jobs)('%s runs on the current runtime, for its stage, and never twice at once', (job) => {
    for (const [stage, { template }] of [
      ['production', production],
      ['pre-production', preProduction],
    ] as const) {
      const { Properties } = resource(template, `${idOf(job)}LambdaFunction`, 'AWS::Lambda::Function');
      expect(Properties).toMatchObject({
        FunctionName: `turntable-${stage}-${job}`,
        Handler: `handlers/${job}.handler`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        ReservedConcurrentExecutions: 1,
        Environment: { Variables: { TURNTABLE_ENVIRONMENT: stage } },
      });
    }
  });

  test.each([
    { job: 'rotate', schedule: 'cron(5,50 * * * ? *)', timeout: 300, retries: 2, age: 3600 },
    { job: 'purge', schedule: 'cron(35 3 * * ? *)', timeout: 300, retries: 1, age: 3600 },
    { job: 'scale', schedule: 'rate(1 minute)', timeout: 55, retries: 0, age: 60 },
  ] as const)('$job runs at $schedule', ({ job, schedule, timeout, retries, age }) => {
    const { template } = production;
    const id = idOf(job);
    const { Properties } = resource(template, `${id}LambdaFunction`, 'AWS::Lambda::Function');
    expect(Properties.Timeout).toBe(timeout);
    const rule = resource(template, `${id}EventsRuleSchedule1`, 'AWS::Events::Rule').Properties;
    expect(rule).toMatchObject({ ScheduleExpression: schedule, State: 'ENABLED' });
    expect(resolve(rule.Targets[0].Arn)).toBe(`${id}LambdaFunction.Arn`);
    const retrying = resource(template, `${id}LambdaEvConf`, 'AWS::Lambda::EventInvokeConfig').Properties;
    expect(retrying).toMatchObject({ MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age });
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
const kind = (...kinds: string[]) => ({ 'dynamodb:LeadingKeys': kinds });

describe('roles', () => {
  test('are one for each function, and for Lambda alone', () => {
    expect(ofType(production.template, 'AWS::IAM::Role').map(([id]) => id)).toEqual(
      expect.arrayContaining(['RotateRole', 'PurgeRole', 'ScaleRole']),
    );
    expect(ofType(production.template, 'AWS::IAM::Role')).toHaveLength(3);
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
    ['read the account’s limits', 'dynamodb:DescribeLimits', anywhere, ['rotate', 'scale']],
    ['describe a table', 'dynamodb:DescribeTable', own, ['rotate', 'purge', 'scale']],
    ['read tags', 'dynamodb:ListTagsOfResource', own, ['rotate', 'purge', 'scale']],
    ['make a table', 'dynamodb:CreateTable', own, ['rotate']],
    ['tag it in the same call', 'dynamodb:TagResource', own, ['rotate']],
    ['resize a table', 'dynamodb:UpdateTable', own, ['rotate', 'scale']],
    ['read time to live', 'dynamodb:DescribeTimeToLive', own, ['rotate']],
    ['set time to live', 'dynamodb:UpdateTimeToLive', own, ['rotate']],
    ['read recovery', 'dynamodb:DescribeContinuousBackups', own, ['rotate']],
    ['set recovery', 'dynamodb:UpdateContinuousBackups', own, ['rotate']],
    ['read metrics', 'cloudwatch:GetMetricData', anywhere, ['purge', 'scale']],
    [
      'resize a table of ours',
      'dynamodb:UpdateTable',
      own,
      ['rotate', 'purge', 'scale'],
      tagged('production'),
    ],
    ['delete a table of ours', 'dynamodb:DeleteTable', own, ['purge'], tagged('production')],

    ['delete a table without our tag', 'dynamodb:DeleteTable', own, []],
    ["delete a table with another's tag", 'dynamodb:DeleteTable', own, [], tagged('pre-production')],
    ['take tags off', 'dynamodb:UntagResource', own, []],
    ['set a resource policy', 'dynamodb:PutResourcePolicy', own, []],
    ['read an item', 'dynamodb:GetItem', own, []],
    ['query items', 'dynamodb:Query', own, [], kind('lease')],
    ['query an index', 'dynamodb:Query', ownIndex, [], kind('lease')],
    ['scan items', 'dynamodb:Scan', own, []],
    ['write an item', 'dynamodb:PutItem', own, [], kind('lease')],
    ['change an item', 'dynamodb:UpdateItem', own, [], kind('lease')],
    ['delete an item', 'dynamodb:DeleteItem', own, [], kind('lease')],
    ['write items in batches', 'dynamodb:BatchWriteItem', own, []],
    ['read a stream', 'dynamodb:GetRecords', `${own}/stream/2026-11-01T00:00:00.000`, []],
    ['export a table', 'dynamodb:ExportTableToPointInTime', own, []],
    ['list backups', 'dynamodb:ListBackups', anywhere, ['purge']],
    ['back a table up', 'dynamodb:CreateBackup', own, ['purge']],
    ['read a backup', 'dynamodb:DescribeBackup', `${own}/backup/01`, ['purge']],
    ['restore a table', 'dynamodb:RestoreTableFromBackup', `${own}/backup/01`, []],
    ['back up the state table', 'dynamodb:CreateBackup', state, []],
    ['delete a backup', 'dynamodb:DeleteBackup', `${own}/backup/01`, []],

    ['take the lease', 'dynamodb:PutItem', state, ['rotate', 'purge', 'scale'], kind('lease')],
    ['give it back', 'dynamodb:DeleteItem', state, ['rotate', 'purge', 'scale'], kind('lease')],
    ['read scheduledDeletions', 'dynamodb:Query', state, ['purge'], kind('scheduled-deletion')],
    ['schedule-deletion', 'dynamodb:PutItem', state, ['purge'], kind('scheduled-deletion')],
    ['cancel-deletion', 'dynamodb:DeleteItem', state, ['purge'], kind('scheduled-deletion')],
    ['read the switches', 'dynamodb:Query', state, ['rotate', 'purge', 'scale'], kind('suspension')],
    ['recall demand', 'dynamodb:Query', state, ['rotate', 'scale'], kind('memory')],
    ['remember demand', 'dynamodb:PutItem', state, ['scale'], kind('memory')],
    ['forget demand', 'dynamodb:DeleteItem', state, [], kind('memory')],
    ['throw a switch', 'dynamodb:PutItem', state, [], kind('suspension')],
    ['reset a switch', 'dynamodb:DeleteItem', state, [], kind('suspension')],
    ['write something else there', 'dynamodb:PutItem', state, [], kind('anything')],
    ['scan the state table', 'dynamodb:Scan', state, []],
    ['delete the state table', 'dynamodb:DeleteTable', state, []],
    ['delete it, were it tagged', 'dynamodb:DeleteTable', state, [], tagged('production')],
    ['lift its protection', 'dynamodb:UpdateTable', state, []],
    ['tag it', 'dynamodb:TagResource', state, []],

    ["write another's lease", 'dynamodb:PutItem', table('pre-production.turntable'), [], kind('lease')],
    ['administer IAM', 'iam:PassRole', anywhere, []],
  ])('who may %s', (_, action, resource, who, context) => {
    expect(whoMay({ action, resource, context })).toEqual(who);
  });

  test('reach no other environment, account or region, whatever the action', () => {
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
        const context = { ...tagged('production'), ...kind('lease') };
        expect(whoMay({ action, resource, context }), `${action} ${resource}`).toEqual([]);
      }
    }
  });

  test('write to their own log group only', () => {
    const group = (job: Job) =>
      `arn:aws:logs:${sample.region}:${sample.account}:log-group:/aws/lambda/turntable-production-${job}:log-stream:x`;
    for (const job of jobs) {
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
        expect(whoMay({ action, resource: group(job) })).toEqual([job]);
      expect(whoMay({ action: 'logs:DeleteLogStream', resource: group(job) })).toEqual([]);
    }
  });

  test('name every action, and every resource where AWS can tell resources apart', () => {
    for (const statement of jobs.flatMap(statementsFor)) {
      if (statement.Effect === 'Deny') continue;
      const actions = many(statement.Action ?? '*');
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      const wide = many(statement.Resource).some((arn) => /^\*|:table\/\*|:\*:|:log-group:\*/.test(arn));
      if (wide) expect(unscoped).toEqual(expect.arrayContaining([...actions]));
    }
  });

  test('grant what the code calls, and nothing that it does not', () => {
    const granted = jobs
      .flatMap(statementsFor)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => many(Action ?? []))
      .filter((action) => !action.startsWith('logs:'));
    const needed = [...calledActions()].filter((action) => !peoples.includes(action));
    expect([...new Set(granted)].sort()).toEqual(needed.sort());
  });
});

/** Only the command line calls these. */
const peoples: readonly string[] = ['dynamodb:RestoreTableFromBackup'];

/** Every SDK call in src/aws as IAM names it. */
function calledActions(): Set<string> {
  const folder = join(root, 'src/aws');
  const actions = new Set<string>();
  for (const file of readdirSync(folder)) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, command, page] of source.matchAll(/new ([A-Z]\w+)Command\(|paginate([A-Z]\w+)\(/g)) {
      const call = command ?? page;
      actions.add(`${call === 'GetMetricData' ? 'cloudwatch' : 'dynamodb'}:${call}`);
    }
  }
  return actions;
}

describe('the state table', () => {
  test('is what the code expects, and outlives the stack', () => {
    const made = resource(production.template, 'StateTable', 'AWS::DynamoDB::Table');
    expect(made).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(made.Properties).toEqual({
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
    });
  });

  test('is the only table of the stack, and left out where it exists already', () => {
    for (const [{ template }, wanted] of [
      [production, 'create'],
      [preProduction, 'existing'],
    ] as const) {
      const tables = ofType(template, 'AWS::DynamoDB::Table');
      expect(tables.map(([, { Condition }]) => Condition)).toEqual(['MakesStateTable']);
      expect(template.Conditions?.MakesStateTable).toEqual({ 'Fn::Equals': [wanted, 'create'] });
    }
  });
});

describe('failure', () => {
  test.each([
    ['RotateFailed', 'Rotate', 'Errors', 'notBreaching'],
    ['RotateSilent', 'Rotate', 'Invocations', 'breaching'],
    ['PurgeFailed', 'Purge', 'Errors', 'notBreaching'],
    ['ScaleFailed', 'Scale', 'Errors', 'notBreaching'],
    ['PurgeSilent', 'Purge', 'Invocations', 'breaching'],
    ['ScaleSilent', 'Scale', 'Invocations', 'breaching'],
  ])('%s is raised and published', (id, of, metric, missing) => {
    const { Properties } = resource(production.template, id, 'AWS::CloudWatch::Alarm');
    expect(resolve(Properties)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: metric,
      Dimensions: [{ Name: 'FunctionName', Value: `${of}LambdaFunction` }],
      TreatMissingData: missing,
      AlarmActions: ['Alarms'],
    });
  });

  test('is noticed when rotate has not run for three hours', () => {
    const { Period, EvaluationPeriods, Threshold, ComparisonOperator } = resource(
      production.template,
      'RotateSilent',
      'AWS::CloudWatch::Alarm',
    ).Properties;
    expect(Period * EvaluationPeriods).toBe(3 * 3600);
    expect([ComparisonOperator, Threshold]).toEqual(['LessThanThreshold', 1]);
  });

  test('is mailed where an address was given', () => {
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

describe('artifacts', () => {
  test.each(jobs)('%s holds its handler, its source map and the config, and is small', (job) => {
    const files = readZip(production.artifact(job));
    const config = readdirSync(join(root, 'config')).map((file) => `config/${file}`);
    expect([...files.keys()].sort()).toEqual(
      [...config, `handlers/${job}.cjs`, `handlers/${job}.cjs.map`].sort(),
    );
    for (const file of config) expect(files.get(file)).toEqual(readFileSync(join(root, file)));
    expect(statSync(production.artifact(job)).size).toBeLessThan(600 * KILOBYTE);
    expect(files.get(`handlers/${job}.cjs.map`)?.toString()).not.toContain('sourcesContent":["');
  });

  test.each(jobs)('%s loads by itself, as Lambda loads it', async (job) => {
    const { stdout } = await inTaskRoot(
      job,
      `const loaded = require(process.env.HANDLER); console.log(Object.keys(loaded), typeof loaded.handler)`,
    );
    expect(stdout).toBe("[ 'handler' ] function\n");
  });

  test.each(jobs)('%s finds its config, and gets as far as AWS', async (job) => {
    const { stdout } = await inTaskRoot(
      job,
      `require(process.env.HANDLER).handler({ time: '2026-11-21T06:00:00Z' }, { awsRequestId: 'x' })
         .catch(() => undefined)`,
    );
    expect(JSON.parse(stdout)).toEqual({
      job,
      outcome: 'failed',
      message: expect.stringMatching(/^AWS could not be reached: /),
    });
  });
});

/** Runs a script beside the unpacked bundle; AWS is a port where nobody listens. */
function inTaskRoot(job: Job, script: string): Promise<{ stdout: string; stderr: string }> {
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
    },
  });
}

describe('the npm package', () => {
  const run = promisify(execFile);
  let consumer: string;
  let installed: string;

  /** A project that has installed what `npm run build` makes. */
  beforeAll(async () => {
    consumer = mkdtempSync(join(tmpdir(), 'turntable-consumer-'));
    installed = join(consumer, 'node_modules/turntable');
    mkdirSync(installed, { recursive: true });
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
    await run(pinnedNode, [join(root, 'scripts/build.ts'), join(installed, 'dist')]);
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
    // @ts-expect-error there is no such group
    resolver.current('SessionFlag');
    export const known = (error: ResolverError): boolean => error.code !== 'unknown-group';
  `;

  test('has every file that package.json names', () => {
    const { main, module, types, bin, exports } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const leaves = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves);
    for (const file of [main, module, types, ...leaves(bin), ...leaves(exports)])
      expect(existsSync(join(installed, file)), file).toBe(true);
  });

  test.each([
    ['esm', 'nodenext', 'nodenext'],
    ['cjs', 'nodenext', 'nodenext'],
    ['esm', 'esnext', 'bundler'],
  ])('has types for %s under %s, %s', async (folder, module, moduleResolution) => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const file = join(folder, 'application.ts');
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2023'];
    const resolution = ['--module', module, '--moduleResolution', moduleResolution];
    await run(pinnedNode, [tsc, ...options, ...resolution, file], { cwd: consumer });
  });

  test.each([
    ['import', 'module', "import { createResolver } from 'turntable';"],
    ['require', 'commonjs', "const { createResolver } = require('turntable');"],
  ])('answers to %s', async (_, type, line) => {
    const script = `${line}
      const tables = [{ TableName: 'A', RotationScheme: 'weekly' }];
      console.log(createResolver({ environment: 'production', tables }).current('A', '2026-11-21'));`;
    const { stdout } = await run(pinnedNode, [`--input-type=${type}`, '-e', script], { cwd: consumer });
    expect(stdout).toBe('production.A.20261116\n');
  });

  test('has the command line, which a shell can start', async () => {
    const { stdout } = await run(join(installed, 'dist/cli.js'), ['--version'], { cwd: consumer });
    expect(stdout.trim()).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });
});
