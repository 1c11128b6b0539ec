import { PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { BatchWrite } from 'turntable/client';
import { documents, resolver, type Visit, visits } from './visits.ts';

/** The single table that there has been so far. */
const OLD_TABLE = 'visits';

/** Step 1, from now on: every write goes to both. The old table is still the one that is read. */
export async function record(visit: Visit): Promise<void> {
  await documents.send(new PutCommand({ TableName: OLD_TABLE, Item: visit }));
  await visits.put(visit);
}

/** Step 2, once: what retention keeps of the old table is copied; run it again whenever it was interrupted. */
export const copy = (signal?: AbortSignal): Promise<number> => visits.batchWrite(kept(), { signal });

async function* kept(): AsyncGenerator<BatchWrite<Visit>> {
  const { from } = resolver.retention('Visits');
  const pages = paginateScan(
    { client: documents },
    {
      TableName: OLD_TABLE,
      FilterExpression: '#at >= :from',
      ExpressionAttributeNames: { '#at': 'At' },
      ExpressionAttributeValues: { ':from': from },
    },
  );
  for await (const { Items = [] } of pages) for (const item of Items) yield { put: item as Visit };
}

/** Step 3: what the old table has and the group has not. Switch reading when this finds nothing. */
export async function* missing(): AsyncGenerator<Visit> {
  for await (const request of kept()) {
    if (!('put' in request)) continue;
    const { Visitor, At } = request.put;
    if (!(await visits.get({ Visitor, At }))) yield request.put;
  }
}
