/** The packaged jobs with their configuration in S3, on an embedded AWS that enforces their roles. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import type { Job } from '../../src/core/plan.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { spec } from '../incidents/stage.ts';
import { type Datum, dataIn } from '../support/alarms/emf.ts';
import { type Alarm, changesOf } from '../support/alarms/evaluate.ts';
import { MINUTE } from '../support/specs.ts';
import { virtualDateScript } from '../support/virtual-date.ts';
import { iamRequests } from './iam-requests.ts';
import { type Packaged, packageService, packageWith, pinnedNode } from './template.ts';
import { allows, type Request, resolve, statementsOf } from './template-iam.ts';

const PLACE = 's3://our-config/team';
const jobs: readonly Job[] = ['rotate', 'purge', 'scale'];
const idOf = (job: Job): string => job[0]!.toUpperCase() + job.slice(1);

let withBucket: Packaged;
let without: Packaged;
let aws: EmbeddedAws;
let bucket: ReturnType<EmbeddedAws['createBucket']>;
let now = Date.parse('2026-11-01T00:05:00Z');
let denied: string[] = [];
const used = new Map<Job, Set<string>>();

beforeAll(async () => {
  [withBucket, without] = await Promise.all([
    packageWith('production', { Defaults: { ConfigBucket: PLACE } }),
    packageService('production'),
  ]);
  aws = await startEmbeddedAws({ now: () => now });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  await awsState(new DynamoDBClient({}), 'production').initialize();
  bucket = aws.createBucket('our-config', 'versioned');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws?.close();
});
beforeEach(() => {
  denied = [];
});

const put = (...names: readonly string[]) =>
  bucket.put('team/tables.json', JSON.stringify(names.map((name) => spec(name))), now);

/** The variables that CloudFormation gives to the function of a job. */
const variablesOf = ({ template }: Packaged, job: Job) =>
  template.Resources[`${idOf(job)}LambdaFunction`]!.Properties.Environment.Variables as Record<
    string,
    unknown
  >;

/** Runs a bundle as Lambda does, with only its role. The error of a failed run is beside its summary. */
async function invoke(job: Job, at: string, packaged = withBucket, place?: string) {
  now = Date.parse(at);
  const requestsOf = iamRequests((arn) => arn.split(':').at(-1)!);
  const statements = statementsOf(packaged.template, `${idOf(job)}Role`);
  aws.intercept = (operation, input) => {
    for (const request of requestsOf(operation, input)) {
      used.set(job, (used.get(job) ?? new Set()).add(request.action));
      if (allows(statements, request)) continue;
      denied.push(`${job} ${request.action} ${request.resource}`);
      return { type: 'AccessDenied', message: 'denied', status: 403 };
    }
    return undefined;
  };
  const script = `${virtualDateScript(now)} require(process.env.HANDLER).handler({ time: ${JSON.stringify(at)} }, {})
    .catch((error) => { console.error(error.message); })`;
  const { stdout, stderr } = await promisify(execFile)(pinnedNode, ['-e', script], {
    env: {
      ...aws.env,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HANDLER: packaged.handlerPath(job),
      LAMBDA_TASK_ROOT: packaged.taskRoot(job),
      TURNTABLE_CONFIG: place ?? String(variablesOf(packaged, job).TURNTABLE_CONFIG),
      TURNTABLE_ENVIRONMENT: 'production',
      TURNTABLE_TOPIC_ARN: aws.createTopic('Alarms'),
    },
  });
  aws.intercept = undefined;
  const summary = JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;
  return { summary, stdout, error: stderr.trim() };
}

const done = ({ summary: { results = [] } }: { readonly summary: Summary }): string[] =>
  results.map(({ action, outcome }) => `${outcome} ${action.kind} ${action.table}`);

describe('with ConfigBucket', () => {
  test('each job reads the bucket in each run, so that a new version needs no deployment', async () => {
    put('Events');
    expect(done(await invoke('rotate', '2026-11-01T00:05:00Z'))).toContain(
      'applied create production.Events.20261101',
    );
    put('Events', 'Clicks');
    expect(done(await invoke('rotate', '2026-11-01T00:50:00Z'))).toContain(
      'applied create production.Clicks.20261101',
    );
    for (const job of ['purge', 'scale'] as const)
      expect((await invoke(job, '2026-11-01T00:51:00Z')).error, job).toBe('');
    expect(denied).toEqual([]);
  });

  test('an invalid version changes nothing: jobs use the one before, fail, and scale turns the alarm red', async () => {
    bucket.put('team/tables.json', '[{ "TableName": "Events" }]', now);
    for (const job of jobs) {
      const { summary, error } = await invoke(job, '2026-11-02T00:05:00Z');
      expect(summary.outcome, job).toBe('failed');
      expect(error, job).toContain(
        'The configuration in s3://our-config/team is invalid, so this run used the one before',
      );
      if (job === 'rotate') expect(done({ summary })).toContain('applied create production.Clicks.20261103');
    }
    const data: Datum[] = [];
    for (const minute of ['06', '07', '08', '09', '10', '11', '12']) {
      if (minute === '10') put('Events', 'Clicks');
      data.push(...dataIn((await invoke('scale', `2026-11-02T00:${minute}:00Z`)).stdout));
    }
    const { Properties } = withBucket.template.Resources.ConfigInvalid!;
    const from = Date.parse('2026-11-02T00:06:00Z');
    const states = changesOf(resolve(Properties) as unknown as Alarm, data, from, from + 10 * MINUTE);
    expect(states.map(({ state }) => state)).toEqual(['ALARM', 'OK']);
    expect(denied).toEqual([]);
  });

  test('a version that drops a spec schedules nothing of its tables', async () => {
    for (const day of ['02', '03', '04', '05']) await invoke('rotate', `2026-11-${day}T03:05:00Z`);
    put('Events');
    const purged = await invoke('purge', '2026-11-05T03:35:00Z');
    expect(done(purged).join()).toContain('schedule-deletion production.Events.');
    expect(done(purged).join()).not.toContain('Clicks');
    expect(denied).toEqual([]);
  });

  test('a bucket that cannot be read fails the job, and nothing is deleted', async () => {
    const { error, summary } = await invoke('purge', '2026-11-07T03:35:00Z', withBucket, 's3://other-bucket');
    expect(error).toContain('Could not read s3://other-bucket/');
    expect(done({ summary })).toEqual([]);
    expect(denied.length).toBeGreaterThan(0);
  });

  test('the roles allow the files alone, only rotate records versions, and every part is used', () => {
    const may = (job: Job, request: Request) =>
      allows(statementsOf(withBucket.template, `${idOf(job)}Role`), request);
    const state = 'arn:aws:dynamodb:eu-west-1:123456789012:table/production.turntable';
    const context = { 'dynamodb:LeadingKeys': ['config'] };
    const who = (action: string, resource: string) =>
      jobs.filter((job) => may(job, { action, resource, context }));
    expect(who('dynamodb:PutItem', state)).toEqual(['rotate']);
    expect(who('dynamodb:Query', state)).toEqual(jobs);
    expect(who('s3:GetObject', 'arn:aws:s3:::our-config/team/settings.json')).toEqual(jobs);
    for (const other of ['our-config/team/secrets.json', 'our-config/tables.json', 'other/team/tables.json'])
      expect(who('s3:GetObject', `arn:aws:s3:::${other}`), other).toEqual([]);
    for (const action of ['s3:PutObject', 's3:DeleteObject'])
      expect(who(action, 'arn:aws:s3:::our-config/team/tables.json'), action).toEqual([]);
    for (const job of jobs)
      expect([...used.get(job)!]).toEqual(
        expect.arrayContaining(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 'dynamodb:Query']),
      );
  });
});

describe('without ConfigBucket', () => {
  test('neither the bundles nor the stack have anything of S3', () => {
    for (const job of jobs) {
      const text = (packaged: Packaged) => readFileSync(packaged.handlerPath(job), 'utf8');
      expect(text(without), job).not.toContain('GetObject');
      expect(text(withBucket), job).toContain('GetObject');
      expect(variablesOf(without, job).TURNTABLE_CONFIG).toEqual({ Ref: 'AWS::NoValue' });
      const actions = statementsOf(without.template, `${idOf(job)}Role`).flatMap(({ Action = [] }) => Action);
      expect(actions.filter((action) => action.startsWith('s3:'))).toEqual([]);
    }
    expect(without.template.Resources).not.toHaveProperty('ConfigInvalid');
    expect(withBucket.template.Resources).toHaveProperty('ConfigInvalid');
    const dashboard = ({ template }: Packaged): string =>
      template.Resources.Dashboard!.Properties.DashboardBody['Fn::Sub'];
    expect(dashboard(without)).not.toContain('ConfigInvalid');
    expect(dashboard(withBucket)).toContain(`"\${RunsSkipped.Arn}", "\${ConfigInvalid.Arn}"`);
  });

  test('a job that is given a bucket says how to deploy it with one', async () => {
    const { error } = await invoke('rotate', '2026-11-08T00:05:00Z', without, PLACE);
    expect(error).toBe(
      `${PLACE}  cannot be read, because this package has no client of S3. Set ConfigBucket in config/deployment.json and deploy again.`,
    );
  });
});
