/** `turntable restore` restores tables that purge has backed up and deleted. Tables whose backup fails are not deleted. */
import {
  DeleteBackupCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  GetItemCommand,
  ListBackupsCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, held, openStage, type Stage, spec, tables } from '../incidents/stage.ts';

/** Daily, retaining two: the 20th's table is due from the 22nd on. */
const [OLD] = tables('production.Events', '20251120') as [string];
const SETTINGS = { Environments: { production: { Purge: { FinalBackup: true } } } };
/** A spec with a stream, which no backup restores. */
const streaming = () => {
  const { Properties, ...rest } = spec();
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' };
  return {
    ...rest,
    Properties: { ...Properties, StreamSpecification, Tags: [{ Key: 'Team', Value: 'web' }] },
  };
};

const ITEM = { Key: { S: 'one' }, Value: { M: { Words: { SS: ['a', 'b'] } } } };

let stage: Stage;
let client: DynamoDBClient;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([streaming()], SETTINGS);
  client = new DynamoDBClient({});
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const backups = async () =>
  (await client.send(new ListBackupsCommand({ BackupType: 'ALL' }))).BackupSummaries ?? [];
const itemOf = async (TableName: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: { Key: ITEM.Key } }))).Item;
const tagsOf = async (name: string): Promise<Record<string, string>> => {
  const { TableArn } = (await stage.describe(name)) ?? {};
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

/** OLD has an item, and its deletion is scheduled on the 22nd. */
const scheduled = (): Promise<void> =>
  stage.past(async () => {
    await stage.run('rotate', '2025-11-20T03:35');
    await client.send(new PutItemCommand({ TableName: OLD, Item: ITEM }));
    await stage.live('2025-11-21', '2025-11-22');
  });

const day = async (date: string) => {
  await stage.run('rotate', `${date}T03:35`);
  return stage.run('purge', `${date}T03:35`);
};
const about = (lines: readonly string[]) => lines.filter((line) => line.includes(OLD));
const restore = (...args: string[]) => stage.cli('restore', 'Events', '--period', '20251120', ...args);

describe('with Purge.FinalBackup, purge', () => {
  test('requests a backup after the waiting period and deletes the table one run later', async () => {
    await scheduled();
    expect(about(done(await day('2025-11-23')))).toEqual([`back-up ${OLD} applied`]);
    expect(await backups()).toMatchObject([{ BackupName: `${OLD}.20251122T033500Z`, BackupType: 'USER' }]);
    expect(about(done(await day('2025-11-24')))).toEqual([`delete ${OLD} applied`]);
    expect(await stage.names()).not.toContain(OLD);
    const own = (await backups()).filter(({ TableName }) => TableName === OLD);
    expect(own).toMatchObject([{ BackupStatus: 'AVAILABLE' }]);
  });

  test.each<[string, string]>([
    ['created', 'CreateBackup'],
    ['listed', 'ListBackups'],
  ])('does not delete a table whose backup cannot be %s, and fails', async (_, denied) => {
    await scheduled();
    const message = `not authorized to perform: dynamodb:${denied}`;
    stage.aws.intercept = (operation) =>
      operation === denied ? { type: 'AccessDeniedException', message } : undefined;
    for (const date of ['2025-11-23', '2025-11-24']) {
      const purge = await day(date);
      expect(purge.error).toContain(message);
      expect(done(purge)).not.toContain(`delete ${OLD} applied`);
    }
    expect(await stage.names()).toContain(OLD);
    expect((await stage.describe(OLD))?.DeletionProtectionEnabled).toBe(true);
  });

  test('requests another backup if the first one was deleted', async () => {
    await scheduled();
    await day('2025-11-23');
    const [{ BackupArn } = {}] = await backups();
    await client.send(new DeleteBackupCommand({ BackupArn }));
    expect(about(done(await day('2025-11-24')))).toEqual([`back-up ${OLD} applied`]);
    expect(about(done(await day('2025-11-25')))).toEqual([`delete ${OLD} applied`]);
  });

  test('shows the backup and its cost in the plan', async () => {
    await scheduled();
    stage.at('2025-11-23T03:35');
    const { stdout } = await stage.cli('plan', '--at', '2025-11-23T03:35');
    expect(stdout).toContain(
      'The final backup costs about USD 0.00 per month. The table is deleted after the backup is AVAILABLE. [final-backup]',
    );
    expect(stdout).toContain('1 to back up');
  });
});

describe('restore', () => {
  const deleted = async (): Promise<void> => {
    await scheduled();
    await day('2025-11-23');
    await day('2025-11-24');
    expect(await stage.names()).not.toContain(OLD);
  };

  test('shows the restore, and changes nothing without --yes', async () => {
    await deleted();
    const { code, stdout } = await restore();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\+ production\.Events\.20251120 will be restored from its newest backup:/);
    expect(stdout).toContain(`${OLD}.20251122T033500Z`);
    expect(stdout).toContain('2025-11-23 03:35 UTC, 1 day ago');
    expect(stdout).toContain('USD 0.00 once (USD 0.15 per GB)');
    expect(stdout).toContain(
      'Nothing was restored. To restore the table: turntable restore Events --period 20251120 --env production --yes',
    );
    expect(await stage.names()).not.toContain(OLD);
  });

  test('restores every item into a managed and protected table that purge never deletes', async () => {
    await deleted();
    await stage.run('rotate', '2025-11-25T03:35');
    const { code, stdout, stderr } = await restore('--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Restored ${OLD}.`);
    expect(stdout).toContain(
      'Applications can use the table by its name, but ranges of the resolver exclude it.',
    );
    expect(stdout).toMatch(/aws dynamodb untag-resource --resource-arn arn:\S+ --tag-keys turntable:keep/);
    expect(await itemOf(OLD)).toEqual(ITEM);
    const state = await stage.describe(OLD);
    expect(state).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
    expect(await tagsOf(OLD)).toEqual({
      Team: 'web',
      'turntable:environment': 'production',
      'turntable:spec': 'Events',
      'turntable:scheme': 'daily',
      'turntable:period': '2025-11-20T00:00:00.000Z',
      'turntable:created-at': state?.CreationDateTime?.toISOString(),
      'turntable:keep': expect.stringMatching(/^restored 2025-11-25T/),
    });
    for (const date of ['2025-11-26', '2025-11-27', '2025-11-28', '2025-11-29']) {
      const purge = await day(date);
      expect(purge.error).toBe('');
      expect(about(done(purge))).toEqual([]);
      expect(about(held(purge))).toEqual([
        expect.stringContaining('but the tag turntable:keep retains the table.'),
      ]);
    }
  });

  test('waits for a table that AWS does not show yet', async () => {
    await deleted();
    stage.aws.lateness = { describeMs: 200, tagsMs: 400, listMs: 0 };
    const { code, stderr } = await restore('--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect(await tagsOf(OLD)).toMatchObject({ 'turntable:spec': 'Events' });
  });

  test('says how the restored table differs from the spec', async () => {
    await deleted();
    const { Properties, ...rest } = streaming();
    const AttributeDefinitions = [{ AttributeName: 'Id', AttributeType: 'N' }];
    const KeySchema = [{ AttributeName: 'Id', KeyType: 'HASH' }];
    stage.configure([{ ...rest, Properties: { ...Properties, AttributeDefinitions, KeySchema } }], SETTINGS);
    const warning =
      '! The backup has the key Key and the spec has Id. The table is restored with the key Key.\n';
    expect((await restore()).stdout).toContain(warning);
    const { code, stdout } = await restore('--yes');
    expect(code).toBe(0);
    expect(stdout).toContain(warning);
    expect(stdout).toContain('! The key is Key (S, HASH), but the spec says Id (N, HASH).\n');
    expect(await itemOf(OLD)).toEqual(ITEM);
  });

  test('rejects a second restore, and never overwrites a table', async () => {
    await deleted();
    await restore('--yes');
    const { code, stderr } = await restore('--yes');
    expect([code, stderr]).toEqual([
      1,
      `Error: Nothing was restored. ${OLD} already exists (ACTIVE, created at 2025-11-24 03:35 UTC). Restore never overwrites a table.\n`,
    ]);
  });

  test('continues an earlier restore that failed before the adoption', async () => {
    await deleted();
    const message = 'not authorized to perform: dynamodb:TagResource';
    stage.aws.intercept = (operation) =>
      operation === 'TagResource' ? { type: 'AccessDeniedException', message } : undefined;
    expect((await restore('--yes')).stderr).toContain(message);
    stage.aws.intercept = undefined;
    expect(await tagsOf(OLD)).toEqual({});
    expect(about(held(await day('2025-11-25')))).toEqual([
      expect.stringContaining('The table has no tag turntable:environment, so Turntable did not create it.'),
    ]);
    const { code, stdout } = await restore('--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('is already restored from its backup, but not adopted');
    expect(await tagsOf(OLD)).toMatchObject({
      'turntable:spec': 'Events',
      'turntable:keep': expect.anything(),
    });
    expect(stage.aws.calls.get('RestoreTableFromBackup')).toBe(1);
  });

  test('finds the backup that DynamoDB retains of a table with point-in-time recovery', async () => {
    stage.configure([streaming()], {});
    await scheduled();
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: OLD,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await day('2025-11-23');
    expect(await stage.names()).not.toContain(OLD);
    expect((await restore()).stdout).toContain('by DynamoDB when the table was deleted');
    const { stdout } = await restore('--yes', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      table: OLD,
      period: '2025-11-20T00:00:00.000Z',
      backup: { name: `${OLD}$DeletedTableBackup`, type: 'SYSTEM' },
      restored: { arn: expect.stringContaining(OLD) },
    });
    expect(await itemOf(OLD)).toEqual(ITEM);
    const recovery = await client.send(new DescribeContinuousBackupsCommand({ TableName: OLD }));
    expect(
      recovery.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe('DISABLED');
  });

  test.each<[string, string[], number, string]>([
    ['an unknown group', ['Event', '--period', '20251120'], 2, 'Unknown group "Event". Known groups: Events'],
    [
      'a missing period',
      ['Events'],
      2,
      '--period is required. Use the date in the table name, such as --period 20261121.',
    ],
    ['an invalid period', ['Events', '--period', 'last'], 2, '--period "last" is not a valid period.'],
    [
      'a future --at',
      ['Events', '--period', '20251120', '--at', '2099-01-01'],
      2,
      'restore rejects a future time',
    ],
    [
      'a table that was never backed up',
      ['Events', '--period', '20240101'],
      1,
      'Nothing was restored. production.Events.20240101 cannot be restored: it has no backup.',
    ],
  ])('rejects %s', async (_, args, code, message) => {
    const printed = await stage.cli('restore', ...args);
    expect(printed.stderr).toContain(message);
    expect(printed.code).toBe(code);
    if (code === 2) expect(stage.aws.calls.size).toBe(0);
  });
});

describe('turntable drill', () => {
  const SCRATCH = 'production.turntable-drill.Events';

  test('previews the drill, then restores the newest backup of the group, compares it, and deletes it', async () => {
    await scheduled();
    await day('2025-11-23');
    stage.at('2025-11-23T09:00');
    const preview = await stage.cli('drill', 'Events');
    expect(preview.stdout).toContain(
      `+ ${SCRATCH} will be restored from the newest backup, compared, and deleted:`,
    );
    expect(preview.stdout).toContain('To drill the group: turntable drill Events --env production --yes');
    const past = await stage.cli('drill', 'Events', '--at', '2025-11-20T09:00Z');
    expect([past.code, past.stderr]).toEqual([1, expect.stringContaining('the group has no backup')]);
    expect(await stage.names()).not.toContain(SCRATCH);
    const drilled = await stage.cli('drill', 'Events', '--yes', '--json');
    expect(JSON.parse(drilled.stdout)).toMatchObject({
      table: SCRATCH,
      backup: { table: OLD },
      alreadyStarted: false,
      drill: {
        outcome: 'passed',
        message: expect.stringContaining('It has 1 item, and the backup says 1.'),
      },
    });
    expect(drilled.code).toBe(0);
    expect(await stage.names()).not.toContain(SCRATCH);
    const { stdout } = await stage.cli('history', '--kind', 'command', 'drill-passed', '--json');
    expect(JSON.parse(stdout).entries.map(({ kind }: { kind: string }) => kind)).toEqual([
      'command',
      'drill-passed',
    ]);
  });

  test('exits with 1 and says why if the group has no backup, or the drill fails', async () => {
    stage.at('2025-11-20T09:00');
    const none = await stage.cli('drill', 'Events', '--yes');
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining('the group has no backup that is AVAILABLE'),
    ]);
    await scheduled();
    await day('2025-11-23');
    stage.at('2025-11-23T09:00');
    const { Properties, ...rest } = streaming();
    const User = { AttributeName: 'User', KeyType: 'HASH' };
    const AttributeDefinitions = [{ AttributeName: 'User', AttributeType: 'S' }];
    stage.configure([{ ...rest, Properties: { ...Properties, AttributeDefinitions, KeySchema: [User] } }]);
    const failed = await stage.cli('drill', 'Events', '--yes');
    expect(failed.code).toBe(1);
    expect(failed.stderr.replace(/\s+/g, ' ')).toContain(
      'The backup has the key Key, and the spec has User.',
    );
    expect(await stage.names()).not.toContain(SCRATCH);
  });
});
