/** The packaged function that writes the report every day, on an embedded AWS that enforces its role. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATOR } from '../../src/report/page.ts';
import type { WrittenReport } from '../../src/report-handler.ts';
import { openStage, provisionedSpec, type Stage } from '../incidents/stage.ts';
import { MINUTE } from '../support/specs.ts';
import { virtualDateScript } from '../support/virtual-date.ts';
import { iamRequests } from './iam-requests.ts';
import {
  archive,
  type Packaged,
  packageOptional,
  packageService,
  packageUnlike,
  pinnedNode,
  unlike,
} from './template.ts';
import { allows, many, type Request, resolve, type Statement, sample, statementsOf } from './template-iam.ts';

const PLACE = 's3://our-reports/fleet';
const ROLE = 'ReportRole';

let packaged: Packaged;
let everything: Packaged;
let stage: Stage;
let config: string;
let tables: readonly object[];
let bucket: ReturnType<Stage['aws']['createBucket']>;
/** What all runs requested. */
const requests: Request[] = [];
let denied: string[] = [];

beforeAll(async () => {
  [packaged, everything] = await Promise.all([packageOptional(), packageUnlike()]);
  stage = await openStage();
  const { Properties, ...rest } = provisionedSpec();
  tables = [
    {
      ...rest,
      Properties: {
        ...(Properties as object),
        TimeToLive: { AttributeName: 'ExpiresAt' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
  ];
  const settings = { Defaults: { Purge: { FinalBackup: true } } };
  stage.configure(tables, settings);
  config = mkdtempSync(join(tmpdir(), 'turntable-report-'));
  writeFileSync(join(config, 'tables.json'), JSON.stringify(tables));
  writeFileSync(join(config, 'settings.json'), JSON.stringify(settings));
  await stage.run('rotate', '2025-11-20T03:35');
  await stage.live('2025-11-21', '2025-11-23');
  bucket = stage.aws.createBucket('our-reports');
});
afterAll(async () => {
  rmSync(config, { recursive: true, force: true });
  await stage?.close();
});

/** Runs the bundle as Lambda does, with only its role. */
async function invoke(
  time: string,
  of: readonly Statement[] = statementsOf(packaged.template, ROLE),
  bundles = packaged,
) {
  denied = [];
  stage.at(time);
  const requestsOf = iamRequests();
  stage.aws.intercept = (operation, input) => {
    for (const request of requestsOf(operation, input)) {
      requests.push(request);
      if (allows(of, request)) continue;
      denied.push(request.action);
      return { type: 'AccessDenied', message: 'denied', status: 403 };
    }
    return undefined;
  };
  const at = `${time}:00Z`;
  const invokedFunctionArn = `arn:aws:lambda:us-east-1:${sample.account}:function:turntable-production-report`;
  const script = `${virtualDateScript(Date.parse(at))} require(process.env.HANDLER).handler({ time: '${at}' }, ${JSON.stringify({ invokedFunctionArn })})
    .catch((error) => { console.error(error.message); })`;
  const { stdout, stderr } = await promisify(execFile)(pinnedNode, ['-e', script], {
    env: {
      ...stage.aws.env,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HANDLER: bundles.handlerPath('report'),
      LAMBDA_TASK_ROOT: bundles.taskRoot('report'),
      TURNTABLE_CONFIG: config,
      TURNTABLE_ENVIRONMENT: 'production',
      TURNTABLE_REPORT: PLACE,
    },
  });
  stage.aws.intercept = undefined;
  return { written: JSON.parse(stdout.trim()) as WrittenReport, error: stderr.trim() };
}

const pageAt = (key: string) => bucket.get(`fleet/production/${key}`);

describe('the function that writes the report', () => {
  test('writes the page of the day and the latest one, with its scripts, and says what it read', async () => {
    const { written, error } = await invoke('2025-11-23T04:20');
    expect([error, denied]).toEqual(['', []]);
    expect(written).toMatchObject({
      job: 'report',
      environment: 'production',
      at: '2025-11-23T04:20:00.000Z',
      outcome: 'done',
      message: `Wrote ${PLACE}/production/2025-11-23.html and latest.html.`,
    });
    const { body, type } = pageAt('2025-11-23.html');
    const page = body.toString();
    expect(type).toBe('text/html; charset=utf-8');
    expect(Buffer.byteLength(page)).toBe(written.bytes);
    expect(page).toContain(GENERATOR);
    expect(page).toContain(`<p>Account ${sample.account}, us-east-1. Fleet report as of`);
    expect(page).toContain('production.Events.20251123');
    expect(page).toContain('uPlot');
    expect(page).toContain('<td>schedule-deletion</td>');
    expect(pageAt('latest.html').body.equals(body)).toBe(true);
    expect(written.metricReads).toBeGreaterThan(0);
    expect(String(written.metricReadsUsd).length).toBeLessThan(10);
  });

  test('keeps the pages of earlier days, and replaces the latest one', async () => {
    // The next deletion depends on a backup, and the next raise on the limits of the account.
    await stage.run('rotate', '2025-11-24T03:35');
    for (let i = 0; i < 30; i += 1) {
      const minute = Date.parse('2025-11-24T03:50:00Z') + i * MINUTE;
      const point = { table: 'production.Events.20251124', minute, sum: 60 * 200 };
      stage.aws.recordMetric({ metric: 'ConsumedWriteCapacityUnits', ...point });
    }
    expect((await invoke('2025-11-24T04:20')).error).toBe('');
    expect(pageAt('2025-11-23.html').body.equals(pageAt('latest.html').body)).toBe(false);
    expect(pageAt('2025-11-24.html').body.equals(pageAt('latest.html').body)).toBe(true);
  });

  test('fails if the page cannot be written, or the tables cannot be read', async () => {
    const statements = statementsOf(packaged.template, ROLE);
    const without = (action: string) =>
      statements.map((one) => ({
        ...one,
        Action: many(one.Action ?? []).filter((other) => other !== action),
      }));
    const unwritten = await invoke('2025-11-25T04:20', without('s3:PutObject'));
    expect(unwritten.error).toMatch(
      /^Could not write s3:\/\/our-reports\/fleet\/production\/2025-11-25\.html: /,
    );
    expect(unwritten.written).toMatchObject({ job: 'report', outcome: 'failed' });
    const unread = await invoke('2025-11-25T04:20', without('dynamodb:ListTables'));
    expect(unread.error).toContain('ListTables');
    expect(() => pageAt('2025-11-25.html')).toThrow('does not exist');
  });

  test('has a role whose every part it uses, and that writes nothing else', async () => {
    const parts = statementsOf(packaged.template, ROLE)
      .filter(({ Effect, Sid }) => Effect === 'Allow' && Sid !== 'WriteLogs')
      .flatMap((statement) =>
        many(statement.Action ?? []).flatMap((Action) => {
          const kinds = statement.Condition?.['ForAllValues:StringEquals']?.['dynamodb:LeadingKeys'];
          return kinds
            ? many(kinds).map((kind) => ({
                ...statement,
                Action,
                Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [kind] } },
              }))
            : [{ ...statement, Action }];
        }),
      );
    const idle = parts.filter((part) => !requests.some((request) => allows([part], request)));
    expect(idle.map(({ Action, Condition }) => [Action, JSON.stringify(Condition)])).toEqual([]);
    const statements = statementsOf(everything.template, ROLE);
    const actions = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [] }) => Action);
    const writing = /:(?!Describe|List|Get|Query)/;
    expect(actions.filter((action) => writing.test(action)).sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
    for (const resource of [
      'our-reports/fleet/x.html',
      'our-reports/fleet/production/x.html',
      'our-config/team/tables.json',
    ])
      expect(allows(statements, { action: 's3:PutObject', resource: `arn:aws:s3:::${resource}` })).toBe(
        false,
      );
  });
});

test('reads exports with permissions that exist only with Purge.Archive', async () => {
  const settings = { Defaults: { Purge: { Archive: archive } } };
  stage.configure(tables, settings);
  writeFileSync(join(config, 'settings.json'), JSON.stringify(settings));
  stage.aws.createBucket(archive.Bucket);
  const started: string[] = [];
  for (let day = 25; started.length === 0 && day < 29; day += 1) {
    await stage.run('rotate', `2025-11-${day}T03:35`);
    await stage.run('purge', `2025-11-${day}T03:35`);
    started.push(...(stage.aws.calls.has('ExportTableToPointInTime') ? [`2025-11-${day}`] : []));
  }
  const time = `${started[0]}T12:00`;
  requests.length = 0;
  const statements = statementsOf(
    JSON.parse(JSON.stringify(everything.template).replaceAll('pre-production', 'production')),
    ROLE,
  );
  expect([(await invoke(time, statements, everything)).error, denied]).toEqual(['', []]);
  expect(requests.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['dynamodb:ListExports', 'dynamodb:DescribeExport']),
  );
  const manifests = requests.filter(({ resource }) => resource.startsWith(`arn:aws:s3:::${archive.Bucket}/`));
  expect(new Set(manifests.map(({ action }) => action))).toEqual(new Set(['s3:GetObject']));
  expect(manifests.every(({ resource }) => resource.endsWith('/manifest-summary.json'))).toBe(true);
  await invoke(time, statementsOf(packaged.template, ROLE), everything);
  expect(denied).toContain('dynamodb:ListExports');
});

describe('the stack', () => {
  test('has the function, its role, its schedule and its alarm only with ReportBucket', async () => {
    const { template } = await packageService('production');
    expect(Object.keys(template.Resources).filter((id) => id.startsWith('Report'))).toEqual([]);
    const { Resources } = packaged.template;
    expect(Resources.ReportLambdaFunction?.Properties).toMatchObject({
      FunctionName: 'turntable-production-report',
      MemorySize: 1024,
      Timeout: 600,
      Environment: { Variables: { TURNTABLE_ENVIRONMENT: 'production', TURNTABLE_REPORT: PLACE } },
    });
    expect(Resources.ReportLambdaFunction?.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(resolve(Resources.ReportSchedule?.Properties)).toMatchObject({
      ScheduleExpression: 'cron(20 4 * * ? *)',
      Target: { Arn: 'ReportLambdaFunction.Arn', RoleArn: 'ReportScheduleRole.Arn' },
    });
    expect(
      statementsOf(packaged.template, 'ReportScheduleRole').map(({ Action, Resource }) => [Action, Resource]),
    ).toEqual([['lambda:InvokeFunction', 'ReportLambdaFunction.Arn']]);
    expect(Resources.ReportFailed?.Properties).toMatchObject({
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
    });
    const body: string = Resources.Dashboard?.Properties.DashboardBody['Fn::Sub'];
    expect(() => JSON.parse(body)).not.toThrow();
    expect(body).toContain(`"\${RunsSkipped.Arn}", "\${ReportFailed.Arn}"`);
  });

  test('gives it the failure destination, the boundary and the configuration of the jobs', () => {
    const { Resources } = everything.template;
    expect(Resources.ReportLambdaFunction?.Properties.Environment.Variables).toMatchObject({
      TURNTABLE_CONFIG: unlike.ConfigBucket,
      TURNTABLE_REPORT: unlike.ReportBucket,
    });
    expect(Resources.ReportLambdaEvConf?.Properties).toMatchObject({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: unlike.FailureDestination } },
    });
    for (const id of ['ReportRole', 'ReportScheduleRole'])
      expect(Resources[id]?.Properties.PermissionsBoundary).toBe(unlike.PermissionsBoundary);
  });
});
