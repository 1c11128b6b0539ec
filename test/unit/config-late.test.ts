/** The configuration that a function keeps from run to run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfigLate } from '../../src/config/late.ts';
import { quick } from '../../src/config/quick.ts';

const folder = mkdtempSync(join(tmpdir(), 'turntable-late-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = (name: string) => ({
  TableName: name,
  RotationScheme: 'daily',
  PurgeRotation: 2,
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
});
const write = (file: string, value: unknown): void =>
  writeFileSync(join(folder, file), typeof value === 'string' ? value : JSON.stringify(value));
const named = async (environment = 'production') =>
  (await loadConfigLate(folder, environment)).specs.map(({ name }) => name);

test('is the same object while its files stay the same, and another one for another environment', async () => {
  write('tables.json', [spec('Events')]);
  const first = await loadConfigLate(folder, 'production');
  expect(await loadConfigLate(folder, 'production')).toBe(first);
  expect((await loadConfigLate(folder, 'staging')).environment).toBe('staging');
  expect(await loadConfigLate(folder, 'production')).not.toBe(first);
});

test('is read again after a file was changed, added or removed, also in the same moment', async () => {
  for (const name of ['Events', 'Visits', 'Orders', 'Events']) {
    write('tables.json', [spec(name)]);
    expect(await named()).toEqual([name]);
  }
  write('settings.json', { Defaults: { PeriodsAhead: 3 } });
  expect((await loadConfigLate(folder, 'production')).settings.periodsAhead).toBe(3);
  rmSync(join(folder, 'settings.json'));
  expect((await loadConfigLate(folder, 'production')).settings.periodsAhead).not.toBe(3);
});

test('is not used while a file is invalid, and again when it is valid', async () => {
  write('tables.json', [spec('Events')]);
  expect(await named()).toEqual(['Events']);
  write('tables.json', '[');
  await expect(named()).rejects.toThrow('tables.json:1:2');
  await expect(named()).rejects.toThrow('tables.json:1:2');
  rmSync(join(folder, 'tables.json'));
  await expect(named()).rejects.toThrow('does not exist');
  write('tables.json', [spec('Visits')]);
  expect(await named()).toEqual(['Visits']);
});

test.each([
  ['a key twice in one object', '{"Defaults": {"PeriodsAhead": 2, "PeriodsAhead": 3}}', 'is a duplicate key'],
  ['a key twice, once with an escape', '{"Defaults": {}, "D\\u0065faults": {}}', 'is a duplicate key'],
  ['nested deeper than any configuration', '['.repeat(20_000) + ']'.repeat(20_000), 'is nested deeper'],
  ['a comment', '{} // none', 'comment'],
])('rejects %s with a place', async (_, settings, message) => {
  write('tables.json', [spec('Events')]);
  write('settings.json', settings);
  await expect(named()).rejects.toThrow(message);
  await expect(named()).rejects.toThrow('settings.json:1:');
  rmSync(join(folder, 'settings.json'));
});

test('accepts a colon and escaped quotes in a text, and the same key in several objects', () => {
  const value = [{ Key: 'a: b' }, { Key: '"c": "d"', More: { Key: '\\' } }];
  expect(quick('any.json', JSON.stringify(value))).toMatchObject({ value, syntax: [], duplicates: [] });
});

test('of fetched files is the same object while their bytes are', async () => {
  const bytes = (name: string) => Buffer.from(JSON.stringify([spec(name)]));
  const tables = bytes('Events');
  const fetched = (own: Buffer) => ({ name: 's3://bucket', files: new Map([['tables.json', own]]) });
  const first = await loadConfigLate(fetched(tables), 'production');
  expect(await loadConfigLate(fetched(tables), 'production')).toBe(first);
  expect((await loadConfigLate(fetched(bytes('Visits')), 'production')).specs[0]?.name).toBe('Visits');
});
