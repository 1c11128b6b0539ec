/** Runs the command line in separate processes against the embedded AWS. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { begin, turntable } from '../support/cli.ts';
import { virtualDateEnv } from '../support/virtual-date.ts';

const CONFIG = 'test/fixtures/e2e/config';
/** In the past of every wall clock, because apply rejects the future. */
const AT = '2025-11-21T09:00:00Z';
const common = ['--config', CONFIG, '--env', 'production'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('without AWS', () => {
  test('lists the tables that should exist', async () => {
    const { code, stdout } = await turntable(['tables', ...common, '--at', AT]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'TABLE                      PHASE     FROM                  TO                    READ/S  WRITE/S',
        'production.Flags.20251120  outdated  2025-11-20 00:00 UTC  2025-11-21 00:00 UTC       2        2',
        'production.Flags.20251121  active    2025-11-21 00:00 UTC  2025-11-22 00:00 UTC       5        5',
        'production.Flags.20251122  upcoming  2025-11-22 00:00 UTC  2025-11-23 00:00 UTC       5        5',
        '',
      ].join('\n'),
    );
  });

  test('lists the tables as JSON with --json', async () => {
    const { stdout } = await turntable(['tables', ...common, '--at', AT, '--json']);
    expect(JSON.parse(stdout)[1]).toEqual({
      name: 'production.Flags.20251121',
      group: 'Flags',
      period: { start: '2025-11-21T00:00:00.000Z', end: '2025-11-22T00:00:00.000Z' },
      phase: 'active',
      readCapacityUnits: 5,
      writeCapacityUnits: 5,
    });
  });

  test('resolve prints only the table name', async () => {
    const { code, stdout, stderr } = await turntable(['resolve', 'Flags', ...common]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^production\.Flags\.\d{8}\n$/);
  });

  test.each([
    ['2025-11-22', '20251122', 'is past its retention, so purge might have deleted it.', 'expired'],
    ['2125-11-22', '21251122', 'is not due yet. Rotate creates it later.', 'future'],
  ])('resolve warns of a table that should not exist today: %s', async (at, day, warning, status) => {
    const name = `production.Flags.${day}`;
    const plain = await turntable(['resolve', 'Flags', ...common, '--at', at]);
    expect(plain).toEqual({ code: 0, stdout: `${name}\n`, stderr: `Warning: ${name} ${warning}\n` });
    const { stdout } = await turntable(['resolve', 'Flags', ...common, '--at', at, '--json']);
    expect(JSON.parse(stdout)).toEqual({ group: 'Flags', at: `${at}T00:00:00.000Z`, name, status });
  });

  test('validate lists the specs and environments', async () => {
    const { code, stdout } = await turntable(['validate', ...common]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'Valid. 1 spec: Flags (daily). settings.json lists no environments. production uses the defaults.\n',
    });
  });

  test('uses environment dev by default', async () => {
    const at = ['--config', CONFIG, '--at', AT];
    expect((await turntable(['resolve', 'Flags', ...at])).stdout).toBe('dev.Flags.20251121\n');
    const staging = { TURNTABLE_ENVIRONMENT: 'staging' };
    expect((await turntable(['resolve', 'Flags', ...at], staging)).stdout).toBe('staging.Flags.20251121\n');
    expect((await turntable(['resolve', 'Flags', ...at, '--env', 'x'], staging)).stdout).toBe(
      'x.Flags.20251121\n',
    );
  });
});

describe('exits with 2 and a hint on bad input, without calling AWS', () => {
  test.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['planx'], /Did you mean plan\?/],
    [
      ['plan', '--at', 'tomorrow'],
      /--at "tomorrow" is not a valid time between the years 2000 and 8999\. Use a form such as 2026-11-21 or 2026-11-21T06:00:00Z\./,
    ],
    [['plan', '--at', '2026-02-30'], /is not a valid time/],
    [['plan', '--env', 'pre.production'], /environment "pre.production"/],
    [['plan', '--config', 'nowhere'], /nowhere {2}must be a folder that contains a tables\.json\./],
    [['resolve', 'Falgs', '--config', CONFIG], /Unknown group "Falgs"\. Known groups: Flags\./],
    [
      ['resolve', 'Flags', '--config', CONFIG, '--next', '--from', '2026-11-19'],
      /--next cannot be combined with --from or --to\./,
    ],
    [['resolve', 'Flags', '--config', CONFIG, '--newest-first'], /--newest-first requires a range\./],
    [
      ['resolve', 'Flags', '--config', CONFIG, '--from', '2026-11-21', '--to', '2026-11-19'],
      /--from "2026-11-21" is after --to "2026-11-19"\./,
    ],
    [['resolve'], /missing required argument 'group'/],
    [
      ['apply', 'package.json'],
      /package\.json is not a valid plan\. To create a plan: turntable plan --out FILE/,
    ],
    [['apply', 'missing.json'], /Could not read a plan from missing\.json/],
    [['daemon', '--at', '2025-11-21', '--config', CONFIG], /daemon does not accept --at\./],
    [['apply', '--yes', '--config', CONFIG], /credentials|region|AWS/i],
  ])('%j', async (args, message) => {
    const { code, stderr } = await turntable(args, { AWS_EC2_METADATA_DISABLED: 'true' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(args[0] === 'apply' && args[1] === '--yes' ? 1 : 2);
  });

  test('validate --json prints the problems as data', async () => {
    writeFileSync(
      join(folder, 'tables.json'),
      '[{"TableName": "X", "RotationScheme": "dayly", "Properties": {}}]',
    );
    const { code, stdout } = await turntable(['validate', '--config', folder, '--json']);
    const { valid, problems } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(valid).toBe(false);
    expect(problems[0]).toMatchObject({ line: 1, path: '[0].RotationScheme' });
  });
});

describe('against AWS', () => {
  let now: number;
  let aws: EmbeddedAws;
  const env = () => ({ ...aws.env, ...virtualDateEnv(now) });
  const run = (...args: string[]) => turntable([...args, ...common], env());
  const runAt = (...args: string[]) => run(...args, '--at', new Date(now).toISOString());

  beforeEach(async () => {
    now = Date.parse(AT);
    aws = await startEmbeddedAws({ now: () => now, createTableMs: 10, updateTableMs: 10, deleteTableMs: 10 });
  });
  afterEach(() => aws.close());

  test('plans and applies changes, then plans none, and status shows the tables', async () => {
    expect((await run('init')).stdout).toBe('Created the state table production.turntable.\n');
    expect((await run('init')).stdout).toBe('The state table production.turntable already exists.\n');

    const plan = await runAt('plan', '--detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.stdout).toBe(
      [
        'production, as of 2025-11-21 09:00 UTC:',
        '',
        '  Flags',
        '    +  production.Flags.20251121  create        Its period began 2025-11-21 00:00 UTC and it is missing. 5 reads/s, 5 writes/s. [missing]',
        '    +  production.Flags.20251122  create        Its period begins 2025-11-22 00:00 UTC. 5 reads/s, 5 writes/s. [missing]',
        '    ~  production.Flags.20251121  time-to-live  Items expire by ExpiresAt. [settings-differ]',
        '    ~  production.Flags.20251122  time-to-live  Items expire by ExpiresAt. [settings-differ]',
        '',
        'Plan: 2 to create, 2 to change, 0 to delete.',
        '',
      ].join('\n'),
    );

    const applied = await runAt('apply', '--yes');
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toMatch(/\[4\/4\] ✓ time-to-live/);
    expect(applied.stdout).toMatch(/4 applied, 0 failed, 0 skipped\.\n$/);
    expect(applied.code).toBe(0);

    const again = await runAt('plan', '--detailed-exitcode');
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(
      'No changes. The tables of production match the configuration, as of 2025-11-21 09:00 UTC.\n',
    );

    const status = await runAt('status');
    expect(status.stdout).toMatch(
      /production\.Flags\.20251121 {2}active {4}ACTIVE {5}0\/5 {6}0\/5 {3}0 B {7}2\.81 {2}0 s {2}ends 2025-11-22 00:00 UTC/,
    );
    const json = JSON.parse((await runAt('status', '--json')).stdout);
    expect(json.tables).toHaveLength(2);
    expect(json.unmanaged).toEqual([]);
  });

  test('apply FILE applies exactly that plan', async () => {
    await run('init');
    aws.resetCalls();
    const file = join(folder, 'plan.json');
    expect((await runAt('plan', '--out', file)).stdout).toContain(`turntable apply ${file}`);
    expect(await run('apply', file)).toMatchObject({ code: 0, stderr: '' });
    expect([...aws.calls.keys()]).toContain('CreateTable');
  });

  test('apply FILE rejects a stale plan and changes nothing', async () => {
    await run('init');
    const file = join(folder, 'plan.json');
    await runAt('plan', '--out', file);
    await runAt('apply', '--yes');
    aws.resetCalls();
    const refused = await run('apply', file);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toBe(
      'Error: Nothing was applied. The world is not the one that was planned for. Review a new `turntable plan`.\n',
    );
    expect([...aws.calls.keys()]).not.toContain('CreateTable');
  });

  test('apply rejects a future time, which plan accepts', async () => {
    await run('init');
    aws.resetCalls();
    const ahead = new Date(now + 26 * 3_600_000 + 30_000).toISOString();
    const rejected = `Error: apply rejects a future time: ${ahead.slice(0, 16).replace('T', ' ')} UTC is 1 day 2 hours ahead. To preview it, use \`turntable plan --at\`.\n`;
    expect(await run('apply', '--yes', '--at', ahead)).toEqual({ code: 2, stdout: '', stderr: rejected });
    const file = join(folder, 'plan.json');
    expect((await run('plan', '--at', ahead, '--out', file)).code).toBe(0);
    expect(await run('apply', file)).toEqual({ code: 2, stdout: '', stderr: rejected });
    expect([...aws.calls.keys()]).not.toContain('CreateTable');
  });

  test('apply FILE prints and changes nothing before it has verified the plan', async () => {
    await run('init');
    const file = join(folder, 'plan.json');
    const ahead = await run('plan', '--out', file, '--at', '2999-01-01T00:00:00Z');
    expect(ahead.stdout).toContain(`Wrote ${file} for preview only: apply rejects a plan for a future time.`);
    const useful = await runAt('plan', '--out', file);
    expect(useful.stdout).toContain(`To apply exactly this plan within one hour: turntable apply ${file}`);
    await runAt('apply', '--yes');
    const idle = await runAt('plan', '--out', file);
    expect(idle.stdout).toContain(`Wrote ${file}. The plan has no changes to apply.`);
    const empty = JSON.parse(readFileSync(file, 'utf8'));
    expect(await run('apply', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No changes.'),
    });
    const held = {
      ...empty,
      holds: [{ kind: 'read', job: 'scale', group: 'x', table: '\u001b[2J', reason: 'cap', message: '' }],
    };
    writeFileSync(file, JSON.stringify(held));
    expect((await run('apply', file)).stdout).not.toContain('\u001b');
    for (const wrong of [
      { jobs: [] },
      { madeAt: 'nonsense' },
      { madeAt: '2025-02-30T00:00:00Z' },
      { environment: 'a\u001b[2J' },
    ]) {
      writeFileSync(file, JSON.stringify({ ...empty, ...wrong }));
      expect(await turntable(['apply', file, '--config', CONFIG], env())).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('is not a valid plan'),
      });
    }
    for (const wrong of [{ fingerprint: '0'.repeat(16) }, { madeAt: '2999-01-01T00:00:00.000Z' }]) {
      writeFileSync(file, JSON.stringify({ ...empty, ...wrong }));
      expect(await run('apply', file)).toMatchObject({ code: 1, stdout: '' });
    }
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'apply starts no further action on %s and releases its leases',
    async (signal) => {
      await run('init');
      const fault = { type: 'LimitExceededException', message: 'Too many at once.', status: 400 };
      let applying: ReturnType<typeof begin> | undefined;
      aws.intercept = (operation, { TableName }) => {
        if (operation !== 'CreateTable' || TableName !== 'production.Flags.20251122') return undefined;
        // The SDK retries the call, and a second signal would end the process.
        applying?.kill(signal);
        applying = undefined;
        return fault;
      };
      const child = begin(['apply', '--yes', ...common, '--at', AT], env());
      applying = child;
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Stopping after the current action\. Press Ctrl-C again to exit immediately\./);
      expect(stdout).toMatch(/✗ create production\.Flags\.20251122 {2}Too many at once\./);
      expect(stdout).toMatch(/- time-to-live production\.Flags\.20251122 {2}Its table could not be made\./);
      expect(stdout).toMatch(/1 failed, [12] skipped\.\n$/);
      delete aws.intercept;
      expect(await runAt('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
    },
    60_000,
  );

  test('apply FILE rejects a plan that was edited, is old, or is for another environment', async () => {
    await run('init');
    aws.resetCalls();
    const file = join(folder, 'plan.json');
    await runAt('plan', '--out', file);
    const plan = JSON.parse(readFileSync(file, 'utf8'));
    const edited = { ...plan, actions: plan.actions.slice(1) };
    writeFileSync(file, JSON.stringify(edited));
    expect((await run('apply', file)).stderr).toContain('The world is not the one that was planned for.');
    writeFileSync(file, JSON.stringify({ ...plan, madeAt: '2025-01-01T00:00:00.000Z' }));
    expect((await run('apply', file)).stderr).toContain('more than an hour old');
    writeFileSync(file, JSON.stringify({ ...plan, environment: 'staging' }));
    expect(await run('apply', file)).toMatchObject({
      code: 2,
      stderr: 'Error: The plan is for environment staging, but --env is production.\n',
    });
    expect([...aws.calls.keys()]).not.toContain('CreateTable');
  });

  test('rotate creates the missing tables, then nothing', async () => {
    await run('init');
    const first = await runAt('rotate');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/rotate done: 4 applied, 0 failed or skipped, 0 held\.\n/);
    expect((await runAt('rotate')).stdout).toMatch(/rotate done: 0 applied, 0 failed or skipped, 0 held\.\n/);
    expect(await run('rotate', '--at', '2999-01-01')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rotate rejects a future time'),
    });
  });

  test('apply changes nothing if it cannot prompt', async () => {
    await run('init');
    const { code, stderr } = await runAt('apply');
    expect(code).toBe(2);
    expect(stderr).toBe('Error: Cannot prompt for approval. Use --yes, or pass a plan file.\n');
  });

  test('reports a missing state table and the command that creates it', async () => {
    const { code, stderr } = await runAt('apply', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('turntable init --env production');
  });

  test('daemon runs the jobs and stops cleanly on SIGTERM', async () => {
    await run('init');
    now = Date.now();
    const daemon = begin(['daemon', '--json', ...common], aws.env);
    const lines: Record<string, unknown>[] = [];
    let rest = '';
    const rotated = new Promise<void>((resolve) => {
      daemon.stdout.on('data', (chunk) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.map((line) => JSON.parse(line)));
        if (lines.some(({ job }) => job === 'rotate')) resolve();
      });
    });
    await rotated;
    daemon.kill('SIGTERM');
    const [code] = await once(daemon, 'exit');
    expect(code).toBe(0);
    expect(lines.find(({ job }) => job === 'rotate')).toMatchObject({
      outcome: 'done',
      environment: 'production',
    });
    expect(lines.at(-1)).toMatchObject({ event: 'stopped' });
  });
});
