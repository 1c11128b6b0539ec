/** `osls deploy` itself, on a stand-in of CloudFormation and S3: a first deployment that fails, a second one, and a quota of 10. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { packageService, pinnedNode } from '../e2e/template.ts';
import { Account } from '../support/cloudformation/account.ts';
import { type Endpoint, type Served, serve } from '../support/cloudformation/endpoint.ts';

const osls = join(import.meta.dirname, '../../node_modules/osls/bin/serverless.js');
const folder = mkdtempSync(join(tmpdir(), 'turntable-deploy-'));
let source: string;
let endpoint: Endpoint;
let served: Served;

beforeAll(async () => {
  const packaged = await packageService('production');
  source = dirname(dirname(packaged.artifact('rotate')));
  served = { account: new Account(), objects: new Map(), quota: 1_000 };
  endpoint = await serve(served);
});
afterAll(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  // osls removes what it has deployed.
  rmSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true, verbatimSymlinks: true });
  Object.assign(served, { account: new Account(), stack: undefined, failing: undefined, quota: 1_000 });
  served.objects.clear();
  endpoint.calls.length = 0;
});

/** Deploys what is packaged. Returns what osls prints, also if it fails. */
function deploy(command = 'deploy'): Promise<string> {
  const args = [
    osls,
    command,
    '--stage',
    'production',
    ...(command === 'deploy' ? ['--package', '.serverless'] : []),
  ];
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_MAX_ATTEMPTS: '1',
    SLS_AWS_MONITORING_FREQUENCY: '100',
  };
  return new Promise((resolve) => {
    execFile(pinnedNode, args, { cwd: folder, env }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

test('deploys after a first deployment that failed, with the state table that was left', async () => {
  served.failing = 'RotateSchedule';
  expect(await deploy()).toContain('CREATE_FAILED: RotateSchedule (AWS::Scheduler::Schedule)');
  expect(served.stack?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(served.account.table('production.turntable')).toBeDefined();

  const second = await deploy();
  expect(second).toContain('The state table production.turntable exists outside the stack.');
  expect(second).toContain('Service deployed to stack turntable-production');
  expect(served.stack?.status).toBe('UPDATE_COMPLETE');
  expect(served.stack?.members.has('StateTable')).toBe(false);
  expect(served.stack?.members.has('RotateSchedule')).toBe(true);
});

test('creates nothing in an account whose quota allows no reservation', async () => {
  served.quota = 10;
  expect(await deploy()).toContain('Set "ReservedConcurrency" to false for production');
  expect(endpoint.calls).not.toContain('CreateStack');
  expect(served.stack).toBeUndefined();
});

test('says with preflight what a deployment would do', async () => {
  served.quota = 10;
  expect(await deploy('preflight')).toMatch(
    /^The state table production\.turntable does not exist\. The deployment creates it\.\nWarning: The deployment reserves 3 Lambda executions, but the account allows 0: /,
  );
  expect(endpoint.calls).not.toContain('DescribeStacks');
});
