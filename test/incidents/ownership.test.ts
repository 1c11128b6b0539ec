/** What is remembered of ownership tags, on the embedded AWS: never a permit to delete, and forgotten within a day. */
import { DynamoDBClient, PutItemCommand, UntagResourceCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  const throttled = async (from: string, to: string) => {
    for (let minute = at(from); minute < at(to); minute += MINUTE)
      for (const [metric, sum] of [
        ['ConsumedWriteCapacityUnits', 50 * 60],
        ['WriteThrottleEvents', 600],
        ['WriteProvisionedThroughputThrottleEvents', 600],
      ] as const)
        stage.aws.recordMetric({ metric, table, minute, sum });
    return stage.run('scale', to);
  };
  const within = await throttled('2025-11-21T12:00', '2025-11-21T12:10');
  expect(done(within)).toEqual([`raise ${table} applied`]);
  const later = await throttled('2025-11-22T12:00', '2025-11-22T12:10');
  expect(done(later)).toEqual([]);
  expect(held(later).join()).toContain('The table has no tag turntable:spec');
});
