/** Incidents from the field that started with an edit of the configuration. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createResolver } from '../../src/index.ts';
import { replaceFile } from '../support/replace-file.ts';
import { done, held, type Json, openStage, type Stage, spec, tables } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Expects that every job and command fails with these lines before it calls AWS. `FOLDER` is the configuration folder. */
async function expectRejected(...lines: readonly string[]): Promise<void> {
  const message = lines.join('\n').replaceAll('FOLDER', stage.folder);
  const before = await stage.names();
  stage.aws.resetCalls();
  for (const job of ['rotate', 'purge', 'scale'] as const)
    expect((await stage.run(job, '2025-11-24T03:35')).error, job).toBe(message);
  for (const command of ['plan', 'apply', 'rotate', 'status', 'init', 'daemon'])
    expect(await stage.cli(command), command).toEqual({
      code: 2,
      stdout: '',
      stderr: `The configuration is invalid:\n${message}\n`,
    });
  expect(stage.aws.calls.size).toBe(0);
  expect(await stage.names()).toEqual(before);
}

describe('2. A mistake in the configuration deleted all tables of staging', () => {
  const WEEK = tables(
    'staging.Events',
    ...['20251115', '20251116', '20251117', '20251118', '20251119', '20251120', '20251121', '20251122'],
  );
  beforeEach(async () => {
    await stage.close();
    stage = await openStage('staging');
    stage.configure([spec('Events', { PurgeRotation: 14 })]);
    await stage.past(async () => void (await stage.live('2025-11-15', '2025-11-21')));
    expect(await stage.names()).toEqual(WEEK);
  });

  test.each<[string, unknown]>([
    ['all specs were removed', []],
    ['the spec was renamed', [spec('Event')]],
    ['the name of the spec changed its case', [spec('events')]],
    ['another spec replaced it', [spec('Clicks', { PurgeRotation: 1 })]],
  ])('2. Never deletes tables without a spec: %s', async (_, mistake) => {
    stage.configure(mistake);
    await stage.live('2025-11-29', '2025-12-02');
    expect(await stage.names()).toEqual(expect.arrayContaining(WEEK));
    const { stdout } = await stage.cli('status', '--at', '2025-12-02T04:00');
    expect(stdout.replaceAll('\n', ' ')).toContain(
      `8 unmanaged tables (no spec matches, never changed): ${WEEK.join(', ')}`,
    );
  });

  test('2. Sees no table under another environment’s name', async () => {
    vi.stubEnv('TURNTABLE_ENVIRONMENT', 'stagin');
    const { error } = await stage.run('purge', '2025-11-22T03:35');
    expect(error).toMatch(
      /^The state table stagin\.turntable does not exist\. A deployment creates it\. Without a deployment, run `turntable init --env stagin`\.$/,
    );
    expect(await stage.names()).toEqual(expect.arrayContaining(WEEK));
  });

  test('2. Schedules no deletion if a retention of 1 instead of 14 makes tables due, however long that lasts', async () => {
    stage.configure([spec('Events', { PurgeRotation: 1 })]);
    for (const instant of ['2025-11-21T09:00', '2025-11-22T09:00', '2025-11-27T09:00']) {
      await stage.run('rotate', instant);
      const purged = await stage.run('purge', instant);
      expect(done(purged)).toEqual([]);
      expect(held(purged)).toContain(
        'delete staging.Events.20251120: Deletion held: PurgeRotation changed from 14 to 1. If that is correct, run turntable confirm Events --env staging. No notice of the change was sent, so it waits for this command.',
      );
      expect(purged.error).toContain('PurgeRotation changed from 14 to 1.');
    }
    expect(await stage.cli('apply', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\d+ holds in this plan need an operator\.$/m),
    });
    expect(await stage.names()).toEqual(expect.arrayContaining(WEEK));
  });

  test('2. Deletes nothing of the one group with a shortened retention, and purges the others', async () => {
    const others = Array.from({ length: 5 }, (_, i) => spec(`Other${i}`, { PurgeRotation: 4 }));
    stage.configure([spec('Events', { PurgeRotation: 14 }), ...others]);
    await stage.live('2025-11-18', '2025-11-22');
    stage.configure([spec('Events', { PurgeRotation: 1 }), ...others]);
    const own = (await stage.names()).filter((name) => name.startsWith('staging.Events.'));
    await stage.run('rotate', '2025-11-23T03:35');
    const purged = await stage.run('purge', '2025-11-23T03:35');
    expect(purged.error).toContain('PurgeRotation changed from 14 to 1.');
    expect(done(purged)).toContain('schedule-deletion staging.Other0.20251119 applied');
    await stage.run('purge', '2025-11-23T16:00');
    expect(await stage.names()).toEqual(expect.arrayContaining(own));
    expect(await stage.names()).not.toContain('staging.Other0.20251119');
  });

  test('2. Deletes nothing during the waiting period, and cancels every deletion if the retention is corrected', async () => {
    stage.configure([spec('Events', { PurgeRotation: 1 })]);
    stage.at('2025-11-21T08:55');
    await stage.confirm();
    const purged = await stage.run('purge', '2025-11-21T09:00');
    expect(done(purged).every((line) => line.startsWith('schedule-deletion '))).toBe(true);
    const again = await stage.run('purge', '2025-11-21T20:59');
    expect(done(again)).toEqual([]);
    expect(held(again)).toContain(
      'delete staging.Events.20251115: Deletion scheduled at 2025-11-21 09:00 UTC. The waiting period ends at 2025-11-21 21:00 UTC.',
    );
    expect(await stage.names()).toEqual(WEEK);
    stage.configure([spec('Events', { PurgeRotation: 14 })]);
    const corrected = await stage.run('purge', '2025-11-21T21:00');
    expect(corrected.results.map(({ action }) => `${action.kind}: ${action.message}`)).toContain(
      'cancel-deletion: The spec now retains the table.',
    );
    expect(await stage.names()).toEqual(WEEK);
  });
});

describe('5. An invalid PurgeRotation deleted the current table', () => {
  const must = 'must be an integer from 1 to 10000, or -1 to retain all tables';
  test.each<[string, unknown, string]>([
    [
      'missing',
      undefined,
      'FOLDER/tables.json:2:3  [0]  is missing "PurgeRotation", which must be the number of periods to retain, or -1 to retain all tables.',
    ],
    ['"four"', 'four', `FOLDER/tables.json:5:5  [0].PurgeRotation  is "four", but ${must}.`],
    ['0', 0, `FOLDER/tables.json:5:5  [0].PurgeRotation  is 0, but ${must}.`],
    ['-2', -2, `FOLDER/tables.json:5:5  [0].PurgeRotation  is -2, but ${must}.`],
  ])('5. Rejects the PurgeRotation %s', async (_, PurgeRotation, message) => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    stage.configure([spec('Events', { PurgeRotation })]);
    await expectRejected(message);
    expect(await stage.names()).toEqual(
      tables('production.Events', '20251121', '20251122', '20251123', '20251124'),
    );
  });
});

describe('6. Changing the scheme deleted today’s and tomorrow’s tables', () => {
  const DAILY = tables('production.Events', '20251115', '20251116', '20251117', '20251118');
  beforeEach(async () => {
    stage.configure([spec('Events', { PurgeRotation: 7 })]);
    await stage.past(async () => void (await stage.live('2025-11-15', '2025-11-17')));
    expect(await stage.names()).toEqual(DAILY);
  });

  test('6. Refuses a change to weekly that does not say when, and deletes no daily table', async () => {
    stage.configure([spec('Events', { RotationScheme: 'weekly', PurgeRotation: 1 }), spec('Flags')]);
    const before = await stage.cli('plan');
    expect(before.stdout).toContain('create held');
    expect(before.stdout).toContain(
      'Turntable only raises tables of Events until the configuration is corrected.',
    );
    const applied = await stage.cli('apply', '--yes');
    expect(applied.code).toBe(1);
    expect(applied.stdout).toContain('✓ create production.Flags.');
    const runs = [
      ...(await stage.live('2025-11-18', '2025-11-18')),
      ...(await stage.live('2025-12-02', '2025-12-02')),
    ];
    expect(runs.flatMap(done).filter((line) => line.includes('Events'))).toEqual([]);
    expect(await stage.names()).toEqual(expect.arrayContaining([...DAILY, 'production.Flags.20251203']));
    expect(runs[0]!.error).toContain(
      'add this line to the spec: "Previously": [{ "RotationScheme": "daily", "PurgeRotation": "7", "Until": "2025-11-24" }].',
    );
  });

  test('6. Refuses a change to none, and deletes no daily table', async () => {
    stage.configure([spec('Events', { RotationScheme: 'none', PurgeRotation: -1 })]);
    const [run] = await stage.live('2025-11-18', '2025-11-18');
    expect(run!.error).toContain('Set RotationScheme to daily again.');
    expect(await stage.names()).toEqual(DAILY);
  });

  test('6. Follows Previously, so that each table has one scheme and its own retention', async () => {
    stage.configure([spec('Events', { RotationScheme: 'weekly', PurgeRotation: 4 })]);
    const refusal = (await stage.run('rotate', '2025-11-18T00:30')).error;
    const line = /add this line to the spec: "Previously": (\[.*\])\./.exec(refusal)![1]!;
    const Previously = JSON.parse(line);
    const weekly = spec('Events', { RotationScheme: 'weekly', PurgeRotation: 4, Previously });
    stage.configure([weekly]);
    const created = [];
    for (const day of ['18', '22', '23', '24']) {
      const run = await stage.run('rotate', `2025-11-${day}T03:35`);
      expect(run.error).toBe('');
      created.push(...done(run));
    }
    expect(created).toEqual(
      ['20251119', '20251122', '20251123', '20251124', '20251201'].map(
        (date) => `create production.Events.${date} applied`,
      ),
    );
    const listed = JSON.parse((await stage.cli('tables', '--json')).stdout) as { name: string }[];
    const retained = [
      '20251118',
      '20251119',
      '20251120',
      '20251121',
      '20251122',
      '20251123',
      '20251124',
      '20251201',
    ];
    expect(listed.map(({ name }) => name)).toEqual(tables('production.Events', ...retained));
    const resolver = createResolver({ environment: 'production', tables: [weekly] });
    expect(resolver.tablesBetween('Events', '2025-11-01', '2025-12-31')).toEqual(
      listed.map(({ name }) => name),
    );
    const purge = await stage.run('purge', '2025-11-24T03:36');
    expect(done(purge)).toEqual(
      tables('schedule-deletion production.Events', '20251115', '20251116', '20251117').map(
        (name) => `${name} applied`,
      ),
    );
  });

  test('6. Rejects the scheme none with a retention of one period', async () => {
    stage.configure([spec('Events', { RotationScheme: 'none', PurgeRotation: 1 })]);
    await expectRejected(
      'FOLDER/tables.json:5:5  [0].PurgeRotation  is 1, but must be -1 or omitted. With RotationScheme "none", the table is never deleted.',
    );
  });
});

describe('9. Of two equal keys, the first was ignored and all tables were deleted', () => {
  test('9. Rejects two `Tables`', async () => {
    const list = JSON.stringify([spec()]);
    stage.configure(`{\n"Tables": ${list},\n"Tables": []\n}`);
    await expectRejected(
      'FOLDER/tables.json:3:1  Tables  is a duplicate key. The first one is on line 2. Remove one of them.',
    );
  });

  test('9. Rejects two `PurgeRotation`', async () => {
    stage.configure(
      JSON.stringify([spec()]).replace('"PurgeRotation":2', '"PurgeRotation":14,"PurgeRotation":1'),
    );
    await expectRejected(
      'FOLDER/tables.json:1:68  [0].PurgeRotation  is a duplicate key. The first one is on line 1. Remove one of them.',
    );
  });

  test('9. Rejects two `Purge` in the settings', async () => {
    stage.configure([spec()], '{ "Defaults": {\n"Purge": { "Enabled": false },\n"Purge": {} } }');
    await expectRejected(
      'FOLDER/settings.json:3:1  Defaults.Purge  is a duplicate key. The first one is on line 2. Remove one of them.',
    );
  });

  test('9. Rejects two specs of one name', async () => {
    stage.configure([spec(), spec('Events', { PurgeRotation: 1 })]);
    const [error] = [(await stage.run('purge', '2025-11-24T03:35')).error];
    expect(error).toMatch(
      /tables\.json:\d+:5 {2}\[1\]\.TableName {2}is "Events", but \[0\] already has that name\. Each TableName must be unique\.$/,
    );
    await expectRejected(error);
  });
});

describe('14. Old start dates created hundreds of useless tables', () => {
  const wrong: [string, Json, string][] = [
    [
      'a start date',
      { StartDate: '2015-01-01' },
      'FOLDER/tables.json:21:5  [0].StartDate  is an unknown key. Valid keys here are "TableName", "RotationScheme", "PurgeRotation", "Previously", "Backfill", "Consumers", "KinesisStreamDestination", "Replicas" and "Properties".',
    ],
    [
      'a backfill beyond the retention',
      { Backfill: 400 },
      'FOLDER/tables.json:21:5  [0].Backfill  is 400, but must be at most 1, because PurgeRotation retains 2 tables, including the current one.',
    ],
    [
      'a backfill of eleven years',
      { PurgeRotation: -1, Backfill: 4000 },
      'FOLDER/tables.json:21:5  [0].Backfill  is 4000, but must be an integer from 0 to 1000.',
    ],
  ];
  test.each(wrong)('14. Rejects %s', async (_, more, message) => {
    stage.configure([spec('Events', more)]);
    await expectRejected(message);
  });

  test('14. Creates no past tables by default', async () => {
    stage.configure([spec('Events', { PurgeRotation: -1 })]);
    await stage.live('2025-11-21', '2025-11-21');
    expect(await stage.names()).toEqual(tables('production.Events', '20251121', '20251122'));
  });
});

describe('19. The config folder is empty, unreadable, or half written while it is read', () => {
  const file = (): string => join(stage.folder, 'tables.json');

  test('19. Rejects an empty folder', async () => {
    await expectRejected('FOLDER/tables.json  does not exist. Create this file with your table specs.');
  });

  test('19. Rejects a missing folder', async () => {
    rmSync(stage.folder, { recursive: true });
    await expectRejected('FOLDER  must be a folder that contains a tables.json.');
  });

  test('19. Rejects an unreadable file', async () => {
    stage.configure([spec()]);
    chmodSync(file(), 0);
    const { geteuid, seteuid } = process;
    const root = geteuid?.() === 0;
    chmodSync(stage.folder, 0o755);
    if (root) seteuid?.(65534); // root can read every file
    try {
      await expectRejected('FOLDER/tables.json  cannot be read because this user has no permission.');
    } finally {
      if (root) seteuid?.(0);
    }
  });

  test('19. Rejects an empty file, as an editor leaves it for a moment', async () => {
    stage.configure('');
    await expectRejected('FOLDER/tables.json:1:1  is empty, but must contain at least {} or [].');
  });

  test('19. Rejects a file that is cut off anywhere', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    const whole = JSON.stringify([spec('Events', { PurgeRotation: 1 })], null, 2);
    stage.aws.resetCalls();
    for (let length = 0; length < whole.length; length += 11) {
      replaceFile(file(), whole.slice(0, length));
      const { error } = await stage.send('purge', { time: '2025-11-24T03:35:00Z' });
      expect(error, whole.slice(0, length)).toMatch(/^\S+tables\.json:\d+:\d+ {2}is (empty|not valid JSON)/);
    }
    expect(stage.aws.calls.size).toBe(0);
  });

  test('19. Only schedules deletions if the settings are missing for one run, and cancels them in the next', async () => {
    const off = { Defaults: { Purge: { Enabled: false } } };
    stage.configure([spec()], off);
    await stage.live('2025-11-21', '2025-11-23');
    const before = await stage.names();
    rmSync(join(stage.folder, 'settings.json'));
    expect(done(await stage.run('purge', '2025-11-23T09:00'))).toEqual([
      'schedule-deletion production.Events.20251121 applied',
    ]);
    stage.configure([spec()], off);
    const next = await stage.run('purge', '2025-11-24T03:35');
    expect(done(next)).toContain('cancel-deletion production.Events.20251121 applied');
    expect(held(next)).toContain(
      'delete production.Events.20251121: Retention ended at 2025-11-23 00:00 UTC, but purging is disabled (Purge.Enabled is false).',
    );
    expect(await stage.names()).toEqual(before);
  });
});
