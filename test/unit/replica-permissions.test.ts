import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Permissions = { readonly has: string; readonly tables: object[]; readonly stateTables: object[] };
type Script = (given: {
  readonly options?: { readonly region?: string };
  readonly resolveVariable: () => Promise<string>;
}) => Promise<Permissions>;
const permissionsOf: Script = createRequire(import.meta.url)('../../scripts/replica-permissions.cjs');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turntable-replicas-'));
  mkdirSync(join(folder, 'config'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('AWS_REGION', undefined);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (tables: unknown, region?: string): Promise<Permissions> => {
  writeFileSync(join(folder, 'config/tables.json'), JSON.stringify(tables));
  return permissionsOf({ options: { ...(region && { region }) }, resolveVariable: async () => 'production' });
};
const arn = (region: string, table: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:${region}:\${AWS::AccountId}:table/production.${table}`,
});
const replicated = (...regions: unknown[]) => ({
  TableName: 'Visits',
  Replicas: regions.map((RegionName) => ({ RegionName })),
});

it('are in each region once, and apart for state tables', async () => {
  const tables = [replicated('eu-west-1', 'us-west-2'), replicated('eu-west-1'), { TableName: 'Others' }];
  expect(await read({ Tables: tables }, 'us-east-1')).toEqual({
    has: 'yes',
    tables: [arn('eu-west-1', '*'), arn('us-west-2', '*')],
    stateTables: [arn('eu-west-1', 'turntable'), arn('us-west-2', 'turntable')],
  });
});

it.each<[string, unknown]>([
  ['a file without Replicas', [{ TableName: 'Visits' }]],
  ['an empty file', {}],
  ['a file that is not valid', [{ Replicas: 7 }, replicated('*', 'Ireland', undefined, 5)]],
])('do not exist with %s', async (_, tables) => {
  expect(await read(tables)).toEqual({ has: 'no', tables: [], stateTables: [] });
});

it('fail the deployment if a replica is in the region of the stack', async () => {
  const message = 'Replicas in config/tables.json names eu-west-1, which is the region of the stack.';
  await expect(read([replicated('eu-west-1')], 'eu-west-1')).rejects.toThrow(message);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  await expect(read([replicated('eu-west-1')])).rejects.toThrow(message);
  expect(await read([replicated('eu-west-1')], 'us-east-1')).toMatchObject({ has: 'yes' });
});
