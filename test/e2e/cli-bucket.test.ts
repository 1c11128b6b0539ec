/** Commands whose configuration is in S3. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { awsState } from '../../src/aws/state.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { begin, turntable } from '../support/cli.ts';
import { CONFIG } from '../support/cli-on-aws.ts';
import { runHere } from '../support/in-process.ts';

const PLACE = 's3://our-config/team';
const from = ['--config', PLACE, '--env', 'production'];

let aws: EmbeddedAws;
let bucket: ReturnType<EmbeddedAws['createBucket']>;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  bucket = aws.createBucket('our-config');
  bucket.put('team/tables.json', readFileSync(join(CONFIG, 'tables.json')), 0);
});
afterEach(() => vi.unstubAllEnvs());

test('read it from there', async () => {
  const resolved = await runHere(['resolve', 'Flags', ...from, '--at', '2025-11-21']);
  expect(resolved).toMatchObject({ code: 0, stdout: 'production.Flags.20251121\n' });
  vi.stubEnv('TURNTABLE_CONFIG', PLACE);
  const { code, stdout } = await runHere(['tables', '--env', 'production', '--at', '2025-11-21']);
  expect(code).toBe(0);
  expect(stdout).toContain('production.Flags: 3 tables');
});

test('say which object is wrong, and where', async () => {
  bucket.put('team/tables.json', '[{ "TableName": "Flags", "RotationScheme": "dayly" }]', 0);
  const { code, stderr } = await runHere(['validate', ...from]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${PLACE}/tables.json:1:26  [0].RotationScheme  is "dayly"`);
});

test('say that the object or the bucket does not exist', async () => {
  const missing = await runHere(['validate', '--config', 's3://our-config/other', '--env', 'production']);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('s3://our-config/other/tables.json  does not exist.');
  const elsewhere = await runHere(['validate', '--config', 's3://no-such-bucket', '--env', 'production']);
  expect(elsewhere).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Could not read s3://no-such-bucket/'),
  });
  const none = await runHere(['validate', '--config', 's3://', '--env', 'production']);
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('must name a bucket, in a form such as s3://bucket/prefix.'),
  });
});

/** The summary of the first run of a daemon. */
const firstSummary = (daemon: Awaited<ReturnType<typeof begin>>): Promise<unknown> =>
  new Promise((resolve) => {
    const printed: string[] = [];
    daemon.stdout.on('data', (chunk) => {
      printed.push(...String(chunk).split('\n'));
      const line = printed.find((each) => each.includes('"outcome"'));
      if (line) resolve(JSON.parse(line));
    });
  });

test('let the daemon read it for each run, with its versions', async () => {
  bucket = aws.createBucket('our-config', 'versioned');
  bucket.put('team/tables.json', readFileSync(join(CONFIG, 'tables.json')), 0);
  await awsState(new DynamoDBClient({}), 'production').initialize();
  const daemon = await begin(['daemon', '--json', ...from], aws.env);
  expect(await firstSummary(daemon)).toMatchObject({ job: 'rotate', outcome: 'done' });
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
  const valid = await awsState(new DynamoDBClient({}), 'production').validConfig();
  expect(valid).toMatchObject({ place: PLACE, versions: { 'tables.json': expect.any(String) } });
});

test('start the daemon although the newest version is invalid, with the last valid one, and tell people', async () => {
  const told: string[] = [];
  const hook = createServer(async (request, response) => {
    for await (const chunk of request) told.push(String(chunk));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const webhook = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  bucket = aws.createBucket('our-config', 'versioned');
  const { id } = bucket.put('team/tables.json', readFileSync(join(CONFIG, 'tables.json')), 0);
  const valid = { place: PLACE, versions: { 'tables.json': id }, since: 0 };
  await awsState(new DynamoDBClient({}), 'production').recordValidConfig(valid);
  bucket.put('team/tables.json', '[', 0);
  const daemon = await begin(['daemon', '--json', '--webhook', webhook, ...from], aws.env);
  expect(await firstSummary(daemon)).toMatchObject({
    job: 'rotate',
    outcome: 'failed',
    message: expect.stringContaining('is invalid, so this run used the one before'),
  });
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
  hook.close();
  expect(told.join('\n')).toMatch(/rotate failed.*is invalid, so this run used the one before/);
});

test('do not start the daemon if no valid version was recorded', async () => {
  bucket = aws.createBucket('our-config', 'versioned');
  bucket.put('team/tables.json', '[', 0);
  expect(await turntable(['daemon', '--config', PLACE, '--env', 'staging'], aws.env)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${PLACE}/tables.json:1:`),
  });
});
