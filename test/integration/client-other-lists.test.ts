/** Reads on endpoints whose ListTables differs from DynamoDB's, such as moto's. */
import { ListTablesCommand, type ListTablesCommandOutput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient } from '../../src/client/index.ts';
import { clientOptions, collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
let world: RotatingWorld;

beforeAll(async () => {
  world = await openWorld({ start: NOON, keep: 7, backfill: 2 });
  await world.run('rotate');
  const client = createRotatingClient(clientOptions(world));
  await client.batchWrite([0, 1, 2].map((days) => ({ put: { Key: 'a', Timestamp: NOON - days * DAY } })));
});

afterAll(() => world.close());

/**
 * The tables in the order of their creation, and none after a name that is no table. Pages have two names.
 * https://github.com/getmoto/moto/blob/master/moto/dynamodb/models/__init__.py
 */
function listedAsByMoto(names: readonly string[]) {
  let calls = 0;
  const list = (after: string | undefined): ListTablesCommandOutput => {
    calls += 1;
    const index = after === undefined ? -1 : names.indexOf(after);
    const TableNames = after !== undefined && index < 0 ? [] : names.slice(index + 1, index + 3);
    const last = TableNames.at(-1);
    return { TableNames, ...(last !== names.at(-1) && { LastEvaluatedTableName: last }), $metadata: {} };
  };
  const documents = {
    send: (command: never, options: never) =>
      (command as unknown) instanceof ListTablesCommand
        ? Promise.resolve(list((command as ListTablesCommand).input.ExclusiveStartTableName))
        : world.documents.send(command, options),
  } as unknown as DynamoDBDocumentClient;
  return { client: createRotatingClient({ ...clientOptions(world), documents }), calls: () => calls };
}

const table = (date: string) => `production.Events.${date}`;
const foreign = ['a', 'z', 'production.Eventss.20261101', 'production.Events.2026', 'pre.Events.20261119'];
const own = ['20261119', '20261120', '20261121', '20261122'].map(table);

describe.each([
  ['oldest first', [...foreign, ...own]],
  ['newest first', [...own.toReversed(), ...foreign]],
  ['mixed', own.flatMap((name, i) => [foreign[i]!, name])],
  ['the current one last', [own[3]!, own[1]!, own[0]!, ...foreign, own[2]!]],
])('with an endpoint that lists tables by creation, %s', (_, names) => {
  it.each(['oldest-first', 'newest-first', 'unordered'] as const)('reads the group, %s', async (order) => {
    const { client, calls } = listedAsByMoto(names);
    const items = await collect(client.scan({ order }));
    expect(items.map(({ Timestamp }) => Timestamp).toSorted()).toEqual(
      [2, 1, 0].map((days) => NOON - days * DAY),
    );
    expect(calls()).toBeGreaterThan(1);
  });
});

describe('with an endpoint that lists tables by creation, without a table of the group', () => {
  it.each([[[]], [foreign]])('says that the group has no tables', async (names) => {
    const { client } = listedAsByMoto(names);
    const reading = collect(client.scan({ from: '2026-11-10' }));
    await expect(reading).rejects.toThrow('The group "Events" has no tables in the environment "production"');
  });
});

it('says that a table is missing, although the endpoint lists tables by creation', async () => {
  await world.drop(table('20261120'));
  const { client } = listedAsByMoto([...foreign, ...own].filter((name) => name !== table('20261120')));
  await expect(collect(client.scan())).rejects.toThrow(
    `The table ${table('20261120')} is missing, and its period has ended.`,
  );
});
