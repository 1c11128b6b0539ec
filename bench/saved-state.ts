/** What the runs of a bench have learned, in a file, so that a later bench does not learn it again. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { BenchAws } from './midnight/aws.ts';

const MOST_PER_BATCH = 25;

interface Saved {
  /** What the state is of, such as the number of groups. */
  readonly of: string;
  readonly tables: Parameters<BenchAws['restore']>[0];
  readonly items: readonly Record<string, AttributeValue>[];
}

/** Restores what a file has of the same, or does `learn` and saves it. Without a file, only learns. */
export async function learnedOnce(
  file: string | undefined,
  of: string,
  {
    aws,
    client,
    stateTable,
  }: { readonly aws: BenchAws; readonly client: DynamoDBClient; readonly stateTable: string },
  learn: () => Promise<void>,
): Promise<void> {
  if (file !== undefined && existsSync(file)) {
    const saved = deserialize(readFileSync(file)) as Saved;
    if (saved.of !== of) throw new Error(`${file} is of ${saved.of}, and not of ${of}.`);
    aws.restore(saved.tables);
    for (let i = 0; i < saved.items.length; i += MOST_PER_BATCH) {
      const requests = saved.items.slice(i, i + MOST_PER_BATCH).map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [stateTable]: requests } }));
    }
    return;
  }
  await learn();
  if (file === undefined) return;
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: stateTable }))
    items.push(...Items);
  writeFileSync(file, serialize({ of, tables: [...aws.tables.values()], items } satisfies Saved));
}
