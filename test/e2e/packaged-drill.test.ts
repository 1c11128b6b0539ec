/** The packaged function of restore drills, on an embedded AWS that enforces its role. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  CreateBackupCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrillSummary } from '../../src/jobs/drill.ts';
import { openStage, type Stage, spec } from '../incidents/stage.ts';
import { type Datum, dataIn } from '../support/alarms/emf.ts';
import { type Alarm, changesOf } from '../support/alarms/evaluate.ts';
import { at } from '../support/specs.ts';
import { virtualDateScript } from '../support/virtual-date.ts';
import { iamRequests } from './iam-requests.ts';
import {
  archive,
  type Packaged,
  packageOptional,
  packageService,
  packageUnlike,
  pinnedNode,
  type Template,
  unlike,
} from './template.ts';
import { allows, many, type Request, resolve, type Statement, sample, statementsOf } from './template-iam.ts';

const ROLE = 'DrillRole';
const SCRATCH = 'production.turntable-drill.Events';
const SOURCE = 'production.Events.20251121';

let packaged: Packaged;
let everything: Packaged;
let stage: Stage;
let config: string;
let client: DynamoDBClient;
let topic: string;
/** What all runs requested. */
const requests: Request[] = [];
let denied: string[] = [];
const data: Datum[] = [];
const requestsOf = iamRequests((arn) => arn.split(':').at(-1)!);

beforeAll(async () => {
  [packaged, everything] = await Promise.all([packageOptional(), packageUnlike()]);
  stage = await openStage();
  topic = stage.aws.createTopic('Alarms');
  client = new DynamoDBClient({});
  // So that the tags of every table are known.
  stage.aws.intercept = (operation, input) => {
    requestsOf(operation, input);
    return undefined;
  };
  config = mkdtempSync(join(tmpdir(), 'turntable-drill-'));
  writeFileSync(join(config, 'tables.json'), JSON.stringify([spec()]));
  stage.configure([spec()]);
  await stage.run('rotate', '2025-11-21T09:05');
  const TableName = SOURCE;
  for (let i = 0; i < 40; i += 1)
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { Key: { S: `key ${i}` }, Tags: { SS: ['b', 'a'] }, Bytes: { B: Uint8Array.of(i) } },
      }),
    );
  await client.send(new CreateBackupCommand({ TableName, BackupName: 'by-hand' }));
  await sleep(50);
});
afterAll(async () => {
  rmSync(config, { recursive: true, force: true });
  client?.destroy();
  await stage?.close();
});

/** Runs the bundle as Lambda does, with only its role. */
async function invoke(
  time: string,
  of: readonly Statement[] = statementsOf(packaged.template, ROLE),
  bundle = packaged,
) {
  denied = [];
  stage.at(time);
  stage.aws.intercept = (operation, input) => {
    for (const request of requestsOf(operation, input)) {
      requests.push(request);
      if (allows(of, request)) continue;
      denied.push(`${request.action} ${request.resource}`);
      return { type: 'AccessDeniedException', message: `denied: ${request.action}` };
    }
    return undefined;
  };
  const script = `${virtualDateScript(at(time))} require(process.env.HANDLER).handler({ time: '${time}:00Z' }, {})
    .catch((error) => { console.error(error.message); })`;
  const { stdout, stderr } = await promisify(execFile)(pinnedNode, ['-e', script], {
    env: {
      ...stage.aws.env,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HANDLER: bundle.handlerPath('drill'),
      LAMBDA_TASK_ROOT: bundle.taskRoot('drill'),
      TURNTABLE_CONFIG: config,
      TURNTABLE_ENVIRONMENT: 'production',
      TURNTABLE_TOPIC_ARN: topic,
    },
  });
  stage.aws.intercept = undefined;
  data.push(...dataIn(stdout));
  await sleep(50);
  const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as DrillSummary;
  return { summary, error: stderr.trim() };
}

describe('the function of restore drills', () => {
  test('restores the newest backup, compares it, deletes it and records it, with only its role', async () => {
    const first = await invoke('2025-11-21T12:00');
    expect([first.error, denied]).toEqual(['', []]);
    expect(first.summary).toMatchObject({ job: 'drill', outcome: 'done', open: ['Events'], ended: [] });
    expect(await stage.describe(SCRATCH)).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      RestoreSummary: { SourceTableArn: expect.stringContaining(SOURCE) },
    });
    const second = await invoke('2025-11-21T12:05');
    expect([second.error, denied]).toEqual(['', []]);
    expect(await stage.names()).not.toContain(SCRATCH);
    const { summary, error } = await invoke('2025-11-21T12:10');
    expect([error, denied]).toEqual(['', []]);
    expect(summary).toMatchObject({
      outcome: 'done',
      message: '1 drill ended or skipped, 0 not over.',
      open: [],
      ended: [
        {
          kind: 'drill-passed',
          table: SCRATCH,
          reason: 'restorable',
          items: 40,
          restoreSeconds: expect.any(Number),
          message: expect.stringContaining(
            `The key is Key. It has 40 items, and the backup says 40. 40 of 40 sampled items are the same in ${SOURCE}.`,
          ),
        },
      ],
    });
    stage.at('2025-11-21T12:11');
    const { stdout } = await stage.cli('history', '--kind', 'drill-passed', '--json');
    expect(stdout).toContain('Restored the backup by-hand of production.Events.20251121');
    expect((await invoke('2025-11-21T12:15')).summary.ended).toEqual([]);
  });

  test('fails with an alarm and a notice in the next month if the role may not restore, until a person drills again', async () => {
    const withoutRestore = statementsOf(packaged.template, ROLE).map((one) => ({
      ...one,
      Action: many(one.Action ?? []).filter((action) => action !== 'dynamodb:RestoreTableFromBackup'),
    }));
    const { summary, error } = await invoke('2025-12-01T00:00', withoutRestore);
    expect(error).toBe('');
    expect(summary.ended).toMatchObject([{ kind: 'drill-failed', reason: 'restore-failed', usd: 0 }]);
    await invoke('2025-12-01T00:05');
    expect(stage.aws.published.map(({ subject }) => subject)).toEqual([
      'Turntable production: 1 restore drill failed',
    ]);
    const alarm = resolve(packaged.template.Resources.DrillFailing?.Properties) as unknown as Alarm;
    const changes = changesOf(alarm, data, at('2025-11-21T12:00'), at('2025-12-01T00:20'));
    expect(changes.map(({ state, at: time }) => `${state} ${new Date(time).toISOString()}`)).toEqual([
      expect.stringContaining('OK 2025-11-21T12:0'),
      expect.stringContaining('ALARM 2025-12-01T00:0'),
    ]);
  });

  test('drills the newest export with permissions that exist only with Purge.Archive, and uses all of them', async () => {
    const { Bucket, Prefix } = archive;
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    stage.aws.createBucket(Bucket);
    const settings = { Defaults: { Purge: { Archive: archive } } };
    writeFileSync(join(config, 'settings.json'), JSON.stringify(settings));
    const recoverable = { ...spec().Properties, PointInTimeRecoverySpecification };
    writeFileSync(join(config, 'tables.json'), JSON.stringify([spec('Events', { Properties: recoverable })]));
    stage.at('2025-12-31T11:00');
    // The backup that failed would be drilled again.
    expect((await stage.cli('drill', 'Events', '--yes')).code).toBe(0);
    stage.at('2025-12-31T12:00');
    const { TableArn } = (await stage.describe(SOURCE))!;
    await client.send(
      new UpdateContinuousBackupsCommand({ TableName: SOURCE, PointInTimeRecoverySpecification }),
    );
    await client.send(
      new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: Bucket, S3Prefix: `${Prefix}/${SOURCE}` }),
    );
    await sleep(50);
    const unlikeHere = JSON.stringify(everything.template).replaceAll('pre-production', 'production');
    const statements = statementsOf(JSON.parse(unlikeHere) as Template, ROLE);
    const before = requests.length;
    const ended: DrillSummary['ended'][number][] = [];
    for (const minute of ['00', '05', '10', '15', '20']) {
      const { summary, error } = await invoke(`2026-01-01T00:${minute}`, statements, everything);
      expect([error, denied]).toEqual(['', []]);
      ended.push(...summary.ended);
    }
    expect(ended).toMatchObject([
      { kind: 'drill-passed', items: 40, message: expect.stringContaining('Restored the export ') },
    ]);
    expect(await stage.names()).not.toContain(SCRATCH);
    const own = requests.slice(before);
    const parts = statements
      .filter(({ Sid = '' }) =>
        ['LoadScratchTables', 'FindExports', 'ReadExports', 'WriteErrors'].includes(Sid),
      )
      .flatMap((one) => many(one.Action ?? []).map((Action) => ({ ...one, Action })));
    expect(parts.map(({ Action }) => Action)).toHaveLength(6);
    expect(parts.filter((part) => !own.some((request) => allows([part], request)))).toEqual([]);
    const without = statementsOf(packaged.template, ROLE).map(({ Action }) => many(Action ?? []));
    for (const { Action } of parts) expect(without.flat()).not.toContain(Action);
    for (const [action, key] of [
      ['s3:PutObject', `${Prefix}/production.Events.20251121/AWSDynamoDB/1-a/data/x.json.gz`],
      ['s3:GetObject', 'other/production.Events.20251121/AWSDynamoDB/1-a/manifest-summary.json'],
      ['s3:DeleteObject', `${Prefix}/production.Events.20251121/restore/x`],
    ])
      expect(allows(statements, { action: action!, resource: `arn:aws:s3:::${Bucket}/${key}` }), key).toBe(
        false,
      );
  }, 60_000);

  test('has a role whose every part it uses', () => {
    const parts = statementsOf(packaged.template, ROLE)
      .filter(({ Effect, Sid }) => Effect === 'Allow' && Sid !== 'WriteLogs')
      .flatMap((statement) =>
        many(statement.Action ?? []).flatMap((Action) =>
          many(statement.Resource).map((Resource) => ({ ...statement, Action, Resource })),
        ),
      );
    expect(parts.length).toBeGreaterThan(20);
    const idle = parts.filter((part) => !requests.some((request) => allows([part], request)));
    expect(idle.map(({ Sid, Action }) => [Sid, Action])).toEqual([]);
  });
});

describe('the role of restore drills', () => {
  const arn = (name: string) => `arn:aws:dynamodb:${sample.region}:${sample.account}:table/${name}`;
  const foreign = [
    'production.Events.20251121',
    'production.turntable',
    'production.turntable-drill',
    'production.turntable-drills.Events',
    'production.Events.turntable-drill.Events',
    'staging.turntable-drill.Events',
    'turntable-drill.Events',
    'other',
  ];
  /** Whatever tags a table has or gets, so that no condition is why a call is denied. */
  const context = {
    'aws:ResourceTag/turntable:environment': 'production',
    'aws:RequestTag/turntable:environment': 'production',
    'aws:TagKeys': ['turntable:environment', 'turntable:drill'],
  };
  const writing = [
    ...[
      'DeleteTable',
      'CreateTable',
      'UpdateTable',
      'TagResource',
      'UntagResource',
      'RestoreTableFromBackup',
    ],
    ...['RestoreTableToPointInTime', 'RestoreTableFromAwsBackup', 'DeleteBackup', 'CreateBackup'],
    ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLDelete', 'PartiQLUpdate'],
    ...['PartiQLInsert', 'Scan', 'GetItem', 'Query', 'UpdateTimeToLive', 'UpdateContinuousBackups'],
    ...['ImportTable', 'ExportTableToPointInTime', 'DeleteTableReplica', 'StartBulkPutItems'],
  ].map((action) => `dynamodb:${action}`);

  test.each(['yes', 'no'])(
    'writes, tags and deletes nowhere but in scratch tables, with tags: %s',
    (abac) => {
      const { template } = abac === 'yes' ? packaged : everything;
      const stageName = abac === 'yes' ? 'production' : 'pre-production';
      const statements = statementsOf(template, ROLE);
      const own = JSON.parse(JSON.stringify(context).replaceAll('production', stageName));
      const allowed = (name: string) =>
        writing.filter((action) =>
          allows(statements, { action, resource: arn(name.replace(/^production/, stageName)), context: own }),
        );
      for (const name of foreign.filter((one) => one !== 'production.turntable'))
        expect(allowed(name), name).toEqual([]);
      expect(allowed('production.turntable-drill.Events')).toEqual([
        'dynamodb:DeleteTable',
        ...(abac === 'no' ? ['dynamodb:CreateTable'] : []), // with Purge.Archive
        'dynamodb:TagResource',
        'dynamodb:RestoreTableFromBackup',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:Scan',
        'dynamodb:GetItem',
        'dynamodb:Query',
        ...(abac === 'no' ? ['dynamodb:StartBulkPutItems'] : []),
      ]);
    },
  );

  test('writes only its own records of the state table', () => {
    const statements = statementsOf(packaged.template, ROLE);
    const kinds = (action: string) =>
      [
        'lease',
        'drill',
        'history',
        'closing',
        'scheduled-deletion',
        'suspension',
        'memory',
        'run',
        'config',
      ].filter((kind) =>
        allows(statements, {
          action: `dynamodb:${action}`,
          resource: arn('production.turntable'),
          context: { ...context, 'dynamodb:LeadingKeys': [kind] },
        }),
      );
    expect(kinds('PutItem')).toEqual(['lease', 'drill']);
    expect(kinds('DeleteItem')).toEqual(['lease']);
    expect(kinds('BatchWriteItem')).toEqual(['history']);
    expect(kinds('Query')).toEqual(['drill', 'closing', 'scheduled-deletion']);
    for (const action of ['DeleteTable', 'Scan', 'BatchGetItem', 'TagResource', 'RestoreTableFromBackup'])
      expect(kinds(action), action).toEqual([]);
  });

  test('deletes and tags only tables of its environment if the tags of tables count', () => {
    const statements = statementsOf(packaged.template, ROLE);
    const resource = arn(SCRATCH);
    const may = (action: string, own: Request['context']) =>
      allows(statements, { action, resource, context: own! });
    expect(may('dynamodb:DeleteTable', {})).toBe(false);
    expect(may('dynamodb:DeleteTable', { 'aws:ResourceTag/turntable:environment': 'staging' })).toBe(false);
    expect(may('dynamodb:TagResource', { ...context, 'aws:TagKeys': ['turntable:keep'] })).toBe(false);
  });

  test('is the only one that can restore a table', () => {
    for (const role of ['RotateRole', 'PurgeRole', 'ScaleRole', 'ReportRole'])
      for (const name of [...foreign, SCRATCH])
        expect(
          allows(statementsOf(everything.template, role), {
            action: 'dynamodb:RestoreTableFromBackup',
            resource: arn(name.replace(/^production/, 'pre-production')),
            context,
          }),
          `${role} ${name}`,
        ).toBe(false);
  });
});

describe('the stack', () => {
  test('has the function, its role, its schedule and its alarms only with RestoreDrills', async () => {
    const { template } = await packageService('production');
    expect(Object.keys(template.Resources).filter((id) => id.startsWith('Drill'))).toEqual([]);
    const { Resources } = packaged.template;
    expect(Resources.DrillLambdaFunction?.Properties).toMatchObject({
      FunctionName: 'turntable-production-drill',
      Timeout: 290,
    });
    expect(Resources.DrillLambdaFunction?.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(resolve(Resources.DrillSchedule?.Properties)).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Arn: 'DrillLambdaFunction.Arn', RoleArn: 'DrillScheduleRole.Arn' },
    });
    expect(
      statementsOf(packaged.template, 'DrillScheduleRole').map(({ Action, Resource }) => [Action, Resource]),
    ).toEqual([['lambda:InvokeFunction', 'DrillLambdaFunction.Arn']]);
    const body: string = Resources.Dashboard?.Properties.DashboardBody['Fn::Sub'];
    expect(() => JSON.parse(body)).not.toThrow();
    expect(body).toContain(`"\${DrillFailing.Arn}", "\${DrillRunsFailed.Arn}"`);
  });

  test('gives it the failure destination, the boundary and the configuration of the jobs', () => {
    const { Resources } = everything.template;
    expect(Resources.DrillLambdaFunction?.Properties.Environment.Variables).toMatchObject({
      TURNTABLE_CONFIG: unlike.ConfigBucket,
    });
    expect(Resources.DrillLambdaEvConf?.Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: unlike.FailureDestination } },
    });
    for (const id of ['DrillRole', 'DrillScheduleRole'])
      expect(Resources[id]?.Properties.PermissionsBoundary).toBe(unlike.PermissionsBoundary);
  });
});
