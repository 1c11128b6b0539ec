import { DynamoDB, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

let aws: EmbeddedAws;
let db: DynamoDB;
let now = Date.UTC(2026, 2, 15);
let count = 0;
/** An on-demand table, and one with 1 unit. */
let A: string;
let B: string;

beforeAll(async () => {
  aws = await startEmbeddedAws({ now: () => now, createTableMs: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  db = new DynamoDB({ endpoint: aws.endpoint, region: aws.env.AWS_REGION, credentials, maxAttempts: 1 });
});
afterAll(async () => {
  db.destroy();
  await aws.close();
});

beforeEach(async () => {
  count += 1;
  [A, B] = [`a-${count}`, `b-${count}`];
  const keys = {
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
  };
  const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  await db.createTable({ TableName: A, BillingMode: 'PAY_PER_REQUEST', ...keys });
  await db.createTable({ TableName: B, ProvisionedThroughput, ...keys });
  await db.putItem({ TableName: A, Item: item('old', 1) });
});

const key = (name: string) => ({ Key: { S: name } });
const item = (name: string, n: number) => ({ ...key(name), N: { N: String(n) } });
const put = (TableName: string, name: string, n = 1): TransactWriteItem => ({
  Put: { TableName, Item: item(name, n) },
});
const add = (name: string, by: string): TransactWriteItem => ({
  Update: {
    TableName: A,
    Key: key(name),
    UpdateExpression: 'ADD #n :by',
    ExpressionAttributeNames: { '#n': 'N' },
    ExpressionAttributeValues: { ':by': by === 'text' ? { S: by } : { N: by } },
  },
});
const absent = (TableName: string, name: string): TransactWriteItem => ({
  ConditionCheck: {
    TableName,
    Key: key(name),
    ConditionExpression: 'attribute_not_exists(#k)',
    ExpressionAttributeNames: { '#k': 'Key' },
  },
});
const write = (...TransactItems: TransactWriteItem[]) => db.transactWriteItems({ TransactItems });
const itemsOf = async (TableName: string) =>
  (await db.scan({ TableName, ConsistentRead: true })).Items?.map(({ Key, N }) => `${Key?.S} ${N?.N}`).sort();

describe('TransactWriteItems', () => {
  it('writes all items of several tables', async () => {
    await write(put(A, 'new', 2), put(B, 'other', 3), add('old', '5'), absent(A, 'none'));
    expect([await itemsOf(A), await itemsOf(B)]).toEqual([['new 2', 'old 6'], ['other 3']]);
    await write({ Delete: { TableName: A, Key: key('old') } });
    expect(await itemsOf(A)).toEqual(['new 2']);
  });

  it('writes nothing if a condition fails, and says which one', async () => {
    const failed = write(put(A, 'new'), absent(A, 'old'), put(B, 'other'));
    await expect(failed).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
    expect([await itemsOf(A), await itemsOf(B)]).toEqual([['old 1'], []]);
  });

  it('returns the item of a failed condition if it is asked for', async () => {
    const checked = {
      ...put(A, 'old', 9).Put!,
      ConditionExpression: 'N > :n',
      ExpressionAttributeValues: { ':n': { N: '5' } },
    };
    await expect(
      write({ Put: { ...checked, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } }, put(A, 'new')),
    ).rejects.toMatchObject({ CancellationReasons: [{ Item: item('old', 1) }, { Code: 'None' }] });
    await write({ Put: { ...checked, ExpressionAttributeValues: { ':n': { N: '0' } } } });
    expect(await itemsOf(A)).toEqual(['old 9']);
  });

  it('undoes its writes if a later one is invalid for the item', async () => {
    await expect(
      write(put(A, 'new'), { Delete: { TableName: A, Key: key('gone') } }, add('old', 'text')),
    ).rejects.toMatchObject({ CancellationReasons: [{}, {}, { Code: 'ValidationError' }] });
    expect(await itemsOf(A)).toEqual(['old 1']);
  });

  it.each<[string, () => TransactWriteItem[], string]>([
    ['no item', () => [], 'length between 1 and 100'],
    ['101 items', () => Array.from({ length: 101 }, (_, i) => put(A, `k${i}`)), 'length between 1 and 100'],
    ['one item twice', () => [put(A, 'x'), absent(A, 'x')], 'multiple operations on one item'],
    ['two operations in one', () => [{ ...put(A, 'x'), ...absent(A, 'y') }], 'only contain one of'],
    ['an unknown table', () => [put(A, 'x'), put('nothing-here', 'y')], 'not found'],
  ])('rejects %s, and writes nothing', async (_, items, message) => {
    await expect(write(...items())).rejects.toThrow(message);
    expect(await itemsOf(A)).toEqual(['old 1']);
  });

  it('is applied once for each token within ten minutes', async () => {
    const TransactItems = [add('old', '1')];
    const ClientRequestToken = `token-${count}`;
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    expect(await itemsOf(A)).toEqual(['old 2']);
    await expect(
      db.transactWriteItems({ TransactItems: [add('old', '2')], ClientRequestToken }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    now += 600_000;
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    expect(await itemsOf(A)).toEqual(['old 3']);
  });

  it('loses no update if transactions and other writes meet', async () => {
    const update = add('old', '1').Update!;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 ? write(add('old', '1'), put(A, `k${i}`)) : db.updateItem(update),
      ),
    );
    expect((await itemsOf(A))?.at(-1)).toBe('old 21');
  });

  it('consumes two units for each write, and is throttled as a whole', async () => {
    const { ConsumedCapacity } = await db.transactWriteItems({
      TransactItems: [put(A, 'x'), put(A, 'y'), put(B, 'z')],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(ConsumedCapacity).toEqual([
      { TableName: A, CapacityUnits: 4 },
      { TableName: B, CapacityUnits: 2 },
    ]);
    await expect(write(put(A, 'later'), put(B, 'later'))).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ProvisionedThroughputExceeded' }],
    });
    expect(await itemsOf(A)).not.toContain('later 1');
  });
});

describe('TransactGetItems', () => {
  const get = (TableName: string, name: string) => ({ Get: { TableName, Key: key(name) } });

  it('returns the items in order, with an empty response for a missing one', async () => {
    await db.putItem({ TableName: B, Item: item('other', 2) });
    const { Responses, ConsumedCapacity } = await db.transactGetItems({
      TransactItems: [get(B, 'other'), get(A, 'none'), get(A, 'old')],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(Responses).toEqual([{ Item: item('other', 2) }, {}, { Item: item('old', 1) }]);
    expect(ConsumedCapacity).toEqual([
      { TableName: B, CapacityUnits: 2 },
      { TableName: A, CapacityUnits: 4 },
    ]);
  });

  it('never sees half of a transaction', async () => {
    const both = { TransactItems: [get(A, 'x'), get(B, 'x')] };
    await write(put(A, 'x', 0), put(B, 'x', 0));
    now += 300_000;
    const writing = Promise.all(
      [1, 2, 3, 4].map((n) => write(put(A, 'x', n), put(B, 'x', n)).catch(() => {})),
    );
    for (let i = 0; i < 10; i += 1) {
      const { Responses = [] } = await db.transactGetItems(both);
      expect(Responses[0]?.Item?.N).toEqual(Responses[1]?.Item?.N);
      now += 10_000;
    }
    await writing;
  });
});
