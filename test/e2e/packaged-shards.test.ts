/** The packaged coordinator and worker, on an embedded AWS with their queue that enforces their roles. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NAMESPACE } from '../../src/core/metrics/catalog.ts';
import type { FifoQueue, Received } from '../../src/embedded/fifo-queue.ts';
import type { Coordinated } from '../../src/jobs/coordinate.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { openStage, provisionedSpec, type Stage } from '../incidents/stage.ts';
import type { Datum } from '../support/alarms/emf.ts';
import { type Alarm, changesOf } from '../support/alarms/evaluate.ts';
import { MINUTE } from '../support/specs.ts';
import { virtualDateScript } from '../support/virtual-date.ts';
import { iamRequests } from './iam-requests.ts';
import { type Packaged, packageService, packageWith, pinnedNode } from './template.ts';
import { allows, many, type Request, resolve, sample, statementsOf } from './template-iam.ts';

const SHARDS = 3;
const GROUPS = ['Events', 'Visits', 'Orders', 'Clicks'];
const roles = { coordinator: 'CoordinatorRole', shard: 'ScaleRole' } as const;
type Part = keyof typeof roles;
const START = '2025-11-21T09:00';
const PARAMETERS = join(import.meta.dirname, '../../scripts/deployment.cjs');

let packaged: Packaged;
let whole: Packaged;
let stage: Stage;
let config: string;
let ticks: { readonly url: string; readonly queue: FifoQueue };
const used: Record<Part, Request[]> = { coordinator: [], shard: [] };
let denied: string[] = [];
let now = Date.parse(`${START}:00Z`);
const requestsOf = iamRequests();

beforeAll(async () => {
  [packaged, whole] = await Promise.all([
    packageWith('production', { Defaults: { Shards: SHARDS } }),
    packageService('production'),
  ]);
  stage = await openStage();
  const tables = GROUPS.map((TableName) => ({ ...provisionedSpec(), TableName }));
  stage.configure(tables);
  config = mkdtempSync(join(tmpdir(), 'turntable-shards-'));
  writeFileSync(join(config, 'tables.json'), JSON.stringify(tables));
  // IAM evaluates later calls with the tags of the tables.
  stage.aws.intercept = (operation, input) => void requestsOf(operation, input);
  await stage.run('rotate', START);
  ticks = stage.aws.createQueue('Ticks', { visibilityMs: MINUTE, maxReceiveCount: 3 });
});
afterAll(async () => {
  rmSync(config, { recursive: true, force: true });
  await stage?.close();
});

interface Invoked<T> {
  /** What the function has returned. */
  readonly answer: T | undefined;
  /** The lines of its log. */
  readonly lines: readonly Record<string, unknown>[];
  readonly error: string;
}

/** Runs a bundle as Lambda does, with only its role. */
async function invoke<T>(part: Part, event: object, without: readonly string[] = []): Promise<Invoked<T>> {
  const statements = statementsOf(packaged.template, roles[part]);
  denied = [];
  stage.at(new Date(now).toISOString().slice(0, 16));
  stage.aws.intercept = (operation, input) => {
    for (const request of requestsOf(operation, input)) {
      used[part].push(request);
      if (allows(statements, request) && !without.includes(request.action)) continue;
      denied.push(`${part} ${request.action} ${request.resource} ${JSON.stringify(request.context)}`);
      return { type: 'AccessDeniedException', message: 'denied' };
    }
    return undefined;
  };
  const job = part === 'coordinator' ? 'scale' : 'shard';
  const handler = join(packaged.taskRoot(job), 'handlers', `${part}.cjs`);
  const script = `${virtualDateScript(now)} require(process.env.HANDLER).handler(${JSON.stringify(event)}, { awsRequestId: 'id-' + process.pid })
    .then((answer) => console.log(JSON.stringify({ answer })), ({ message }) => console.log(JSON.stringify({ error: message })))`;
  const { stdout } = await promisify(execFile)(pinnedNode, ['-e', script], {
    env: {
      ...stage.aws.env,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HANDLER: handler,
      LAMBDA_TASK_ROOT: packaged.taskRoot(job),
      TURNTABLE_CONFIG: config,
      TURNTABLE_ENVIRONMENT: 'production',
      TURNTABLE_SHARDS: String(SHARDS),
      TURNTABLE_TICKS_URL: ticks.url,
    },
  });
  stage.aws.intercept = undefined;
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const { answer, error = '' } = lines.pop() as { answer?: T; error?: string };
  return { answer, error, lines };
}

/** As Lambda's event source mapping gives a message to a function: with BatchSize 1. */
const eventOf = ({ id, receipt, body, group, sentAt, receiveCount }: Received) => ({
  Records: [
    {
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: {
        MessageGroupId: group,
        SentTimestamp: String(sentAt),
        ApproximateReceiveCount: String(receiveCount),
      },
      eventSource: 'aws:sqs',
    },
  ],
});

const coordinate = () => invoke<Coordinated>('coordinator', { time: new Date(now).toISOString() });

/** Gives each visible tick to a worker, and removes those that it has carried out. */
async function work() {
  const done: (Invoked<{ batchItemFailures: unknown[] }> & { readonly group: string })[] = [];
  for (const one of ticks.queue.receive(10, now)) {
    const invoked = await invoke<{ batchItemFailures: unknown[] }>('shard', eventOf(one));
    if (invoked.answer?.batchItemFailures.length === 0) ticks.queue.remove(one.receipt, now);
    done.push({ ...invoked, group: one.group });
  }
  return done;
}

/** Five minutes in which every group writes so many units per second. */
async function busy(unitsPerSecond: number): Promise<void> {
  for (let i = 0; i < 5; i += 1, now += MINUTE)
    for (const group of GROUPS)
      stage.aws.recordMetric({
        metric: 'ConsumedWriteCapacityUnits',
        table: `production.${group}.20251121`,
        minute: now - 3 * MINUTE,
        sum: 60 * unitsPerSecond,
      });
}

const summaryOf = ({ lines }: Invoked<unknown>): Summary => lines.at(-1) as unknown as Summary;
const metricsIn = (lines: Invoked<unknown>['lines']): Record<string, unknown>[] =>
  lines.filter(({ _aws }) => _aws !== undefined);

describe('the functions of shards', () => {
  test('raise every group of the fleet whose demand rises, each shard its own, with only their roles', async () => {
    await busy(250);
    const sent = await coordinate();
    expect([sent.error, denied]).toEqual(['', []]);
    expect(sent.answer).toMatchObject({ outcome: 'done', shards: SHARDS, message: '8 tables in 3 shards.' });
    const done = await work();
    expect([done.map(({ error }) => error), denied]).toEqual([['', '', ''], []]);
    expect(done.map(({ group }) => group).sort()).toEqual(['scale/0', 'scale/1', 'scale/2']);
    const raised = done.flatMap((one) => summaryOf(one).results.map(({ action }) => action.group));
    expect(raised.sort()).toEqual([...GROUPS].sort());
    for (const { lines } of done)
      expect(metricsIn(lines)[0]).toMatchObject({ _aws: { CloudWatchMetrics: [{ Namespace: NAMESPACE }] } });
    expect(ticks.queue.counts(now)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('send the ticks of a minute once, and those of the next one again', async () => {
    expect((await coordinate()).answer?.outcome).toBe('skipped');
    expect(ticks.queue.counts(now).visible).toBe(0);
    now += MINUTE;
    expect((await coordinate()).answer?.outcome).toBe('done');
    expect(ticks.queue.counts(now).visible).toBe(SHARDS);
  });

  test('report since when the last shard has not succeeded', async () => {
    const [first] = ticks.queue.receive(1, now);
    await invoke('shard', eventOf(first!));
    ticks.queue.remove(first!.receipt, now);
    now += 20 * MINUTE;
    const { lines } = await coordinate();
    const [metrics] = metricsIn(lines);
    expect(metrics).toMatchObject({ Environment: 'production' });
    expect(metrics?.SecondsSinceScale).toBeCloseTo(21 * 60, -1);
    expect(denied).toEqual([]);
  });

  test('drop old ticks, and carry out those of the minute', async () => {
    const groupsIn = new Map<string, string[]>();
    for (let i = 0; i < 2; i += 1)
      for (const one of await work()) {
        const before = groupsIn.get(one.group) ?? [];
        groupsIn.set(one.group, [...before, summaryOf(one).message]);
      }
    const messages = [...groupsIn.values()].flat();
    const ages = messages.flatMap(
      (text) => /^The tick is (\d+) seconds old/.exec(text)?.slice(1).map(Number) ?? [],
    );
    expect(ages.length).toBeGreaterThan(0);
    // The clock of a worker goes on while its process begins.
    for (const age of ages) expect(age).toBeGreaterThanOrEqual(20 * 60);
    expect(messages.filter((text) => /^scale\/\d: 0 applied/.test(text)).length).toBeGreaterThan(0);
    expect(denied).toEqual([]);
  });

  test('fail as a function if a run fails, and remove its tick, so that the next one of the shard can come', async () => {
    await busy(900);
    await coordinate();
    const failed: string[] = [];
    for (const one of ticks.queue.receive(10, now)) {
      const { error, lines } = await invoke('shard', eventOf(one), ['dynamodb:UpdateTable']);
      failed.push(error);
      expect(lines.some(({ outcome }) => outcome === 'failed')).toBe(true);
    }
    expect(failed).toHaveLength(SHARDS);
    for (const error of failed) expect(error).toContain('All records failed processing');
    expect(ticks.queue.counts(now)).toEqual({ visible: 0, inFlight: 0 });
    denied = [];
  });

  test('leave a message that is no tick to the dead-letter queue', async () => {
    ticks.queue.send({ body: '{"version":2}', group: 'scale/0', deduplicationId: 'other' }, now);
    const [first] = ticks.queue.receive(1, now);
    const { error, lines } = await invoke('shard', eventOf(first!));
    expect(error).toContain('All records failed processing');
    expect(lines).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining('its version is 2, not 1') },
    ]);
    expect(ticks.queue.counts(now)).toEqual({ visible: 0, inFlight: 1 });
  });
});

describe('the roles of shards', () => {
  test('allow what is used, and no changes of tables to the coordinator', () => {
    const actions = (part: Part) => [...new Set(used[part].map(({ action }) => action))].sort();
    expect(actions('coordinator')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DescribeLimits',
      'dynamodb:ListTables',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'sqs:SendMessage',
    ]);
    expect(actions('shard')).toContain('dynamodb:BatchGetItem');
    expect(actions('shard')).not.toContain('dynamodb:ListTables');
    const granted = statementsOf(packaged.template, 'CoordinatorRole')
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [] }) => many(Action));
    expect([...new Set(granted)].filter((action) => /^(dynamodb|sqs)/.test(action)).sort()).toEqual(
      actions('coordinator'),
    );
  });

  test('allow the coordinator only the queue, and workers nothing but to receive from it', () => {
    const queues = (part: Part) =>
      statementsOf(packaged.template, roles[part])
        .filter(({ Action = [] }) => many(Action).some((action) => action.startsWith('sqs:')))
        .map(({ Action, Resource }) => [Action, Resource]);
    expect(queues('coordinator')).toEqual([['sqs:SendMessage', 'Ticks.Arn']]);
    expect(queues('shard')).toEqual([
      [['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], 'Ticks.Arn'],
    ]);
  });

  test('are those of a stack without shards otherwise', () => {
    const outside = (template: Packaged['template']) =>
      statementsOf(template, 'ScaleRole').filter(
        ({ Sid }) => !['ReceiveTicks', 'ReadOwnGroups', 'WriteLogs'].includes(Sid ?? ''),
      );
    expect(outside(packaged.template)).toEqual(outside(whole.template));
    const logs = (template: Packaged['template']) =>
      statementsOf(template, 'ScaleRole').find(({ Sid }) => Sid === 'WriteLogs')?.Resource;
    const group = `arn:aws:logs:${sample.region}:${sample.account}:log-group:/aws/lambda/turntable-production`;
    expect([logs(packaged.template), logs(whole.template)]).toEqual([`${group}-shard:*`, `${group}-scale:*`]);
  });
});

describe('the alarms of shards', () => {
  const from = Date.parse('2025-11-21T09:00:00Z');
  type Metric = Pick<Datum, 'namespace' | 'metric' | 'dimensions'>;
  /** The states of an alarm for one value a minute, or none. */
  const statesFor = (id: string, of: Metric, values: readonly (number | undefined)[]): string[] => {
    const alarm = resolve(packaged.template.Resources[id]?.Properties) as unknown as Alarm;
    const data = values.flatMap((value, minute): Datum[] =>
      value === undefined ? [] : [{ ...of, unit: 'Count', at: from + minute * MINUTE, value }],
    );
    return changesOf(alarm, data, from, from + (values.length + 1) * MINUTE).map(
      ({ state, at: time }) => `${state} ${Math.round((time - from) / MINUTE)}`,
    );
  };
  const workers = (metric: string): Metric => ({
    ...{ namespace: 'AWS/Lambda', metric, dimensions: 'FunctionName=ShardLambdaFunction' },
  });
  const red = (states: readonly string[]): string[] => states.filter((state) => state.startsWith('ALARM'));

  test('ShardsFailed is red if workers fail in 3 of 10 minutes, and green when they fail in 2', () => {
    const states = statesFor('ShardsFailed', workers('Errors'), [
      0,
      1,
      0,
      2,
      0,
      1,
      ...Array<number>(8).fill(0),
    ]);
    expect(red(states)).toEqual(['ALARM 6']);
    expect(states.at(-1)).toMatch(/^OK /);
    expect(red(statesFor('ShardsFailed', workers('Errors'), [0, 1, 0, 1, 0, 0, 0, 0, 0, 0]))).toEqual([]);
  });

  test('ShardsNearTimeout is red if workers take 80% of their time in 3 of 10 minutes', () => {
    const limit = packaged.template.Resources.ShardLambdaFunction!.Properties.Timeout * 1000 * 0.8;
    expect(packaged.template.Resources.ShardsNearTimeout?.Properties.Threshold).toBe(limit);
    const values = [1_000, limit, limit, limit, ...Array<number>(10).fill(1_000)];
    const states = statesFor('ShardsNearTimeout', workers('Duration'), values);
    expect(red(states)).toEqual(['ALARM 4']);
    expect(states.at(-1)).toMatch(/^OK /);
  });

  test('TicksDead is red while a tick is in the dead-letter queue', () => {
    const queue: Metric = {
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: 'QueueName=DeadTicks.QueueName',
    };
    const none = Array<undefined>(10).fill(undefined);
    const values = [...none, ...Array<number>(10).fill(1), ...Array<number>(10).fill(0), ...none];
    const states = statesFor('TicksDead', queue, values);
    expect(states.map((state) => state.split(' ')[0])).toEqual(['OK', 'ALARM', 'OK']);
  });

  test('ScaleLate is red if one shard does not succeed, because the coordinator reports the latest one', () => {
    const latest: Metric = {
      namespace: NAMESPACE,
      metric: 'SecondsSinceScale',
      dimensions: 'Environment=production',
    };
    const minutes = Array.from({ length: 40 }, (_, minute) => minute * 60);
    expect(red(statesFor('ScaleLate', latest, minutes)).length).toBeGreaterThan(0);
  });
});

describe('the stack', () => {
  const parts = ({ template: { Resources } }: Packaged) =>
    Object.keys(Resources).filter((id) => /Shard|Tick|Coordinator/.test(id));

  test('has a queue for each shard one by one, whose ticks are hidden for longer than a worker runs', () => {
    const { Resources } = packaged.template;
    const { Ticks, DeadTicks, TicksToWorkers, ShardLambdaFunction, ScaleLambdaFunction } = Resources;
    const visible: number = Ticks?.Properties.VisibilityTimeout;
    expect(visible).toBeGreaterThanOrEqual(ShardLambdaFunction?.Properties.Timeout);
    expect(Ticks?.Properties).toMatchObject({
      FifoQueue: true,
      QueueName: 'turntable-production-ticks.fifo',
      RedrivePolicy: { maxReceiveCount: 3 },
      SqsManagedSseEnabled: true,
    });
    expect(Ticks?.Properties.ContentBasedDeduplication).toBeUndefined();
    expect(DeadTicks?.Properties.FifoQueue).toBe(true); // as SQS requires of the dead-letter queue of a FIFO queue
    expect(TicksToWorkers?.Properties).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: SHARDS },
    });
    expect(TicksToWorkers?.Properties.MaximumBatchingWindowInSeconds).toBeUndefined(); // AWS rejects it for FIFO
    expect(ScaleLambdaFunction?.Properties.Handler).toBe('handlers/coordinator.handler');
    expect(resolve(ScaleLambdaFunction?.Properties.Environment.Variables)).toMatchObject({
      TURNTABLE_SHARDS: String(SHARDS),
      TURNTABLE_TICKS_URL: 'Ticks',
    });
    expect(resolve(ShardLambdaFunction?.Properties.Environment.Variables)).toMatchObject({
      TURNTABLE_TICKS_URL: 'Ticks',
    });
  });

  test('has nothing of it with one shard', () => {
    const { ScaleLambdaFunction } = whole.template.Resources;
    expect(parts(whole)).toEqual([]);
    expect(ScaleLambdaFunction?.Properties.Handler).toBe('handlers/scale.handler');
    expect(resolve(ScaleLambdaFunction?.Properties.Environment.Variables)).not.toHaveProperty(
      'TURNTABLE_SHARDS',
    );
    expect(parts(packaged).length).toBeGreaterThan(6);
  });

  test('lists the alarms of shards on the dashboard', () => {
    const body = JSON.stringify(packaged.template.Resources.Dashboard?.Properties.DashboardBody);
    for (const alarm of ['ShardsFailed', 'ShardsNearTimeout', 'TicksDead'])
      expect(body).toContain(`\${${alarm}.Arn}`);
    expect(body).toContain(`/aws/lambda/\${ShardLambdaFunction}`);
  });

  test.each([
    ['"auto"', '', '1'],
    ['"3"', '', '3'],
    [
      '"auto"',
      ', "ConfigBucket": "s3://our-config/team"',
      'is "auto", but with ConfigBucket a deployment does not know the specs. Set a number from 1 to 64.',
    ],
  ])('has for Shards %s%s: %s', async (shards, more, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'turntable-auto-'));
    mkdirSync(join(folder, 'config'));
    cpSync(join(config, 'tables.json'), join(folder, 'config/tables.json'));
    writeFileSync(join(folder, 'config/deployment.json'), `{ "Defaults": { "Shards": ${shards}${more} } }`);
    const script = `require(${JSON.stringify(PARAMETERS)})({ options: {}, resolveVariable: () => 'production', resolveConfigurationProperty: () => {} })
      .then(({ shards }) => console.log(shards), ({ message }) => console.log(message))`;
    const { stdout } = await promisify(execFile)(pinnedNode, ['-e', script], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect(stdout).toContain(expected);
  });
});
