/** How single actions on replicas are done, whatever has happened since they were planned. */
import { describe, expect, it } from 'vitest';
import { iso } from '../../src/core/calendar/instant.ts';
import type { Closing, TableState } from '../../src/core/facts.ts';
import { type FailureCode, ServiceError } from '../../src/core/failure.ts';
import type { Action } from '../../src/core/plan.ts';
import { perform } from '../../src/jobs/perform.ts';
import type { Ports, TableClient } from '../../src/ports.ts';
import { at, HOUR } from '../support/specs.ts';

const TABLE = 'production.Events.20261120';
const IRELAND = 'eu-west-1';
const NOON = at('2026-11-21T12:00');
const CREATED = at('2026-11-19T00:05');
const ADDED = CREATED + HOUR;

const described = (region: string, more: Partial<TableState> = {}): TableState => ({
  name: TABLE,
  arn: `arn:aws:dynamodb:${region}:000000000000:table/${TABLE}`,
  id: `id in ${region}`,
  status: 'ACTIVE',
  createdAt: region === IRELAND ? ADDED : CREATED,
  billingMode: 'PAY_PER_REQUEST',
  tableClass: 'STANDARD',
  deletionProtected: false,
  schema: { AttributeDefinitions: [], KeySchema: [] },
  global: true,
  capacities: [],
  itemCount: 0,
  sizeBytes: 0,
  ...more,
});
const withReplica = (status?: string): Partial<TableState> =>
  status === undefined ? { replicas: [] } : { replicas: [{ region: IRELAND, status }] };

/** What AWS answers. `null`: the table does not exist. */
interface Given {
  readonly table?: Partial<TableState> | null;
  /** The description after the change, if it differs. */
  readonly after?: Partial<TableState> | null;
  readonly copy?: Partial<TableState> | null;
  readonly tags?: Readonly<Record<string, string>>;
  readonly closing?: Closing;
  readonly error?: ServiceError;
}

/** Does an action, and returns the changes that it has made. */
async function changesOf(action: object, given: Given): Promise<string[]> {
  const changes: string[] = [];
  const { table = withReplica('ACTIVE'), after = table, copy = {}, tags = {}, closing, error } = given;
  const change = (what: string, failure?: ServiceError) => async (): Promise<void> => {
    changes.push(what);
    if (failure) throw failure;
  };
  const client = (region: string): TableClient =>
    ({
      describe: async () => {
        const state = region === IRELAND ? copy : changes.length > 0 ? after : table;
        return state === null ? undefined : described(region, state);
      },
      tags: async () => tags,
      tag: change(`tag in ${region}`),
      protect: async (_: string, on: boolean) => change(`protect ${on} in ${region}`)(),
      addReplica: change('add', error),
      removeReplica: change('remove', error),
      remove: change('delete', error),
    }) as Partial<TableClient> as TableClient;
  const ports = {
    tables: client('us-east-1'),
    inRegion: (region: string) => ({ tables: client(region) }),
    state: { closing: async () => closing, cancelDeletion: async () => {} },
  } as unknown as Ports;
  const common = { job: 'rotate', group: 'Events', table: TABLE, reason: 'held', message: '' };
  await perform({ ...common, region: IRELAND, ...action } as Action, ports, NOON);
  return changes;
}

const fails = (action: object, given: Given, code: FailureCode, message = '') =>
  expect(changesOf(action, given)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
const refused = new ServiceError('refused', 'Replica already exists');

describe('adding a replica', () => {
  const add = { kind: 'add-replica', input: { RegionName: IRELAND } };

  it('calls DynamoDB once', async () => {
    expect(await changesOf(add, { table: withReplica() })).toEqual(['add']);
  });

  it.each(['CREATING', 'ACTIVE', 'UPDATING'])('does nothing if the replica is %s', async (status) => {
    expect(await changesOf(add, { table: { ...withReplica(status), status: 'UPDATING' } })).toEqual([]);
  });

  it.each<[string, Given, FailureCode, string]>([
    ['the table is UPDATING', { table: { ...withReplica(), status: 'UPDATING' } }, 'in-use', 'UPDATING'],
    ['the table does not exist', { table: null }, 'not-found', 'does not exist'],
    ['the replica is DELETING', { table: withReplica('DELETING') }, 'in-use', 'still DELETING'],
    [
      'the replica is CREATION_FAILED',
      { table: withReplica('CREATION_FAILED') },
      'refused',
      'CREATION_FAILED',
    ],
    ['its status is not known', { table: withReplica('SOMETHING_NEW') }, 'refused', 'SOMETHING_NEW'],
    [
      'its region is that of the table',
      { table: { ...withReplica(), arn: `arn:aws:dynamodb:${IRELAND}:000000000000:table/${TABLE}` } },
      'refused',
      'the Region of the table',
    ],
  ])('fails before any call if %s', async (_, given, code, message) => {
    await fails(add, { ...given, error: new ServiceError('unavailable', 'called') }, code, message);
  });

  it.each(['refused', 'in-use'] as const)(
    'has nothing left to do if AWS answers %s because another run has added it',
    async (code) => {
      const error = new ServiceError(code, 'Replica already exists');
      const given = { table: withReplica(), after: withReplica('CREATING'), error };
      expect(await changesOf(add, given)).toEqual(['add']);
    },
  );

  it('fails with the words of DynamoDB if the replica is not there afterwards', async () => {
    await fails(add, { table: withReplica(), error: refused }, 'refused', 'Replica already exists');
    await fails(add, { table: withReplica(), after: null, error: refused }, 'refused', 'already exists');
    const throttled = new ServiceError('throttled', 'Slow down');
    const given = { table: withReplica(), after: withReplica('CREATING'), error: throttled };
    await fails(add, given, 'throttled', 'Slow down');
  });
});

describe('setting what DynamoDB does not copy', () => {
  it('is done in the region of the replica', async () => {
    expect(await changesOf({ kind: 'tag-replica', tags: { team: 'flags' } }, {})).toEqual([
      'tag in eu-west-1',
    ]);
    expect(await changesOf({ kind: 'protection' }, {})).toEqual(['protect true in eu-west-1']);
    expect(await changesOf({ kind: 'protection', region: undefined }, {})).toEqual([
      'protect true in us-east-1',
    ]);
  });

  it('fails if the replica does not exist', async () => {
    await fails(
      { kind: 'tag-replica', tags: {} },
      { copy: null },
      'not-found',
      'has no replica in eu-west-1',
    );
    await fails({ kind: 'protection' }, { copy: null }, 'not-found');
  });
});

describe('removing a replica', () => {
  const remove = {
    kind: 'remove-replica',
    createdAt: iso(CREATED),
    scheduledAt: iso(NOON),
    replicaCreatedAt: iso(ADDED),
  };
  const closedAt = iso(NOON);
  const closing = (id: string, name = TABLE): Closing => ({
    environment: 'production',
    since: NOON,
    tables: new Map([[id, { name, listedAt: NOON }]]),
  });

  it('calls DynamoDB once', async () => {
    expect(await changesOf(remove, {})).toEqual(['remove']);
    const given = { closing: closing('id in us-east-1') };
    expect(await changesOf({ ...remove, closedAt }, given)).toEqual(['remove']);
  });

  it('turns its protection off first, if the plan knew about it, and waits', async () => {
    const given = { copy: { deletionProtected: true } };
    await fails({ ...remove, unprotect: true }, given, 'in-use', 'is being turned off');
    await fails(remove, given, 'refused', 'turned on after planning');
    await fails(remove, { copy: { status: 'UPDATING' } }, 'in-use', 'is being turned off');
    await fails({ ...remove, unprotect: true }, { error: refused }, 'in-use', 'is being turned off');
    await fails(remove, { error: refused }, 'refused', 'Replica already exists');
  });

  it.each<[string, Given]>([
    ['the table is gone', { table: null }],
    ['the replica is gone', { table: withReplica() }],
    ['DynamoDB does not tell of replicas', { table: {} }],
    ['the replica is DELETING', { table: { ...withReplica('DELETING'), status: 'UPDATING' } }],
  ])('has nothing left to do if %s', async (_, given) => {
    expect(await changesOf(remove, { ...given, copy: null })).toEqual([]);
  });

  it.each<[string, Given, FailureCode, string]>([
    [
      'the table is UPDATING',
      { table: { ...withReplica('ACTIVE'), status: 'UPDATING' } },
      'in-use',
      'still UPDATING',
    ],
    ['a later table has its name', { table: { ...withReplica('ACTIVE'), createdAt: NOON } }, 'refused', ''],
    ['its region does not describe it', { copy: null }, 'in-use', 'not described yet'],
    ['it was created again', { copy: { createdAt: NOON } }, 'refused', 'as planned'],
    ['it got the tag that retains it', { tags: { 'turntable:keep': '' } }, 'refused', 'turntable:keep'],
  ])('fails before any change if %s', async (_, given, code, message) => {
    await fails(remove, { ...given, error: new ServiceError('unavailable', 'called') }, code, message);
  });

  it.each<[string, Closing | undefined]>([
    ['the environment is open again', undefined],
    ['the plan lists another table', closing('another id')],
    ['the plan lists it by another name', closing('id in us-east-1', 'other')],
    ['the environment was closed again', { ...closing('id in us-east-1'), since: NOON + 1 }],
  ])('of a closed environment fails if %s', async (_, mark) => {
    await fails({ ...remove, closedAt }, { ...(mark && { closing: mark }) }, 'refused', 'opened again');
  });

  it('is left to a later run if DynamoDB does not delete the source of a new replica yet', async () => {
    const error = new ServiceError('refused', 'It has acted as a source region for new replica(s).');
    await expect(changesOf(remove, { error })).rejects.toMatchObject({ name: 'Superseded' });
    const lost = new ServiceError('unavailable', 'acted as a source region');
    await fails(remove, { error: lost }, 'unavailable');
  });
});

describe('deleting a table', () => {
  const drop = { kind: 'delete', region: undefined, createdAt: iso(CREATED), scheduledAt: iso(NOON) };

  it('fails while it has a replica, in any status', async () => {
    for (const status of ['ACTIVE', 'DELETING', 'CREATION_FAILED'])
      await fails(drop, { table: withReplica(status) }, 'refused', 'got a replica in eu-west-1');
    expect(await changesOf(drop, { table: withReplica() })).toEqual(['delete']);
    expect(await changesOf(drop, { table: {} })).toEqual(['delete']);
  });

  it('is left to a later run if the table was the source of a replica that is gone', async () => {
    const error = new ServiceError('refused', 'It has acted as a source region for new replica(s).');
    const superseded = changesOf(drop, { table: withReplica(), error });
    await expect(superseded).rejects.toMatchObject({ name: 'Superseded' });
  });
});
