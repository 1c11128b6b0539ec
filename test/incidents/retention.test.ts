/** Incidents from the field in which the age of a table was misjudged. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { done, held, openStage, ownTags, type Stage, spec, tables } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe('3. A just-created table was deleted as past retention around a schema change', () => {
  const OLD = 'production.Events.20251121';

  test('3. Starts a new waiting period for a table that was recreated under the same name', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    await stage.drop(OLD);
    await stage.run('rotate', '2025-11-24T01:05');
    await stage.make(OLD, ownTags('production', 'Events', 'daily', '2025-11-21'));
    const next = await stage.run('purge', '2025-11-24T03:35');
    expect(done(next)).not.toContain(`delete ${OLD} applied`);
    expect(await stage.names()).toEqual(
      tables('production.Events', '20251121', '20251122', '20251123', '20251124', '20251125'),
    );
  });

  test('3. Rejects a plan if the table was recreated after planning', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    await stage.run('rotate', '2025-11-24T03:34');
    const file = join(stage.folder, 'plan.json');
    const { stdout } = await stage.cli('plan', '--at', '2025-11-24T03:35', '--out', file);
    expect(stdout).toMatch(new RegExp(`-  ${OLD} +delete `));
    await stage.drop(OLD);
    await stage.make(OLD, ownTags('production', 'Events', 'daily', '2025-11-21'));
    const before = await stage.names();
    const { code, stdout: printed, stderr } = await stage.cli('apply', file);
    expect({ code, printed }).toEqual({ code: 1, printed: '' });
    expect(stderr.split('\n')[0]).toBe(
      'Error: Nothing was applied. Tables or configuration changed after planning. Review a new `turntable plan`.',
    );
    expect(stderr).toContain(`\n  delete ${OLD}: no longer planned. Held: Retention ended`);
    expect(await stage.names()).toEqual(before);
  });

  test('3. Never deletes a current table that was recreated with another schema', async () => {
    stage.configure([spec('Events', { PurgeRotation: 1 })]);
    await stage.live('2025-11-21', '2025-11-22');
    await stage.drop('production.Events.20251122');
    await stage.drop('production.Events.20251123');
    const keys = [
      { AttributeName: 'Id', AttributeType: 'S' },
      { AttributeName: 'At', AttributeType: 'N' },
    ];
    stage.configure([
      spec('Events', {
        PurgeRotation: 1,
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys,
          KeySchema: [
            { AttributeName: 'Id', KeyType: 'HASH' },
            { AttributeName: 'At', KeyType: 'RANGE' },
          ],
        },
      }),
    ]);
    const runs = await stage.live('2025-11-22', '2025-11-22');
    expect(done(runs[0]!)).toEqual([
      'create production.Events.20251122 applied',
      'create production.Events.20251123 applied',
    ]);
    expect(runs.flatMap(done).join()).not.toMatch(/(schedule-deletion|delete) production.Events.2025112[23]/);
    expect(await stage.names()).toEqual(
      expect.arrayContaining(tables('production.Events', '20251122', '20251123')),
    );
  });
});

test('11. A failing retention rolled creation back every night for a month', async () => {
  stage.configure([spec()], { Defaults: { Purge: { MaxShare: 100 } } });
  stage.aws.intercept = (operation) =>
    operation === 'DeleteTable'
      ? { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:DeleteTable' }
      : undefined;
  // The second half of the month shows the same as all of it.
  const runs = await stage.live('2025-11-16', '2025-11-30');
  const [rotations, purges] = [0, 1].map((job) => runs.filter((_, i) => i % 2 === job));
  expect(rotations!.map(({ error }) => error).join('')).toBe('');
  expect(purges!.at(-1)?.error).toMatch(
    /^purge for production: \d+ applied, \d+ failed or skipped, \d+ held\. delete production\.Events\.202511\d\d: not authorized to perform: dynamodb:DeleteTable \(access-denied\) \| /,
  );
  const days = Array.from({ length: 16 }, (_, i) => (i < 15 ? `202511${16 + i}` : '20251201'));
  expect(await stage.names()).toEqual(tables('production.Events', ...days));
  stage.aws.intercept = undefined;
  const recovered = await stage.live('2025-12-01', '2025-12-03');
  expect(recovered.map(({ error }) => error).join('')).toBe('');
  expect(await stage.names()).toEqual(
    tables('production.Events', '20251201', '20251202', '20251203', '20251204'),
  );
});

describe('8. A restored old table was deleted at once because its name is old', () => {
  const OLD = 'production.Events.20251121';
  const tags = ownTags('production', 'Events', 'daily', '2025-11-21');
  beforeEach(async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-24');
    expect(await stage.names()).not.toContain(OLD);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'with the ownership tags',
      tags,
      'Retention ended at 2025-11-23 00:00 UTC, but the table looks like a restored copy: it was created 2025-11-24 03:35 UTC, after its period had ended, and not by Turntable. To let purge delete the table, run turntable adopt Events --env production.',
    ],
    [
      'with all its former tags',
      { ...tags, 'turntable:created-at': '2025-11-21T03:35:00.000Z' },
      'Retention ended at 2025-11-23 00:00 UTC, but the table looks like a restored copy: it was created 2025-11-24 03:35 UTC, but its tag turntable:created-at says 2025-11-21 03:35 UTC. To let purge delete the table, run turntable adopt Events --env production.',
    ],
    [
      'without tags, as DynamoDB restores it',
      {},
      'The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production.',
    ],
  ])('8. Holds a copy that was restored %s, run after run', async (_, given, message) => {
    await stage.make(OLD, given);
    const runs = await stage.live('2025-11-25', '2025-11-28');
    for (const purged of runs.filter((_run, i) => i % 2 === 1)) {
      expect(held(purged)).toContain(`delete ${OLD}: ${message}`);
      expect(purged.results.map(({ action }) => action.table)).not.toContain(OLD);
    }
    expect(await stage.names()).toEqual([
      OLD,
      ...tables('production.Events', '20251126', '20251127', '20251128', '20251129'),
    ]);
  });
});

describe('16. Month lengths of 30 days, weeks from the wrong day, host-local dates, daylight saving', () => {
  const months = (...list: readonly string[]) => tables('production.Monthly', ...list);

  test.each(['Pacific/Kiritimati', 'America/New_York', 'Asia/Kolkata', 'Europe/Berlin'])(
    '16. Uses UTC dates on a host in %s, across both daylight saving changes',
    async (zone) => {
      vi.stubEnv('TZ', zone);
      expect(new Date('2025-11-02T12:00:00Z').getTimezoneOffset()).not.toBe(0);
      stage.configure([
        spec('Daily', { PurgeRotation: -1 }),
        spec('Hourly', { RotationScheme: 'hourly', PurgeRotation: -1 }),
      ]);
      for (const instant of [
        ...['2025-03-29T23:59', '2025-03-30T00:00', '2025-03-30T01:30', '2025-10-26T00:30'],
        ...['2025-10-26T01:30', '2025-11-02T05:30', '2025-11-02T06:30'],
      ])
        expect((await stage.run('rotate', instant)).error).toBe('');
      expect(await stage.names()).toEqual([
        ...tables('production.Daily', '20250329', '20250330', '20250331', '20251026', '20251027'),
        ...tables('production.Daily', '20251102', '20251103'),
        ...tables('production.Hourly', '2025032923', '2025033000', '2025033001', '2025033002'),
        ...tables('production.Hourly', '2025102600', '2025102601', '2025102602'),
        ...tables('production.Hourly', '2025110205', '2025110206', '2025110207'),
      ]);
    },
  );

  test('16. Deletes January when March starts, and no day earlier', async () => {
    stage.configure([spec('Monthly', { RotationScheme: 'monthly' })]);
    for (const instant of ['2024-01-01T00:05', '2024-01-31T23:59', '2024-02-29T12:00'])
      await stage.run('rotate', instant);
    expect(await stage.names()).toEqual(months('20240101', '20240201', '20240301'));
    expect(done(await stage.run('purge', '2024-02-29T23:59'))).toEqual([]);
    await stage.run('rotate', '2024-03-01T00:00');
    const due = await stage.run('purge', '2024-03-01T00:00');
    expect(due.results.map(({ action }) => `${action.kind} ${action.table}: ${action.message}`)).toEqual([
      'schedule-deletion production.Monthly.20240101: Retention ended at 2024-03-01 00:00 UTC, and the waiting period ends at 2024-03-01 12:00 UTC. To keep the table, add the tag turntable:keep.',
    ]);
    expect(await stage.names()).toEqual(months('20240101', '20240201', '20240301', '20240401'));
  });

  test('16. Starts weeks on Monday, across a new year too', async () => {
    stage.configure([spec('Weekly', { RotationScheme: 'weekly', PurgeRotation: -1 })]);
    for (const instant of ['2024-12-29T23:59', '2024-12-30T00:00', '2025-01-05T23:59', '2025-01-06T00:00'])
      await stage.run('rotate', instant);
    expect(await stage.names()).toEqual(
      tables('production.Weekly', '20241223', '20241230', '20250106', '20250113'),
    );
  });
});

describe('starts a new waiting period after purging was suspended between two runs', () => {
  test.each<[string, string[][]]>([
    [
      'and resumed',
      [
        ['suspend', 'purging'],
        ['resume', 'purging'],
      ],
    ],
    ['for two hours', [['suspend', 'purging', '--for', '2h']]],
  ])('%s', async (_, commands) => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    await stage.run('rotate', '2025-11-24T01:05');
    stage.at('2025-11-23T12:00');
    for (const [command, ...args] of commands) await stage.cli(command!, ...args);
    const first = await stage.run('purge', '2025-11-24T03:35');
    expect(done(first)).toEqual(
      tables('production.Events', '20251121', '20251122').map((name) => `schedule-deletion ${name} applied`),
    );
    const second = await stage.run('purge', '2025-11-24T15:35');
    expect(done(second)).toContain('delete production.Events.20251121 applied');
  });
});
