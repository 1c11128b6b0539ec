/** Incidents from the field in which names of tables were misread. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { done, held, openStage, ownTags, type Stage, spec, tables } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Tables of `Events` after the jobs of 2025-11-24T03:35: two retained, one upcoming, and one whose deletion is scheduled. */
const EVENTS = tables('production.Events', '20251122', '20251123', '20251124', '20251125');

describe('1. An empty table prefix matched every table in the account', () => {
  const others = ['accounts', 'orders', 'production.Billing.20251101', 'users'];
  beforeEach(async () => {
    for (const name of others) await stage.make(name);
    stage.aws.resetCalls();
  });
  const untouched = async (): Promise<void> => {
    expect(stage.aws.calls.size).toBe(0);
    expect(await stage.names()).toEqual(others);
  };

  test('1. Rejects an empty TableName', async () => {
    stage.configure([spec('')]);
    const message = `${stage.folder}/tables.json:3:5  [0].TableName  must not be empty.`;
    for (const job of ['rotate', 'purge', 'scale'] as const)
      expect((await stage.run(job, '2025-11-24T03:35')).error).toBe(message);
    expect(await stage.cli('apply', '--yes')).toEqual({
      code: 2,
      stdout: '',
      stderr: `The configuration is invalid:\n${message}\n`,
    });
    await untouched();
  });

  test('1. Rejects an empty environment', async () => {
    stage.configure([spec()]);
    vi.stubEnv('TURNTABLE_ENVIRONMENT', '');
    expect((await stage.run('purge', '2025-11-24T03:35')).error).toBe(
      'TURNTABLE_ENVIRONMENT is not set. Set it to the name of the environment, for example production.',
    );
    expect(await stage.cli('apply', '--yes', '--env', '')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'The configuration is invalid:\nenvironment ""  must consist of 1 to 64 letters, digits, "_" or "-", and must not start with "-".\n',
    });
    await untouched();
  });

  test('1. Matches no table if there are no specs', async () => {
    stage.configure([]);
    await stage.live('2025-11-21', '2025-11-24');
    expect(await stage.names()).toEqual(others);
  });
});

describe('4. Environments matched as substrings', () => {
  const others = [
    'my.production.Events.20251101',
    ...tables('pre-production.Events', '20251101', '20251102', '20251103'),
    'production',
    'productionEvents.20251101',
    ...tables('production2.Events', '20251101', '20251102', '20251103'),
    'reproduction_results',
  ];

  test('4. Leaves `pre-production`, `production2` and `reproduction_results` alone in `production`', async () => {
    for (const name of others) await stage.make(name, ownTags('production', 'Events', 'daily', '2025-11-01'));
    stage.configure([spec()]);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(runs.flatMap(held)).toEqual([]);
    expect(await stage.names()).toEqual([...others, ...EVENTS].sort());
    const acted = runs.flatMap(({ results }) => results.map(({ action }) => action.table));
    expect(acted.filter((name) => others.includes(name))).toEqual([]);
  });

  test('4. Holds a table whose tags name another environment', async () => {
    const name = 'production.Events.20251101';
    await stage.make(name, ownTags('pre-production', 'Events', 'daily', '2025-11-01'));
    stage.configure([spec()]);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(held(runs.at(-1)!)).toContain(
      `delete ${name}: The tag turntable:environment is "pre-production" instead of "production".`,
    );
    expect(await stage.names()).toEqual([name, ...EVENTS]);
  });

  test('4. Rejects an environment whose name contains a dot', async () => {
    stage.configure([spec()]);
    vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production.');
    expect((await stage.run('purge', '2025-11-24T03:35')).error).toBe(
      'environment "production."  must consist of 1 to 64 letters, digits, "_" or "-", and must not start with "-".',
    );
    expect(stage.aws.calls.size).toBe(0);
  });
});

describe('7. Hand-made future tables and copies were deleted', () => {
  const others = [
    'production.Events.20251101.backup',
    'production.Events.20251101.restored',
    'production.Events.20251101-restored',
    'production.Events.backup',
    'production.Events.latest',
  ];

  test('7. Leaves `.backup` and `.restored` copies alone, even with ownership tags', async () => {
    for (const name of others) await stage.make(name, ownTags('production', 'Events', 'daily', '2025-11-01'));
    stage.configure([spec()]);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(await stage.names()).toEqual([...others, ...EVENTS].sort());
    expect(runs.flatMap(held)).toEqual([]);
    const status = await stage.cli('status', '--at', '2025-11-24T04:00');
    expect(status.stdout.replaceAll('\n', ' ')).toContain(
      `5 unmanaged tables (no spec matches, never changed): ${[...others].sort().join(', ')}`,
    );
  });

  test('7. Holds a table that was created by hand for a future or past day', async () => {
    const [old, upcoming] = tables('production.Events', '20251101', '20251231') as [string, string];
    await stage.make(old);
    await stage.make(upcoming);
    stage.configure([spec()]);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(held(runs.at(-1)!)).toContain(
      `delete ${old}: The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production.`,
    );
    expect(await stage.names()).toEqual([old, ...EVENTS, upcoming]);
    const later = await stage.live('2026-01-05', '2026-01-06');
    expect(held(later.at(-1)!)).toContain(
      `delete ${upcoming}: The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production.`,
    );
    expect(await stage.names()).toEqual(expect.arrayContaining([old, upcoming]));
  });
});

describe('10. One malformed name blocked all others', () => {
  test('10. Runs normally if the account has malformed names', async () => {
    const malformed = [
      'production..20251101',
      'production.Events.',
      'production.Events.00000000',
      'production.Events.2025110',
      'production.Events.20251332',
      'production.Events.20251101x',
      'production.Events.2025-11-01',
      'production.Events.NaN',
    ];
    for (const name of malformed)
      await stage.make(name, ownTags('production', 'Events', 'daily', '2025-11-01'));
    stage.configure([spec()]);
    const runs = await stage.live('2025-11-21', '2025-11-24');
    expect(runs.map(({ error }) => error).join('')).toBe('');
    expect(runs.flatMap(done)).toContain('delete production.Events.20251121 applied');
    expect(await stage.names()).toEqual([...malformed, ...EVENTS].sort());
  });
});

test('15. Reads every page of ListTables', async () => {
  const before = Array.from({ length: 110 }, (_, i) => `a-table-${1000 + i}`);
  for (const name of before) await stage.make(name);
  stage.configure([spec()]);
  await stage.live('2025-11-21', '2025-11-23');
  stage.aws.resetCalls();
  const [rotated, purged] = await stage.live('2025-11-24', '2025-11-24');
  expect(stage.aws.calls.get('ListTables')).toBe(4);
  expect(done(rotated!)).toEqual(['create production.Events.20251125 applied']);
  expect(done(purged!)).toEqual([
    'delete production.Events.20251121 applied',
    'schedule-deletion production.Events.20251122 applied',
  ]);
  expect(await stage.names()).toEqual([...before, ...EVENTS]);
});
