import { PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { documents, resolver, type Visit, visits } from './visits.ts';

/** The single table in use until now. */
const OLD_TABLE = 'visits';

/** Step 1: write to both. Readers still use the old table. */
export async function record(visit: Visit): Promise<void> {
  await documents.send(new PutCommand({ TableName: OLD_TABLE, Item: visit }));
  await visits.put(visit);
}

/** Step 2: copy the retained items of the old table. If it is interrupted, run it again. */
export const copy = (signal?: AbortSignal): Promise<number> => visits.batchWrite(retained(), { signal });

async function* retained(): AsyncGenerator<{ put: Visit }> {
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

/** Step 3: find the items of the old table that the group lacks. If it finds no item, switch the readers. */
export async function* missing(): AsyncGenerator<Visit> {
  for await (const { put: visit } of retained()) if (!(await visits.get(visit))) yield visit;
}
