/** Every guard of purge on the embedded AWS: the deletion is held, and plan and job give the same reason in the same words. */
import {
  DynamoDBClient,
  GetItemCommand,
  TagResourceCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, held, type Json, openStage, type Stage, spec } from '../incidents/stage.ts';

/** Daily, retaining two: due from the 23rd on, scheduled on that day, and deleted on the 24th. */
const OLD = 'production.Events.20251121';
const AFTER_WAITING = '2025-11-24T03:35';

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

async function scheduled(specs: readonly Json[] = [spec()], purge: Json = {}): Promise<void> {
  stage.configure(specs, { Defaults: { Purge: purge } });
  await stage.past(async () => void (await stage.live('2025-11-21', '2025-11-23')));
}

const read = () => client.send(new GetItemCommand({ TableName: OLD, Key: { Key: { S: 'one' } } }));

test('deletes a table if nothing holds the deletion', async () => {
  await scheduled();
  await stage.run('rotate', AFTER_WAITING);
  expect(done(await stage.run('purge', AFTER_WAITING))).toContain(`delete ${OLD} applied`);
});

describe('purge holds a deletion', () => {
  const guards: [string, () => Promise<unknown>, string, string?][] = [
    [
      'during the waiting period',
      () => scheduled(),
      'Deletion scheduled at 2025-11-23 03:35 UTC. The waiting period ends at 2025-11-23 15:35 UTC.',
      '2025-11-23T15:34',
    ],
    [
      'while an application reads the table',
      async () => {
        await scheduled();
        stage.at('2025-11-23T20:00');
        await read();
      },
      'The table has been due since 2025-11-23 00:00 UTC, but is still in use: 1 unit read and 0 units written (most recently at 2025-11-23 20:00 UTC) in the last 24 hours.',
    ],
    [
      'while its traffic is unknown',
      async () => {
        await scheduled();
        stage.aws.intercept = (operation) =>
          operation === 'GetMetricData'
            ? { type: 'InternalServiceFault', message: 'down', status: 500 }
            : undefined;
      },
      'Could not read whether the table is still in use, so it is not deleted: down.',
    ],
    [
      'while the table has the tag turntable:keep',
      async () => {
        await scheduled();
        const ResourceArn = (await stage.describe(OLD))?.TableArn;
        const Tags = [{ Key: 'turntable:keep', Value: 'audit' }];
        await client.send(new TagResourceCommand({ ResourceArn, Tags }));
      },
      'Retention ended at 2025-11-23 00:00 UTC, but the tag turntable:keep retains the table.',
    ],
    [
      'while the table has deletion protection that its spec turns off',
      async () => {
        const { Properties, ...rest } = spec();
        await scheduled([{ ...rest, Properties: { ...Properties, DeletionProtectionEnabled: false } }]);
        await client.send(new UpdateTableCommand({ TableName: OLD, DeletionProtectionEnabled: true }));
      },
      'Retention ended at 2025-11-23 00:00 UTC, but deletion protection is on although the spec turns it off. To let purge delete the table, turn its deletion protection off.',
    ],
    [
      'while the current table is missing',
      async () => {
        await scheduled();
        await stage.drop('production.Events.20251124');
      },
      'The current table production.Events.20251124 does not exist. Deletions in this group wait until production.Events.20251124 is available.',
    ],
    [
      'while purging is disabled',
      async () => {
        await scheduled();
        stage.configure([spec()], { Defaults: { Purge: { Enabled: false } } });
      },
      'Retention ended at 2025-11-23 00:00 UTC, but purging is disabled (Purge.Enabled is false).',
    ],
    [
      'while purging is suspended',
      async () => {
        await scheduled();
        await stage.cli('suspend', 'purging', '--reason', 'audit');
      },
      'Retention ended at 2025-11-23 00:00 UTC. Purging is suspended: audit.',
    ],
    [
      'during a maintenance window',
      async () => {
        await scheduled();
        stage.configure([spec()], {
          Defaults: { Maintenance: [{ From: '03:00', To: '04:00' }] },
        });
      },
      'A maintenance window is open until 2025-11-24 04:00 UTC.',
    ],
    [
      'above MaxPerRun',
      () => scheduled([spec('Clicks'), spec()], { MaxPerRun: 1 }),
      'Deletion held: Purge.MaxPerRun (1) is reached. The cause is this setting: up to 2 tables expire in a day, or in a longer waiting period, so the backlog grows. Set Purge.MaxPerRun to at least 4, or remove it.',
      '2025-11-23T03:36',
    ],
  ];

  test.each(guards)('%s', async (_, arrange, message, instant = AFTER_WAITING) => {
    await arrange();
    stage.at(instant);
    const plan = await stage.cli('plan', '--at', instant);
    expect(plan.stdout).toMatch(new RegExp(`! +${OLD} .*held`));
    expect(plan.stdout).toContain(message);
    const purged = await stage.run('purge', instant);
    expect(
      held(purged)
        .filter((line) => line.includes(OLD))
        .join(),
    ).toContain(message);
    expect(done(purged).filter((line) => line.startsWith('delete'))).toEqual([]);
    expect(await stage.names()).toContain(OLD);
  });
});
