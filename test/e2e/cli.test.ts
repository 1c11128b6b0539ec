/** The command line without AWS. Some commands run as processes, as people start them, and the others in this process. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SOURCE, turntable } from '../support/cli.ts';
import { AT, CONFIG, common, ownFolder } from '../support/cli-on-aws.ts';
import { runHere } from '../support/in-process.ts';

const folder = ownFolder();

afterEach(() => vi.unstubAllEnvs());

describe('without AWS', () => {
  test('lists the tables that should exist', async () => {
    const { code, stdout } = await turntable(['tables', ...common, '--at', AT]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'production, as of 2025-11-21 09:00 UTC: 3 tables, 12 reads/s, 12 writes/s in 1',
        'group.',
        '',
        'production.Flags: 3 tables, 12 reads/s, 12 writes/s',
        '  PERIOD    PHASE     FROM (UTC)        TO (UTC)          READ/S  WRITE/S',
        '  20251120  outdated  2025-11-20 00:00  2025-11-21 00:00       2        2',
        '  20251121  active    2025-11-21 00:00  2025-11-22 00:00       5        5',
        '  20251122  upcoming  2025-11-22 00:00  2025-11-23 00:00       5        5',
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

  test('runs from its source, as in a clone', async () => {
    const args = ['resolve', 'Flags', ...common, '--at', AT];
    const resolved = { code: 0, stdout: 'production.Flags.20251121\n' };
    expect(await turntable(args, {}, SOURCE)).toMatchObject(resolved);
    expect(await turntable(args)).toMatchObject(resolved);
  });

  test('resolve prints only the table name', async () => {
    const { code, stdout, stderr } = await runHere(['resolve', 'Flags', ...common]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^production\.Flags\.\d{8}\n$/);
  });

  test.each([
    ['2025-11-22', '20251122', 'is past its retention, so purge might have deleted it.', 'expired'],
    ['2125-11-22', '21251122', 'is not due yet. Rotate creates it later.', 'future'],
  ])('resolve warns of a table that should not exist today: %s', async (at, day, warning, status) => {
    const name = `production.Flags.${day}`;
    const plain = await runHere(['resolve', 'Flags', ...common, '--at', at]);
    expect(plain).toEqual({ code: 0, stdout: `${name}\n`, stderr: `Warning: ${name} ${warning}\n` });
    const { stdout } = await runHere(['resolve', 'Flags', ...common, '--at', at, '--json']);
    expect(JSON.parse(stdout)).toEqual({ group: 'Flags', at: `${at}T00:00:00.000Z`, name, status });
  });

  test('validate lists the specs and environments', async () => {
    const { code, stdout } = await runHere(['validate', ...common]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'Valid. 1 spec: Flags (daily). settings.json lists no environments. production uses the defaults.\nMetrics that a deployment sends to CloudWatch: 10 in production (at most USD 3.00 per month).\n',
    });
  });

  test('validate accepts the settings.json that it suggests, and an empty one lists no environments', async () => {
    const settings = join(folder(), 'settings.json');
    const from = ['--config', folder(), '--env', 'production'];
    const firstLine = async () => `${(await runHere(['validate', ...from])).stdout.split('\n')[0]}\n`;
    copyFileSync(join(CONFIG, 'tables.json'), join(folder(), 'tables.json'));
    const stdout = await firstLine();
    expect(stdout).toBe(
      'Valid. 1 spec: Flags (daily). There is no settings.json, so production uses the defaults. To list environments, create that file: {"Environments": {"production": {}}}\n',
    );
    writeFileSync(settings, stdout.split('create that file: ')[1]!);
    expect(await firstLine()).toBe('Valid. 1 spec: Flags (daily). Environments: production.\n');
    writeFileSync(settings, '{}');
    expect(await firstLine()).toBe(
      'Valid. 1 spec: Flags (daily). settings.json lists no environments. production uses the defaults.\n',
    );
    rmSync(settings);
  });

  test('validate names the first specs of many', async () => {
    const [spec] = JSON.parse(readFileSync(join(CONFIG, 'tables.json'), 'utf8'));
    const many = Array.from({ length: 22 }, (_, i) => ({ ...spec, TableName: `G${i}` }));
    writeFileSync(join(folder(), 'tables.json'), JSON.stringify(many));
    const { stdout } = await runHere(['validate', '--config', folder(), '--env', 'production']);
    expect(stdout).toMatch(/^Valid\. 22 specs: G0 \(daily\), .*, G19 \(daily\) and 2 more\. /);
  });

  test('validate says what metrics cost in each environment, by the settings and the prices', async () => {
    const tables = readFileSync(join(CONFIG, 'tables.json'), 'utf8');
    writeFileSync(join(folder(), 'tables.json'), tables);
    writeFileSync(join(folder(), 'prices.json'), JSON.stringify({ CustomMetric: 0.5 }));
    const Environments = {
      production: { Metrics: { By: ['group', 'phase'] } },
      test: { Metrics: { Enabled: false } },
    };
    writeFileSync(join(folder(), 'settings.json'), JSON.stringify({ Environments }));
    const { stdout } = await runHere(['validate', '--config', folder(), '--env', 'production']);
    expect(stdout).toContain(
      'Metrics that a deployment sends to CloudWatch: 21 in production (at most USD 10.50 per month), 0 in test (at most USD 0.00 per month).',
    );
    const { stdout: json } = await runHere(['validate', '--config', folder(), '--json', '--env', 'test']);
    expect(JSON.parse(json).metrics).toEqual([
      { environment: 'production', count: 21, usdPerMonth: 10.5 },
      { environment: 'test', count: 0, usdPerMonth: 0 },
    ]);
  });

  test('uses environment dev by default', async () => {
    const at = ['--config', CONFIG, '--at', AT];
    expect((await runHere(['resolve', 'Flags', ...at])).stdout).toBe('dev.Flags.20251121\n');
    vi.stubEnv('TURNTABLE_ENVIRONMENT', 'staging');
    expect((await runHere(['resolve', 'Flags', ...at])).stdout).toBe('staging.Flags.20251121\n');
    expect((await runHere(['resolve', 'Flags', ...at, '--env', 'x'])).stdout).toBe('x.Flags.20251121\n');
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
  ])('%j', async (args, message) => {
    const { code, stderr } = await runHere(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(2);
  });

  test.each([
    [['plan', '--at', 'tomorrow'], 2, /is not a valid time/],
    [['apply', '--yes', '--config', CONFIG], 1, /credentials|region|AWS/i],
  ])('in a process: %j', async (args, exitCode, message) => {
    const { code, stderr } = await turntable(args, { AWS_EC2_METADATA_DISABLED: 'true' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(exitCode);
  });

  test('validate --json prints the problems as data', async () => {
    writeFileSync(
      join(folder(), 'tables.json'),
      '[{"TableName": "X", "RotationScheme": "dayly", "Properties": {}}]',
    );
    const { code, stdout } = await runHere(['validate', '--config', folder(), '--json']);
    const { valid, problems } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(valid).toBe(false);
    expect(problems[0]).toMatchObject({ line: 1, path: '[0].RotationScheme' });
  });
});
