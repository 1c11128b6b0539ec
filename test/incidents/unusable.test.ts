/** Current and upcoming on-demand tables that cannot be used, or stay busy. Scale looks at them too, and rotate knows since when. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Json, openStage, provisionedSpec, type Stage, spec } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec()]);
  await stage.run('rotate', '2025-11-21T08:05');
});
afterEach(() => stage.close());

const TODAY = 'production.Events.20251121';
const TOMORROW = 'production.Events.20251122';

/** Runs scale at minutes of the hour from 09:00. Returns the minutes of the runs that failed, and the last error. */
async function scaleAt(...minutes: readonly number[]): Promise<{ failed: number[]; error: string }> {
  const failed: number[] = [];
  let error = '';
  for (const minute of minutes) {
    ({ error } = await stage.run('scale', `2025-11-21T09:${String(minute).padStart(2, '0')}`));
    if (error !== '') failed.push(minute);
  }
  return { failed, error };
}

const broken = { Replicas: [{ RegionName: 'eu-west-1', ReplicaStatus: 'CREATION_FAILED' }] };
const keyLost = (minutes: number): Json => ({
  TableStatus: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
  ...(minutes > 0 && {
    SSEDescription: { InaccessibleEncryptionDateTime: Date.UTC(2025, 10, 21, 9) / 1000 - minutes * 60 },
  }),
});

test.each<[string, string, Json, number, RegExp]>([
  [
    'A current table whose replica failed',
    TODAY,
    broken,
    18, // first seen at 09:03, because each table is looked at in minutes of its own
    /replica in eu-west-1 is CREATION_FAILED\..* since 2025-11-21 09:03 UTC/,
  ],
  [
    'An upcoming table whose replica failed',
    TOMORROW,
    broken,
    15,
    /replica in eu-west-1 is CREATION_FAILED\..* since 2025-11-21 09:00 UTC/,
  ],
  [
    'An upcoming table whose key is unusable',
    TOMORROW,
    keyLost(0),
    15,
    /has been INACCESSIBLE_ENCRYPTION_CREDENTIALS since .* 09:00/,
  ],
  [
    'An upcoming table whose key has been unusable',
    TOMORROW,
    keyLost(10),
    5,
    /has been INACCESSIBLE_ENCRYPTION_CREDENTIALS since .* 08:50/,
  ],
  [
    'An upcoming table that stays UPDATING',
    TOMORROW,
    { TableStatus: 'UPDATING' },
    15,
    /has been UPDATING since .* 09:00/,
  ],
])('%s fails scale and rotate after 15 minutes', async (_, table, more, after, words) => {
  stage.aws.rewrite = (operation, body) => {
    const described = body.Table as { TableName: string } | undefined;
    const shown = operation === 'DescribeTable' && described?.TableName === table;
    return shown ? { Table: { ...described, ...more } } : body;
  };
  const { failed, error } = await scaleAt(0, 3, 4, 5, 14, 15, 16, 18);
  expect(failed).toEqual([5, 14, 15, 16, 18].filter((minute) => minute >= after));
  expect(error).toContain('1 table cannot serve what is asked of it.');
  expect(error).toMatch(words);
  expect((await stage.run('rotate', '2025-11-21T09:18')).error).toMatch(words);
  expect((await stage.cli('plan')).stdout).toMatch(words);
  stage.aws.rewrite = undefined;
  expect((await scaleAt(19)).failed).toEqual([]);
});

test('A current table that becomes unusable in another way fails scale 15 minutes after the first one', async () => {
  const becomes = (TableStatus: string) => {
    stage.aws.rewrite = (operation, body) => {
      const described = body.Table as { TableName: string } | undefined;
      const shown = operation === 'DescribeTable' && described?.TableName === TODAY;
      return shown ? { Table: { ...described, TableStatus } } : body;
    };
  };
  becomes('REPLICATION_NOT_AUTHORIZED');
  expect((await scaleAt(3, 7)).failed).toEqual([]);
  becomes('INACCESSIBLE_ENCRYPTION_CREDENTIALS');
  const { failed, error } = await scaleAt(8, 17, 18, 19);
  expect(failed).toEqual([18, 19]);
  expect(error).toContain(
    'The table has been INACCESSIBLE_ENCRYPTION_CREDENTIALS since 2025-11-21 09:08 UTC.',
  );
  becomes('ACTIVE');
  expect((await scaleAt(20)).failed).toEqual([]);
  becomes('INACCESSIBLE_ENCRYPTION_CREDENTIALS');
  expect((await scaleAt(23, 33)).failed).toEqual([]);
});

test('An upcoming table that is UPDATING for a moment is no trouble', async () => {
  stage.aws.rewrite = (operation, body) => {
    const described = body.Table as { TableName: string } | undefined;
    const shown = operation === 'DescribeTable' && described?.TableName === TOMORROW;
    return shown ? { Table: { ...described, TableStatus: 'UPDATING' } } : body;
  };
  const first = await scaleAt(0);
  stage.aws.rewrite = undefined;
  expect([first, await scaleAt(1, 20)].map(({ failed }) => failed)).toEqual([[], []]);
});

test('Scale fails while a table is busy and the records since when cannot be read', async () => {
  stage.configure([provisionedSpec('Flags')]);
  await stage.run('rotate', '2025-11-21T08:05');
  const denied = { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:Query' };
  stage.aws.intercept = (operation) => (operation === 'Query' ? denied : undefined);
  expect((await scaleAt(0)).error).toBe('');
  stage.aws.rewrite = (operation, body) =>
    operation === 'DescribeTable' ? { Table: { ...(body.Table as Json), TableStatus: 'UPDATING' } } : body;
  // Scale describes a table at rest once in five minutes.
  expect((await scaleAt(5)).error).toMatch(
    /Could not read since when tables have been unusable or busy: not authorized to perform: dynamodb:Query/,
  );
});
