/** `turntable environments`: which environments an account has, and what they cost. Against the embedded AWS. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { fittingWidth } from '../../src/cli/views/layout.ts';
import { openStage, ownTags, provisionedSpec, type Stage, spec } from '../incidents/stage.ts';

const NOW = '2025-11-21T09:00';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  onTestFinished(() => stage.close());
  stage.configure([provisionedSpec('Clicks'), spec('Flags', { RotationScheme: 'none', PurgeRotation: -1 })], {
    Environments: { production: {}, staging: {} },
  });
  stage.at(NOW);
});

const rotate = async (environment: string) => {
  await stage.cli('init', '--env', environment);
  expect(await stage.cli('rotate', '--env', environment)).toMatchObject({ code: 0 });
};

interface Printed {
  readonly environments: readonly {
    readonly environment: string;
    readonly tables: number;
    readonly groups: readonly { readonly group: string; readonly phases: object | null }[];
    readonly unread: string | null;
    readonly protected: boolean | null;
    readonly unmanaged: number;
  }[];
  readonly unsure: readonly { readonly environment: string; readonly error: string }[];
  readonly tables: number;
  readonly costMonth: number;
}
const printed = async (): Promise<Printed> => {
  const { code, stdout, stderr } = await stage.cli('environments', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};
const named = ({ environments }: Printed, name: string) =>
  environments.find(({ environment }) => environment === name);

test('shows listed environments and those of branches, with groups, tables by phase, size and cost', async () => {
  await rotate('production');
  await rotate('feature-x');
  const { code, stdout } = await stage.cli('environments');
  expect(code).toBe(0);
  expect(stdout).toBe(`3 environments (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC: 6
tables, 0 B, USD 61.78 per month. The requests of on-demand tables are not
included.

production: 3 tables, 0 B, USD 30.89 per month
  Protected: no command tears it down.
  GROUP   TABLES  SIZE  USD/MONTH  PHASES
  Clicks       2   0 B      30.89  1 active, 1 upcoming
  Flags        1   0 B     0.00+?  1 active

staging: 0 tables, 0 B, USD 0.00 per month
  It has no state table.

feature-x: 3 tables, 0 B, USD 30.89 per month
  settings.json does not list it.
  GROUP   TABLES  SIZE  USD/MONTH  PHASES
  Clicks       2   0 B      30.89  1 active, 1 upcoming
  Flags        1   0 B     0.00+?  1 active
`);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(fittingWidth());
});

test('sums the tables of all environments', async () => {
  await rotate('production');
  await rotate('feature-x');
  const all = await printed();
  expect(all.tables).toBe(6);
  expect(all.costMonth).toBeCloseTo(61.776, 3);
});

describe('finds an environment that settings.json does not list', () => {
  test('by the tags of its tables, although it has no state table', async () => {
    await stage.make('branch.Clicks.20251120', ownTags('branch', 'Clicks', 'daily', '2025-11-20'));
    expect(named(await printed(), 'branch')).toMatchObject({
      tables: 1,
      groups: [{ group: 'Clicks', phases: { outdated: 1 } }],
    });
  });

  test('or says that it could not read whether it is one', async () => {
    await stage.make('branch.Clicks.20251120', ownTags('branch', 'Clicks', 'daily', '2025-11-20'));
    stage.aws.intercept = (operation) =>
      operation === 'ListTagsOfResource'
        ? { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:ListTagsOfResource' }
        : undefined;
    const all = await printed();
    expect(named(all, 'branch')).toBeUndefined();
    expect(all.unsure).toEqual([
      { environment: 'branch', error: expect.stringContaining('dynamodb:ListTagsOfResource') },
    ]);
    const { stdout } = await stage.cli('environments');
    expect(stdout.replaceAll('\n', ' ')).toContain(
      'Could not read whether these are environments too: branch. ',
    );
  });

  test('and no other tool’s tables, whose names only look like it', async () => {
    await stage.make('other.Clicks.20251120');
    await stage.make('other.Flags', ownTags('production', 'Flags', 'none', '2025-11-20'));
    await stage.make('a-table-without-a-dot');
    expect((await printed()).environments.map(({ environment }) => environment)).toEqual([
      'production',
      'staging',
    ]);
  });
});

test('says that an environment is closed, since when and by whom', async () => {
  await rotate('feature-x');
  expect(await stage.cli('teardown', '--env', 'feature-x', '--confirm', 'feature-x')).toMatchObject({
    code: 0,
  });
  const { stdout } = await stage.cli('environments');
  expect(stdout).toContain(`feature-x: 3 tables, 0 B, USD 30.89 per month
  Closed at 2025-11-21 09:00 UTC by arn:aws:iam::000000000000:user/embedded:
  purge deletes its tables.
`);
  expect(named(await printed(), 'feature-x')).toMatchObject({
    closed: {
      since: expect.stringContaining('2025-11-21T09:00:0'),
      by: 'arn:aws:iam::000000000000:user/embedded',
    },
  });
});

test('counts unmanaged tables apart from the groups', async () => {
  await rotate('production');
  await stage.make('production.Unknown');
  expect(named(await printed(), 'production')).toMatchObject({ tables: 3, unmanaged: 1 });
});

test.each([
  ['production', {}, true],
  ['prod-eu', {}, true],
  ['eu-live', {}, true],
  ['products', {}, false],
  ['production', { Protected: false }, false],
  ['staging', { Protected: true }, true],
])('says whether %s is protected, with the settings %j: %s', async (name, settings, expected) => {
  stage.configure([spec()], { Environments: { [name]: settings } });
  expect(named(await printed(), name)?.protected).toBe(expected);
});

test('works with an invalid configuration, and says that the phases are unknown', async () => {
  await rotate('production');
  writeFileSync(join(stage.folder, 'tables.json'), '[');
  const { code, stdout } = await stage.cli('environments');
  expect(code).toBe(0);
  expect(stdout).toContain('  Clicks       2   0 B      30.89  unknown\n');
  expect(stdout).toContain('the configuration is invalid. Run `turntable validate`.');
  expect(named(await printed(), 'production')).toMatchObject({ protected: null });
});

test('says which environment the credentials cannot read, and shows the others', async () => {
  await rotate('production');
  await rotate('feature-x');
  stage.aws.intercept = (operation, input) =>
    operation === 'DescribeTable' &&
    String((input as { TableName?: string }).TableName).startsWith('feature-x.')
      ? { type: 'AccessDeniedException', message: 'not authorized to perform: dynamodb:DescribeTable' }
      : undefined;
  const all = await printed();
  expect(named(all, 'feature-x')?.unread).toContain('not authorized to perform: dynamodb:DescribeTable');
  expect(named(all, 'production')).toMatchObject({ tables: 3, unread: null });
  expect(all.tables).toBe(3);
});
