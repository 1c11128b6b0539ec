/** `turntable validate` checks deployment.json, and says what a deployment sets before the first one runs. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CONFIG } from '../support/cli-on-aws.ts';
import { runHere } from '../support/in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'turntable-validate-'));
cpSync(CONFIG, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

const validate = (deployment: unknown, ...args: string[]) => {
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));
  return runHere(['validate', '--config', folder, '--env', 'production', ...args]);
};

/** Without --env: the environment is dev. */
const validateAll = (deployment: unknown, ...args: string[]) => {
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));
  return runHere(['validate', '--config', folder, ...args]);
};

const VALID = `Valid. 1 spec: Flags (daily). settings.json lists no environments. production uses the defaults.
Metrics that a deployment sends to CloudWatch: 10 in production (at most USD 3.00 per month).
`;

test('says before the first deployment that the stack reserves executions and who is told of alarms', async () => {
  expect(await validate({})).toEqual({
    code: 0,
    stderr: '',
    stdout: `${VALID}Stack turntable-production:
  AlarmEmail is not set, so alarms are only published to the topic.
  The functions reserve 3 Lambda executions. A new account has a quota of 10, which allows none: set ReservedConcurrency to false there.
  The roles need attribute-based access control for DynamoDB. If it is off in the account, set AttributeBasedAccessControl to false.
`,
  });
});

test.each([
  [1, []],
  [4, ['  Scale runs in 4 shards, which take up to 4 more Lambda executions.']],
  [
    'auto',
    ['  Each deployment counts the tables. With those of now, scale runs in one function, without shards.'],
  ],
])('says how many shards a deployment has with %s', async (Shards, expected) => {
  const { stdout } = await validate({ Defaults: { Shards } });
  expect(stdout.split('\n').filter((line) => /scale runs/i.test(line))).toEqual(expected);
});

test('names the parameters of the environment', async () => {
  const production = {
    ServiceName: 'tables',
    AlarmEmail: 'ops@example.com',
    ReservedConcurrency: false,
    AttributeBasedAccessControl: false,
    ConfigBucket: 's3://our-config/team',
    ReportBucket: 's3://our-reports',
    Shards: 16,
    RestoreDrills: true,
  };
  const { stdout } = await validate({ Environments: { production } });
  // ConfigInvalid and DrillsFailing are two more.
  expect(
    stdout,
  ).toBe(`${VALID.replace('10 in production (at most USD 3.00', '12 in production (at most USD 3.60')}Stack tables-production:
  Alarms are sent to ops@example.com.
  The functions reserve no Lambda executions. The leases alone keep two runs of a job apart.
  The roles do not use the tags of tables, except for deletions.
  Scale runs in 16 shards, which take up to 16 more Lambda executions.
  The functions read their configuration in s3://our-config/team, not the one in this folder.
  A daily function writes the report to s3://our-reports/production/latest.html.
  A function restores the newest backup or export of each group once a month, and deletes what it restored.
`);
  const json = JSON.parse((await validate({ Environments: { production } }, '--json')).stdout);
  expect(json).toMatchObject({
    valid: true,
    metrics: [{ count: 12 }],
    stack: { ...production, MemorySize: 256 },
  });
});

test('without --env, shows the stack of each environment that only deployment.json lists', async () => {
  const stacksOf = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('Stack '));
  const deployment = {
    Environments: { production: { Shards: 4, RestoreDrills: true }, staging: { Shards: 2 } },
  };
  const { code, stdout } = await validateAll(deployment);
  expect(code).toBe(0);
  expect(stdout).toContain('11 in production (at most USD 3.30 per month), 10 in staging');
  expect(stacksOf(stdout)).toEqual([
    'Stack turntable-production:',
    'Stack turntable-staging:',
    'Stack turntable-dev:',
  ]);
  expect(stdout).toContain('  Scale runs in 4 shards');
  expect(stdout).toContain('  Scale runs in 2 shards');
  expect(stdout).toContain('  A function restores the newest backup');
  expect(stacksOf((await validate(deployment)).stdout)).toEqual(['Stack turntable-production:']);
  const { metrics } = JSON.parse((await validateAll(deployment, '--json')).stdout);
  expect(metrics).toMatchObject(['production', 'staging', 'dev'].map((environment) => ({ environment })));
});

test('rejects names of tables that are too long in an environment that only deployment.json lists', async () => {
  const own = mkdtempSync(join(tmpdir(), 'turntable-validate-'));
  cpSync(CONFIG, own, { recursive: true });
  const tables = readFileSync(join(own, 'tables.json'), 'utf8').replace('Flags', 'F'.repeat(200));
  writeFileSync(join(own, 'tables.json'), tables);
  writeFileSync(join(own, 'deployment.json'), JSON.stringify({ Environments: { ['p'.repeat(64)]: {} } }));
  const { code, stderr } = await runHere(['validate', '--config', own]);
  rmSync(own, { recursive: true });
  expect([code, stderr]).toEqual([2, expect.stringContaining('ppp')]);
});

test('reports what is wrong in deployment.json beside the problems of the other files', async () => {
  writeFileSync(join(folder, 'settings.json'), '{ "Default": {} }');
  const { code, stderr } = await validate({ Defaults: { AlarmEmail: 'ops' } });
  expect({ code, stderr: stderr.replaceAll(`${folder}/`, '') }).toEqual({
    code: 2,
    stderr: `The configuration is invalid:
settings.json:1:3  Default  is an unknown key. Did you mean "Defaults"?
deployment.json:1:14  Defaults.AlarmEmail  is "ops", but must be an email address.
`,
  });
  const { stdout } = await validate({ Defaults: { AlarmEmail: 'ops' } }, '--json');
  expect(JSON.parse(stdout).problems).toHaveLength(2);
});
