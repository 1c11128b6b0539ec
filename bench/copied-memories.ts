/** Gives groups that scale has not learned what it has learned of others with the same demand, so that a large fleet need not be learned. */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';

const MOST_PER_BATCH = 25;
type Item = Record<string, AttributeValue>;

/**
 * Copies the stored memories in turn to the groups without one. Memories of several runs have their next samples in several minutes, and
 * so have the copies.
 */
export async function copyMemories(
  client: DynamoDBClient,
  stateTable: string,
  groups: readonly string[],
): Promise<void> {
  const learned = await memories(client, stateTable);
  if (learned.size === 0) throw new Error('No run has stored a memory of a group.');
  const templates = [...learned.values()];
  const copies = groups
    .filter((group) => !learned.has(group))
    .map((group, i): Item => ({ ...templates[i % templates.length]!, Id: { S: group } }));
  for (let i = 0; i < copies.length; i += MOST_PER_BATCH) {
    const requests = copies.slice(i, i + MOST_PER_BATCH).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [stateTable]: requests } }));
  }
}

/** What is stored about the demand of groups, by group. Other memories have ids in parentheses. */
async function memories(client: DynamoDBClient, TableName: string): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const query = {
    TableName,
    KeyConditionExpression: 'Kind = :kind',
    ExpressionAttributeValues: { ':kind': { S: 'memory' } },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    for (const item of Items) if (item.Id?.S && !item.Id.S.startsWith('(')) found.set(item.Id.S, item);
  return found;
}
