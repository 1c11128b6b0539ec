/** The commands that suspend jobs and cancel deletions, with the SDK on the embedded AWS. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { capitalized } from '../../src/core/text.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { awsPorts } from '../../src/runtime.ts';
import { runHere } from '../support/in-process.ts';
import { at, HOUR } from '../support/specs.ts';
import { virtualDate } from '../support/virtual-date.ts';

const CONFIG = join(import.meta.dirname, '../fixtures/e2e/config');

let now: number;
let aws: EmbeddedAws;
beforeEach(async () => {
  now = at('2025-11-21T09:00');
  aws = await startEmbeddedAws({ now: () => now, createTableMs: 1, updateTableMs: 1, deleteTableMs: 1 });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_CONFIG', CONFIG);
  vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production');
  virtualDate(() => now);
  await awsPorts('production').state.initialize();
  aws.resetCalls();
});
afterEach(async () => {
  await aws.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const run = (...args: string[]) => runHere(args);
const runAt = (...args: string[]) => runHere([...args, '--at', new Date(now).toISOString()]);

describe('suspend and resume', () => {
  const line =
    'Purging is suspended until 2025-11-24 09:00 UTC: audit. To resume: turntable resume purging --env production';

  test('show a suspension in plan and status until it is resumed', async () => {
    expect(await runAt('suspend', 'purging', '--for', '3d', '--reason', 'audit')).toEqual({
      code: 0,
      stdout: `${line}\n`,
      stderr: '',
    });
    const suspensions = [
      {
        what: 'purging',
        since: '2025-11-21T09:00:00.000Z',
        until: '2025-11-24T09:00:00.000Z',
        reason: 'audit',
        by: 'arn:aws:iam::000000000000:user/embedded',
      },
    ];
    for (const view of ['plan', 'status']) {
      expect((await runAt(view)).stdout).toContain(
        `! ${line.replace('To resume', 'It has been suspended since 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded. To resume')}`,
      );
      expect(JSON.parse((await runAt(view, '--json')).stdout)).toMatchObject({ suspensions });
    }
    expect((await run('resume', 'purging')).stdout).toBe(
      'Purging in production resumes with the next run. It cancels the deletions that were scheduled before. Tables that are still due start a new waiting period.\n',
    );
    for (const view of ['plan', 'status']) expect((await runAt(view)).stdout).not.toContain('suspended');
  });

  test('show the suspension that a second one replaces, and who set it', async () => {
    await runAt('suspend', 'purging', '--for', '3d', '--reason', 'audit');
    now += HOUR;
    const again = await runAt('suspend', 'all', '--reason', 'bad deploy');
    expect(again.stdout.split('\n')).toEqual([
      'Purging is suspended: bad deploy. To resume: turntable resume purging --env production',
      'This replaces an earlier suspension: Purging is suspended until 2025-11-24 09:00 UTC: audit. It has been suspended since 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded.',
      'Lowering is suspended: bad deploy. To resume: turntable resume lowering --env production',
      '',
    ]);
    expect((await runAt('plan')).stdout.match(/is suspended: bad deploy/g)).toHaveLength(2);
    expect((await runAt('resume', 'all', '--json')).stdout).toBe(
      '[{"what":"purging","suspended":false},{"what":"lowering","suspended":false}]\n',
    );
    expect((await runAt('plan')).stdout).not.toContain('suspended');
  });

  test('say that purge stays off by Purge.Enabled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'turntable-purge-off-'));
    cpSync(CONFIG, folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), '{ "Defaults": { "Purge": { "Enabled": false } } }');
    await runAt('suspend', 'purging');
    const resumed = await runAt('resume', 'purging', '--config', folder);
    expect(resumed.stdout).toMatch(
      /Purge\.Enabled is false in settings\.json, so purge deletes none of these tables until that is true\.\n$/,
    );
    const { stdout } = await runAt('resume', 'purging', '--config', folder, '--json');
    expect(JSON.parse(stdout)).toEqual({ what: 'purging', suspended: false, purgeDisabledFor: ['Flags'] });
    rmSync(folder, { recursive: true });
  });

  test.each(['purging', 'lowering'])('write nothing if %s is not suspended', async (activity) => {
    await runAt('suspend', activity, '--for', '1h');
    now += 2 * HOUR;
    aws.resetCalls();
    expect(await run('resume', activity)).toEqual({
      code: 0,
      stdout: `${capitalized(activity)} in production is not suspended. Nothing was changed.\n`,
      stderr: '',
    });
    expect([...aws.calls.keys()]).toEqual(['Query']);
  });

  test('print times in ISO 8601 as JSON', async () => {
    const { stdout } = await runAt('suspend', 'purging', '--for', '3d', '--json');
    expect(JSON.parse(stdout)).toEqual({
      what: 'purging',
      since: '2025-11-21T09:00:00.000Z',
      until: '2025-11-24T09:00:00.000Z',
      by: 'arn:aws:iam::000000000000:user/embedded',
    });
  });

  test('work with an invalid configuration', async () => {
    vi.stubEnv('TURNTABLE_CONFIG', '/nowhere');
    expect(await run('suspend', 'lowering')).toMatchObject({ code: 0 });
    expect(await run('resume', 'lowering', '--json')).toMatchObject({
      code: 0,
      stdout: '{"what":"lowering","suspended":false}\n',
    });
  });

  test.each<[string, string[], string]>([
    ['another job', ['scaling'], "value 'scaling' is invalid"],
    ['a duration of zero', ['purging', '--for', '0d'], '--for "0d" is not a valid duration'],
    ['an excessive duration', ['purging', '--for', '99999w'], '--for "99999w" is not a valid duration'],
    ['a future time', ['purging', '--at', '2125-01-01'], 'suspend rejects a future time'],
    ['an invalid environment', ['purging', '--env', 'a.b'], '--env "a.b" must consist of 1 to 64 letters'],
  ])('reject %s without calling AWS', async (_, args, message) => {
    const { code, stderr } = await run('suspend', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(aws.calls.size).toBe(0);
  });
});

describe('cancel-deletion', () => {
  const schedule = (table: string) =>
    awsPorts('production').state.scheduleDeletion({ table, createdAt: 1, scheduledAt: 2 });
  const scheduled = async () =>
    (await awsPorts('production').state.scheduledDeletions()).map(({ table }) => table).sort();

  test('cancels only the deletions that are named', async () => {
    for (const table of ['a', 'b', 'c']) await schedule(table);
    expect((await run('cancel-deletion', 'a', 'c')).stdout).toMatch(
      /^Deletion canceled: a\.\nDeletion canceled: c\.\nTables still due /,
    );
    expect(await scheduled()).toEqual(['b']);
  });

  test('cancels every deletion with --all', async () => {
    for (const table of ['a', 'b']) await schedule(table);
    expect((await run('cancel-deletion', '--all', '--json')).stdout).toBe('{"canceled":["a","b"]}\n');
    expect((await run('cancel-deletion', '--all')).stdout).toBe('No deletion is scheduled.\n');
  });

  test.each<[string, string[], string]>([
    ['neither a table nor --all', [], 'Name the tables whose deletion to cancel, or use --all.'],
    ['both a table and --all', ['a', '--all'], 'Name the tables whose deletion to cancel, or use --all.'],
    [
      'a table without a scheduled deletion',
      ['a', 'x'],
      'No deletion is scheduled for x. Scheduled: a. Nothing was changed.',
    ],
  ])('rejects %s', async (_, args, message) => {
    await schedule('a');
    const { code, stderr } = await run('cancel-deletion', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await scheduled()).toEqual(['a']);
  });
});
