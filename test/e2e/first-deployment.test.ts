/**
 * A first deployment that fails at any resource, then a second one, on a stand-in of CloudFormation (test/support/cloudformation), with
 * the template that osls packages and the plugin that asks AWS before each deployment.
 */
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Account } from '../support/cloudformation/account.ts';
import { type Endpoint, type Served, serve } from '../support/cloudformation/endpoint.ts';
import { createdBefore, creationOrder } from '../support/cloudformation/graph.ts';
import { Stack } from '../support/cloudformation/stack.ts';
import { applicable, type Template } from '../support/cloudformation/template.ts';
import { type Packaged, packageService, packageUnlike } from './template.ts';

const Preflight = createRequire(import.meta.url)('../../scripts/preflight.cjs');

const NEW_ACCOUNT = 10;
const USUAL = 1_000;
const TABLE = 'production.turntable';

let packaged: Packaged;
let template: Template;
let endpoint: Endpoint;
let served: Served;

beforeAll(async () => {
  served = { account: new Account(), objects: new Map(), quota: USUAL };
  [packaged, endpoint] = await Promise.all([packageService('production'), serve(served)]);
  template = packaged.template as Template;
});
afterAll(() => endpoint.close());
beforeEach(() => {
  Object.assign(served, { account: new Account(), stack: undefined, quota: USUAL });
  for (const name of ['DYNAMODB', 'CLOUDFORMATION', 'LAMBDA'])
    vi.stubEnv(`AWS_ENDPOINT_URL_${name}`, endpoint.url);
});
afterEach(() => vi.unstubAllEnvs());

/** The stack that osls creates first, with only its bucket. */
const bucketOnly = (): Template => ({
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([id]) => id.startsWith('ServerlessDeploymentBucket')),
  ),
});

/** What osls gives a plugin, as far as this one reads it. */
function oslsWith(compiled: Template, reservedConcurrency: number | null = 1) {
  const jobs = ['rotate', 'purge', 'scale'];
  return {
    classes: { Error },
    service: {
      provider: { compiledCloudFormationTemplate: compiled },
      getAllFunctions: () => jobs,
      getFunction: (job: string) => ({ name: `turntable-production-${job}`, reservedConcurrency }),
    },
    getProvider: () => ({
      naming: { getStackName: () => 'turntable-production' },
      getStage: () => 'production',
      getAwsSdkV3Config: async () => ({
        region: 'us-east-1',
        credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
        maxAttempts: 1,
      }),
    }),
  };
}

/** Deploys as osls does: the plugin, the bucket if there is no stack, then everything. Returns whether it succeeded. */
async function deploy(failing?: string): Promise<boolean> {
  const osls = oslsWith(template);
  await new Preflight(osls, {}, { log: { notice: () => undefined } }).prepare();
  const compiled = osls.service.provider.compiledCloudFormationTemplate;
  const fault = (id: string) => (id === failing ? 'Access denied' : undefined);
  if (!served.stack) {
    served.stack = new Stack(served.account);
    if (!served.stack.create(bucketOnly())) return false;
  }
  return served.stack.update(compiled, fault, failing);
}

const ids = (): string[] => creationOrder(applicable(template)).filter((id) => !id.startsWith('Serverless'));

describe('a first deployment', () => {
  test('creates every resource, and no schedule before the state table and the retries of its job', async () => {
    expect(await deploy()).toBe(true);
    expect(served.stack?.status).toBe('UPDATE_COMPLETE');
    expect([...served.stack!.members.keys()].sort()).toEqual(
      Object.keys(applicable(template).Resources).sort(),
    );
    for (const job of ['Rotate', 'Purge', 'Scale']) {
      const before = createdBefore(applicable(template), `${job}Schedule`);
      expect([...before]).toEqual(
        expect.arrayContaining([
          'StateTable',
          `${job}LambdaFunction`,
          `${job}LambdaEvConf`,
          `${job}Role`,
          'ScheduleRole',
        ]),
      );
    }
  });

  test('can be repeated without a change', async () => {
    await deploy();
    const events = served.stack!.events.length;
    expect(await deploy()).toBe(true);
    expect(served.stack!.events.length).toBe(events);
  });

  test('that fails at any one resource is followed by one that succeeds, without a parameter', async () => {
    const left: Record<string, boolean> = {};
    for (const failing of ids()) {
      Object.assign(served, { account: new Account(), stack: undefined });
      expect(await deploy(failing), failing).toBe(false);
      expect(served.stack!.status, failing).toBe('UPDATE_ROLLBACK_COMPLETE');
      left[failing] = served.account.table(TABLE) !== undefined;
      const types = [...served.account.things.values()].map(({ type }) => type);
      expect(new Set(types), failing).toEqual(
        new Set([
          'AWS::S3::Bucket',
          'AWS::S3::BucketPolicy',
          ...(left[failing] ? ['AWS::DynamoDB::Table'] : []),
        ]),
      );

      expect(await deploy(), failing).toBe(true);
      expect(served.account.table(TABLE)?.properties.DeletionProtectionEnabled, failing).toBe(true);
      // The stack has a table of its own, or uses the one that was left.
      expect(served.stack!.members.has('StateTable'), failing).toBe(!left[failing]);
      expect(await deploy(), failing).toBe(true);
      expect(served.account.table(TABLE), failing).toBeDefined();
    }
    expect(left.StateTable).toBe(false);
    expect(left.RotateSchedule).toBe(true);
    expect(Object.keys(left).length).toBeGreaterThan(20);
  });

  test('uses a state table that `turntable init` or a removed stack left, and does not change it', async () => {
    const existing = template.Resources.StateTable!;
    served.account.create('init', existing);
    expect(await deploy()).toBe(true);
    expect(served.stack!.members.has('StateTable')).toBe(false);
    expect(served.account.table(TABLE)?.properties).toBe(existing.Properties);
  });

  test('keeps the state table of a stack that has it already', async () => {
    await deploy();
    template = { ...template, Resources: { ...template.Resources, Extra: { Type: 'AWS::SNS::Topic' } } };
    expect(await deploy('Extra')).toBe(false);
    expect(served.stack!.members.has('StateTable')).toBe(true);
    template = packaged.template as Template;
    expect(await deploy()).toBe(true);
    expect(served.stack!.members.has('StateTable')).toBe(true);
  });

  test('says what to do if the state table of the stack was deleted, and changes nothing', async () => {
    await deploy();
    served.account.things.delete(`AWS::DynamoDB::Table ${TABLE}`);
    const events = served.stack!.events.length;
    await expect(deploy()).rejects.toThrow(
      `The state table ${TABLE} was deleted, but the stack contains it, so CloudFormation would not create it again. Run \`turntable init --env production\` and deploy again.`,
    );
    expect(served.stack!.events.length).toBe(events);
  });
});

describe('an account with a Lambda quota of 10', () => {
  test('gets no stack that would fail, and is told which parameter to set', async () => {
    served.quota = NEW_ACCOUNT;
    await expect(deploy()).rejects.toThrow(
      'The deployment reserves 3 Lambda executions, but the account allows 0: its quota is 10, 10 are unreserved, and AWS keeps 100 of them. Set "ReservedConcurrency" to false for production in config/deployment.json, or request a higher quota.',
    );
    expect(served.stack).toBeUndefined();
    expect(served.account.things.size).toBe(0);
  });

  test('is deployed with ReservedConcurrency false, without a question about the quota', async () => {
    served.quota = NEW_ACCOUNT;
    const { template: unlike } = await packageUnlike();
    const functions = Object.values(unlike.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    // The three jobs, the workers of shards, the daily report, and drills.
    expect(functions.map(({ Properties }) => Properties.ReservedConcurrentExecutions)).toEqual(
      Array(6).fill(undefined),
    );
    endpoint.calls.length = 0;
    await new Preflight(oslsWith(unlike as Template, null)).prepare();
    expect([...endpoint.calls].sort()).toEqual(['DescribeStackResource', 'DescribeTable']);
  });

  test('keeps what its functions have reserved', async () => {
    await deploy();
    served.quota = 103;
    expect(await deploy()).toBe(true);
  });
});

describe('the stand-in of CloudFormation', () => {
  const table = (more: object) =>
    ({
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { TableName: 'x', ...(more as { Properties?: object }).Properties },
          ...more,
        },
        Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Table' },
      },
    }) as Template;
  const protectedTable = { Properties: { TableName: 'x', DeletionProtectionEnabled: true } };
  const fault = (id: string) => (id === 'Topic' ? 'no' : undefined);

  test.each([
    ['Retain', {}, true, 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'],
    ['RetainExceptOnCreate', {}, false, 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'],
    ['Delete', {}, false, 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'],
    ['Retain', protectedTable, true, 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'],
    // Deletion protection refuses the deletion, so the stack cannot be updated, or the table is left outside it.
    ['RetainExceptOnCreate', protectedTable, true, 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE'],
  ])(
    'rolls back a table with DeletionPolicy %s and %o',
    (DeletionPolicy, more, remains, created, updated) => {
      const first = new Stack(new Account());
      expect(first.create(table({ ...more, DeletionPolicy }), fault)).toBe(false);
      expect(first.status).toBe(created);
      expect(() => first.update(table({}))).toThrow('can not be updated');

      const account = new Account();
      const second = new Stack(account);
      second.create({ Resources: { Other: { Type: 'AWS::SNS::Topic' } } });
      expect(second.update(table({ ...more, DeletionPolicy }), fault)).toBe(false);
      expect([second.status, account.table('x') !== undefined]).toEqual([updated, remains]);
      expect(second.update(table({ ...more, DeletionPolicy }))).toBe(!remains);
    },
  );
});
