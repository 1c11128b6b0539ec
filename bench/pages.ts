/** Answers every Scan with full pages of generated items. The argument is the number of items per table. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const ITEMS_A_TABLE = Number(process.argv[2]);

/** An item has about 200 bytes, so 5,000 of them fill the 1 MB page of DynamoDB. */
const ITEMS_A_PAGE = 5_000;
const TEXT = 'x'.repeat(150);

interface Scan {
  readonly ExclusiveStartKey?: { readonly Timestamp: { readonly N: string } };
}

const server = createServer(async (request, response) => {
  const { ExclusiveStartKey: after } = JSON.parse(await bodyOf(request)) as Scan;
  const first = after ? Number(after.Timestamp.N) + 1 : 0;
  const end = Math.min(first + ITEMS_A_PAGE, ITEMS_A_TABLE);
  const Items = Array.from({ length: end - first }, (_, i) => ({
    Key: { S: `key-${(first + i) % 1_000}` },
    Timestamp: { N: String(first + i) },
    Text: { S: TEXT },
  }));
  const last = Items.at(-1);
  const more = end < ITEMS_A_TABLE && last;
  const LastEvaluatedKey = more ? { Key: last.Key, Timestamp: last.Timestamp } : undefined;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify({ Count: Items.length, Items, LastEvaluatedKey }));
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

server.listen(0, '127.0.0.1', () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
