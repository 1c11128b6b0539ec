import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { ItemReader, KeyedItem } from '../ports.ts';
import { translated } from './errors.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** The limit of BatchGetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_A_BATCH = 100;

/** Items of the tables of one account and region. */
export function awsItems(client: DynamoDBClient): ItemReader {
  return {
    count: (TableName, from) =>
      translated(async () => {
        const start = from === undefined ? {} : { ExclusiveStartKey: itemFrom(from) };
        const answer = await client.send(new ScanCommand({ TableName, Select: 'COUNT', ...start }));
        const next = answer.LastEvaluatedKey;
        return { items: answer.Count ?? 0, ...(next && { next: textOf(next) }) };
      }),
    sample: (TableName, key, most) =>
      translated(async () => {
        // Each segment is another part of the table, so that the sample is not only of its beginning.
        const segments = Math.min(10, most);
        const Limit = Math.floor(most / segments);
        const answers = await Promise.all(
          Array.from({ length: segments }, (_, Segment) =>
            client.send(new ScanCommand({ TableName, Limit, Segment, TotalSegments: segments })),
          ),
        );
        return answers.flatMap(({ Items = [] }) => Items.map((item) => keyed(item, key)));
      }),
    withKeys: (table, key, keys) =>
      translated(async () => {
        const read = new Set<string>();
        const found = new Map<string, string>();
        for (let i = 0; i < keys.length; i += KEYS_A_BATCH) {
          const some = keys.slice(i, i + KEYS_A_BATCH);
          const RequestItems = { [table]: { Keys: some.map(itemFrom) } };
          const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems }));
          const unread = new Set((UnprocessedKeys?.[table]?.Keys ?? []).map(textOf));
          for (const one of some) if (!unread.has(one)) read.add(one);
          for (const item of Responses?.[table] ?? []) {
            const own = keyed(item, key);
            found.set(own.key, own.item);
          }
        }
        return { read, found };
      }),
  };
}

const keyed = (item: Item, key: readonly string[]): KeyedItem => ({
  key: textOf(Object.fromEntries(key.map((name) => [name, item[name]!]))),
  item: textOf(item),
});

/** The same text for equal items: attributes and the values of sets in order, bytes in base64. */
const textOf = (item: Item): string => JSON.stringify(ordered(item));

const SETS: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

function ordered(value: unknown, name?: string): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) {
    const all = value.map((one) => ordered(one));
    return name !== undefined && SETS.has(name) ? sorted(all) : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, own]) => own !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([own, one]) => [own, ordered(one, own)]),
  );
}

const sorted = (values: readonly unknown[]): unknown[] =>
  values
    .map((value) => JSON.stringify(value))
    .sort()
    .map((text) => JSON.parse(text));

/** A key from its text. Keys have texts, numbers and bytes only. */
function itemFrom(text: string): Record<string, AttributeValue> {
  const key = JSON.parse(text) as Record<string, { readonly B?: { readonly base64: string } }>;
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => [
      name,
      (value.B ? { B: Buffer.from(value.B.base64, 'base64') } : value) as AttributeValue,
    ]),
  );
}
