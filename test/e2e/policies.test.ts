/** `turntable policy`: each command works with the policy of its class, not with the one below, and needs each part of it. */
import { join } from 'node:path';
import { CreateBackupCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfigOf } from '../../src/bucket-config.ts';
import { type Class, classes, type Policy } from '../../src/cli/policies.ts';
import { awsPorts } from '../../src/runtime.ts';
import { openStage, provisionedSpec, type Stage, spec, tables } from '../incidents/stage.ts';
import { iamRequests } from './iam-requests.ts';
import { allows, many, type Request, type Statement, sample } from './template-iam.ts';

/** Daily, retaining two: the 20th's table is due from the 22nd on. */
const [OLD, NEXT] = tables('production.Events', '20251120', '20251125') as [string, string];
const BEGIN = '2025-11-20T03:35';
const SAVING = {
  Defaults: { Purge: { FinalBackup: true, Archive: { Bucket: 'our-archive', Prefix: 'cold' } } },
};

/** A spec that needs every permission. */
const everything = () => {
  const { Properties, ...rest } = provisionedSpec();
  return {
    ...rest,
    Consumers: [{ Function: 'visits-{environment}' }],
    KinesisStreamDestination: { Stream: 'changes' },
    Properties: {
      ...(Properties as object),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      TimeToLive: { AttributeName: 'ExpiresAt' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  };
};

let stage: Stage;
beforeEach(async () => {
  await open();
});
afterEach(() => stage.close());

async function open(): Promise<void> {
  stage = await openStage();
  vi.stubEnv('TURNTABLE_TOPIC_ARN', stage.aws.createTopic('Alarms'));
  stage.aws.createBucket('our-archive');
  stage.configure([everything()], SAVING);
}

/** The policy of a class in the region of `iamRequests`. */
async function printed(
  name: Class,
  region: string | undefined = sample.region,
  ...args: readonly string[]
): Promise<Statement[]> {
  vi.stubEnv('AWS_REGION', region);
  const { code, stdout } = await stage.cli('policy', name, '--env', 'production', ...args);
  vi.stubEnv('AWS_REGION', stage.aws.env.AWS_REGION);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as Policy).Statement as Statement[];
}

/** What a run of a command with a policy showed. */
interface Seen {
  readonly requests: readonly Request[];
  readonly denied: readonly string[];
  readonly codes: readonly number[];
}

/** What people do, with the time and the state of the account before it. */
interface Scenario {
  readonly name: string;
  readonly class: Class;
  prepare(): Promise<unknown>;
  readonly commands: readonly (readonly [at: string, ...args: string[]])[];
}

const lived = (): Promise<void> =>
  stage.past(async () => {
    await stage.run('rotate', BEGIN);
    await stage.live('2025-11-21', '2025-11-22');
  });
const NOW = '2025-11-23T03:40';
const at = (...args: string[]) => [NOW, ...args] as const;

/** The environment may be torn down, although it is called production. */
const unprotected = async (): Promise<void> => {
  await lived();
  stage.configure([everything()], { Defaults: { ...SAVING.Defaults, Protected: false } });
};

/** The current table was written. */
const used = async (): Promise<void> => {
  await lived();
  const minute = Date.parse('2025-11-22T12:00:00Z');
  stage.aws.recordMetric({
    metric: 'ConsumedWriteCapacityUnits',
    table: 'production.Events.20251122',
    minute,
    sum: 60,
  });
};

/** Each job has just run. */
const healthy = async (): Promise<void> => {
  await lived();
  for (const job of ['rotate', 'purge', 'scale'] as const) await stage.run(job, NOW);
};

const scenarios: readonly Scenario[] = [
  // What only reads changes nothing, so one account is enough for several commands.
  {
    name: 'what reads an environment',
    class: 'reader',
    prepare: lived,
    commands: [
      at('plan'),
      at('plan', '--markdown'),
      at('status'),
      at('environments'),
      at('explain', 'Events'),
      at('history'),
      at('report', '--out', 'OUT'),
      // Its preview.
      at('adopt', 'Events'),
    ],
  },
  {
    name: 'what reads demand',
    class: 'reader',
    prepare: used,
    commands: [at('cost'), at('export-trace', 'Events', '--out', 'OUT')],
  },
  {
    name: 'doctor',
    class: 'reader',
    prepare: healthy,
    commands: [at('doctor')],
  },
  {
    name: 'what reads archives, and the previews of restore and drill',
    class: 'reader',
    prepare: () => deleted(),
    commands: [
      ['2025-11-24T03:40', 'archive', 'list', 'Events'],
      ['2025-11-24T03:40', 'restore', 'Events', '--period', '20251120'],
      ['2025-11-24T03:40', 'drill', 'Events'],
    ],
  },
  { name: 'suspend', class: 'operator', prepare: lived, commands: [at('suspend', 'purging')] },
  {
    name: 'resume',
    class: 'operator',
    prepare: async () => {
      await stage.cli('suspend', 'purging');
      await stage.cli('suspend', 'lowering');
    },
    commands: [at('resume', 'purging'), at('resume', 'lowering')],
  },
  { name: 'cancel-deletion', class: 'operator', prepare: lived, commands: [at('cancel-deletion', '--all')] },
  {
    name: 'confirm',
    class: 'operator',
    prepare: async () => {
      await lived();
      stage.configure([{ ...everything(), PurgeRotation: 1 }]);
    },
    commands: [at('confirm', 'Events', '--retype', 'Events')],
  },
  {
    name: 'doctor of an operator',
    class: 'operator',
    prepare: healthy,
    commands: [at('doctor', '--class', 'operator')],
  },
  {
    name: 'doctor of an owner',
    class: 'owner',
    prepare: healthy,
    commands: [at('doctor', '--class', 'owner')],
  },
  {
    name: 'the preview of teardown',
    class: 'reader',
    prepare: unprotected,
    commands: [at('teardown')],
  },
  {
    name: 'teardown',
    class: 'owner',
    prepare: unprotected,
    commands: [
      at('teardown', '--confirm', 'production'),
      ['2025-11-23T04:40', 'apply', '--yes'],
      ['2025-11-23T05:40', 'teardown', '--undo'],
    ],
  },
  { name: 'init', class: 'owner', prepare: async () => undefined, commands: [at('init')] },
  { name: 'rotate', class: 'owner', prepare: lived, commands: [at('rotate')] },
  {
    name: 'apply',
    class: 'owner',
    prepare: lived,
    commands: [
      ['2025-11-23T03:40', 'apply', '--yes'],
      ['2025-11-24T03:40', 'apply', '--yes'],
      ['2025-11-26T03:40', 'apply', '--yes'],
      // The jobs missed some days, so that more tables than usual are due, of which purge sends a notice.
      ['2025-11-29T03:40', 'apply', '--yes'],
      ['2025-11-29T04:40', 'apply', '--yes'],
    ],
  },
  {
    name: 'adopt',
    class: 'owner',
    prepare: async () => {
      await lived();
      stage.configure([spec()], {});
      await stage.make(NEXT);
    },
    commands: [['2025-11-24T03:40', 'adopt', 'Events', '--all', '--yes']],
  },
  {
    name: 'restore',
    class: 'owner',
    prepare: () => deleted(),
    commands: [['2025-11-24T03:40', 'restore', 'Events', '--period', '20251120', '--yes']],
  },
  {
    name: 'restore --from archive',
    class: 'owner',
    prepare: () => deleted(),
    commands: [
      ['2025-11-24T03:40', 'restore', 'Events', '--period', '20251120', '--from', 'archive', '--yes'],
    ],
  },
  {
    name: 'drill',
    class: 'owner',
    prepare: backedUp,
    commands: [['2025-11-24T03:40', 'drill', 'Events', '--yes']],
  },
];

/** OLD was backed up and deleted. */
async function deleted(): Promise<void> {
  await stage.past(async () => {
    await stage.run('rotate', BEGIN);
    await stage.live('2025-11-21', '2025-11-24');
  });
  expect(await stage.names()).not.toContain(OLD);
}

/** The newest backup is of a table that exists and stays, so that its items are compared. */
async function backedUp(): Promise<void> {
  await lived();
  const TableName = 'production.Events.20251122';
  const client = new DynamoDBClient({});
  await client.send(new PutItemCommand({ TableName, Item: { Key: { S: 'one' } } }));
  await client.send(new CreateBackupCommand({ TableName, BackupName: 'by-hand' }));
  client.destroy();
}

/** Plays a scenario in an unused account. From its first command on, the account allows what `statements` allow. */
async function play({ prepare, commands }: Scenario, statements: readonly Statement[]): Promise<Seen> {
  const requestsOf = iamRequests();
  stage.aws.intercept = (operation, input) => void requestsOf(operation, input);
  await prepare();
  const [requests, denied, codes]: [Request[], string[], number[]] = [[], [], []];
  stage.aws.intercept = (operation, input) => {
    for (const request of requestsOf(operation, input)) {
      requests.push(request);
      if (allows(statements, request)) continue;
      denied.push(request.action);
      const message = `not authorized to perform: ${request.action} on resource: ${request.resource}`;
      return { type: 'AccessDeniedException', message };
    }
    return undefined;
  };
  for (const [time, ...args] of commands) {
    stage.at(time);
    const own = args.map((arg) => (arg === 'OUT' ? join(stage.folder, 'written') : arg));
    codes.push((await stage.cli(own[0]!, ...own.slice(1), '--env', 'production')).code);
  }
  stage.aws.intercept = () => undefined;
  return { requests, denied, codes };
}

const allOf = new Map<string, Request[]>();

describe.each(scenarios)('$name', (scenario) => {
  test(`works with the ${scenario.class} policy`, async () => {
    const { requests, denied, codes } = await play(scenario, await printed(scenario.class));
    expect([...new Set(denied)]).toEqual([]);
    expect(scenario.commands.filter((_, i) => codes[i] !== 0)).toEqual([]);
    allOf.set(scenario.name, [...requests]);
  });

  // No class is below that of a reader.
  test.each(classes.slice(0, classes.indexOf(scenario.class)).slice(-1))(
    'is refused with the %s policy',
    async (lower) => {
      const { denied, codes } = await play(scenario, await printed(lower));
      expect(denied).not.toEqual([]);
      // `init` finds that the state table exists only by trying to create it.
      expect(Math.max(...codes)).toBeGreaterThan(0);
    },
  );
});

/** Splits a statement into one per action, resource, and kind of record. */
const partsOf = (statement: Statement): Statement[] =>
  many(statement.Action ?? []).flatMap((Action) =>
    many(statement.Resource).flatMap((Resource) => {
      const kinds = statement.Condition?.['ForAllValues:StringEquals']?.['dynamodb:LeadingKeys'];
      if (!kinds) return [{ ...statement, Action, Resource }];
      return many(kinds).map((kind) => ({
        ...statement,
        Action,
        Resource,
        Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': [kind] } },
      }));
    }),
  );

test.each(classes)('the %s policy has no part that no command needs', async (name) => {
  const statements = await printed(name);
  const ofClass = scenarios.filter((one) => classes.indexOf(one.class) <= classes.indexOf(name));
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(partsOf);
  const refusals = statements.filter(({ Effect }) => Effect === 'Deny');
  const idle = allowed.filter((part) => {
    const others = [...allowed.filter((one) => one !== part), ...refusals];
    return !ofClass.some((one) =>
      allOf.get(one.name)?.some((call) => allows([part], call) && !allows(others, call)),
    );
  });
  expect(idle.map(({ Sid, Action, Resource, Condition }) => ({ Sid, Action, Resource, Condition }))).toEqual(
    [],
  );
});

test('without new exports, owners can restore from the earlier ones and cannot export', async () => {
  const { Purge } = SAVING.Defaults;
  const off = { Defaults: { Purge: { ...Purge, Archive: { ...Purge.Archive, Enabled: false } } } };
  stage.configure([everything()], off);
  const statements = await printed('owner');
  stage.configure([everything()], SAVING);
  const scenario = scenarios.find(({ name }) => name === 'restore --from archive')!;
  const prepare = async () => {
    await deleted();
    stage.configure([everything()], off);
  };
  expect(await play({ ...scenario, prepare }, statements)).toMatchObject({ denied: [], codes: [0] });
  expect(JSON.stringify(statements)).not.toMatch(/Exports?\b|ExportTable|PutObjectAcl/);
});

test.each(['suspend', 'resume', 'cancel-deletion', 'confirm'])(
  '%s fails as soon as one action is missing',
  async (name) => {
    const scenario = scenarios.find((one) => one.name === name)!;
    const statements = await printed(scenario.class);
    // No command fails because it cannot write to the history, nor suspend because it cannot read what it replaces.
    const tolerated = ['dynamodb:BatchWriteItem', ...(name === 'suspend' ? ['dynamodb:Query'] : [])];
    const actions = allOf.get(name)!.map(({ action }) => action);
    const used = new Set(actions.filter((one) => !tolerated.includes(one)));
    for (const action of used) {
      const without = statements.map((one) =>
        one.Action ? { ...one, Action: many(one.Action).filter((other) => other !== action) } : one,
      );
      await stage.close();
      await open();
      const { denied, codes } = await play(scenario, without);
      expect([new Set(denied).has(action), Math.max(...codes) > 0], action).toEqual([true, true]);
    }
  },
);

test('an owner adds and removes replicas, a reader plans them, and without Replicas no policy reaches another Region', async () => {
  const ofReplicas = (statements: readonly Statement[]) =>
    statements.filter(({ Sid = '' }) => /Replicas$/.test(Sid));
  for (const name of classes) expect(ofReplicas(await printed(name))).toEqual([]);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };
  const copied = (more = {}) =>
    spec('Events', {
      Replicas: [{ RegionName: 'us-west-2' }],
      Properties: {
        ...spec().Properties,
        StreamSpecification,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        ...more,
      },
    });
  stage.configure([copied()], { Defaults: {} });
  const requestsOf = iamRequests();
  const requests: Request[] = [];
  const denied: string[] = [];
  let allowed = await printed('owner');
  stage.aws.intercept = (operation, input, of) => {
    for (const request of requestsOf(operation, input, of === 'us-east-1' ? sample.region : of)) {
      requests.push(request);
      if (!allows(allowed, request)) denied.push(`${request.action} ${request.resource}`);
    }
    return undefined;
  };
  const cli = async (time: string, ...args: readonly string[]) => {
    stage.at(time);
    return stage.cli(args[0]!, ...args.slice(1), '--env', 'production');
  };
  for (const day of ['20', '21', '22'])
    for (const hour of ['00', '01', '02', '03']) await cli(`2025-11-${day}T${hour}:05`, 'rotate');
  await stage.confirm();
  stage.configure([copied({ TimeToLive: { AttributeName: 'ExpiresAt' } })], { Defaults: {} });
  await cli('2025-11-22T04:05', 'apply', '--yes');
  const applied = await cli('2025-11-22T17:05', 'apply', '--yes');
  expect(applied.stdout).toContain('remove-replica');
  expect(denied).toEqual([]);
  const used = ofReplicas(allowed).flatMap(partsOf);
  expect(used.filter((part) => !requests.some((call) => allows([part], call)))).toEqual([]);
  allowed = await printed('reader');
  expect((await cli('2025-11-22T18:05', 'plan')).code).toBe(0);
  expect(denied).toEqual([]);
});

describe('with a configuration in S3', () => {
  const PLACE = 's3://our-config/team';
  const [FROM, VALID] = [['--config', PLACE], JSON.stringify([everything()])];
  const ofConfiguration = ({ Sid = '' }: Statement): boolean => /Configuration$/.test(Sid);
  /** Puts the configuration into a bucket, and returns how to change it. */
  const inBucket = () => {
    const bucket = stage.aws.createBucket('our-config', 'versioned');
    const put = (text: string) => bucket.put('team/tables.json', text, Date.parse(`${NOW}Z`));
    put(VALID);
    return put;
  };
  /** What of the requests of some work the policy denies. */
  const deniedIn = async (statements: readonly Statement[], work: () => Promise<unknown>) => {
    const requestsOf = iamRequests();
    const denied = new Set<string>();
    stage.aws.intercept = (operation, input) => {
      for (const request of requestsOf(operation, input))
        if (!allows(statements, request)) denied.add(request.action);
      return undefined;
    };
    await work();
    stage.aws.intercept = undefined;
    return [...denied].sort();
  };

  test('readers read it, and need each part of that', async () => {
    await lived();
    inBucket();
    const statements = await printed('reader', undefined, ...FROM);
    const status = () => stage.cli('status', '--env', 'production', ...FROM);
    expect(await deniedIn(statements, status)).toEqual([]);
    expect(
      await deniedIn(
        statements.filter((one) => !ofConfiguration(one)),
        status,
      ),
    ).toEqual(['s3:GetObject', 's3:ListBucket']);
  });

  test('owners also record the valid versions and go back to them, as the daemon does', async () => {
    await lived();
    const put = inBucket();
    const statements = await printed('owner', undefined, ...FROM);
    const load = () =>
      loadConfigOf(PLACE, 'production', awsPorts('production').state, {
        records: true,
        now: Date.parse(`${NOW}Z`),
      });
    const work = async () => {
      put(VALID);
      expect((await load()).isOlder).toBe(false);
      put('[');
      expect((await load()).isOlder).toBe(true);
    };
    const ofReaders = await printed('reader', undefined, ...FROM);
    expect(await deniedIn(statements, work)).toEqual([]);
    expect(await deniedIn(ofReaders, work)).toEqual([
      'dynamodb:PutItem',
      'dynamodb:Query',
      's3:GetObjectVersion',
    ]);
  });
});

test('grants nothing in another environment, and no deletion of the state table', async () => {
  const statements = await printed('owner');
  const table = (name: string) => `arn:aws:dynamodb:${sample.region}:${sample.account}:table/${name}`;
  const context = {
    'aws:ResourceTag/turntable:environment': 'production',
    'aws:RequestTag/turntable:environment': 'production',
    'dynamodb:LeadingKeys': ['suspension'],
  };
  const actions = statements
    .flatMap(({ Action }) => many(Action ?? []))
    .filter((one) => one.startsWith('dynamodb:'));
  const unscoped = ['ListTables', 'DescribeLimits', 'ListBackups', 'ListExports'].map(
    (one) => `dynamodb:${one}`,
  );
  for (const action of new Set(actions))
    for (const name of ['pre-production.Events.20251121', 'pre-production.turntable', 'production'])
      expect(allows(statements, { action, resource: table(name), context }), `${action} ${name}`).toBe(
        unscoped.includes(action),
      );
  for (const action of ['DeleteTable', 'UpdateTable', 'TagResource', 'Scan', 'RestoreTableFromBackup'])
    expect(
      allows(statements, { action: `dynamodb:${action}`, resource: table('production.turntable'), context }),
      action,
    ).toBe(false);
});

test('names the region of AWS_REGION and its partition', async () => {
  const text = JSON.stringify(await printed('reader', 'cn-north-1'));
  expect(text).toContain('arn:aws-cn:dynamodb:cn-north-1:*:table/production.*');
  expect(JSON.stringify(await printed('reader', ''))).toContain('arn:aws:dynamodb:*:*:table/production.*');
});
