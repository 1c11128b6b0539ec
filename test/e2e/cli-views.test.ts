/** What status, plan and tables show: some groups, sums, within 80 columns, and again and again. Against the embedded AWS. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fittingWidth } from '../../src/cli/views/layout.ts';
import { begin } from '../support/cli.ts';
import { AT, CliOnAws, CONFIG, ownFolder } from '../support/cli-on-aws.ts';
import { setColumns } from '../support/columns.ts';
import { runHere } from '../support/in-process.ts';

const folder = ownFolder();
const cli = new CliOnAws();

beforeAll(() => {
  const [flags] = JSON.parse(readFileSync(join(CONFIG, 'tables.json'), 'utf8'));
  const index = {
    IndexName: 'byTheTimestampOfTheLastChangeOfAnything',
    KeySchema: [{ AttributeName: 'Timestamp', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
    ProvisionedThroughput: { ReadCapacityUnits: 5_000, WriteCapacityUnits: 8_000 },
  };
  const large = { ReadCapacityUnits: 10_000, WriteCapacityUnits: 12_000 };
  const tables = [
    flags,
    {
      ...flags,
      TableName: 'Clicks',
      Properties: { ...flags.Properties, ProvisionedThroughput: large, GlobalSecondaryIndexes: [index] },
    },
    { ...flags, TableName: 'Settings', RotationScheme: 'none', PurgeRotation: '-1' },
  ];
  writeFileSync(join(folder(), 'tables.json'), JSON.stringify(tables));
  writeFileSync(join(folder(), 'settings.json'), '{}');
});

const inFolder = () => ['--config', folder(), '--env', 'production'];
const run = (...args: string[]) => runHere([...args, ...inFolder(), '--at', AT]);

const groupsOf = (stdout: string): string[] =>
  [...stdout.matchAll(/^ {0,2}(?:production\.)?(Flags|Clicks|Settings)\b/gm)].map(([, group]) => group!);

describe('groups', () => {
  test.each(['status', 'plan', 'tables'])('%s shows only the groups that are named', async (command) => {
    expect(groupsOf((await run(command)).stdout).toSorted()).toEqual(['Clicks', 'Flags', 'Settings']);
    expect(groupsOf((await run(command, 'Flags')).stdout)).toEqual(['Flags']);
    expect(groupsOf((await run(command, 'Settings', 'Clicks')).stdout).toSorted()).toEqual([
      'Clicks',
      'Settings',
    ]);
  });

  test.each(['status', 'plan', 'tables'])(
    '%s names every unknown group, without calling AWS',
    async (command) => {
      cli.aws.resetCalls();
      expect(await run(command, 'Falgs', 'Flags', 'Cliks')).toMatchObject({
        code: 2,
        stderr:
          'Error: Unknown group "Falgs". Known groups: Flags, Clicks, Settings. Did you mean "Flags"?\nError: Unknown group "Cliks". Known groups: Flags, Clicks, Settings. Did you mean "Clicks"?\n',
      });
      expect(cli.aws.calls.size).toBe(0);
    },
  );

  test('a plan file of some groups says so, and apply changes only these', async () => {
    await run('init');
    const file = join(folder(), 'plan.json');
    const { stdout } = await run('plan', 'Flags', '--out', file);
    expect(stdout).toContain('\nShows only Flags.\n');
    expect(JSON.parse(readFileSync(file, 'utf8')).groups).toEqual(['Flags']);
    expect(await runHere(['apply', file, '--config', folder()])).toMatchObject({ code: 0, stderr: '' });
    const left = JSON.parse((await run('plan', '--json')).stdout);
    expect(left.groups).toBeUndefined();
    expect([...new Set(left.actions.map(({ group }: { group: string }) => group))].toSorted()).toEqual([
      'Clicks',
      'Settings',
    ]);
  });

  test('a plan file whose groups were changed is rejected', async () => {
    await run('init');
    const file = join(folder(), 'plan.json');
    await run('plan', 'Flags', '--out', file);
    const plan = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...plan, groups: ['Flags', 'Settings'] }));
    const { code, stderr } = await runHere(['apply', file, '--config', folder()]);
    expect(code).toBe(1);
    expect(stderr).toContain('create production.Settings: newly planned.');
  });

  test('apply --group changes only these', async () => {
    await run('init');
    expect(await run('apply', '--yes', '--group', 'Settings')).toMatchObject({ code: 0 });
    const left = JSON.parse((await run('plan', '--json')).stdout);
    expect([...new Set(left.actions.map(({ group }: { group: string }) => group))].toSorted()).toEqual([
      'Clicks',
      'Flags',
    ]);
  });
});

describe('status', () => {
  test('sums each group and the environment', async () => {
    await run('init');
    await run('apply', '--yes');
    const all = JSON.parse((await run('status', '--json')).stdout);
    expect(all.groups.map(({ group, tables }: { group: string; tables: number }) => [group, tables])).toEqual(
      [
        ['Flags', 2],
        ['Clicks', 2],
        ['Settings', 1],
      ],
    );
    const sum = all.groups.reduce(
      (total: number, { costMonth }: { costMonth: number }) => total + costMonth,
      0,
    );
    expect(sum).toBeCloseTo(all.costMonth);
    const some = JSON.parse((await run('status', 'Flags', '--json')).stdout);
    expect(some.shown).toEqual(['Flags']);
    expect(some.costMonth).toBeCloseTo(all.groups[0].costMonth);
    expect(some.tables).toEqual(all.tables.filter(({ group }: { group: string }) => group === 'Flags'));
  });

  test.each(['status', 'tables'])('%s fits 80 columns, also in a pipe', async (command) => {
    await run('init');
    await run('apply', '--yes');
    const { stdout } = await run(command);
    expect(stdout).toContain('production.Clicks: ');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

test('the plan fits a terminal of 80 columns or more', async () => {
  try {
    for (const columns of [20, 80, 100]) {
      setColumns(columns);
      const { stdout } = await run('plan');
      expect(stdout).toContain('production.Clicks.20251121  create\n');
      for (const line of stdout.split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(fittingWidth(columns));
    }
  } finally {
    setColumns(undefined);
  }
});

describe('status --watch', () => {
  test('prints again with separators in a pipe, survives a failed reading, and stops by Ctrl-C with exit 0', async () => {
    await run('init');
    const watching = await begin(['status', '--watch', '5', ...inFolder()], cli.env());
    let [stdout, stderr] = ['', ''];
    watching.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    watching.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const until = async (done: () => boolean) => {
      while (!done()) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await until(() => stdout.includes('production.Settings'));
    cli.aws.intercept = (operation) =>
      operation === 'ListTables'
        ? { type: 'AccessDeniedException', message: 'Not now.', status: 400 }
        : undefined;
    await until(() => stderr.includes('Not now.'));
    delete cli.aws.intercept;
    await until(() => stdout.split('---').filter((one) => one.includes('production.Settings')).length > 1);
    watching.kill('SIGINT');
    const [code] = await once(watching, 'close');
    expect(code).toBe(0);
    expect(stderr).toMatch(/Not now\. Could not read at 20.* The next try is in 5 seconds\.\n$/);
  });

  test.each([
    [['--watch', '1'], /--watch "1" is not an integer from 5 to 3600/],
    [['--watch', '--at', AT], /--watch and --at exclude each other/],
  ])('rejects %j', async (args, message) => {
    const { code, stderr } = await runHere(['status', ...inFolder(), ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
