/** Incidents from the field in which one failure caused others. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at } from '../support/specs.ts';
import { done, held, openStage, provisionedSpec, type Stage, spec, tables } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

type Input = Record<string, unknown>;

/** AWS rejects one operation on every table whose name contains `part`. */
const reject = (rejected: string, part: string, type: string, message: string) => {
  stage.aws.intercept = (operation: string, input: Input) =>
    operation === rejected && String(input.TableName ?? input.ResourceArn).includes(part)
      ? { type, message }
      : undefined;
};

const DENIED = 'not authorized to perform: dynamodb:';

describe('10. One failing group blocked all others', () => {
  const GOOD = ['Anything', 'Zebra'];
  beforeEach(async () => {
    stage.configure(['Anything', 'Failing', 'Zebra'].map((name) => spec(name)));
    await stage.past(async () => void (await stage.live('2025-11-21', '2025-11-23')));
  });

  /** The other groups were rotated and purged, and the failing group still has all its tables. */
  async function othersGoOn(): Promise<void> {
    const names = await stage.names();
    for (const group of GOOD)
      expect(names.filter((name) => name.includes(group))).toEqual(
        tables(`production.${group}`, '20251122', '20251123', '20251124', '20251125'),
      );
    expect(names).toEqual(
      expect.arrayContaining(tables('production.Failing', '20251121', '20251122', '20251123', '20251124')),
    );
  }

  test('10. Rotates and purges the other groups if tables of one group cannot be created or deleted', async () => {
    stage.aws.intercept = (operation, input) =>
      ['CreateTable', 'DeleteTable'].includes(operation) && String(input.TableName).includes('Failing')
        ? { type: 'AccessDeniedException', message: `${DENIED}${operation}` }
        : undefined;
    const [rotated, purged] = await stage.live('2025-11-24', '2025-11-24');
    expect(rotated!.error).toBe(
      `rotate for production: 2 applied, 1 failed or skipped, 0 held. create production.Failing.20251125: ${DENIED}CreateTable (access-denied)`,
    );
    expect(purged!.error).toContain(
      `delete production.Failing.20251121: ${DENIED}DeleteTable (access-denied)`,
    );
    await othersGoOn();
  });

  test('10. Rotates and purges the other groups if tables of one group cannot be described', async () => {
    reject('DescribeTable', 'Failing', 'AccessDeniedException', `${DENIED}DescribeTable`);
    const [, purged] = await stage.live('2025-11-24', '2025-11-24');
    expect(purged!.error).toMatch(
      /production\.Failing\.20251124: Could not read the table's description: not authorized to perform: dynamodb:DescribeTable/,
    );
    await othersGoOn();
  });

  test('10. Rotates and purges the other groups if tags of one group cannot be read', async () => {
    reject('ListTagsOfResource', 'Failing', 'AccessDeniedException', `${DENIED}ListTagsOfResource`);
    const [, purged] = await stage.live('2025-11-24', '2025-11-24');
    expect(held(purged!)).toContain(
      `read production.Failing.20251124: Could not read the table's tags: ${DENIED}ListTagsOfResource`,
    );
    await othersGoOn();
  });
});

describe('17. A limit error on the third of five creations left neither this month’s nor next month’s table', () => {
  const groups = ['A', 'B', 'C', 'D', 'E'].map((letter) => `Group${letter}`);
  const all = groups.flatMap((group) => tables(`production.${group}`, '20251101', '20251201'));
  const limit = { type: 'LimitExceededException', message: 'Subscriber limit exceeded: too many tables' };
  beforeEach(() =>
    stage.configure(groups.map((group) => spec(group, { RotationScheme: 'monthly', PurgeRotation: 3 }))),
  );

  test('17. Retries the creation, so that every table exists after one run', async () => {
    let creations = 0;
    stage.aws.intercept = (operation) => {
      if (operation !== 'CreateTable') return undefined;
      creations += 1;
      return creations === 3 || creations === 4 ? limit : undefined;
    };
    const { error } = await stage.run('rotate', '2025-11-21T09:05');
    expect(error).toBe('');
    expect(await stage.names()).toEqual(all);
  });

  test('17. Creates the other tables if one creation never succeeds, and names the failed one', async () => {
    const failing = 'production.GroupC.20251101';
    reject('CreateTable', failing, limit.type, limit.message);
    const run = await stage.run('rotate', '2025-11-21T09:05', 3_000);
    expect(run.error).toBe(
      `rotate for production: 9 applied, 1 failed or skipped, 0 held. create ${failing}: ${limit.message} (limit-exceeded)`,
    );
    expect(await stage.names()).toEqual(all.filter((name) => name !== failing));
    stage.aws.intercept = undefined;
    expect(done(await stage.run('rotate', '2025-11-21T10:05'))).toEqual([`create ${failing} applied`]);
    expect(await stage.names()).toEqual(all);
  });
});

describe('If the state table does not answer, rotate creates missing tables, raises capacity, and does nothing else', () => {
  const unreachable = (type: string, status: number): void => {
    stage.aws.intercept = (_, input) =>
      String(input.TableName).endsWith('.turntable') ? { type, message: 'not now', status } : undefined;
  };
  const operationsOfChange = (): string[] =>
    [...stage.aws.calls.keys()].filter(
      (name) => /^(Create|Update|Delete|Tag)/.test(name) && !/Item/.test(name),
    );

  test.each<[string, string, number]>([
    ['with access denied', 'AccessDeniedException', 400],
    ['with throttling', 'ProvisionedThroughputExceededException', 400],
    ['with an internal error', 'InternalServerError', 500],
  ])('%s', async (_, type, status) => {
    stage.configure([provisionedSpec('Events', { PurgeRotation: 3 })]);
    await stage.live('2025-11-21', '2025-11-23');
    stage.aws.resetCalls();
    unreachable(type, status);
    const rotated = await stage.run('rotate', '2025-11-24T03:35');
    expect(done(rotated)).toEqual([
      'create production.Events.20251125 applied',
      'raise production.Events.20251124 applied',
    ]);
    expect(rotated.error).toMatch(
      /^rotate for production: 2 applied, 0 failed or skipped, 1 held \(1 unreadable\)\. No lease: not now\. This run only creates missing tables and raises capacity\./,
    );
    expect(held(rotated)).toEqual([
      'lower production.Events.20251123: Decrease held: reads 50 → 5, writes 50 → 5. Could not read whether lowering is suspended: not now',
    ]);
    expect(operationsOfChange()).toEqual(['CreateTable', 'UpdateTable']);
    for (const job of ['purge', 'scale'] as const)
      expect((await stage.run(job, '2025-11-24T03:35')).error).toBe('not now');
    expect(operationsOfChange()).toEqual(['CreateTable', 'UpdateTable']);
    stage.aws.intercept = undefined;
    const next = await stage.run('rotate', '2025-11-24T04:35');
    expect(done(next)).toEqual(['lower production.Events.20251123 applied']);
  });

  test('creates tables if the state table was deleted, but tables of a spec exist', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-21');
    await stage.drop('production.turntable');
    const rotated = await stage.run('rotate', '2025-11-22T03:35');
    expect(done(rotated)).toEqual(['create production.Events.20251123 applied']);
    expect(rotated.error).toContain('No lease: The state table production.turntable does not exist.');
  });

  test('creates nothing if neither the state table nor a table of a spec exists', async () => {
    stage.configure([spec()]);
    await stage.drop('production.turntable');
    const rotated = await stage.run('rotate', '2025-11-22T03:35');
    expect(rotated.error).toMatch(
      /^The state table production\.turntable does not exist\. A deployment creates it/,
    );
    expect(await stage.names()).toEqual([]);
  });

  test('creates nothing if access is denied and no table of a spec exists', async () => {
    stage.configure([spec()]);
    unreachable('AccessDeniedException', 400);
    expect((await stage.run('rotate', '2025-11-22T03:35')).error).toBe('not now');
    expect(await stage.names()).toEqual([]);
  });

  test('creates tables if the state table fails before the first run', async () => {
    stage.configure([spec()]);
    unreachable('InternalServerError', 500);
    expect(done(await stage.run('rotate', '2025-11-22T03:35'))).toEqual([
      'create production.Events.20251122 applied',
      'create production.Events.20251123 applied',
    ]);
  });
});

describe('While attribute-based access control is off, AWS denies what the role allows by tags:', () => {
  const abac =
    'Check that attribute-based access control (ABAC) for DynamoDB is on in this account and region. If it is off, turn it on, or set AttributeBasedAccessControl to false in config/deployment.json and deploy.';
  beforeEach(async () => {
    stage.configure([provisionedSpec()]);
    await stage.run('rotate', '2025-11-21T09:05');
  });

  test('a raise fails the run of scale, which names ABAC', async () => {
    for (let minute = at('2025-11-21T09:10'); minute < at('2025-11-21T09:30'); minute += 60_000)
      stage.aws.recordMetric({
        metric: 'ConsumedWriteCapacityUnits',
        table: 'production.Events.20251121',
        minute,
        sum: 60 * 60,
      });
    reject('UpdateTable', 'Events', 'AccessDeniedException', `${DENIED}UpdateTable`);
    const { error } = await stage.run('scale', '2025-11-21T09:30');
    expect(error).toContain(`raise production.Events.20251121: ${DENIED}UpdateTable (access-denied) ${abac}`);
  });

  test('a creation fails the run of rotate, which names ABAC', async () => {
    reject('CreateTable', 'Events', 'AccessDeniedException', `${DENIED}TagResource`);
    const { error } = await stage.run('rotate', '2025-11-22T09:05');
    expect(error).toContain(
      `create production.Events.20251123: ${DENIED}TagResource (access-denied) ${abac}`,
    );
  });
});
