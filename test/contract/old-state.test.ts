/**
 * A state table that version 0.1.0 wrote, on the embedded AWS. This version must not read more into it than it meant.
 */
import { deflateRawSync } from 'node:zlib';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsBackups } from '../../src/aws/backups.ts';
import { awsExports } from '../../src/aws/exports.ts';
import { awsMetrics } from '../../src/aws/metrics.ts';
import { awsState } from '../../src/aws/state.ts';
import { awsTables } from '../../src/aws/tables.ts';
import { iso } from '../../src/core/calendar/instant.ts';
import { restored } from '../../src/core/capacity/remembered.ts';
import { CREATED_AT_TAG, tagsFor } from '../../src/core/guards/ownership.ts';
import type { Job } from '../../src/core/plan.ts';
import type { Config } from '../../src/core/spec.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { runJob, type Summary } from '../../src/jobs/run.ts';
import type { Ports } from '../../src/ports.ts';
import { at, configOf, DAY, HOUR, specOf } from '../support/specs.ts';
import { sayResults } from '../support/worlds.ts';
import { tableInput } from './ports.ts';

const NOON = at('2026-11-21T12:00');
const EXPIRED = 'production.Events.20261119';

describe('a state table of version 0.1.0', () => {
  let now = NOON;
  let aws: EmbeddedAws;
  let dynamodb: DynamoDBClient;
  let cloudwatch: CloudWatchClient;
  let ports: Ports;
  const config: Config = configOf([
    specOf({ settings: { purge: { ...specOf().settings.purge, trafficMs: 0 } } }),
  ]);
  const run = (job: Job): Promise<Summary> => runJob(job, config, ports, now, { owner: `${job} ${now}` });
  const put = (Item: Record<string, AttributeValue>) =>
    dynamodb.send(new PutItemCommand({ TableName: 'production.turntable', Item }));

  beforeAll(async () => {
    aws = await startEmbeddedAws({ now: () => now, createTableMs: 0, deleteTableMs: 0 });
    const settings = {
      endpoint: aws.endpoint,
      region: aws.env.AWS_REGION!,
      credentials: {
        accessKeyId: aws.env.AWS_ACCESS_KEY_ID!,
        secretAccessKey: aws.env.AWS_SECRET_ACCESS_KEY!,
      },
      maxAttempts: 1,
    };
    dynamodb = new DynamoDBClient(settings);
    cloudwatch = new CloudWatchClient(settings);
    ports = {
      tables: awsTables(dynamodb),
      backups: awsBackups(dynamodb),
      exports: awsExports(dynamodb),
      metrics: awsMetrics(cloudwatch),
      state: awsState(dynamodb, 'production'),
      inRegion: () => ports,
      clock: { now: () => now, sleep: async () => {} },
      health: async () => ({ healthy: true, answer: '200 OK' }),
    };
    await ports.state.initialize();
    await run('rotate');
  });

  afterAll(async () => {
    dynamodb.destroy();
    cloudwatch.destroy();
    await aws.close();
  });

  it('fails purge while purging is stopped, until an operator decides, and lets rotate continue', async () => {
    await put({ Kind: { S: 'switch' }, Id: { S: 'purging' }, Since: { N: String(Date.now() - HOUR) } });
    await expect(run('purge')).rejects.toThrow(
      'Turntable 0.1.0 stopped purging, and this version does not know why. To keep purging suspended, run `turntable suspend purging`. To let it continue, run `turntable resume purging`.',
    );
    expect(await run('rotate')).toMatchObject({ outcome: 'done' });
    await ports.state.suspend({ what: 'purging', since: now });
    expect(await run('purge')).toMatchObject({ outcome: 'done', results: [] });
    await put({ Kind: { S: 'switch' }, Id: { S: 'purging' }, Since: { N: '0' } });
    await ports.state.resume('purging');
    expect(await run('purge')).toMatchObject({ outcome: 'done' });
  });

  it('does not fail purge if the stop has ended, or is a stop of lowering', async () => {
    const ended = { Since: { N: '0' }, Until: { N: String(Date.now() - 1) } };
    await put({ Kind: { S: 'switch' }, Id: { S: 'purging' }, ...ended });
    await put({ Kind: { S: 'switch' }, Id: { S: 'lowering' }, Since: { N: '0' } });
    expect(await ports.state.suspensions()).toEqual([]);
    expect(await ports.state.suspensions('to-resume')).toMatchObject([
      { what: 'lowering' },
      { what: 'purging' },
    ]);
    expect(await run('purge')).toMatchObject({ outcome: 'done' });
  });

  it('starts a new waiting period for a table whose deletion 0.1.0 scheduled', async () => {
    const spec = config.specs[0]!;
    const start = at('2026-11-19');
    const tags = { ...tagsFor(spec, { start, end: start + DAY }), [CREATED_AT_TAG]: iso(now) };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await ports.tables.create({ ...tableInput(EXPIRED), Tags });
    const { createdAt } = (await ports.tables.describe(EXPIRED))!;
    await put({
      Kind: { S: 'sentence' },
      Id: { S: EXPIRED },
      CreatedAt: { N: String(createdAt) },
      CondemnedAt: { N: String(now - DAY) },
    });
    expect(await ports.state.scheduledDeletions()).toEqual([]);
    expect(sayResults(await run('purge'))).toEqual([`schedule-deletion ${EXPIRED}: applied`]);
    now += 11 * HOUR;
    expect(await run('purge')).toMatchObject({ results: [], holds: [{ reason: 'waiting-period' }] });
    now += HOUR;
    expect(sayResults(await run('purge'))).toEqual([`delete ${EXPIRED}: applied`]);
  });

  it('contains memories of an earlier method, which are ignored', async () => {
    const learned = { learnedTo: now, lookAt: now, looks: 3, age: 60, capacity: 5, dataUntil: now };
    const memory = JSON.stringify({ write: { by: 'riding@1', memory: { level: 1 }, ...learned } });
    await put({ Kind: { S: 'memory' }, Id: { S: 'Events' }, Memory: { B: deflateRawSync(memory) } });
    const memories = await ports.state.memories();
    expect(restored(memories.get('Events')!, now)).toEqual({});
  });
});
