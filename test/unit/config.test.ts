/** Every invalid configuration under test/fixtures/bad is rejected with exactly the lines of its expected.txt. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import settings from '../../schemas/settings.schema.json' with { type: 'json' };
import tables from '../../schemas/tables.schema.json' with { type: 'json' };
import { ConfigError, loadConfig, readConfig } from '../../src/config/index.ts';
import { RENEW } from '../support/golden.ts';

const BAD = 'test/fixtures/bad';
const cases = readdirSync(BAD).sort();

const scratch = mkdtempSync(join(tmpdir(), 'turntable-config-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function rejection(folder: string, environment = 'production'): ConfigError {
  try {
    loadConfig(folder, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`${folder} is a valid configuration.`);
}

describe('an invalid configuration', () => {
  test('has at least 120 examples', () => expect(cases.length).toBeGreaterThanOrEqual(120));

  test.each(cases)('is rejected with every problem: %s', (name) => {
    const folder = join(BAD, name);
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8');
    expect(`${rejection(folder).message.replaceAll(`${folder}/`, 'config/')}\n`, RENEW).toBe(expected);
  });

  test.each(cases)('has one printable line for each problem: %s', (name) => {
    const { message, problems } = rejection(join(BAD, name));
    const lines = message.split('\n');
    expect(lines).toHaveLength(problems.length);
    for (const line of lines) {
      expect(line).toMatch(/^\S+\.json(:\d+:\d+)? {2}.+[.?]$/);
      expect(line).not.toMatch(/\p{C}/u);
    }
  });
});

describe('a path that is not a configuration folder', () => {
  test('is rejected if it does not exist', () => {
    expect(rejection('no/such/folder').message).toBe(
      'no/such/folder  must be a folder that contains a tables.json.',
    );
  });

  test('is rejected if it is a file', () => {
    expect(rejection('package.json').message).toBe(
      'package.json  must be a folder that contains a tables.json.',
    );
  });

  test.each(['', 'a\0b'])('is rejected if its name is %j', (folder) => {
    expect(rejection(folder).problems).toHaveLength(1);
  });

  test('is rejected if tables.json is a symbolic link to itself', () => {
    symlinkSync('tables.json', join(scratch, 'tables.json'));
    expect(rejection(scratch).message).toBe(`${scratch}/tables.json  is a symbolic link to itself.`);
    rmSync(join(scratch, 'tables.json'));
  });

  test('is rejected if tables.json is too large', () => {
    writeFileSync(join(scratch, 'tables.json'), Buffer.alloc(5 * 1024 * 1024, ' '));
    expect(rejection(scratch).message).toBe(`${scratch}/tables.json  is larger than the limit of 4 MB.`);
  });

  test('shows the first 100 problems and the number of the others', () => {
    writeFileSync(join(scratch, 'tables.json'), JSON.stringify(Array(1000).fill({})));
    const { message, problems } = rejection(scratch);
    expect(problems).toHaveLength(3000);
    expect(message.split('\n')).toHaveLength(101);
    expect(message).toMatch(/\n… and 2900 more\.$/);
  });
});

describe('the name of the environment', () => {
  test.each(['production.', 'a.b', '', 'feature/x', 'x'.repeat(65), 'prod\u001b[2J'])(
    'rejects %j',
    (name) => {
      const { problems } = rejection('test/fixtures/good/one-line', name);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toMatch(/^must consist of 1 to 64 letters, digits, "_" or "-"/);
    },
  );

  test('is printed without control characters', () => {
    expect(rejection('test/fixtures/good/one-line', 'a\u001bb').message).toBe(
      'environment "a\\u001bb"  must consist of 1 to 64 letters, digits, "_" or "-", and must not start with "-".',
    );
  });

  test('is rejected if it makes table names too long for DynamoDB', () => {
    const folder = join(BAD, 'name-too-long-for-environment');
    expect(rejection(folder, 'e'.repeat(64)).message).toContain('is 49 characters too long');
  });
});

describe('readConfig', () => {
  test('returns the problems without throwing', () => {
    const { problems } = readConfig(join(BAD, 'both-files-wrong'));
    expect(problems.map(({ line, column, path }) => [line, column, path])).toEqual([
      [7, 7, 'Tables[0].PurgeRotation'],
      [2, 17, 'Defaults.PeriodsAhead'],
      [2, 51, 'Defaults.Tables.SesionFlags'],
    ]);
  });

  test('returns the environments', () => {
    const { environments, problems } = readConfig('test/fixtures/good/every-property');
    expect(problems).toEqual([]);
    expect(environments).toEqual(['production', 'feature-x_2']);
  });
});

test('loads the examples of the reference', () => {
  writeFileSync(join(scratch, 'tables.json'), JSON.stringify(tables.examples[0]));
  writeFileSync(join(scratch, 'settings.json'), JSON.stringify(settings.examples[0]));
  for (const environment of ['production', 'staging', 'any-other'])
    expect(loadConfig(scratch, environment).specs).toHaveLength(1);
});
