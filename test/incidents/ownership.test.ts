/** What is remembered of ownership tags, on the embedded AWS: never a permit to delete, and forgotten within a day. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SeenKind } from '../../src/core/facts.ts';
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

/** Records that the tags of tables have been seen, with or without ownership, as an attacker or a bug would. */
async function forge(
  seenAt: string,
  tables: readonly string[],
  kind: SeenKind = 'ownership',
  Schemes = 'daily',
): Promise<void> {
  const seen = { N: String(at(seenAt) / MINUTE) };
  const ids = await Promise.all(tables.map(async (table) => (await stage.describe(table))!.TableId!));
  const entries = ids.flatMap((id) =>
    kind === 'ownership'
      ? [[id, seen]]
      : [
          [id, seen],
          [`unmanaged ${id}`, seen],
        ],
  );
  const Item = {
    Kind: { S: kind },
    Id: { S: 'Events' },
    Format: { N: '1' },
    Schemes: { S: Schemes },
    SeenAt: { M: Object.fromEntries(entries) },
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
    await forge(`${day}T03:30`, [foreign]);
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
    await forge(`${day}T03:30`, [old]);
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

const foreign = ['production.Events.20251118', 'production.Events.20251119'] as const;
const TIMES = ['08:05', '08:06', '08:50', '09:05', '13:05'];

describe('Unmanaged tables among the names of a group', () => {
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

describe('Expired tables with names of a group', () => {
  const DAYS = ['2025-11-21', '2025-11-22'] as const;
  const MANAGED = ['production.Events.20251121', 'production.Events.20251122'] as const;

  /** Runs purge at an instant, and returns the run with the tables whose tags it read. */
  const purge = async (instant: string) => {
    const tags = new Set<string>();
    stage.aws.intercept = (operation, { ResourceArn }) => {
      if (operation === 'ListTagsOfResource') tags.add(String(ResourceArn).split('/')[1]!);
      return undefined;
    };
    const run = await stage.run('purge', instant);
    stage.aws.intercept = undefined;
    return { run, tags: [...tags].sort() };
  };

  /** The unmanaged tables whose tags each run of a day read. */
  const readOn = async (day: string): Promise<string[][]> => {
    const read: string[][] = [];
    for (const time of TIMES) {
      const { tags } = await purge(`${day}T${time}`);
      read.push(tags.filter((name) => foreign.some((one) => one === name)));
    }
    return read;
  };

  const kinds = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'production.turntable' }));
    return Items.map(({ Kind }) => Kind!.S);
  };

  beforeEach(() => {
    stage.configure([provisionedSpec()]);
    stage.at('2025-11-21T06:00');
  });

  describe('and without its tags', () => {
    beforeEach(async () => {
      for (const name of foreign) await stage.make(name);
    });

    test('are read by purge once in a day, and again after it', async () => {
      for (const day of DAYS) {
        await stage.run('rotate', `${day}T06:05`);
        expect(await readOn(day), day).toEqual([foreign, [], [], [], []]);
      }
      const { run } = await purge('2025-11-22T13:50');
      for (const name of foreign)
        expect(held(run).join()).toContain(
          `delete ${name}: At 2025-11-22 08:05 UTC, the tags did not show that Turntable manages the table.`,
        );
    });

    test('are read by each run of purge while the record cannot be read', async () => {
      await stage.run('rotate', '2025-11-21T06:05');
      for (const time of TIMES.slice(0, 2)) {
        const read: string[] = [];
        stage.aws.intercept = (operation, { ResourceArn, ExpressionAttributeValues }) => {
          if (operation === 'ListTagsOfResource') read.push(String(ResourceArn).split('/')[1]!);
          return JSON.stringify(ExpressionAttributeValues ?? {}).includes('unmanaged')
            ? { type: 'AccessDeniedException', message: 'not authorized' }
            : undefined;
        };
        const { error } = await stage.run('purge', `2025-11-21T${time}`);
        expect(error).toBe('');
        expect(read).toEqual(expect.arrayContaining([...foreign]));
      }
    });

    test('are read by the next run of purge after they are adopted', async () => {
      await stage.run('rotate', '2025-11-21T06:05');
      await readOn('2025-11-21');
      const adopted = await stage.cli('adopt', 'Events', '--period', '2025-11-19', '--yes');
      expect(adopted.code).toBe(0);
      const { run, tags } = await purge('2025-11-21T14:05');
      expect(tags).toContain(foreign[1]);
      expect(tags).not.toContain(foreign[0]);
      expect(held(run).join()).not.toContain(`${foreign[1]}: At`);
      expect(done(run)).toEqual([`schedule-deletion ${foreign[1]} applied`]);
    });

    test('are read by a run that acts in the group only if they could show that its scheme changed', async () => {
      await stage.run('rotate', '2025-11-21T07:05');
      await stage.run('purge', '2025-11-21T07:05');
      await stage.live('2025-11-22', '2025-11-23');
      await stage.run('rotate', '2025-11-24T03:35');
      await forge('2025-11-24T03:30', foreign, 'unmanaged');
      const acting = await purge('2025-11-24T03:35');
      expect(done(acting.run)).toEqual([
        `delete ${MANAGED[0]} applied`,
        `schedule-deletion ${MANAGED[1]} applied`,
      ]);
      // After the second one, a table is missing.
      expect(acting.tags).toEqual(expect.arrayContaining([foreign[1], ...MANAGED]));
      expect(acting.tags).not.toContain(foreign[0]);
      const holding = await purge('2025-11-24T04:05');
      expect(holding.tags).toContain(MANAGED[1]);
      expect(holding.tags).not.toEqual(expect.arrayContaining([foreign[1]]));
    });
  });

  test('and with its tags are read by purge in every run, and nothing is remembered of them', async () => {
    for (const day of [...DAYS, '2025-11-23']) await stage.run('rotate', `${day}T06:05`);
    await purge('2025-11-21T06:10');
    for (const time of TIMES) expect((await purge(`2025-11-23T${time}`)).tags, time).toContain(MANAGED[0]);
    expect(await kinds()).not.toContain('unmanaged');
  });

  test('and with its tags are held by a forged record, which cancels their deletion and starts a new waiting period', async () => {
    await stage.live('2025-11-21', '2025-11-23');
    const [old] = MANAGED;
    const line = (what: string) => `${what} ${old} applied`;
    await forge('2025-11-24T03:30', [old], 'unmanaged');
    const [, forged] = await stage.live('2025-11-24', '2025-11-24');
    expect(held(forged!).join()).toContain(`delete ${old}: At 2025-11-24 03:30 UTC, the tags did not show`);
    expect(done(forged!)).toContain(line('cancel-deletion'));
    const [, next] = await stage.live('2025-11-25', '2025-11-25');
    expect(done(next!)).toContain(line('schedule-deletion'));
    const [, last] = await stage.live('2025-11-26', '2025-11-26');
    expect(done(last!)).toContain(line('delete'));
  });

  test('and with tags of another scheme are not deleted because of a forged record, nor is another table of the group', async () => {
    await stage.live('2025-11-21', '2025-11-24');
    stage.configure([provisionedSpec('Events', { RotationScheme: 'weekly' })]);
    const before = await stage.names();
    for (const day of ['2025-11-25', '2025-12-20', '2025-12-22']) {
      await stage.run('rotate', `${day}T03:30`);
      await forge(`${day}T03:30`, before, 'unmanaged', 'weekly');
      const { run } = await purge(`${day}T03:35`);
      expect(done(run).filter((line) => !line.startsWith('cancel-deletion'))).toEqual([]);
    }
    expect(await stage.names()).toEqual(expect.arrayContaining(before));
  });

  test('do not get a retention by a forged record', async () => {
    await stage.live('2025-11-21', '2025-11-24');
    const retention = { Kind: { S: 'retention' }, Id: { S: 'Events' } };
    await client.send(new DeleteItemCommand({ TableName: 'production.turntable', Key: retention }));
    const unknown = 'purge has not applied a retention to this group yet';
    for (const day of ['2025-11-25', '2025-11-26', '2025-11-27']) {
      await stage.run('rotate', `${day}T03:30`);
      const present = (await stage.names()).filter((name) => name < 'production.Events.20251124');
      await forge(`${day}T03:30`, present, 'unmanaged');
      const { run } = await purge(`${day}T03:35`);
      expect(held(run).join()).toContain(unknown);
      expect(await kinds()).not.toContain('retention');
      expect(done(run).filter((line) => !line.startsWith('cancel-deletion'))).toEqual([]);
    }
  });
});
