/** All items of a table, and many items into a table, without its capacity. */
import type { Json } from './engine.ts';
import type { Item } from './index-writes.ts';
import type { Region } from './region.ts';

/** The limit of BatchWriteItem. */
const ITEMS_A_BATCH = 25;

export async function itemsOf({ engine }: Pick<Region, 'engine'>, name: string): Promise<Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await engine.call('Scan', {
      TableName: name,
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    });
    items.push(...(page.Items as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

export async function putItems(
  { engine }: Pick<Region, 'engine'>,
  name: string,
  items: readonly Item[],
): Promise<void> {
  for (let i = 0; i < items.length; i += ITEMS_A_BATCH) {
    const requests: Json[] = items.slice(i, i + ITEMS_A_BATCH).map((Item) => ({ PutRequest: { Item } }));
    await engine.call('BatchWriteItem', { RequestItems: { [name]: requests } });
  }
}
