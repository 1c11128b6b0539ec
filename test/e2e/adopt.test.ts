/** `turntable adopt` adopts unmanaged tables. Afterwards the deployed handlers treat them like any other table. */
import { PassThrough } from 'node:stream';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';
import { done, held, openStage, ownTags, type Stage, spec, tables } from '../incidents/stage.ts';

/** Daily, retaining two: on the 21st, the tables of the 20th and the 21st are retained, and the 22nd's is upcoming. */
const [OLD, YESTERDAY, TODAY, TOMORROW] = tables(
  'production.Events',
  '20251119',
  '20251120',
  '20251121',
  '20251122',
);

let stage: Stage;
let client: DynamoDBClient;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([spec()]);
  client = new DynamoDBClient({});
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const tagsOf = async (name = ''): Promise<Record<string, string>> => {
  const { TableArn } = (await stage.describe(name)) ?? {};
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};
const tag = async (name = '', tags: Readonly<Record<string, string>>): Promise<void> => {
  const { TableArn } = (await stage.describe(name)) ?? {};
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new TagResourceCommand({ ResourceArn: TableArn, Tags }));
};
const createdAt = async (name = '') => (await stage.describe(name))?.CreationDateTime?.toISOString();
/** Creates a table that may differ from the spec. */
const createOther = async (input: Partial<CreateTableCommandInput> & { TableName: string | undefined }) =>
  client.send(
    new CreateTableCommand({
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
      ...input,
    }),
  );
/** Operations that changed a table since the calls were last reset. */
const changes = () =>
  ['TagResource', 'UpdateTable', 'DeleteTable'].filter((name) => stage.aws.calls.has(name));
const UNMANAGED =
  'The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production.';
/** The predecessor's tables up to today, each created on its own day. */
async function predecessor(): Promise<void> {
  for (const [day, name] of [
    ['19', OLD],
    ['20', YESTERDAY],
    ['21', TODAY],
  ] as const) {
    stage.at(`2025-11-${day}T00:00`);
    await stage.make(name!);
  }
  stage.at('2025-11-21T09:00');
  stage.aws.resetCalls();
}

test('holds, shows and adopts a predecessor’s tables, and then purges them with a waiting period', async () => {
  await predecessor();
  const planned = await stage.cli('plan');
  expect(planned.stdout).toContain(
    `The current table ${TODAY} does not belong to this group (${UNMANAGED.slice(0, -1)})`,
  );

  const reads = new Set(stage.aws.calls.keys());

  const shown = await stage.cli('adopt', 'Events');
  expect(shown.stderr).toBe('');
  expect(shown.code).toBe(0);
  expect(shown.stdout.split('\n')).toEqual([
    'production.Events (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC: 3 to adopt.',
    '',
    'TABLE                       CREATED               ITEMS  SIZE  PHASE     EXPIRES',
    `${OLD}  2025-11-19 00:00 UTC      0   0 B  expired   2025-11-21 00:00 UTC`,
    `${YESTERDAY}  2025-11-20 00:00 UTC      0   0 B  outdated  2025-11-22 00:00 UTC`,
    `${TODAY}  2025-11-21 00:00 UTC      0   0 B  active    2025-11-23 00:00 UTC`,
    '',
    'Adoption adds the tags turntable:environment=production, turntable:spec=Events, turntable:scheme=daily, turntable:period (from the table name), and turntable:created-at (from the creation time). DynamoDB updates item counts and sizes about every 6 hours.',
    '',
    'After adoption, with the tables as they are now:',
    `  !  ${OLD}  note         Retention ended at 2025-11-21 00:00 UTC. Purge can schedule the deletion in its next run and delete the table 12 hours later. To keep the table, add the tag turntable:keep before you adopt it.`,
    `  ~  ${YESTERDAY}  protection   The spec enables deletion protection. Purge disables it when it deletes the table. [settings-differ]`,
    `  ~  ${TODAY}  protection   The spec enables deletion protection. Purge disables it when it deletes the table. [settings-differ]`,
    `  !  ${OLD}  delete held  Deletion held: purge has not applied a retention to this group yet, and the table is older than PurgeRotation 2 retains. If PurgeRotation is correct, run turntable confirm Events --env production. [retention-unknown]`,
    '',
    'Nothing was changed. To adopt the tables: turntable adopt Events --all --env production --yes',
    '',
  ]);
  expect(changes()).toEqual([]);

  const taken = await stage.cli('adopt', 'Events', '--all', '--yes');
  expect([taken.code, taken.stderr]).toEqual([0, '']);
  expect(taken.stdout).toContain('3 applied, 0 failed, 0 skipped.');
  const more = [...stage.aws.calls.keys()].filter((operation) => !reads.has(operation));
  expect(more.sort(), 'docs/deployment.md says what adopt may do that plan may not').toEqual([
    'BatchWriteItem',
    'DeleteItem',
    'TagResource',
  ]);
  for (const [name, day] of [
    [OLD, '19'],
    [TODAY, '21'],
  ] as const)
    expect(await tagsOf(name)).toEqual({
      ...ownTags('production', 'Events', 'daily', `2025-11-${day}`),
      'turntable:created-at': await createdAt(name),
    });
  expect((await stage.cli('adopt', 'Events')).stdout).toBe(
    'production.Events (us-east-1, account 000000000000), as of 2025-11-21 09:00 UTC: 0 to adopt, 3 already managed.\n',
  );

  expect(done(await stage.run('rotate', '2025-11-21T09:05'))).toEqual([
    `create ${TOMORROW} applied`,
    `protection ${YESTERDAY} applied`,
    `protection ${TODAY} applied`,
  ]);
  expect(done(await stage.run('purge', '2025-11-21T09:05'))).toEqual([]);
  await stage.confirm();
  expect(done(await stage.run('purge', '2025-11-21T09:05'))).toEqual([`schedule-deletion ${OLD} applied`]);
  expect(done(await stage.run('purge', '2025-11-21T20:00'))).toEqual([]);
  expect(done(await stage.run('purge', '2025-11-21T21:05'))).toEqual([`delete ${OLD} applied`]);
  expect(await stage.names()).toEqual([YESTERDAY, TODAY, TOMORROW]);
});

describe('a restored copy', () => {
  const copied = {
    ...ownTags('production', 'Events', 'daily', '2025-11-19'),
    'turntable:created-at': '2025-11-18T09:00:00.000Z',
  };

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['without tags', {}, UNMANAGED],
    ['with the tags of the original', copied, 'run turntable adopt Events --env production.'],
  ])('%s is held until it is adopted, and adopt warns about the copy', async (_, given, message) => {
    await stage.run('rotate', '2025-11-21T09:00');
    await stage.make(OLD!, given);
    const holds = held(await stage.run('purge', '2025-11-21T09:05'));
    expect(holds).toEqual([expect.stringContaining(`delete ${OLD}: `)]);
    expect(holds[0]).toContain(message);

    const { stdout } = await stage.cli('adopt', 'Events', '--period', '20251119');
    expect(stdout).toContain('The table looks like a restored copy: it was created 2025-11-21 09:00 UTC');
    expect(stdout).toContain(
      'Retention ended at 2025-11-21 00:00 UTC. Purge can schedule the deletion in its next run',
    );
    expect(stdout).toContain('turntable adopt Events --period 20251119 --env production --yes');

    expect((await stage.cli('adopt', 'Events', '--period', '20251119', '--yes')).code).toBe(0);
    expect((await tagsOf(OLD))['turntable:created-at']).toBe(await createdAt(OLD));
    expect(done(await stage.run('purge', '2025-11-21T09:10'))).toEqual([`schedule-deletion ${OLD} applied`]);
  });
});

describe('adopt', () => {
  const hostile = '\u001b[2J$(reboot)';

  test('adopts the matching tables, and refuses the others with every reason', async () => {
    await predecessor();
    await tag(OLD, { 'turntable:environment': 'staging', 'turntable:spec': 'production' });
    await tag(YESTERDAY, { 'turntable:scheme': 'weekly' });
    await createOther({
      TableName: TOMORROW,
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    await stage.make(`${TODAY}.backup`);
    await stage.make('pre-production.Events.20251121');
    stage.aws.resetCalls();
    const taken = await stage.cli('adopt', 'Events', '--all', '--yes', '--json');
    const { adoptable, refused, results } = JSON.parse(taken.stdout);
    expect(taken.code).toBe(0);
    expect(adoptable).toMatchObject([{ name: TODAY }]);
    expect(results).toEqual([{ name: TODAY, outcome: 'applied' }]);
    expect(refused).toEqual([
      {
        name: OLD,
        reasons: [
          'The tag turntable:environment is "staging" instead of "production".',
          'The tag turntable:spec is "production" instead of "Events".',
        ],
      },
      {
        name: YESTERDAY,
        reasons: ['The table was created for RotationScheme weekly, but the spec now says daily.'],
      },
      {
        name: TOMORROW,
        reasons: [
          'The key is Id (N, HASH), but the spec says Key (S, HASH).',
          'The table has a stream of KEYS_ONLY, but the spec says no stream.',
        ],
      },
      {
        name: `${TODAY}.backup`,
        reasons: ['The table name is not valid for the daily group production.Events.'],
      },
    ]);
    expect(stage.aws.calls.get('TagResource')).toBe(1);
    for (const name of [TOMORROW, `${TODAY}.backup`, 'pre-production.Events.20251121'])
      expect(await tagsOf(name)).toEqual({});
  });

  test.each(['text', 'json'])('adopts nothing if a named table does not match, in %s', async (form) => {
    await predecessor();
    await tag(YESTERDAY, { 'turntable:environment': 'staging' });
    stage.aws.resetCalls();
    const args = [
      'Events',
      '--period',
      '2025-11-20',
      '2025-11-21',
      '--yes',
      ...(form === 'json' ? ['--json'] : []),
    ];
    const { code, stdout, stderr } = await stage.cli('adopt', ...args);
    expect(code).toBe(1);
    expect(stdout).toContain('The tag turntable:environment is');
    expect(stderr).toContain('Nothing was changed: 1 table of the given periods cannot be adopted.');
    expect(changes()).toEqual([]);
  });

  test('prints no control characters of AWS messages', async () => {
    await predecessor();
    stage.aws.intercept = (operation) =>
      operation === 'DescribeTable'
        ? { type: 'InternalServerError', message: hostile, status: 400 }
        : undefined;
    const { stdout } = await stage.cli('adopt', 'Events');
    stage.aws.intercept = undefined;
    expect(stdout).toContain('\\u001b[2J$(reboot)');
    expect(stdout).not.toContain('\u001b[2J');
  });

  test('adopts the other tables if one fails, and reports the failure', async () => {
    await predecessor();
    let calls = 0;
    stage.aws.intercept = (operation) =>
      operation === 'TagResource' && ++calls === 1
        ? {
            type: 'AccessDeniedException',
            message: 'not authorized to perform: dynamodb:TagResource',
            status: 400,
          }
        : undefined;
    const { code, stdout } = await stage.cli('adopt', 'Events', '--all', '--yes');
    stage.aws.intercept = undefined;
    expect(code).toBe(1);
    expect(stdout).toContain('not authorized to perform: dynamodb:TagResource');
    expect(stdout).toContain('2 applied, 1 failed, 0 skipped.');
  });
});

test.each([
  ['yes', 0, true],
  ['y', 1, false],
])('prompts on a terminal and accepts only "yes": %s', async (answer, code, taken) => {
  await predecessor();
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(terminal as unknown as typeof process.stdin);
  terminal.write(`${answer}\n`);
  const asked = await stage.cli('adopt', 'Events');
  expect(asked.stdout).toContain('Do you want to continue? Only "yes" is accepted: ');
  expect(asked.code).toBe(code);
  expect(stage.aws.calls.has('TagResource')).toBe(taken);
  expect(asked.stderr).toBe(taken ? '' : 'Error: Canceled. Nothing was changed.\n');
});

test('cancels a deletion that was scheduled before the adoption, so that a new waiting period starts', async () => {
  await predecessor();
  const { state } = awsPorts('production');
  await state.scheduleDeletion({
    table: OLD!,
    createdAt: Date.parse((await createdAt(OLD))!),
    scheduledAt: 1,
  });
  await stage.cli('adopt', 'Events', '--all', '--yes');
  expect(await state.scheduledDeletions()).toEqual([]);
  await stage.confirm();
  expect(done(await stage.run('purge', '2025-11-21T09:05'))).toEqual([`schedule-deletion ${OLD} applied`]);
});

test.each<[string, string[], string]>([
  ['a missing group', [], "missing required argument 'group'"],
  ['an unknown group', ['Evnets'], 'Unknown group "Evnets". Known groups: Events.'],
  ['the state table', ['turntable'], 'Unknown group "turntable". Known groups: Events.'],
  [
    'the period of a copy',
    ['Events', '--period', '20251121.backup'],
    '--period "20251121.backup" is not a valid period.',
  ],
  [
    'both --all and --period',
    ['Events', '--all', '--period', '20251121'],
    '--period and --all exclude each other. Use one of them.',
  ],
  ['--yes without --all or --period', ['Events', '--yes'], '--yes requires --period or --all.'],
  ['a future --at', ['Events', '--at', '2026-01-01'], 'adopt rejects a future time'],
])('rejects %s without calling AWS', async (_, args, message) => {
  stage.aws.resetCalls();
  const { code, stderr } = await stage.cli('adopt', ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stage.aws.calls.size).toBe(0);
});
