/** The handlers as they are deployed: packaged, unpacked and invoked with events, with the SDK on the embedded AWS. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../src/core/plan.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { awsPorts } from '../../src/runtime.ts';
import { virtualDate } from '../support/virtual-date.ts';
import { packageService } from './template.ts';

const CONFIG = join(import.meta.dirname, '../fixtures/e2e/config');
const ENVIRONMENT = 'production';
const require = createRequire(import.meta.url);

let now: number;
let aws: EmbeddedAws;
let client: DynamoDBClient;

beforeEach(async () => {
  now = Date.parse('2026-11-21T09:00:00Z');
  aws = await startEmbeddedAws({ now: () => now, createTableMs: 10, updateTableMs: 10, deleteTableMs: 10 });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_ENVIRONMENT', ENVIRONMENT);
  vi.stubEnv('TURNTABLE_CONFIG', CONFIG);
  vi.stubEnv('TURNTABLE_LOG', 'silent');
  virtualDate(() => now);
  client = new DynamoDBClient({});
});

afterEach(async () => {
  client.destroy();
  await aws.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Invokes a bundled handler with a scheduled event. Default: an event at the virtual `now`. */
async function invoke(job: Job, event: Record<string, unknown> = { time: new Date(now).toISOString() }) {
  const { handler } = require((await packageService(ENVIRONMENT)).handlerPath(job));
  const summary = (await handler(event, {
    awsRequestId: `${job}-${now}`,
    getRemainingTimeInMillis: () => 60_000,
  })) as Summary;
  await sleep(20);
  return summary;
}

const initialize = () => awsPorts(ENVIRONMENT).state.initialize();
const names = async () => (await client.send(new ListTablesCommand({}))).TableNames;
const describeTable = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;
const kinds = ({ results }: Summary) =>
  results.map(({ action, outcome }) => `${action.kind} ${action.table} ${outcome}`);

describe('rotate', () => {
  test('creates the current and the upcoming table with tags and settings, and nothing more in the next run', async () => {
    await initialize();
    expect(kinds(await invoke('rotate'))).toEqual([
      'create production.Flags.20261121 applied',
      'create production.Flags.20261122 applied',
      'time-to-live production.Flags.20261121 applied',
      'time-to-live production.Flags.20261122 applied',
    ]);
    expect(await names()).toEqual([
      'production.Flags.20261121',
      'production.Flags.20261122',
      'production.turntable',
    ]);
    const table = await describeTable('production.Flags.20261122');
    expect(table?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 5, WriteCapacityUnits: 5 });
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: table?.TableArn }));
    expect(Object.fromEntries(Tags!.map(({ Key, Value }) => [Key, Value]))).toEqual({
      team: 'anti-spam',
      'turntable:environment': 'production',
      'turntable:spec': 'Flags',
      'turntable:scheme': 'daily',
      'turntable:period': '2026-11-22T00:00:00.000Z',
      'turntable:created-at': expect.stringMatching(/^2026-11-21T09:0/),
    });
    expect(await invoke('rotate')).toMatchObject({ outcome: 'done', results: [] });
  });

  test('reports the cause of a failed action, applies the others, and throws', async () => {
    await initialize();
    aws.intercept = (operation, input) =>
      operation === 'CreateTable' && input.TableName === 'production.Flags.20261121'
        ? { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:CreateTable' }
        : undefined;
    const failure = (await invoke('rotate').catch((error: unknown) => error)) as Error & { summary: Summary };
    expect(failure.message).toContain(
      'create production.Flags.20261121: not authorized to perform: dynamodb:CreateTable',
    );
    expect(kinds(failure.summary).sort()).toEqual([
      'create production.Flags.20261121 failed',
      'create production.Flags.20261122 applied',
      'time-to-live production.Flags.20261121 skipped',
      'time-to-live production.Flags.20261122 applied',
    ]);
    aws.intercept = undefined;
    expect(await invoke('rotate')).toMatchObject({ outcome: 'done' });
    expect(await names()).toContain('production.Flags.20261121');
  });

  test('retries a throttled action', async () => {
    await initialize();
    let failures = 3;
    aws.intercept = (operation) => {
      if (operation !== 'CreateTable' || failures-- <= 0) return undefined;
      return { type: 'LimitExceededException', message: 'Too many operations for a given subscriber' };
    };
    expect(await invoke('rotate')).toMatchObject({ outcome: 'done' });
  });

  test('says how to create a missing state table', async () => {
    await expect(invoke('rotate')).rejects.toThrow(
      'The state table production.turntable does not exist. A deployment creates it. Without a deployment, run `turntable init --env production`.',
    );
    expect(await names()).toEqual([]);
  });

  test('lets only one of two parallel runs work', async () => {
    await initialize();
    const { handler } = require((await packageService(ENVIRONMENT)).handlerPath('rotate'));
    const event = { time: new Date(now).toISOString() };
    const both = (await Promise.all([
      handler(event, { awsRequestId: 'one' }),
      handler(event, { awsRequestId: 'two' }),
    ])) as Summary[];
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['done', 'skipped']);
    expect(await names()).toHaveLength(3);
  });
});

describe('purge', () => {
  test('schedules the deletion of an expired table, deletes it in a later run, and ignores a repeated event', async () => {
    await initialize();
    await invoke('rotate');
    now = Date.parse('2026-11-22T09:00:00Z');
    await invoke('rotate');
    await invoke('purge');
    now = Date.parse('2026-11-23T03:30:00Z');
    await invoke('rotate');
    const scheduled = ['schedule-deletion production.Flags.20261121 applied'];
    expect(kinds(await invoke('purge'))).toEqual(scheduled);
    expect(await invoke('purge')).toMatchObject({ results: [], holds: [{ reason: 'waiting-period' }] });
    expect(await names()).toContain('production.Flags.20261121');
    now = Date.parse('2026-11-24T03:30:00Z');
    await invoke('rotate');
    expect(kinds(await invoke('purge'))).toEqual(
      expect.arrayContaining([
        'delete production.Flags.20261121 applied',
        'schedule-deletion production.Flags.20261122 applied',
      ]),
    );
    expect(await names()).not.toContain('production.Flags.20261121');
  });

  test.each([
    'pre-production.Flags.20261101',
    'production2.Flags.20261101',
    'production.Flags.20261101.backup',
    'production.Flags.20261101',
  ])('never changes %s, which is unmanaged', async (TableName) => {
    await initialize();
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      }),
    );
    await invoke('rotate');
    for (const time of ['2026-11-21T10:00:00Z', '2026-11-22T10:00:00Z']) {
      now = Date.parse(time);
      await invoke('rotate');
      expect((await invoke('purge')).results).toEqual([]);
    }
    expect(await names()).toContain(TableName);
  });
});

describe('scale', () => {
  const write = async (table: string, items: number) => {
    for (let left = items; left > 0; left -= 25) {
      const requests = Array.from({ length: Math.min(25, left) }, (_, i) => ({
        PutRequest: {
          Item: { Key: { S: `${now}-${left}-${i}` }, Timestamp: { N: '1' }, Text: { S: 'x'.repeat(9_000) } },
        },
      }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
  };

  test('follows consumption: raises capacity immediately, and lowers it after a quiet time', async () => {
    await initialize();
    await invoke('rotate');
    now += 60_000;
    for (let minute = 0; minute < 3; minute += 1) {
      await write('production.Flags.20261121', 30);
      now += 60_000;
    }
    const raised = await invoke('scale');
    expect(kinds(raised)).toEqual(['raise production.Flags.20261121 applied']);
    const capacity = async () => (await describeTable('production.Flags.20261121'))?.ProvisionedThroughput;
    expect((await capacity())?.WriteCapacityUnits).toBe(7);
    now += 17 * 60_000;
    // No job has run for some time, so either metrics or traffic might have stopped.
    const alone = await invoke('scale');
    expect(kinds(alone)).toEqual([]);
    expect(alone.holds.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('CloudWatch has no data for the state table either'),
    );
    // That run wrote to the state table, so its metrics have arrived by now.
    now += 8 * 60_000;
    const quiet = await invoke('scale');
    expect(kinds(quiet)).toEqual(['lower production.Flags.20261121 applied']);
    expect(quiet.holds.map(({ reason }) => reason)).toEqual(['missing-data']);
    expect(await capacity()).toMatchObject({ ReadCapacityUnits: 2, WriteCapacityUnits: 7 });
    now += 37 * 60_000;
    expect(kinds(await invoke('scale'))).toEqual([]);
    now += 8 * 60_000;
    expect(kinds(await invoke('scale'))).toEqual(['lower production.Flags.20261121 applied']);
    expect(await capacity()).toMatchObject({ ReadCapacityUnits: 2, WriteCapacityUnits: 2 });
    expect(await invoke('scale')).toMatchObject({ outcome: 'done', results: [] });
  });

  test('changes nothing and fails if it cannot read metrics', async () => {
    await initialize();
    await invoke('rotate');
    now += 30 * 60_000;
    aws.intercept = (operation) =>
      operation === 'GetMetricData'
        ? { type: 'InternalServiceFault', message: 'down', status: 500 }
        : undefined;
    await expect(invoke('scale')).rejects.toThrow(
      'Could not read the metrics of reads, so capacity stays: down.',
    );
    expect(
      (await describeTable('production.Flags.20261121'))?.ProvisionedThroughput?.WriteCapacityUnits,
    ).toBe(5);
  });
});

describe('an event', () => {
  test.each([[{ time: 'yesterday' }], [{ time: 17 }], [{ time: '2026-11-31T00:00:00Z' }]])(
    'with an invalid time is rejected: %j',
    async (event) => {
      await expect(invoke('rotate', event)).rejects.toThrow(/must be ISO 8601/);
      expect(aws.calls.size).toBe(0);
    },
  );

  test('without a time runs for now', async () => {
    await initialize();
    const before = Date.now();
    const summary = await invoke('rotate', {});
    expect(Date.parse(summary.at)).toBeGreaterThanOrEqual(before);
  });
});
