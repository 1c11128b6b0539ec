/** What the deletion of a table checks immediately before it, and which calls it makes. */
import { describe, expect, it } from 'vitest';
import type { Backup, Closing, TableState } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import type { Action } from '../../src/core/plan.ts';
import { remove } from '../../src/jobs/remove.ts';
import type { Ports } from '../../src/ports.ts';
import { at, specOf } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const TABLE = 'production.Events.20261119';
const CREATED_AT = at('2026-11-19');
const present = observedOf([{ spec: specOf(), name: TABLE }]).known('description', TABLE)!;

interface Given {
  /** null: the table does not exist. */
  readonly state?: Partial<TableState> | null;
  readonly action?: { readonly unprotect?: true; readonly backup?: string; readonly closedAt?: string };
  readonly closing?: Closing;
  readonly tags?: Readonly<Record<string, string>>;
  readonly backup?: Partial<Backup>;
  readonly refusal?: ServiceError;
}

/** The calls that the deletion makes, and how it ends. */
async function removing({
  state = {},
  action = {},
  tags = {},
  backup,
  refusal,
  closing,
}: Given): Promise<string[]> {
  const calls: string[] = [];
  const ports = {
    tables: {
      describe: async () =>
        state === null
          ? undefined
          : { ...present, deletionProtected: false, createdAt: CREATED_AT, ...state },
      tags: async () => tags,
      protect: async (table: string, on: boolean) => void calls.push(`protect ${table} ${on}`),
      remove: async (table: string) => {
        calls.push(`delete ${table}`);
        if (refusal) throw refusal;
      },
    },
    backups: { describe: async () => backup && { tableId: present.id, status: 'AVAILABLE', ...backup } },
    state: {
      closing: async () => closing,
      cancelDeletion: async (table: string) => void calls.push(`forget ${table}`),
    },
  } as unknown as Ports;
  const planned = { kind: 'delete', table: TABLE, createdAt: new Date(CREATED_AT).toISOString(), ...action };
  try {
    await remove(planned as Extract<Action, { kind: 'delete' }>, ports);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    calls.push(`${error.code}: ${error.message}`);
  }
  return calls;
}

const deleted = [`delete ${TABLE}`, `forget ${TABLE}`];
const refused = new ServiceError('refused', 'It is protected.');

describe('a deletion', () => {
  it.each<[string, Given, string[]]>([
    ['deletes the table and forgets that it was scheduled', {}, deleted],
    ['only forgets that it was scheduled if the table is gone', { state: null }, [`forget ${TABLE}`]],
    ['only forgets it if the table is DELETING', { state: { status: 'DELETING' } }, [`forget ${TABLE}`]],
    [
      'is tried again while the table is UPDATING',
      { state: { status: 'UPDATING' } },
      [`in-use: ${TABLE} is still UPDATING.`],
    ],
    ['deletes a table that DynamoDB archived', { state: { status: 'ARCHIVED' } }, deleted],
    [
      'is refused for a later table of the same name',
      { state: { createdAt: CREATED_AT + 1 } },
      [
        'refused: The table was created at 2026-11-19T00:00:00.001Z, but the deletion was scheduled for one created at 2026-11-19T00:00:00.000Z.',
      ],
    ],
    [
      'is refused if the table got the keep tag, whatever its value',
      { tags: { 'turntable:keep': '' } },
      ['refused: The table got the tag turntable:keep after planning.'],
    ],
    ['does not mind other tags', { tags: { owner: 'me' } }, deleted],
    [
      'is refused without the final backup that was planned',
      { action: { backup: 'arn' } },
      ['refused: The final backup arn is no longer AVAILABLE.'],
    ],
    [
      'is refused while the final backup is not AVAILABLE',
      { action: { backup: 'arn' }, backup: { status: 'CREATING' } },
      ['refused: The final backup arn is no longer AVAILABLE.'],
    ],
    [
      'is refused if the final backup is of another table',
      { action: { backup: 'arn' }, backup: { tableId: 'another' } },
      ['refused: The final backup arn is no longer AVAILABLE.'],
    ],
    ['needs the planned backup', { action: { backup: 'arn' }, backup: {} }, deleted],
    [
      'is refused if the table was protected after planning',
      { state: { deletionProtected: true } },
      ['refused: Deletion protection was turned on after planning.'],
    ],
    [
      'turns off the protection that the plan knew about, and is tried again',
      { state: { deletionProtected: true }, action: { unprotect: true } },
      [`protect ${TABLE} false`, 'in-use: Deletion protection is being turned off.'],
    ],
    ['deletes the table after the protection is off', { action: { unprotect: true } }, deleted],
    [
      'is tried again while DynamoDB still treats the table as protected',
      { action: { unprotect: true }, refusal: refused },
      [`delete ${TABLE}`, 'in-use: Deletion protection is being turned off.'],
    ],
    [
      'fails if DynamoDB refuses it for another reason',
      { refusal: refused },
      [`delete ${TABLE}`, 'refused: It is protected.'],
    ],
    [
      'reports another failure as it is, after the protection was turned off',
      { action: { unprotect: true }, refusal: new ServiceError('access-denied', 'No.') },
      [`delete ${TABLE}`, 'access-denied: No.'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await removing(given)).toEqual(expected);
  });

  it('keeps the error of DynamoDB as the cause', async () => {
    const ports = {
      tables: {
        describe: async () => ({ ...present, deletionProtected: false, createdAt: CREATED_AT }),
        tags: async () => ({}),
        remove: () => Promise.reject(refused),
      },
    } as unknown as Ports;
    const action = { table: TABLE, createdAt: new Date(CREATED_AT).toISOString(), unprotect: true };
    await expect(
      remove({ kind: 'delete', ...action } as Extract<Action, { kind: 'delete' }>, ports),
    ).rejects.toMatchObject({ code: 'in-use', cause: refused });
  });
});

describe('a deletion because of a closed environment', () => {
  const SINCE = at('2026-11-18T09:00');
  const closedAt = new Date(SINCE).toISOString();
  const listed = (name = TABLE, id = present.id): Closing['tables'] =>
    new Map([[id, { name, listedAt: SINCE }]]);
  const mark: Closing = { environment: 'production', since: SINCE, tables: listed() };
  const opened = ['refused: The environment was opened again after planning.'];

  it.each<[string, Closing | undefined, string[]]>([
    ['deletes the table if the same mark lists it still', mark, deleted],
    ['is refused after the environment was opened again', undefined, opened],
    ['is refused after it was opened and closed again', { ...mark, since: SINCE + 1 }, opened],
    [
      'is refused if the mark lists another table of the name',
      { ...mark, tables: listed(TABLE, 'x') },
      opened,
    ],
    ['is refused if the mark lists the table by another name', { ...mark, tables: listed('x') }, opened],
    ['is refused if the mark lists no table', { ...mark, tables: new Map() }, opened],
  ])('%s', async (_, closing, calls) => {
    expect(await removing({ action: { closedAt }, ...(closing && { closing }) })).toEqual(calls);
  });

  it('does not turn deletion protection off before it looks at the mark', async () => {
    const given = { state: { deletionProtected: true }, action: { closedAt, unprotect: true as const } };
    expect(await removing(given)).toEqual(opened);
  });
});
