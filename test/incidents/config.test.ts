/** Incidents from the field that began with an edit of the configuration. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { done, held, type Json, openStage, type Stage, spec, tables } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** No job and no command gets as far as AWS, and each says just this, `FOLDER` being the config folder. */
async function refused(...lines: readonly string[]): Promise<void> {
  const message = lines.join('\n').replaceAll('FOLDER', stage.folder);
  const standing = await stage.names();
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
  expect(await stage.names()).toEqual(standing);
}

describe('2. A slip in a config deleted all of staging’s tables', () => {
  const WEEK = tables(
    'staging.Events',
    ...['20251115', '20251116', '20251117', '20251118', '20251119', '20251120', '20251121', '20251122'],
  );
  beforeEach(async () => {
    await stage.close();
    stage = await openStage('staging');
    stage.configure([spec('Events', { PurgeRotation: 14 })]);
    await stage.live('2025-11-15', '2025-11-21');
    expect(await stage.names()).toEqual(WEEK);
  });

  test.each<[string, unknown]>([
    ['all specs gone', []],
    ['the spec renamed', [spec('Event')]],
    ['the spec’s name in another case', [spec('events')]],
    ['another spec in its place', [spec('Clicks', { PurgeRotation: 1 })]],
  ])('2. %s: tables that are no spec’s any more are never touched', async (_, slip) => {
    stage.configure(slip);
    await stage.live('2025-11-29', '2025-12-02');
    expect(await stage.names()).toEqual(expect.arrayContaining(WEEK));
    const { stdout } = await stage.cli('status', '--at', '2025-12-02T04:00');
    expect(stdout).toContain(`8 unmanaged tables (no spec matches, never changed): ${WEEK.join(', ')}`);
  });

  test('2. Another environment’s name: it sees none of them', async () => {
    vi.stubEnv('TURNTABLE_ENVIRONMENT', 'stagin');
    const { error } = await stage.run('purge', '2025-11-22T03:35');
    expect(error).toMatch(
      /^The state table stagin\.turntable does not exist\. Deploying makes it; without a deployment: turntable init --env stagin$/,
    );
    expect(await stage.names()).toEqual(expect.arrayContaining(WEEK));
  });

  test('2. A retention of 1 in place of 14: so much of the fleet is never condemned', async () => {
    stage.configure([spec('Events', { PurgeRotation: 1 })]);
    for (const instant of ['2025-11-21T09:00', '2025-11-22T09:00']) {
      const slip = await stage.run('purge', instant);
      expect(done(slip)).toEqual([]);
      expect(slip.error).toContain('raise Purge.MaxShare until they are gone');
      if (instant < '2025-11-22')
        expect(held(slip)).toContain(
          'condemn staging.Events.20251115: Due, but 4 of 8 tables are long overdue, and Purge.MaxShare (25 %) lets 2 of them go: none does. If every PurgeRotation is right, raise Purge.MaxShare until they are gone.',
        );
    }
    expect(await stage.names()).toEqual(WEEK);
  });

  test('2. In one group of many: it loses nothing, and the others go on', async () => {
    const others = Array.from({ length: 5 }, (_, i) => spec(`Other${i}`, { PurgeRotation: 4 }));
    stage.configure([spec('Events', { PurgeRotation: 14 }), ...others]);
    await stage.live('2025-11-18', '2025-11-22');
    stage.configure([spec('Events', { PurgeRotation: 1 }), ...others]);
    const standing = (await stage.names()).filter((name) => name.startsWith('staging.Events.'));
    await stage.run('rotate', '2025-11-23T03:35');
    const slip = await stage.run('purge', '2025-11-23T03:35');
    expect(slip.error).toMatch(/Due, but 6 of 10 tables of Events are long overdue, .* lets 2 of them go/);
    expect(done(slip)).toContain('condemn staging.Other0.20251119 applied');
    await stage.run('purge', '2025-11-23T16:00');
    expect(await stage.names()).toEqual(expect.arrayContaining(standing));
    expect(await stage.names()).not.toContain('staging.Other0.20251119');
  });

  test('2. A retention of 1 in place of 14: a first look deletes nothing, and mending it pardons all', async () => {
    stage.configure([spec('Events', { PurgeRotation: 1 })], { Defaults: { Purge: { MaxShare: 100 } } });
    const slip = await stage.run('purge', '2025-11-21T09:00');
    expect(done(slip).every((line) => line.startsWith('condemn '))).toBe(true);
    const again = await stage.run('purge', '2025-11-21T20:59');
    expect(done(again)).toEqual([]);
    expect(held(again)).toContain(
      'delete staging.Events.20251115: Condemned 2025-11-21 09:00 UTC; may be deleted from 2025-11-21 21:00 UTC on.',
    );
    expect(await stage.names()).toEqual(WEEK);
    stage.configure([spec('Events', { PurgeRotation: 14 })]);
    const mended = await stage.run('purge', '2025-11-21T21:00');
    expect(mended.results.map(({ action }) => `${action.kind}: ${action.message}`)).toContain(
      'pardon: It was condemned, and the spec keeps it now.',
    );
    expect(await stage.names()).toEqual(WEEK);
  });
});

describe('5. A PurgeRotation that is no number deleted the current table', () => {
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
  ])('5. %s is refused', async (_, PurgeRotation, message) => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    stage.configure([spec('Events', { PurgeRotation })]);
    await refused(message);
    expect(await stage.names()).toEqual(
      tables('production.Events', '20251121', '20251122', '20251123', '20251124'),
    );
  });
});

describe('6. Changing the scheme deleted today’s and tomorrow’s tables', () => {
  const DAILY = tables('production.Events', '20251115', '20251116', '20251117', '20251118');
  beforeEach(async () => {
    stage.configure([spec('Events', { PurgeRotation: 7 })]);
    await stage.live('2025-11-15', '2025-11-17');
    expect(await stage.names()).toEqual(DAILY);
  });

  test('6. Daily to weekly: every daily table stays, those with weekly names as well', async () => {
    stage.configure([spec('Events', { RotationScheme: 'weekly', PurgeRotation: 1 })]);
    const runs = [
      ...(await stage.live('2025-11-18', '2025-11-19')),
      ...(await stage.live('2025-12-01', '2025-12-02')),
    ];
    expect(await stage.names()).toEqual(expect.arrayContaining(DAILY));
    expect(held(runs.at(-1)!)).toContain(
      'delete production.Events.20251117: It was made for RotationScheme daily; the spec says weekly now.',
    );
    expect(runs.flatMap(done)).toContain('create production.Events.20251201 applied');
  });

  test('6. Daily to none: every daily table stays', async () => {
    stage.configure([spec('Events', { RotationScheme: 'none', PurgeRotation: -1 })]);
    const runs = [
      ...(await stage.live('2025-11-18', '2025-11-19')),
      ...(await stage.live('2025-12-01', '2025-12-02')),
    ];
    expect(runs.flatMap(done)).toEqual(['create production.Events applied']);
    expect(await stage.names()).toEqual(['production.Events', ...DAILY]);
  });

  test('6. None, keeping one period, is refused', async () => {
    stage.configure([spec('Events', { RotationScheme: 'none', PurgeRotation: 1 })]);
    await refused(
      'FOLDER/tables.json:5:5  [0].PurgeRotation  is 1, but must be -1 or omitted. With RotationScheme "none", the table is never deleted.',
    );
  });
});

describe('9. Two keys of one name in a document: the first was lost and everything went', () => {
  test('9. Two `Tables` are refused', async () => {
    const list = JSON.stringify([spec()]);
    stage.configure(`{\n"Tables": ${list},\n"Tables": []\n}`);
    await refused(
      'FOLDER/tables.json:3:1  Tables  is a duplicate key. The first one is in line 2. Remove one of them.',
    );
  });

  test('9. Two filters, here two `PurgeRotation`, are refused', async () => {
    stage.configure(
      JSON.stringify([spec()]).replace('"PurgeRotation":2', '"PurgeRotation":14,"PurgeRotation":1'),
    );
    await refused(
      'FOLDER/tables.json:1:68  [0].PurgeRotation  is a duplicate key. The first one is in line 1. Remove one of them.',
    );
  });

  test('9. Two `Purge` in the settings, of which the first switches it off, are refused', async () => {
    stage.configure([spec()], '{ "Defaults": {\n"Purge": { "Enabled": false },\n"Purge": {} } }');
    await refused(
      'FOLDER/settings.json:3:1  Defaults.Purge  is a duplicate key. The first one is in line 2. Remove one of them.',
    );
  });

  test('9. Two specs of one name are refused', async () => {
    stage.configure([spec(), spec('Events', { PurgeRotation: 1 })]);
    const [error] = [(await stage.run('purge', '2025-11-24T03:35')).error];
    expect(error).toMatch(
      /tables\.json:\d+:5 {2}\[1\]\.TableName {2}is "Events", but \[0\] already has that name\. Each TableName must be unique\.$/,
    );
    await refused(error);
  });
});

describe('14. Old start dates created hundreds of useless tables', () => {
  const refusals: [string, Json, string][] = [
    [
      'There is no start date',
      { StartDate: '2015-01-01' },
      'FOLDER/tables.json:21:5  [0].StartDate  is an unknown key. Valid keys here are "TableName", "RotationScheme", "PurgeRotation", "Backfill" and "Properties".',
    ],
    [
      'Past tables that retention would delete again',
      { Backfill: 400 },
      'FOLDER/tables.json:21:5  [0].Backfill  is 400, but must be at most 1, because PurgeRotation retains 2 tables, including the current one.',
    ],
    [
      'Eleven years of past tables',
      { PurgeRotation: -1, Backfill: 4000 },
      'FOLDER/tables.json:21:5  [0].Backfill  is 4000, but must be an integer from 0 to 1000.',
    ],
  ];
  test.each(refusals)('14. %s: refused', async (_, more, message) => {
    stage.configure([spec('Events', more)]);
    await refused(message);
  });

  test('14. Without being told, no past table is made', async () => {
    stage.configure([spec('Events', { PurgeRotation: -1 })]);
    await stage.live('2025-11-21', '2025-11-21');
    expect(await stage.names()).toEqual(tables('production.Events', '20251121', '20251122'));
  });
});

describe('19. The config folder is empty, unreadable, or half written while it is read', () => {
  const file = (): string => join(stage.folder, 'tables.json');

  test('19. Empty', async () => {
    await refused('FOLDER/tables.json  does not exist. Create this file with your table specs.');
  });

  test('19. Gone', async () => {
    rmSync(stage.folder, { recursive: true });
    await refused('FOLDER  must be a folder that contains a tables.json.');
  });

  test('19. Unreadable', async () => {
    stage.configure([spec()]);
    chmodSync(file(), 0);
    const { geteuid, seteuid } = process;
    const root = geteuid?.() === 0;
    chmodSync(stage.folder, 0o755);
    if (root) seteuid?.('nobody'); // nothing is unreadable to root
    try {
      await refused('FOLDER/tables.json  cannot be read because this user has no permission.');
    } finally {
      if (root) seteuid?.(0);
    }
  });

  test('19. An empty file, as an editor leaves it for a moment', async () => {
    stage.configure('');
    await refused('FOLDER/tables.json:1:1  is empty, but must contain at least {} or [].');
  });

  test('19. Cut off anywhere', async () => {
    stage.configure([spec()]);
    await stage.live('2025-11-21', '2025-11-23');
    const whole = JSON.stringify([spec('Events', { PurgeRotation: 1 })], null, 2);
    stage.aws.resetCalls();
    for (let length = 0; length < whole.length; length += 11) {
      writeFileSync(file(), whole.slice(0, length));
      const { error } = await stage.send('purge', { time: '2025-11-24T03:35:00Z' });
      expect(error, whole.slice(0, length)).toMatch(/^\S+tables\.json:\d+:\d+ {2}is (empty|not valid JSON)/);
    }
    expect(stage.aws.calls.size).toBe(0);
  });

  test('19. Settings that are away for one run give nothing up: a first look, and a pardon by the next', async () => {
    const off = { Defaults: { Purge: { Enabled: false } } };
    stage.configure([spec()], off);
    await stage.live('2025-11-21', '2025-11-23');
    const standing = await stage.names();
    rmSync(join(stage.folder, 'settings.json'));
    expect(done(await stage.run('purge', '2025-11-23T09:00'))).toEqual([
      'schedule-deletion production.Events.20251121 applied',
    ]);
    stage.configure([spec()], off);
    const next = await stage.run('purge', '2025-11-24T03:35');
    expect(done(next)).toContain('cancel-deletion production.Events.20251121 applied');
    expect(held(next)).toContain(
      'delete production.Events.20251121: Expired since 2025-11-23 00:00 UTC, but purging is switched off.',
    );
    expect(await stage.names()).toEqual(standing);
  });
});
