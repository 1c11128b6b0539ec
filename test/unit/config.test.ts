/** Every wrong config under test/fixtures/bad is refused with exactly the lines of its expected.txt. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import settings from '../../schemas/settings.schema.json' with { type: 'json' };
import tables from '../../schemas/tables.schema.json' with { type: 'json' };
import { ConfigError, loadConfig, readConfig } from '../../src/config/index.ts';

const BAD = 'test/fixtures/bad';
const cases = readdirSync(BAD).sort();

const scratch = mkdtempSync(join(tmpdir(), 'turntable-config-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function refusal(folder: string, environment = 'production'): ConfigError {
  try {
    loadConfig(folder, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`${folder} loads.`);
}

describe('a wrong config is refused with every problem in it', () => {
  test('there are many ways to be wrong', () => expect(cases.length).toBeGreaterThanOrEqual(120));

  test.each(cases)('%s', (name) => {
    const folder = join(BAD, name);
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8');
    expect(`${refusal(folder).message.replaceAll(`${folder}/`, 'config/')}\n`).toBe(expected);
  });

  test.each(cases)('%s: one line each, nothing that a terminal would act on', (name) => {
    const { message, problems } = refusal(join(BAD, name));
    const lines = message.split('\n');
    expect(lines).toHaveLength(problems.length);
    for (const line of lines) {
      expect(line).toMatch(/^\S+\.json(:\d+:\d+)? {2}.+[.?]$/);
      expect(line).not.toMatch(/\p{C}/u);
    }
  });
});

describe('what is not even a config', () => {
  test('a folder that does not exist', () => {
    expect(refusal('no/such/folder').message).toBe(
      'no/such/folder  must be a folder with a tables.json in it.',
    );
  });

  test('a file in the place of the folder', () => {
    expect(refusal('package.json').message).toBe('package.json  must be a folder with a tables.json in it.');
  });

  test.each(['', 'a\0b'])('a folder called %j', (folder) => {
    expect(refusal(folder).problems).toHaveLength(1);
  });

  test('a link that leads back to itself', () => {
    symlinkSync('tables.json', join(scratch, 'tables.json'));
    expect(refusal(scratch).message).toBe(
      `${scratch}/tables.json  is a symbolic link that leads back to itself.`,
    );
    rmSync(join(scratch, 'tables.json'));
  });

  test('a file that is far too large', () => {
    writeFileSync(join(scratch, 'tables.json'), Buffer.alloc(5 * 1024 * 1024, ' '));
    expect(refusal(scratch).message).toBe(
      `${scratch}/tables.json  is larger than 4 MB; it can't be a config.`,
    );
  });

  test('more problems than anybody reads', () => {
    writeFileSync(join(scratch, 'tables.json'), JSON.stringify(Array(1000).fill({})));
    const { message, problems } = refusal(scratch);
    expect(problems).toHaveLength(3000);
    expect(message.split('\n')).toHaveLength(101);
    expect(message).toMatch(/\n… and 2900 more\.$/);
  });
});

describe('the name of the environment', () => {
  test.each(['production.', 'a.b', '', 'feature/x', 'x'.repeat(65), 'prod\u001b[2J'])(
    '%j is refused',
    (name) => {
      const { problems } = refusal('test/fixtures/good/one-line', name);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toMatch(/^must be made of letters, digits, "_" and "-" only, at most 64/);
    },
  );

  test('is said without control characters', () => {
    expect(refusal('test/fixtures/good/one-line', 'a\u001bb').message).toBe(
      'environment "a\\u001bb"  must be made of letters, digits, "_" and "-" only, at most 64 of them, the first not "-".',
    );
  });

  test('makes tables too long for DynamoDB', () => {
    const folder = join(BAD, 'name-too-long-for-environment');
    expect(refusal(folder, 'e'.repeat(64)).message).toContain('must be 49 characters shorter');
  });
});

describe('readConfig', () => {
  test('tells the problems without throwing', () => {
    const { problems } = readConfig(join(BAD, 'both-files-wrong'));
    expect(problems.map(({ line, column, path }) => [line, column, path])).toEqual([
      [7, 7, 'Tables[0].PurgeRotation'],
      [2, 17, 'Defaults.PeriodsAhead'],
      [2, 51, 'Defaults.Tables.SesionFlags'],
    ]);
  });

  test('lists the environments', () => {
    const { environments, problems } = readConfig('test/fixtures/good/every-property');
    expect(problems).toEqual([]);
    expect(environments).toEqual(['production', 'feature-x_2']);
  });
});

test('the examples of the reference are a config that loads', () => {
  writeFileSync(join(scratch, 'tables.json'), JSON.stringify(tables.examples[0]));
  writeFileSync(join(scratch, 'settings.json'), JSON.stringify(settings.examples[0]));
  for (const environment of ['production', 'staging', 'any-other'])
    expect(loadConfig(scratch, environment).specs).toHaveLength(1);
});
