/** What is remembered of ownership tags, on the embedded AWS: never a permit to delete, and forgotten within a day. */
import { DynamoDBClient, PutItemCommand, UntagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { at, MINUTE } from '../support/specs.ts';
import { done, held, openStage, ownTags, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
let client: DynamoDBClient;
beforeEach(async () => {
  stage = await openStage();
  client = new DynamoDBClient({});
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

/** Records that the tags of a table have been seen, as an attacker or a bug would. */
async function forge(table: string, seenAt: string): Promise<void> {
  const { TableId } = (await stage.describe(table))!;
  const Item = {
    Kind: { S: 'ownership' },
    Id: { S: 'Events' },
    Format: { N: '1' },
    Schemes: { S: 'daily' },
    SeenAt: { M: { [TableId!]: { N: String(at(seenAt) / MINUTE) } } },
  };
  await client.send(new PutItemCommand({ TableName: 'production.turntable', Item }));
}

test('A forged record of ownership never lets purge schedule, back up or delete a table', async () => {
  stage.configure([provisionedSpec()], { Defaults: { Purge: { FinalBackup: true } } });
  await stage.live('2025-11-21', '2025-11-23');
  const foreign = 'production.Events.20251119';
  await stage.make(foreign, ownTags('production', 'Another', 'daily', '2025-11-19'));
  await stage.drop('production.Events.20251121');
  const changed: string[] = [];
  stage.aws.intercept = (operation, { TableName }) => {
    if (TableName === foreign && operation !== 'DescribeTable') changed.push(operation);
    return undefined;
  };
  for (const day of ['2025-11-24', '2025-11-25', '2025-11-26']) {
    await forge(foreign, `${day}T03:30`);
    const [, purged] = await stage.live(day, day);
    expect(done(purged!).filter((line) => line.includes(foreign))).toEqual([]);
    expect(held(purged!)).toContain(
      `delete ${foreign}: The tag turntable:spec is "Another" instead of "Events".`,
    );
  }
  expect(await stage.names()).toContain(foreign);
  expect(changed).toEqual([]);
  const scheduled = await awsPorts('production').state.scheduledDeletions();
  expect(scheduled.map(({ table }) => table)).not.toContain(foreign);
});

test('Purge reads the tags of a table when it schedules the deletion and when it deletes the table', async () => {
  stage.configure([provisionedSpec()]);
  await stage.live('2025-11-21', '2025-11-22');
  const old = 'production.Events.20251121';
  const readTags = async (day: string): Promise<string[]> => {
    const read: string[] = [];
    await stage.run('rotate', `${day}T03:30`);
    await forge(old, `${day}T03:30`);
    stage.aws.intercept = (operation, { ResourceArn }) => {
      if (operation === 'ListTagsOfResource') read.push(String(ResourceArn).split('/')[1]!);
      return undefined;
    };
    read.push(...done(await stage.run('purge', `${day}T03:35`)).filter((line) => line.includes(old)));
    stage.aws.intercept = undefined;
    return read;
  };
  expect(await readTags('2025-11-23')).toEqual(
    expect.arrayContaining([old, `schedule-deletion ${old} applied`]),
  );
  expect(await readTags('2025-11-24')).toEqual(expect.arrayContaining([old, old, `delete ${old} applied`]));
});

test('Ownership tags that were removed hold every change within a day', async () => {
  stage.configure([provisionedSpec('Events', { RotationScheme: 'monthly' })]);
  await stage.run('rotate', '2025-11-21T12:00');
  await stage.run('rotate', '2025-11-21T12:05');
  const table = 'production.Events.20251101';
  const { TableArn } = (await stage.describe(table))!;
  await client.send(new UntagResourceCommand({ ResourceArn: TableArn!, TagKeys: ['turntable:spec'] }));
  const throttled = async (from: string, to: string, consumed: number) => {
    for (let minute = at(from); minute < at(to); minute += MINUTE)
      for (const [metric, sum] of [
        ['ConsumedWriteCapacityUnits', consumed * 60],
        ['WriteThrottleEvents', 600],
        ['WriteProvisionedThroughputThrottleEvents', 600],
      ] as const)
        stage.aws.recordMetric({ metric, table, minute, sum });
    return stage.run('scale', to);
  };
  const within = await throttled('2025-11-21T12:00', '2025-11-21T12:10', 50);
  expect(done(within)).toEqual([`raise ${table} applied`]);
  const later = await throttled('2025-11-22T12:00', '2025-11-22T12:10', 100);
  expect(done(later)).toEqual([]);
  expect(held(later).join()).toContain('The table has no tag turntable:spec');
});

describe('Unmanaged tables among the names of a group', () => {
  const foreign = ['production.Events.20251118', 'production.Events.20251119'] as const;
  const TIMES = ['08:05', '08:06', '08:50', '09:05', '13:05'];
  let reads: string[] = [];

  /** Runs rotate and scale at these times of a day, and returns the tables whose tags each of them read. */
  const readAt = async (times: readonly string[], day = '2025-11-21'): Promise<string[]> => {
    reads = [];
    for (const time of times) {
      await stage.run('rotate', `${day}T${time}`);
      await stage.run('scale', `${day}T${time}`);
    }
    return reads.filter((name) => foreign.some((one) => one === name)).sort();
  };

  beforeEach(async () => {
    stage.configure([provisionedSpec('Events', { PurgeRotation: 5 })]);
    stage.at('2025-11-21T06:00');
    for (const name of foreign) await stage.make(name);
    stage.aws.intercept = (operation, { ResourceArn }) => {
      if (operation === 'ListTagsOfResource') reads.push(String(ResourceArn).split('/')[1]!);
      return undefined;
    };
    await stage.run('rotate', '2025-11-21T06:05');
  });

  test('are read once in a day, and again after it', async () => {
    expect(await readAt(TIMES)).toEqual(foreign);
    expect(await readAt(TIMES, '2025-11-22')).toEqual(foreign);
  });

  test('are never changed by what is remembered of them', async () => {
    const changed: string[] = [];
    await readAt(TIMES);
    stage.aws.intercept = (operation, { TableName }) => {
      if (foreign.some((one) => one === TableName) && operation !== 'DescribeTable') changed.push(operation);
      return undefined;
    };
    await readAt(TIMES);
    await stage.live('2025-11-22', '2025-11-26');
    expect(changed).toEqual([]);
  });

  test('are managed by the next run after they are adopted', async () => {
    await readAt(TIMES);
    const adopted = await stage.cli('adopt', 'Events', '--period', '2025-11-19', '--yes');
    expect(adopted.code).toBe(0);
    expect(await readAt(['14:05'])).toContain(foreign[1]);
  });
});
