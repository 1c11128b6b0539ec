/** States of a table in which AWS answers otherwise than usual. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, UpdateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { at, MINUTE } from '../support/specs.ts';
import { done, held, type Json, openStage, provisionedSpec, type Run, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const capacityOf = async (table: string): Promise<(number | undefined)[]> => {
  const units = (await stage.describe(table))?.ProvisionedThroughput;
  return [units?.ReadCapacityUnits, units?.WriteCapacityUnits];
};

/** The capacity changes of some runs, such as `rotate raise Writes 5 → 50`. */
const changes = (runs: readonly Run[]): string[] =>
  runs.flatMap(({ results }) =>
    results.flatMap(({ action }) =>
      'changes' in action
        ? action.changes.map(({ from, to }) => `${action.job} ${action.table} ${from.write} → ${to.write}`)
        : [],
    ),
  );

test('An upcoming table has the lower of full and outdated throughput, and exactly outdated throughput after its period', async () => {
  const properties = provisionedSpec().Properties as Json;
  stage.configure([
    provisionedSpec('AccessLog', {
      PurgeRotation: 30,
      Properties: {
        ...properties,
        ProvisionedThroughput: { ReadCapacityUnits: '8', WriteCapacityUnits: '90' },
        OutdatedTableProvisionedThroughput: { ReadCapacityUnits: '240', WriteCapacityUnits: '1' },
      },
    }),
  ]);
  const [ended, upcoming] = ['production.AccessLog.20251121', 'production.AccessLog.20251122'];
  await stage.run('rotate', '2025-11-21T09:05');
  expect(await capacityOf(upcoming!)).toEqual([8, 1]);
  expect(await capacityOf(ended!)).toEqual([8, 90]);
  const night = ['00:05', '00:50', '01:05', '02:05', '12:00'];
  for (const time of night) {
    await stage.run('scale', `2025-11-22T${time}`);
    await stage.run('rotate', `2025-11-22T${time}`);
  }
  expect(await capacityOf(ended!)).toEqual([240, 1]);
});

describe('DynamoDB does not say when it changed the capacity', () => {
  /** Removes the times of changes from every description. */
  function withoutTimes(): void {
    stage.aws.rewrite = (operation, body) => {
      if (operation !== 'DescribeTable') return body;
      const { Table } = body as { Table: Json };
      const {
        LastIncreaseDateTime: _,
        LastDecreaseDateTime: __,
        ...units
      } = Table.ProvisionedThroughput as Json;
      return { Table: { ...Table, ProvisionedThroughput: units } };
    };
  }

  /** Reads and writes of both tables, before and after midnight. Yesterday's table is only read. */
  function traffic(): void {
    for (let minute = at('2025-11-20T23:30'); minute < at('2025-11-21T05:00'); minute += MINUTE)
      for (const [date, metric] of [
        ['20251120', 'ConsumedReadCapacityUnits'],
        ['20251121', 'ConsumedReadCapacityUnits'],
        ['20251121', 'ConsumedWriteCapacityUnits'],
      ] as const)
        stage.aws.recordMetric({ metric, table: `production.Events.${date}`, minute, sum: 60 * 12 });
  }

  test.each([
    ['predictive', ['scale production.Events.20251121 18 → 18', 'scale production.Events.20251121 18 → 16']],
    ['reactive', []],
  ])('and rotate and scale do not undo each other: %s', async (Method, later) => {
    withoutTimes();
    stage.configure([provisionedSpec('Events', { PurgeRotation: 5 })], { Defaults: { Scaling: { Method } } });
    await stage.run('rotate', '2025-11-20T09:05');
    traffic();
    const runs: Run[] = [];
    for (const time of ['00:05', '00:50', '01:05', '01:50', '02:05', '02:50', '03:05', '03:50', '04:05'])
      for (const job of ['scale', 'rotate'] as const) runs.push(await stage.run(job, `2025-11-21T${time}`));
    expect(runs.map(({ error }) => error).join('')).toBe('');
    // After the first two hours, rotate changes nothing, and scale only lowers with the headroom of a new group.
    expect(changes(runs.slice(8))).toEqual(later);
    expect((await capacityOf('production.Events.20251120'))[1]).toBe(5);
    expect((await capacityOf('production.Events.20251121'))[1]).toBeGreaterThan(11);
  });
});

describe('A global index that is added by hand', () => {
  const TODAY = 'production.Events.20251121';
  const client = () => new DynamoDBClient({});
  const record = (metric: string, minute: string, sum: number, index?: string) =>
    stage.aws.recordMetric({
      metric,
      table: TODAY,
      minute: at(`2025-11-21T${minute}`),
      sum,
      ...(index && { index }),
    });
  const writesOf = async (): Promise<(number | undefined)[]> => {
    const table = await stage.describe(TODAY);
    const indexes = (table?.GlobalSecondaryIndexes ?? []).map((one) => one.ProvisionedThroughput);
    return [table?.ProvisionedThroughput, ...indexes].map((units) => units?.WriteCapacityUnits);
  };
  const addIndex = () =>
    client().send(
      new UpdateTableCommand({
        TableName: TODAY,
        AttributeDefinitions: [{ AttributeName: 'Kind', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'ByKind',
              KeySchema: [{ AttributeName: 'Kind', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
              ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 10 },
            },
          },
        ],
      }),
    );

  beforeEach(async () => {
    stage.configure([provisionedSpec()]);
    await stage.run('rotate', '2025-11-21T08:05');
    await addIndex();
    await sleep(10);
  });

  test.each(['predictive', 'reactive'])(
    'stops no raise of its table, is said, and is never lowered: %s',
    async (Method) => {
      stage.configure([provisionedSpec()], { Defaults: { Scaling: { Method } } });
      for (let minute = 5; minute < 60; minute += 1) {
        const time = `08:${String(minute).padStart(2, '0')}`;
        record('ConsumedWriteCapacityUnits', time, 60 * (minute > 50 ? 120 : 20));
      }
      const run = await stage.run('scale', '2025-11-21T09:01');
      expect(run.error).toBe('');
      expect(done(run)).toEqual([`raise ${TODAY} applied`]);
      expect(held(run)).toContain(
        `lower ${TODAY}: The index ByKind is CREATING. Turntable changes the table and its other indexes meanwhile. Of this index, it only raises the writes if they are throttled.`,
      );
      const [table, index] = await writesOf();
      expect(table).toBeGreaterThan(100);
      expect(index).toBe(10);
      expect((await stage.cli('plan')).stdout).toContain('[index-building]');
      // Hours later, there is no demand.
      await stage.run('scale', '2025-11-21T14:01');
      expect((await writesOf())[1]).toBe(10);
    },
  );

  test.each(['WriteThrottleEvents', 'OnlineIndexThrottleEvents'])(
    'is raised if its writes are throttled: %s',
    async (metric) => {
      record('ConsumedWriteCapacityUnits', '08:58', 600, 'ByKind');
      record(metric, '08:55', 3000, 'ByKind');
      record(metric, '08:59', 3000, 'ByKind');
      const run = await stage.run('scale', '2025-11-21T09:01');
      expect(run.results.map(({ action }) => action.message).join()).toMatch(
        /Index ByKind writes 10 → \d+: .* while DynamoDB fills the index\./,
      );
      const [, index] = await writesOf();
      expect(index).toBeGreaterThanOrEqual(15);
      expect(
        (await stage.describe(TODAY))?.GlobalSecondaryIndexes?.[0]?.ProvisionedThroughput?.ReadCapacityUnits,
      ).toBe(7);
    },
  );

  test('stops no step of rotate after the period', async () => {
    await stage.run('rotate', '2025-11-21T23:50');
    await stage.run('rotate', '2025-11-22T01:05');
    expect((await writesOf())[0]).toBe(5);
  });
});

describe('A vector index that is added by hand', () => {
  const TODAY = 'production.Events.20251121';
  const index = {
    IndexName: 'ByMeaning',
    VectorAttribute: { AttributeName: 'Embedding' },
    Dimensions: 256,
    DistanceFunction: 'COSINE',
    Projection: { ProjectionType: 'KEYS_ONLY' },
  };
  const building = (more: Json) => {
    stage.aws.rewrite = (operation, body) => {
      const { Table } = body as { Table?: Json };
      const shown = operation === 'DescribeTable' && Table?.TableName === TODAY;
      return shown ? { Table: { ...Table, VectorIndexes: [{ ...index, ...more }] } } : body;
    };
  };

  test('is said while DynamoDB fills or deletes it', async () => {
    stage.configure([spec()]);
    await stage.run('rotate', '2025-11-21T08:05');
    for (const IndexStatus of ['CREATING', 'DELETING']) {
      building({ IndexStatus, Backfilling: IndexStatus === 'CREATING' });
      expect(held(await stage.run('rotate', '2025-11-21T09:05'))[0]).toBe(
        `lower ${TODAY}: The index ByMeaning is ${IndexStatus}. Turntable changes the table and its other indexes meanwhile. It does not change this index.`,
      );
    }
  });

  test('lets the deletion of its table wait', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-23T03:30');
    await stage.run('purge', '2025-11-23T03:35');
    building({ IndexStatus: 'CREATING', Backfilling: true });
    const purged = await stage.run('purge', '2025-11-24T03:35');
    expect(purged.error).toBe('');
    expect(held(purged)).toContain(`delete ${TODAY}: The index ByMeaning is CREATING.`);
    expect(await stage.names()).toContain(TODAY);
  });
});

describe('The time-to-live attribute of a spec changes', () => {
  const TODAY = 'production.Events.20251121';
  const configure = (AttributeName: string, more: Json = {}) => {
    const Properties = { ...(spec().Properties as Json), TimeToLive: { AttributeName, ...more } };
    stage.configure([spec('Events', { Properties })]);
  };
  const disable = () =>
    new DynamoDBClient({}).send(
      new UpdateTimeToLiveCommand({
        TableName: TODAY,
        TimeToLiveSpecification: { AttributeName: 'old', Enabled: false },
      }),
    );
  const attribute = async () => (await awsPorts('production').tables.timeToLive(TODAY)).attribute;

  test('and who follows the holds meets no failed run', async () => {
    configure('old');
    await stage.run('rotate', '2025-11-21T08:05');
    configure('new');
    const early = await stage.run('rotate', '2025-11-21T08:20');
    expect(held(early)).toEqual([
      `time-to-live ${TODAY}: Time to Live uses the attribute old and the spec says new. DynamoDB is ENABLING Time to Live and accepts one change per hour, so the next one from 2025-11-21 09:20 UTC at the latest. Then disable Time to Live on the table. At least one hour later, rotate enables it for new.`,
      expect.stringContaining('production.Events.20251122'),
    ]);
    const told = await stage.run('rotate', '2025-11-21T09:20');
    expect(held(told)[0]).toBe(
      `time-to-live ${TODAY}: Time to Live uses the attribute old and the spec says new. To change the attribute, disable Time to Live on the table. At least one hour later, rotate enables it for new.`,
    );
    await disable();
    const waiting = await stage.run('rotate', '2025-11-21T09:25');
    expect(held(waiting)[0]).toBe(
      `time-to-live ${TODAY}: DynamoDB is DISABLING Time to Live and accepts one change per hour, so the next one from 2025-11-21 10:25 UTC at the latest. Rotate then enables it for new.`,
    );
    // The change is complete, and DynamoDB still rejects another one.
    const soon = await stage.run('rotate', '2025-11-21T10:05');
    expect(done(soon)).toEqual([`time-to-live ${TODAY} superseded`]);
    const enabled = await stage.run('rotate', '2025-11-21T10:25');
    expect(done(enabled)).toEqual([`time-to-live ${TODAY} applied`]);
    expect(await attribute()).toBe('new');
    for (const { error } of [early, told, waiting, soon, enabled]) expect(error).toBe('');
  });

  test('and a spec that disables it waits for the change in progress', async () => {
    configure('old');
    await stage.run('rotate', '2025-11-21T08:05');
    configure('old', { Enabled: false });
    const early = await stage.run('rotate', '2025-11-21T08:20');
    expect(early.error).toBe('');
    expect(held(early)[0]).toContain('from 2025-11-21 09:20 UTC at the latest. Rotate then disables it.');
    expect(done(await stage.run('rotate', '2025-11-21T09:20'))).toContain(`time-to-live ${TODAY} applied`);
    expect(await attribute()).toBeUndefined();
  });
});

describe('An expired table that DynamoDB has impaired', () => {
  const OLD = 'production.Events.20251121';
  beforeEach(async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-22');
    await stage.run('rotate', '2025-11-23T03:30');
    await stage.run('purge', '2025-11-23T03:35');
  });

  test('is deleted if it is ARCHIVED, as AWS allows', async () => {
    stage.aws.impair(OLD, { status: 'ARCHIVED', archivedAt: at('2025-11-23'), backupArn: 'arn:backup' });
    const purged = await stage.run('purge', '2025-11-24T03:35');
    expect(purged.error).toBe('');
    expect(done(purged)).toContain(`delete ${OLD} applied`);
    expect(await stage.names()).not.toContain(OLD);
  });

  test.each<[string, string]>([
    ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'DynamoDB cannot use its KMS key. Enable the key'],
    ['ARCHIVING', 'Wait until it is ARCHIVED.'],
    ['REPLICATION_NOT_AUTHORIZED', 'Correct the policy within 20 hours.'],
  ])('is held with the cause if it is %s', async (status, words) => {
    stage.aws.impair(OLD, { status });
    const purged = await stage.run('purge', '2025-11-24T03:35');
    expect(purged.error).toBe('');
    expect(done(purged)).not.toContain(`delete ${OLD} applied`);
    expect(held(purged)).toContainEqual(expect.stringContaining(`delete ${OLD}: The table is ${status}. `));
    expect(held(purged).join()).toContain(words);
  });
});

test.each(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVED'])(
  'A retained table whose period has ended is said to be %s, and fails no run',
  async (status) => {
    stage.configure([spec('Events', { PurgeRotation: 5 })]);
    await stage.run('rotate', '2025-11-21T08:05');
    await stage.run('rotate', '2025-11-21T23:50');
    stage.aws.impair('production.Events.20251121', { status });
    for (const time of ['2025-11-22T00:05', '2025-11-22T01:05', '2025-11-24T01:05']) {
      const run = await stage.run('rotate', time);
      expect(run.error).toBe('');
      expect(held(run).join()).toMatch(
        new RegExp(`use production.Events.20251121: The table is ${status}\\. .*KMS key`),
      );
    }
    expect((await stage.cli('plan')).stdout).toContain(`The table is ${status}.`);
  },
);

describe('A rule on which AWS contradicts itself', () => {
  test('warns of more than 20 non-key attributes in an index, and lets DynamoDB decide', async () => {
    const { BillingMode, ...keys } = spec().Properties as Json;
    const NonKeyAttributes = Array.from({ length: 40 }, (_, i) => `a${i}`);
    const index = {
      IndexName: 'ByKey',
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes },
    };
    stage.configure([
      spec('Wide', { Properties: { BillingMode, ...keys, GlobalSecondaryIndexes: [index] } }),
    ]);
    const { code, stdout } = await stage.cli('validate');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Warning: production: the index ByKey of Wide has 40 NonKeyAttributes. One page of AWS allows 20 per index, and another page allows 100 in all indexes of a table.',
    );
    expect((await stage.run('rotate', '2025-11-21T09:05')).error).toBe('');
    expect(await stage.names()).toContain('production.Wide.20251121');
  });

  test('warns of more global indexes than the default quota, which AWS raises on request', async () => {
    const GlobalSecondaryIndexes = Array.from({ length: 21 }, (_, i) => ({
      IndexName: `Index${i}`,
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }));
    stage.configure([
      spec('Wide', { Properties: { ...(spec().Properties as Json), GlobalSecondaryIndexes } }),
    ]);
    const { code, stdout } = await stage.cli('validate');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Warning: production: Wide has 21 GlobalSecondaryIndexes. The default quota of a table is 20. If DynamoDB rejects the table, rotate fails. Request an increase in Service Quotas.',
    );
  });

  test('raises a table beyond the quota with its indexes as far as DynamoDB accepts, and says what it rejected', async () => {
    const { Properties } = provisionedSpec();
    const units = (write: number) => ({ ReadCapacityUnits: 5, WriteCapacityUnits: write });
    const index = {
      IndexName: 'ByKey',
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
      ProvisionedThroughput: units(20_000),
    };
    const throughput = { ProvisionedThroughput: units(15_000), OutdatedTableProvisionedThroughput: units(1) };
    stage.configure([
      provisionedSpec('Events', {
        Properties: { ...(Properties as Json), ...throughput, GlobalSecondaryIndexes: [index] },
      }),
    ]);
    await stage.run('rotate', '2025-11-21T08:05');
    for (let minute = at('2025-11-21T08:05'); minute < at('2025-11-21T09:00'); minute += MINUTE)
      for (const [metric, sum] of [
        ['ConsumedWriteCapacityUnits', 60 * 24_000],
        ['WriteThrottleEvents', 60_000],
      ] as const)
        stage.aws.recordMetric({ metric, table: 'production.Events.20251121', minute, sum });
    const run = await stage.run('scale', '2025-11-21T09:01');
    expect(run.error).toContain('Turntable made only the part within the quota of a table with its indexes.');
    expect((await capacityOf('production.Events.20251121'))[1]).toBe(20_000);
    expect(done(run)).toEqual(['raise production.Events.20251121 failed']);
  });
});
