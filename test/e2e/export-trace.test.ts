/** Exports the traffic of two rotated tables, one of them deleted, and replays it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { turntable } from '../support/cli.ts';
import { MINUTE } from '../support/specs.ts';
import { virtualDateEnv } from '../support/virtual-date.ts';

const MIDNIGHT = Date.parse('2025-11-22T00:00:00Z');
const FIRST = 'production.Flags.20251121';
const SECOND = 'production.Flags.20251122';

let folder: string;
let file: string;
let aws: EmbeddedAws;
let dynamodb: DynamoDBClient;
let now = MIDNIGHT - 15 * MINUTE;

const run = (...args: string[]) =>
  turntable([...args, '--config', 'test/fixtures/e2e/config', '--env', 'production'], {
    ...aws.env,
    ...virtualDateEnv(now),
  });

/** Writes one item per second for some minutes. An item of 2 kB consumes two units. */
async function traffic(table: string, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1, now += MINUTE)
    for (let i = 0; i < 60; i += 1) {
      const Item = { Key: { S: `${i}` }, Timestamp: { N: `${now}` }, Text: { S: 'x'.repeat(1500) } };
      await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
    }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-export-'));
  file = join(folder, 'flags.csv');
  aws = await startEmbeddedAws({ now: () => now, createTableMs: 2, updateTableMs: 2, deleteTableMs: 2 });
  dynamodb = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.env.AWS_REGION!,
    credentials: { accessKeyId: aws.env.AWS_ACCESS_KEY_ID!, secretAccessKey: aws.env.AWS_SECRET_ACCESS_KEY! },
  });
  await run('init');
  expect((await run('rotate')).code).toBe(0);
  now = MIDNIGHT - 3 * MINUTE;
  await traffic(FIRST, 3);
  await traffic(SECOND, 4);
  aws.recordMetric({ metric: 'WriteThrottleEvents', table: SECOND, minute: MIDNIGHT + MINUTE, sum: 30 });
  await dynamodb.send(new UpdateTableCommand({ TableName: FIRST, DeletionProtectionEnabled: false }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await dynamodb.send(new DeleteTableCommand({ TableName: FIRST }));
  now = MIDNIGHT + 10 * MINUTE;
});
afterAll(async () => {
  dynamodb.destroy();
  await aws.close();
  rmSync(folder, { recursive: true });
});

const CSV = `timestamp,value
2025-11-21T23:57:00Z,2
2025-11-21T23:58:00Z,2
2025-11-21T23:59:00Z,2
2025-11-22T00:00:00Z,2
2025-11-22T00:01:00Z,2.5
2025-11-22T00:02:00Z,2
2025-11-22T00:03:00Z,2
2025-11-22T00:04:00Z,0
`;

test('exports the tables of a group as one trace that backtest replays', async () => {
  const exported = await run('export-trace', 'Flags', '--days', '2', '--out', file);
  expect(exported).toEqual({
    code: 0,
    stderr: '',
    stdout: `Wrote ${file}: 8 points of 1 minute, 2025-11-21 23:57 UTC to 2025-11-22 00:05 UTC. Read 6 metrics of 3 tables for USD 0.00006.\nTo replay it: turntable backtest --trace ${file} --config test/fixtures/e2e/config\n`,
  });
  expect(readFileSync(file, 'utf8')).toBe(CSV);
  const replayed = await run(
    'backtest',
    '--trace',
    file,
    '--method',
    'predictive',
    'target-tracking',
    'step',
    '--json',
  );
  const [report] = JSON.parse(replayed.stdout);
  expect(replayed.code).toBe(0);
  expect(report.trace).toBe('flags');
  expect(Object.keys(report.methods)).toEqual(['predictive', 'target-tracking', 'step']);
  expect(report.methods.step.meanCapacity).toBeGreaterThan(0);
});

test('prints only the trace to standard output without --out', async () => {
  const { code, stdout, stderr } = await run('export-trace', 'Flags');
  expect([code, stdout]).toEqual([0, CSV]);
  expect(stderr).toMatch(/^8 points of 1 minute, .* Read 32 metrics of 16 tables for USD 0\.00032\.\n$/);
});

test('prints the written points and the cost with --json', async () => {
  const { stdout } = await run('export-trace', 'Flags', '--days', '16', '--out', file, '--json');
  expect(JSON.parse(stdout)).toEqual({
    file,
    from: '2025-11-21T23:55:00.000Z',
    to: '2025-11-22T00:05:00.000Z',
    stepSeconds: 300,
    points: 2,
    tables: 17,
    metricReads: 34,
    costUsd: 0.00034,
  });
});

test('writes nothing if metrics cannot be read', async () => {
  const refused = join(folder, 'refused.csv');
  aws.intercept = (operation) =>
    operation === 'GetMetricData' ? { type: 'AccessDeniedException', message: 'not allowed' } : undefined;
  const { code, stderr, stdout } = await run('export-trace', 'Flags', '--out', refused);
  aws.intercept = undefined;
  expect([code, stdout, existsSync(refused)]).toEqual([1, '', false]);
  expect(stderr).toBe('Error: Nothing was written: could not read the writes of Flags: not allowed\n');
});

test.each([
  [['Falgs'], 2, 'Unknown group "Falgs". Known groups: Flags.'],
  [
    ['Flags', '--days', '456'],
    2,
    '--days "456" is not an integer from 1 to 455, the retention of CloudWatch metrics.',
  ],
  [['Flags', '--index', 'ByUser'], 2, '--index "ByUser" is not a global index of Flags. It has none.'],
  [['Flags', '--dimension', 'both'], 2, 'Allowed choices are read, write.'],
  [
    ['Flags', '--dimension', 'read'],
    1,
    'CloudWatch has no reads of Flags in production within the last 15 days.',
  ],
  [['Flags', '--at', '2025-11-23'], 2, 'ahead. Use the current time or an earlier one.'],
  [['Flags', '--out', 'no/such/folder.csv'], 1, 'Could not write no/such/folder.csv: '],
])('rejects %j', async (args, expected, message) => {
  const { code, stderr, stdout } = await run('export-trace', ...args);
  expect([code, stdout]).toEqual([expected, '']);
  expect(stderr).toContain(message);
});
