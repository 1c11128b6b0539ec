/** Where commands act: the region and the account, in headings and in plan files. Against the embedded AWS. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { CliOnAws, ownFolder } from '../support/cli-on-aws.ts';

const folder = ownFolder();
const cli = new CliOnAws();
const { run, runAt } = cli;

const WHERE = 'production (us-east-1, account 000000000000)';

test.each(['plan', 'status'])('%s names the region and the account', async (command) => {
  const { stdout } = await runAt(command);
  expect(stdout.split('\n')[0]).toMatch(
    new RegExp(`^${WHERE.replace(/[()]/g, '\\$&')}, as of 2025-11-21 09:00 UTC:`),
  );
  const json = JSON.parse((await runAt(command, '--json')).stdout);
  expect(json).toMatchObject({ environment: 'production', region: 'us-east-1', account: '000000000000' });
});

test('a plan without changes names them too', async () => {
  await run('init');
  await runAt('apply', '--yes');
  expect((await runAt('plan')).stdout).toBe(
    `No changes. The tables of ${WHERE} match the configuration, as of 2025-11-21 09:00 UTC.\n`,
  );
});

test('--region and --profile choose where a command acts, and with whose credentials', async () => {
  const profile =
    '[profile ops]\nregion = eu-west-3\naws_access_key_id = AKIDOPS\naws_secret_access_key = x\n';
  writeFileSync(join(folder(), 'config'), profile);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder(), 'config'));
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  expect((await run('init', '--profile', 'ops')).stdout).toContain('Created');
  expect((await run('init', '--profile', 'ops', '--region', 'eu-west-3')).stdout).toContain('already exists');
  expect((await run('init', '--profile', 'ops', '--region', 'eu-north-1')).stdout).toContain('Created');
  expect((await runAt('plan', '--profile', 'ops')).stdout).toContain('production (eu-west-3, account');
  expect((await run('init', '--region', 'eu-west-3')).stderr).toMatch(
    /^Error: No AWS credentials were found\./,
  );
});

test('AWS_REGION comes before the region of the profile, as in the deployment', async () => {
  writeFileSync(join(folder(), 'other-config'), '[default]\nregion = eu-west-3\n');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder(), 'other-config'));
  expect((await runAt('plan')).stdout).toContain('production (us-east-1, account');
  vi.stubEnv('AWS_REGION', undefined);
  expect((await runAt('plan')).stdout).toContain('production (eu-west-3, account');
});

test('commands to run next repeat the region and the profile', async () => {
  await run('init', '--region', 'eu-west-1');
  const { stdout } = await runAt('suspend', 'purging', '--region', 'eu-west-1');
  expect(stdout).toMatch(/turntable resume purging --env production --config \S+ --region eu-west-1\n$/);
});

test.each([['plan'], ['status'], ['apply', '--yes'], ['rotate']])(
  '%s says which region is invalid, without calling AWS',
  async (...args) => {
    cli.aws.resetCalls();
    expect(await run(...args, '--region', 'eu west 1')).toMatchObject({
      stderr: 'Error: --region "eu west 1" is not a region. Use a name such as eu-west-1.\n',
    });
    expect(cli.aws.calls.size).toBe(0);
  },
);

test('without STS, the ARN of the state table names the account', async () => {
  cli.aws.intercept = (operation) =>
    operation === 'GetCallerIdentity' ? { type: 'AccessDenied', message: 'No.', status: 403 } : undefined;
  expect((await runAt('plan')).stdout).toContain('production (us-east-1, account unknown), as of');
  expect(JSON.parse((await runAt('status', '--json')).stdout).account).toBeNull();
  await run('init');
  expect((await runAt('plan')).stdout).toContain(`${WHERE}, as of`);
});

async function planFile(): Promise<string> {
  await run('init');
  const file = join(folder(), 'plan.json');
  await runAt('plan', '--out', file);
  cli.aws.resetCalls();
  return file;
}

test('apply FILE rejects a plan of another region, of another account, and one that names none', async () => {
  const file = await planFile();
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const errorFor = async (changed: object, ...options: string[]) => {
    writeFileSync(file, JSON.stringify({ ...plan, ...changed }));
    const { stdout, stderr } = await run('apply', file, ...options);
    expect(stdout).toBe('');
    return stderr;
  };
  expect(await errorFor({}, '--region', 'eu-west-1')).toBe(
    'Error: The plan is for region us-east-1, but this command uses eu-west-1. To apply it there, use --region us-east-1.\n',
  );
  expect(await errorFor({ account: '111122223333' })).toBe(
    'Error: The plan is for account 111122223333, but these credentials belong to account 000000000000. Use other credentials, for example with --profile.\n',
  );
  expect(await errorFor({ region: undefined })).toBe(
    'Error: The plan has no region. To create a plan: turntable plan --out FILE\n',
  );
  expect([...cli.aws.calls.keys()]).toEqual(['GetCallerIdentity']);
});

test('apply FILE rejects a plan if the account cannot be known now', async () => {
  const file = await planFile();
  cli.aws.intercept = (operation) =>
    ['GetCallerIdentity', 'DescribeTable'].includes(operation)
      ? { type: 'AccessDeniedException', message: 'No.', status: 400 }
      : undefined;
  const { code, stderr } = await run('apply', file);
  expect(code).toBe(1);
  expect(stderr).toContain('the account of these credentials is unknown, because STS did not answer.');
  expect(cli.aws.calls.has('CreateTable')).toBe(false);
});

test('status of several regions shows them side by side', async () => {
  await run('init', '--region', 'eu-west-1');
  await runAt('apply', '--yes', '--region', 'eu-west-1');
  const { stdout, code } = await runAt('status', '--region', 'eu-west-1, us-east-1');
  const [titles, first, second] = stdout.split('\n');
  expect(titles).toMatch(/^PLACE +ACCOUNT +TABLES +MISSING +THROTTLED +SIZE +USD\/MONTH$/);
  expect(first).toMatch(/^eu-west-1 +000000000000 +[1-9]\d* +0 +0 /);
  expect(second).toMatch(/^us-east-1 +000000000000 +0 +[1-9]\d* +0 /);
  expect(stdout).toContain('\n\nproduction (eu-west-1, account 000000000000), as of');
  expect(stdout).toContain('\n\nproduction (us-east-1, account 000000000000), as of');
  expect(code).toBe(0);
  const json = JSON.parse((await runAt('status', '--region', 'eu-west-1,us-east-1', '--json')).stdout);
  expect(
    json.places.map(({ region, status }: never) => [region, (status as { region: string }).region]),
  ).toEqual([
    ['eu-west-1', 'eu-west-1'],
    ['us-east-1', 'us-east-1'],
  ]);
});

test('a place that does not answer makes the command fail, and is told in its row', async () => {
  vi.stubEnv('AWS_CONFIG_FILE', join(folder(), 'absent'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const { stdout, code } = await runAt('plan', '--region', 'us-east-1', '--profile', 'absent,lost');
  expect(stdout).toMatch(/us-east-1 \(absent\) +\? +\?\n/);
  expect(code).toBe(1);
});

test('plan of several regions counts the changes of each, and exits with 2 if any has some', async () => {
  await run('init', '--region', 'eu-west-1');
  await runAt('apply', '--yes', '--region', 'eu-west-1');
  const planned = await runAt('plan', '--region', 'eu-west-1,us-east-1', '--detailed-exitcode');
  expect(planned.code).toBe(2);
  expect(planned.stdout).toMatch(/\neu-west-1 +000000000000 +0 to create/);
  expect(planned.stdout).toMatch(/\nus-east-1 +000000000000 +[1-9]\d* to create/);
});

test.each([
  [
    ['plan', '--region', 'a-1,b-1', '--out', 'x.json'],
    '--out writes the plan of one region and account, which is what apply accepts. Name one --region and one --profile.',
  ],
  [
    ['plan', '--region', 'a-1,b-1', '--markdown'],
    '--markdown describes one region and account. Name one --region and one --profile.',
  ],
  [
    ['status', '--region', 'a-1,,b-1'],
    '--region has an empty name in "a-1,,b-1". Separate the names with single commas.',
  ],
  [['status', '--region', 'a-1,b-1,a-1'], '--region names "a-1" twice. Name it once.'],
  [['status', '--region', 'a-1,B 1'], '--region "B 1" is not a region. Use a name such as eu-west-1.'],
  [
    ['apply', '--region', 'a-1,b-1'],
    '--region "a-1,b-1" names several regions, which only status, plan and report accept. Name one.',
  ],
])('%j is rejected without calling AWS', async (args, message) => {
  cli.aws.resetCalls();
  expect((await run(...args)).stderr).toBe(`Error: ${message}\n`);
  expect(cli.aws.calls.size).toBe(0);
});

test('report of several regions writes a page for each', async () => {
  const out = join(folder(), 'report.html');
  const { stdout } = await run('report', '--region', 'eu-west-1,us-east-1', '--out', out);
  expect(stdout).toMatch(/^PLACE +ACCOUNT +GROUPS +TABLES +USD\/MONTH\neu-west-1 +000000000000 /);
  for (const region of ['eu-west-1', 'us-east-1']) {
    const file = join(folder(), `report.${region}.html`);
    expect(stdout).toContain(`Wrote ${file}: `);
    expect(readFileSync(file, 'utf8')).toContain(region);
  }
});
