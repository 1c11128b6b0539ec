/** Old and new versions of Turntable side by side on one state table, as during a deployment or a rollback. */
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
let client: DynamoDBClient;
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec()]);
  client = new DynamoDBClient({});
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

type Item = Record<string, AttributeValue>;
const TableName = 'production.turntable';
const OLD = 'production.Events.20251121';
const NEXT = 'production.Events.20251125';

const remove = (kind: string, id: string) =>
  client.send(new DeleteItemCommand({ TableName, Key: { Kind: { S: kind }, Id: { S: id } } }));
const put = (Item: Item) => client.send(new PutItemCommand({ TableName, Item }));

async function records(kind: string): Promise<Item[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'Kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: kind } },
    }),
  );
  return Items;
}

/** A record as a version from the future might write it. */
const newer = (Kind: string, Id: string): Item => ({
  Kind: { S: Kind },
  Id: { S: Id },
  Format: { N: '2' },
  Content: { S: 'in words of its own' },
});

const says = (record: string): string =>
  `The state table has the ${record} in format 2, and this version of Turntable knows format 1. Upgrade Turntable.`;

describe('A record of a newer version', () => {
  beforeEach(async () => {
    await stage.live('2025-11-21', '2025-11-23');
    expect(await records('scheduled-deletion')).toMatchObject([{ Id: { S: OLD }, Format: { N: '1' } }]);
  });

  test.each([
    ['rotate', `create ${NEXT} applied`, 'raise production.Events.20251124 applied'],
    ['scale'],
    ['purge'],
  ] as const)('lets %s create and raise, holds the rest, and is not replaced', async (job, ...applied) => {
    const kinds: [string, string][] = [
      ['lease', job],
      ['suspension', 'lowering'],
      ...(job === 'scale' ? [] : [['scheduled-deletion', OLD] as [string, string]]),
      [job === 'purge' ? 'retention' : 'memory', 'Events'],
      ...(job === 'rotate' ? [['ownership', 'Events'] as [string, string]] : []),
      ...(job === 'purge' ? [['unmanaged', 'Events'] as [string, string]] : []),
    ];
    const all: string[] = [];
    for (const [kind, id] of kinds) {
      const record = newer(kind, id);
      const present = (await records(kind)).find(({ Id }) => Id?.S === id);
      await put(record);
      const run = await stage.run(job, '2025-11-24T03:35');
      expect(run.error).toContain(says(`${kind} ${id}`));
      expect(run.error).toContain('This run only creates missing tables and raises capacity.');
      all.push(...done(run));
      expect((await records(kind)).find(({ Id }) => Id?.S === id)).toEqual(record);
      await (present ? put(present) : remove(kind, id));
    }
    expect(all).toEqual(applied);
    expect(await stage.names()).toContain(OLD);
  });

  test('holds a deletion until the newer version is back, and nothing is lost', async () => {
    const [scheduled] = await records('scheduled-deletion');
    await put({ ...scheduled!, Format: { N: '2' } });
    const old = await stage.run('purge', '2025-11-24T03:35');
    expect(done(old)).toEqual([]);
    expect(await stage.names()).toContain(OLD);
    expect(await records('scheduled-deletion')).toEqual([{ ...scheduled!, Format: { N: '2' } }]);
    // A record without a format has format 1.
    const { Format: _, ...back } = scheduled!;
    await put(back);
    expect(done(await stage.run('purge', '2025-11-24T03:36'))).toContain(`delete ${OLD} applied`);
  });

  test('is not replaced or removed by a command', async () => {
    const record = newer('suspension', 'purging');
    await put(record);
    for (const command of ['suspend', 'resume'] as const)
      expect(await stage.cli(command, 'purging')).toMatchObject({
        code: 1,
        stderr: `Error: ${says('suspension purging')}\n`,
      });
    expect(await records('suspension')).toEqual([record]);
    stage.at('2025-11-24T03:35');
    expect((await stage.cli('plan')).stdout).toContain('[newer-state]');
  });
});
