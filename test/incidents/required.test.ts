/** Tables that stand in the way of a required one, replayed on the embedded AWS. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, held, openStage, provisionedSpec, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec()]);
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const TOMORROW = 'production.Events.20251122';
const ALL = [TODAY, TOMORROW, 'production.turntable'];

describe('A required table that an operator has deleted', () => {
  /** DynamoDB is deleting a table, and still does so for this many tries to create it. */
  async function deleting(table: string, tries: number): Promise<void> {
    const { TableArn, TableId, KeySchema, AttributeDefinitions } = (await stage.describe(table))!;
    const described = { TableName: table, TableArn, TableId, KeySchema, AttributeDefinitions };
    await stage.drop(table);
    let tried = 0;
    stage.aws.intercept = (operation, { TableName }) => {
      if (operation === 'ListTables') return { body: { TableNames: ALL } };
      if (TableName !== table || tried >= tries) return undefined;
      if (operation === 'CreateTable') tried += 1;
      if (operation === 'CreateTable')
        return { type: 'ResourceInUseException', message: `Table is being deleted: ${table}` };
      const Table = { ...described, CreationDateTime: 1_763_700_000, TableStatus: 'DELETING' };
      return operation === 'DescribeTable' ? { body: { Table } } : undefined;
    };
  }

  test.each([TODAY, TOMORROW])('is created again in the run that sees it DELETING: %s', async (table) => {
    await stage.run('rotate', '2025-11-21T09:05');
    await deleting(table, 2);
    const run = await stage.run('rotate', '2025-11-21T09:35');
    expect(run.error).toBe('');
    expect(done(run)).toEqual([`create ${table} applied`]);
    stage.aws.intercept = undefined;
    expect(await stage.names()).toEqual([TODAY, TOMORROW]);
  });

  test('makes the run fail if it is still DELETING at the end', async () => {
    await stage.run('rotate', '2025-11-21T09:05');
    await deleting(TODAY, Infinity);
    const planned = await stage.cli('plan', '--at', '2025-11-21T09:35');
    expect(planned.stdout).toContain('The table is DELETING. Rotate creates it again as soon as it is gone.');
    const run = await stage.run('rotate', '2025-11-21T09:35', 1_500);
    expect(run.error).toContain(`create ${TODAY}: ${TODAY} is still DELETING, so it cannot be created yet.`);
    expect(run.holds).toEqual([
      expect.objectContaining({ kind: 'create', table: TODAY, reason: 'table-busy', urgent: true }),
    ]);
  });
});

describe('A table that an operator created by hand with the name of a required one', () => {
  const message = (place: string): string =>
    `This table is in the place of ${place}, but Turntable does not manage it. It has no ownership tags. The key is Key (S, HASH), but the spec says Id (N, HASH).`;

  test.each([
    ['the current table', TODAY, TOMORROW],
    ['the table for the period that starts at 2025-11-22 00:00 UTC', TOMORROW, TODAY],
  ])('makes rotate fail as soon as it exists, in the place of %s', async (place, table, other) => {
    const { Properties } = provisionedSpec();
    const AttributeDefinitions = [{ AttributeName: 'Id', AttributeType: 'N' }];
    const KeySchema = [{ AttributeName: 'Id', KeyType: 'HASH' }];
    stage.configure([spec('Events', { Properties: { ...Properties, AttributeDefinitions, KeySchema } })]);
    stage.at('2025-11-21T09:00');
    await stage.make(table);
    const run = await stage.run('rotate', '2025-11-21T09:05');
    expect(done(run)).toEqual([`create ${other} applied`]);
    expect(run.error).toContain(`${table}: ${message(place)}`);
    const again = await stage.run('rotate', '2025-11-21T09:35');
    expect(held(again)).toEqual([expect.stringContaining(`use ${table}: ${message(place)}`)]);
    expect(again.error).toContain(message(place));
    stage.at('2025-11-21T09:36');
    expect((await stage.cli('plan')).stdout).toContain(message(place));
    expect((await stage.cli('status')).stdout).toContain('use held: not-owned');
  });
});

describe('A new table that AWS shows late', () => {
  beforeEach(() => {
    const { Properties } = spec();
    stage.configure([
      spec('Events', { Properties: { ...Properties, TimeToLive: { AttributeName: 'ExpiresAt' } } }),
    ]);
  });

  test('gets its settings in the run that creates it, and is no failure of the next run', async () => {
    stage.aws.lateness = { describeMs: 150, tagsMs: 600, listMs: 0 };
    const run = await stage.run('rotate', '2025-11-21T09:05');
    expect(run.error).toBe('');
    expect(done(run).filter((line) => line.startsWith('time-to-live'))).toEqual(
      [TODAY, TOMORROW].map((table) => `time-to-live ${table} applied`),
    );
    const again = await stage.run('rotate', '2025-11-21T09:05');
    expect([again.error, held(again), done(again)]).toEqual(['', [], []]);
  });

  test('is not created twice, and not taken for an unmanaged table, if the list does not contain it', async () => {
    stage.aws.lateness = { describeMs: 0, tagsMs: 300, listMs: 60_000 };
    expect((await stage.run('rotate', '2025-11-21T09:05')).error).toBe('');
    const again = await stage.run('rotate', '2025-11-21T09:06');
    expect([again.error, held(again)]).toEqual(['', []]);
    expect(done(again)).toContain(`create ${TODAY} applied`);
  });

  test('gets point-in-time recovery in the run that creates it, although DynamoDB still enables its backups', async () => {
    const { Properties } = spec();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    stage.configure([spec('Events', { Properties: { ...Properties, PointInTimeRecoverySpecification } })]);
    let refused = 0;
    stage.aws.intercept = (operation) => {
      if (operation !== 'UpdateContinuousBackups' || refused === 4) return undefined;
      refused += 1;
      return {
        type: 'ContinuousBackupsUnavailableException',
        message: 'Backups are being enabled for the table. Please retry later',
      };
    };
    const run = await stage.run('rotate', '2025-11-21T09:05');
    expect(run.error).toBe('');
    expect(refused).toBe(4);
    expect(done(run).filter((line) => line.startsWith('recovery'))).toEqual(
      [TODAY, TOMORROW].map((table) => `recovery ${table} applied`),
    );
  });
});
