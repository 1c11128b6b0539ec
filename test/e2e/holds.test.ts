/** Every guard of purge, on the embedded AWS: a table that would go is held, and plan and job say why in the same words. */
import {
  DynamoDBClient,
  GetItemCommand,
  TagResourceCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, held, type Json, openStage, type Stage, spec } from '../incidents/stage.ts';

/** Daily, two kept: due from the 23rd on, condemned on that day, and to be deleted on the 24th. */
const OLD = 'production.Events.20251121';
const SECOND_LOOK = '2025-11-24T03:35';

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

async function condemned(specs: readonly Json[] = [spec()], purge: Json = {}): Promise<void> {
  stage.configure(specs, { Defaults: { Purge: purge } });
  await stage.live('2025-11-21', '2025-11-23');
}

const read = () => client.send(new GetItemCommand({ TableName: OLD, Key: { Key: { S: 'one' } } }));

test('nothing speaks against it: it goes', async () => {
  await condemned();
  await stage.run('rotate', SECOND_LOOK);
  expect(done(await stage.run('purge', SECOND_LOOK))).toContain(`delete ${OLD} applied`);
});

describe('held', () => {
  const guards: [string, () => Promise<unknown>, string, string?][] = [
    [
      'until its second look is due',
      () => condemned(),
      'Condemned 2025-11-23 03:35 UTC; may be deleted from 2025-11-23 15:35 UTC on.',
      '2025-11-23T15:34',
    ],
    [
      'while somebody reads it',
      async () => {
        await condemned();
        stage.at('2025-11-23T20:00');
        await read();
      },
      'Due since 2025-11-23 00:00 UTC, but still in use: 1 units read, 0 units written, the last 2025-11-23 20:00 UTC in the last 24 h.',
    ],
    [
      'while nobody can tell whether it is used',
      async () => {
        await condemned();
        stage.aws.intercept = (operation) =>
          operation === 'GetMetricData'
            ? { type: 'InternalServiceFault', message: 'down', status: 500 }
            : undefined;
      },
      'Could not read whether anybody still uses it, so it stays: down.',
    ],
    [
      'while it has the tag that keeps it',
      async () => {
        await condemned();
        const ResourceArn = (await stage.describe(OLD))?.TableArn;
        const Tags = [{ Key: 'turntable:keep', Value: 'audit' }];
        await client.send(new TagResourceCommand({ ResourceArn, Tags }));
      },
      'Expired since 2025-11-23 00:00 UTC, but its tag turntable:keep keeps it.',
    ],
    [
      'while it is protected, which its spec does not ask for',
      async () => {
        const { Properties, ...rest } = spec();
        await condemned([{ ...rest, Properties: { ...Properties, DeletionProtectionEnabled: false } }]);
        await client.send(new UpdateTableCommand({ TableName: OLD, DeletionProtectionEnabled: true }));
      },
      'Expired since 2025-11-23 00:00 UTC, but somebody has turned deletion protection on, which its spec does not ask for.',
    ],
    [
      'while the current table does not stand',
      async () => {
        await condemned();
        await stage.drop('production.Events.20251124');
      },
      'The current table production.Events.20251124 does not exist; nothing goes before it stands.',
    ],
    [
      'while purging is switched off',
      async () => {
        await condemned();
        stage.configure([spec()], { Defaults: { Purge: { Enabled: false } } });
      },
      'Expired since 2025-11-23 00:00 UTC, but purging is switched off.',
    ],
    [
      'while purging is stopped',
      async () => {
        await condemned();
        await stage.cli('stop', 'purging', '--reason', 'audit');
      },
      'Expired since 2025-11-23 00:00 UTC, but held: Purging is stopped: audit.',
    ],
    [
      'in a maintenance window',
      async () => {
        await condemned();
        stage.configure([spec()], {
          Defaults: { Maintenance: [{ From: '03:00', To: '04:00' }] },
        });
      },
      'Not within the maintenance window, which is over 2025-11-24 04:00 UTC.',
    ],
    [
      'where as many have their turn as may go in one run',
      () => condemned([spec('Clicks'), spec()], { MaxPerRun: 1 }),
      'Due, but only 1 table at a time is condemned or deleted; a later run goes on.',
      '2025-11-23T03:36',
    ],
  ];

  test.each(guards)('%s', async (_, arrange, message, instant = SECOND_LOOK) => {
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
