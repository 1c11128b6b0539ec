/** `turntable doctor` on the embedded AWS: it finds each thing that is wrong, and nothing in a sound environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ScanCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checks } from '../../src/core/doctor/diagnose.ts';
import { checkNames } from '../../src/core/doctor/finding.ts';
import { STACK_ALARMS } from '../../src/core/doctor/stack-alarms.ts';
import type { DoctorReport } from '../../src/jobs/doctor.ts';
import { awsPorts } from '../../src/runtime.ts';
import { type Json, openStage, provisionedSpec, type Stage, spec, throttling } from '../incidents/stage.ts';
import { at } from '../support/specs.ts';
import { virtualDate } from '../support/virtual-date.ts';

const CURRENT = 'production.Events.20251123';
const UPCOMING = 'production.Events.20251124';
const PAST = 'production.Events.20251122';
const NOW = '2025-11-23T03:41';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const settingsWith = (Scaling: Json): Json => ({ Defaults: { Scaling } });
const LOWEST = settingsWith({ Read: { Min: 100 }, Write: { Min: 100 } });

/** A provisioned spec with 150 units per second. */
const large = (): Json => {
  const { Properties, ...rest } = provisionedSpec() as Json;
  const ProvisionedThroughput = { ReadCapacityUnits: 150, WriteCapacityUnits: 150 };
  return { ...rest, Properties: { ...(Properties as Json), ProvisionedThroughput } };
};

/** The jobs have run for days, and just now. */
async function live(): Promise<void> {
  await stage.past(async () => {
    await stage.run('rotate', '2025-11-20T03:35');
    await stage.live('2025-11-21', '2025-11-23');
    await stage.run('scale', '2025-11-23T03:40');
  });
  stage.at(NOW);
}

const alarm = (id: string, actions = true) =>
  new PutMetricAlarmCommand({
    AlarmName: `turntable-production-${id}-1A2B3C`,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    ...(actions && { AlarmActions: ['arn:aws:sns:us-east-1:000000000000:Alarms'] }),
  });

async function deployAlarms(...ids: readonly string[]): Promise<void> {
  const client = new CloudWatchClient({});
  for (const id of ids) await client.send(alarm(id));
  client.destroy();
}

async function register(table: string): Promise<void> {
  const client = new ApplicationAutoScalingClient({});
  await client.send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: 'dynamodb',
      ResourceId: `table/${table}`,
      ScalableDimension: 'dynamodb:table:WriteCapacityUnits',
      MinCapacity: 5,
      MaxCapacity: 500,
    }),
  );
  client.destroy();
}

async function examined(...args: readonly string[]): Promise<{ code: number; report: DoctorReport }> {
  const { code, stdout } = await stage.cli('doctor', ...args, '--json');
  return { code, report: JSON.parse(stdout) as DoctorReport };
}

const checksOf = ({ findings }: DoctorReport) => new Set(findings.map(({ check }) => check));

describe('A sound environment', () => {
  beforeEach(async () => {
    stage.configure([large()], LOWEST);
    await live();
    await deployAlarms(...STACK_ALARMS);
  });

  it('has no finding, and exit code 0', async () => {
    const { code, report } = await examined();
    expect(report.findings).toEqual([]);
    expect(report.counts).toEqual({ severe: 0, warning: 0, note: 0 });
    expect(report.skipped.map(({ check }) => check)).toEqual(['endpoints']);
    expect(code).toBe(0);
    const { stdout } = await stage.cli('doctor');
    expect(stdout).toContain('Doctor: nothing found. 1 check was not made.');
  });

  it('is not changed: doctor only reads', async () => {
    stage.aws.resetCalls();
    await examined();
    const changing = [...stage.aws.calls.keys()].filter((name) => !/^(Describe|List|Get|Query)/.test(name));
    expect(changing).toEqual([]);
  });
});

describe('With Purge.Archive, doctor', () => {
  const archiving = (): Json => {
    const { Properties, ...rest } = large();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    return { ...rest, Properties: { ...(Properties as Json), PointInTimeRecoverySpecification } };
  };
  beforeEach(async () => {
    const { Scaling } = LOWEST.Defaults as Json;
    stage.configure([archiving()], {
      Defaults: { Scaling, Purge: { Archive: { Bucket: 'our-archive', Prefix: 'cold' } } },
    });
    await live();
    await deployAlarms(...STACK_ALARMS);
  });

  it('says that the bucket does not exist, before an export fails', async () => {
    const { code, report } = await examined();
    expect(code).toBe(1);
    expect(report.findings.map(({ severity, check }) => [severity, check])).toEqual([
      ['severe', 'permissions'],
    ]);
    expect(report.findings[0]!.message).toMatch(
      /^s3:GetObject with s3:ListBucket in the bucket of Purge.Archive failed: Could not read s3:\/\/our-archive\/cold\/production\.Events\.20251123\//,
    );
  });

  it('asks for exports and for the permission to start one, and starts none', async () => {
    const bucket = stage.aws.createBucket('our-archive');
    stage.aws.resetCalls();
    const { code, report } = await examined('--class', 'owner');
    expect([code, report.findings]).toEqual([0, []]);
    expect(Object.fromEntries(stage.aws.calls)).toMatchObject({ ExportTableToPointInTime: 1 });
    expect([...stage.aws.calls.keys()]).toEqual(expect.arrayContaining(['ListExports', 'DescribeExport']));
    expect(bucket.keys().filter((key) => !key.startsWith('cold/production.Events.20251120/'))).toEqual([]);
  });
});

describe('doctor --class owner', () => {
  const everything = async () => {
    const db = new DynamoDBClient({});
    const { Items } = await db.send(new ScanCommand({ TableName: 'production.turntable' }));
    db.destroy();
    const names = await stage.names();
    const tables = await Promise.all(names.map((name) => stage.describe(name)));
    return { Items, tables, published: [...stage.aws.published] };
  };

  it('asks for each permission to change something, and changes nothing', async () => {
    vi.stubEnv('TURNTABLE_TOPIC_ARN', stage.aws.createTopic('Alarms'));
    stage.configure([large()], LOWEST);
    await live();
    await deployAlarms(...STACK_ALARMS);
    const before = await everything();
    stage.aws.resetCalls();
    const { code, report } = await examined('--class', 'owner');
    expect([code, report.findings]).toEqual([0, []]);
    expect(await everything()).toEqual(before);
    const calls = Object.fromEntries(stage.aws.calls);
    expect(calls).toMatchObject({
      ...{ PutItem: 8, DeleteItem: 5, BatchWriteItem: 2, CreateTable: 1, UpdateTable: 1, TagResource: 1 },
      ...{ UpdateTimeToLive: 1, UpdateContinuousBackups: 1, CreateBackup: 1, RestoreTableFromBackup: 1 },
      Publish: 1,
    });
    expect(calls).not.toHaveProperty('DeleteTable');
  });

  it('names a permission that is missing, with the policy that has it', async () => {
    stage.configure([large()], LOWEST);
    await live();
    stage.aws.intercept = (operation) =>
      operation === 'TagResource'
        ? { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:TagResource' }
        : undefined;
    const { code, report } = await examined('--class', 'owner');
    expect(code).toBe(1);
    const [finding] = report.findings;
    expect(finding).toMatchObject({ check: 'permissions', severity: 'severe' });
    expect(finding!.message).toContain('dynamodb:TagResource is denied');
    expect(finding!.cure).toContain('turntable policy owner --env production');
    expect(finding!.cure).toContain('ABAC');
  });

  it('says if AWS did not answer a question', async () => {
    stage.configure([large()], LOWEST);
    await live();
    stage.aws.intercept = (operation) =>
      operation === 'CreateBackup' ? { type: 'ThrottlingException', message: 'Rate exceeded' } : undefined;
    const { report } = await examined('--class', 'owner');
    expect(report.findings[0]!.message).toContain('dynamodb:CreateBackup failed: Rate exceeded');
  });
});

it('asks for no ARN if the account is unknown, because AWS denies an ARN of another account', async () => {
  stage.configure([spec()]);
  stage.aws.intercept = (operation) =>
    operation === 'GetCallerIdentity' ? { type: 'Out', message: 'Out of order.', status: 500 } : undefined;
  stage.aws.resetCalls();
  const { stdout } = await stage.cli('doctor', '--env', 'staging', '--json', '--class', 'owner');
  const { account, skipped, findings } = JSON.parse(stdout) as DoctorReport;
  expect(account).toBe(null);
  expect([...stage.aws.calls.keys()]).not.toContain('ListTagsOfResource');
  expect(skipped).toContainEqual({
    check: 'endpoints',
    reason: expect.stringContaining('all calls go to 127.0.0.1'),
  });
  expect(findings.map(({ message }) => message).join()).toContain('The account is unknown');
});

it('makes one finding of credentials that AWS does not accept', async () => {
  stage.configure([spec()]);
  stage.aws.intercept = () => ({
    type: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  });
  const { code, report } = await examined();
  expect(code).toBe(1);
  const severe = report.findings.filter(({ severity }) => severity === 'severe');
  expect(severe.map(({ message }) => message)).toEqual([
    'AWS does not accept the credentials: The security token included in the request is invalid.',
  ]);
});

/** Breaks something, and names what doctor has to find. */
const broken = async (): Promise<void> => {
  stage.configure([{ ...large(), PurgeRotation: 3 }], LOWEST);
  await live();
  const db = new DynamoDBClient({});
  await db.send(
    new UpdateTableCommand({ TableName: 'production.turntable', DeletionProtectionEnabled: false }),
  );
  db.destroy();
  await register(CURRENT);
  const { state } = awsPorts('production');
  await state.acquire({ job: 'purge', owner: 'purge-1' }, at('2025-11-21'), at('2025-11-21') + 60_000);
  await stage.cli('suspend', 'purging', '--at', '2025-11-21T09:00');
  await stage.drop(UPCOMING);
  await stage.drop(PAST);
  await stage.make(PAST);
  await stage.make('production.Forgotten');
  const { Properties, ...rest } = provisionedSpec() as { Properties: Json };
  const byUser = {
    IndexName: 'byUser',
    KeySchema: [{ AttributeName: 'User', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  };
  const indexed = {
    ...Properties,
    AttributeDefinitions: [
      { AttributeName: 'Key', AttributeType: 'S' },
      { AttributeName: 'User', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [byUser],
  };
  stage.configure(
    [{ ...rest, PurgeRotation: 1, Properties: indexed }],
    settingsWith({ Write: { Max: 200 } }),
  );
  stage.aws.intercept = (operation) =>
    operation === 'CreateTable' || operation === 'UpdateTable'
      ? {
          type: 'AccessDeniedException',
          message: `User: rotate is not authorized to perform: dynamodb:${operation} on resource: ${CURRENT}`,
        }
      : undefined;
  await stage.run('rotate', '2025-11-23T23:10');
  stage.at('2025-11-23T23:11');
  await stage.cli('suspend', 'lowering', '--for', '2h', '--reason', 'a sale');
  stage.aws.intercept = (operation) => {
    if (operation === 'DescribeTimeToLive')
      return {
        type: 'AccessDeniedException',
        message: 'User: ann is not authorized to perform: dynamodb:DescribeTimeToLive',
      };
    if (operation === 'DescribeLimits')
      return {
        body: {
          AccountMaxReadCapacityUnits: 100,
          AccountMaxWriteCapacityUnits: 100,
          TableMaxReadCapacityUnits: 100,
          TableMaxWriteCapacityUnits: 100,
        },
      };
    return undefined;
  };
};

describe('A broken environment', () => {
  beforeEach(broken);

  it('has a finding of every check, each with a cure, and exit code 1', async () => {
    virtualDate(() => at('2025-11-23T23:11') + 120_000);
    const { code, report } = await examined('--floor', '500');
    // The loopback answers, and a few tables fit every function.
    const passing = ['endpoints', 'function-size'];
    expect([...checkNames].filter((name) => !checksOf(report).has(name))).toEqual(passing);
    for (const { message, cure } of report.findings) expect([message, cure]).not.toContain('');
    expect(code).toBe(1);
  });

  it('fits 80 columns, with findings by severity and their counts at the end', async () => {
    const { stdout, code } = await stage.cli('doctor');
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.includes('turntable '))).toEqual([]);
    const titles = lines.filter((line) => /^(Severe|Warnings|Notes|Not checked)$/.test(line));
    expect(titles).toEqual(['Severe', 'Warnings', 'Notes', 'Not checked']);
    expect(lines.at(-1)).toMatch(/^Doctor: \d+ severe, \d+ warnings?, \d+ notes?\. 1 check was not made\.$/);
  });

  it('shows only findings about the given groups and about the environment', async () => {
    const { report } = await examined('Events');
    expect(new Set(report.findings.map(({ group }) => group))).toEqual(new Set([undefined, 'Events']));
  });
});

describe('docs/operators.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operators.md'), 'utf8');
  const [, section = ''] = page.split('\n### Doctor\n');

  it('shows what doctor prints', async () => {
    stage.configure([large()], LOWEST);
    await live();
    await deployAlarms(...STACK_ALARMS.filter((id) => id !== 'NextTableLate'));
    await register(CURRENT);
    await stage.cli('suspend', 'purging', '--for', '2h', '--reason', 'checking retention');
    stage.at('2025-11-23T03:50');
    const { stdout, code } = await stage.cli('doctor');
    const [, shown = ''] = section.split('```console\n');
    expect(shown.split('```')[0]).toBe(`$ turntable doctor --env production; echo $?\n${stdout}${code}\n`);
  });

  it('lists every check', () => {
    const rows = section.split('\n').filter((line) => /^\| `/.test(line));
    expect(rows.slice(0, checkNames.length)).toEqual(
      checkNames.map((name) => `| \`${name}\` | ${checks[name].title} |`),
    );
  });
});

describe('Each call fails by itself:', () => {
  it.each([
    ['ListTables', 'dynamodb:ListTables'],
    ['DescribeLimits', 'dynamodb:DescribeLimits'],
    ['DescribeAlarms', 'cloudwatch:DescribeAlarms'],
    ['DescribeScalableTargets', 'application-autoscaling:DescribeScalableTargets'],
    ['GetMetricData', 'cloudwatch:GetMetricData'],
    [
      'Query',
      'dynamodb:Query on the state table, keys scheduled-deletion, suspension, memory, ownership, unmanaged, retention, closing, history, run, lease are denied',
    ],
  ])(
    '%s denied is a finding that names the permission, and the other checks are made',
    async (denied, action) => {
      stage.configure([spec()]);
      await live();
      stage.aws.intercept = (operation) =>
        operation === denied
          ? { type: 'AccessDeniedException', message: `not authorized to perform: ${denied}` }
          : undefined;
      const { report } = await examined();
      const named = report.findings.filter(
        ({ check, message }) => check === 'permissions' && message.includes(action),
      );
      expect(named).toHaveLength(1);
      expect(named[0]!.cure).toContain('turntable policy reader --env production');
      // Suspensions, leases and the like depend on Query, and alarms do not.
      if (denied !== 'DescribeAlarms') expect(checksOf(report)).toContain('alarms');
    },
  );

  it('A throttled or failing call is a finding too, and not a missing permission', async () => {
    stage.configure([spec()]);
    await live();
    stage.aws.intercept = (operation) =>
      operation === 'DescribeAlarms'
        ? { type: 'InternalServiceFault', message: 'Out of order.', status: 500 }
        : undefined;
    const { report } = await examined();
    const [finding] = report.findings.filter(({ check }) => check === 'permissions');
    expect(finding).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('DescribeAlarms failed'),
    });
  });
});

it('finds a missing state table, and says how to create it', async () => {
  stage.configure([spec()]);
  const { code, stdout } = await stage.cli('doctor', '--env', 'staging');
  expect(code).toBe(1);
  expect(stdout).toContain('The state table staging.turntable does not exist');
  expect(stdout).toContain('turntable init --env staging');
});

it('finds a current table that is gone, and rotate cures that', async () => {
  stage.configure([large()], LOWEST);
  await live();
  await deployAlarms(...STACK_ALARMS);
  await stage.drop(CURRENT);
  const { code, report } = await examined();
  expect([code, report.findings.map(({ check, severity }) => `${severity} ${check}`)]).toEqual([
    1,
    ['severe tables'],
  ]);
  expect(report.findings[0]!.cure).toContain('turntable rotate --env production');
  await stage.cli('rotate');
  expect((await examined()).report.findings).toEqual([]);
});

it('finds a table that throttles at its maximum', async () => {
  stage.configure([large()], settingsWith({ Read: { Min: 100 }, Write: { Min: 100, Max: 100 } }));
  await live();
  await deployAlarms(...STACK_ALARMS);
  throttling(() => stage, CURRENT).writes('2025-11-23T03:00', '2025-11-23T03:41', 60, 90);
  const { report } = await examined();
  const [finding] = report.findings;
  expect(finding).toMatchObject({ check: 'tables', severity: 'severe', group: 'Events' });
  expect(finding!.message).toContain('the maximum is 100.');
});

it('finds an alarm that is red, and one that notifies no topic', async () => {
  stage.configure([large()], LOWEST);
  await live();
  await deployAlarms(...STACK_ALARMS);
  const client = new CloudWatchClient({});
  await client.send(alarm('ScaleLate', false));
  await client.send(
    new SetAlarmStateCommand({
      AlarmName: 'turntable-production-RotateLate-1A2B3C',
      StateValue: 'ALARM',
      StateReason: 'a test',
    }),
  );
  client.destroy();
  const { report } = await examined();
  expect(report.findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([
    'alarms: 1 alarm notifies no topic, or its actions are turned off: ScaleLate.',
    'alarms: The alarm RotateLate is in the state ALARM.',
  ]);
});

it('rejects an invalid floor and an unknown group together, and calls nothing', async () => {
  stage.configure([spec()]);
  stage.aws.resetCalls();
  const { code, stderr } = await stage.cli('doctor', 'Evnts', '--floor', 'many');
  expect(code).toBe(2);
  expect(stderr).toContain('Unknown group "Evnts"');
  expect(stderr).toContain('--floor "many" is not a number of units per second');
  expect(stage.aws.calls.size).toBe(0);
});
