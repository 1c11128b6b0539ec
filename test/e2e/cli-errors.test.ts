/** Errors with --json, exit codes, and the error of a mistyped environment. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CliOnAws, CONFIG, ownFolder } from '../support/cli-on-aws.ts';
import { runHere } from '../support/in-process.ts';

const folder = ownFolder();
const cli = new CliOnAws();
const { run, runAt } = cli;

const bad: [string[], string][] = [
  [['plan', '--at', 'tomorrow'], 'invalid-input'],
  [['plan', '--unknown'], 'invalid-input'],
  [['resolve', 'Falgs', '--config', CONFIG], 'invalid-input'],
  [['plan', '--config', 'nowhere'], 'invalid-configuration'],
];

describe('with --json', () => {
  test.each(bad)('%j is one line of JSON on standard error', async (args, code) => {
    const { stdout, stderr, ...ran } = await runHere([...args, '--json']);
    expect({ ...ran, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.any(String) });
    expect(error.message).not.toMatch(/^error:/);
  });

  test('a failed call has the code of its failure', async () => {
    const { code, stderr } = await run('suspend', 'purging', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not-found',
        exitCode: 1,
        message:
          'The state table production.turntable does not exist. A deployment creates it. Without a deployment, run `turntable init --env production`.',
      },
    });
  });

  test('an invalid configuration has its problems with their places', async () => {
    writeFileSync(
      join(folder(), 'tables.json'),
      '[{"TableName": "X", "RotationScheme": "dayly", "Properties": {}}]',
    );
    const { stderr } = await runHere(['plan', '--config', folder(), '--json']);
    expect(JSON.parse(stderr).error.problems[0]).toMatchObject({ line: 1, path: '[0].RotationScheme' });
  });

  test('every time is in ISO 8601', async () => {
    await run('init');
    const printed = [
      await runAt('plan', '--json'),
      await runAt('apply', '--yes', '--json'),
      await runAt('status', '--json'),
      await runAt('suspend', 'all', '--for', '1h', '--json'),
      await runAt('resume', 'all', '--json'),
      await runAt('rotate', '--json'),
      await runAt('tables', '--json'),
      await runAt('adopt', 'Flags', '--json'),
    ];
    const since2001 = 1e12;
    const numbers = (value: unknown): number[] =>
      typeof value === 'number'
        ? [value]
        : value instanceof Object
          ? Object.values(value).flatMap(numbers)
          : [];
    for (const { code, stdout } of printed) {
      expect(code).toBe(0);
      const json = JSON.parse(stdout);
      expect(Math.max(0, ...numbers(json))).toBeLessThan(since2001);
      expect(stdout).not.toMatch(/"\d{4}-\d\d-\d\d \d\d:\d\d UTC"/);
    }
  });
});

describe('plan --detailed-exitcode', () => {
  test('exits with 2 for pending changes only', async () => {
    expect((await runAt('plan', '--detailed-exitcode')).code).toBe(2);
    for (const [args] of bad.filter(([[command]]) => command === 'plan'))
      expect((await runHere([...args, '--detailed-exitcode'])).code).toBe(1);
  });
});

test('an unknown option has its problem as JSON', async () => {
  const { code, stderr } = await runHere(['plan', '--nonsense', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stderr).error.problems).toEqual(["unknown option '--nonsense'"]);
});

describe('a mistyped environment', () => {
  const listing = (): string[] => {
    mkdirSync(join(folder(), 'listed'), { recursive: true });
    writeFileSync(join(folder(), 'listed/tables.json'), '[]');
    writeFileSync(join(folder(), 'listed/settings.json'), '{ "Environments": { "production": {} } }');
    return ['--config', join(folder(), 'listed')];
  };

  test.each([['suspend', 'purging'], ['resume', 'purging'], ['cancel-deletion', '--all'], ['daemon']])(
    'is asked about by %s, which does not offer to create it',
    async (...args) => {
      const { code, stderr } = await runHere([...args, ...listing(), '--env', 'prodution']);
      expect(code).toBe(1);
      expect(stderr).toContain(
        'The state table prodution.turntable does not exist. settings.json does not list the environment prodution. Did you mean production?',
      );
      expect(stderr).not.toContain('init');
    },
  );

  test('is asked about by doctor, whose cure does not create it', async () => {
    const { code, stdout } = await runHere(['doctor', ...listing(), '--env', 'prodution']);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Did you mean production? Cure: Use --env production. If prodution is correct, add it to Environments in settings.json.',
    );
    expect(stdout).not.toContain('init');
  });

  test('that is similar to none can be created', async () => {
    const { stderr } = await runHere(['suspend', 'purging', ...listing(), '--env', 'feature-x']);
    expect(stderr).toContain('turntable init --env feature-x --config');
  });
});
