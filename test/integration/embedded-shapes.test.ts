/** Requests that no SDK sends: the embedded AWS rejects them as AWS does, and never fails itself. */

import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NormalizedSchema } from '@smithy/core/schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { openRegion } from '../../src/embedded/open-region.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws({
    createTableMs: 0,
    controlCallsPerSecond: Infinity,
    tagWritesPerSecond: Infinity,
  });
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: KEYS });
  await client.send(
    new CreateTableCommand({
      TableName: 'Events',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    }),
  );
  client.destroy();
});
afterAll(() => aws.close());

/** `DynamoDB_20120810.PutItem`: every operation. */
const TARGETS = openRegion(
  'us-east-1',
  {},
  {
    elsewhere: () => expect.fail('No test asks another region.'),
    failing: new Set(),
    buckets: new Map(),
  },
).services.flatMap(({ target, operations }) =>
  Object.keys(operations).map((operation) => `${target}.${operation}`),
);

const KEYS = { accessKeyId: 'x', secretAccessKey: 'x' };

async function send(target: string, body: string): Promise<[status: number, type: string]> {
  const response = await fetch(aws.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body,
  });
  const { __type = '' } = (await response.json()) as { __type?: string };
  return [response.status, __type.slice(__type.indexOf('#') + 1)];
}

const of = (operation: string): string => `DynamoDB_20120810.${operation}`;

it.each<[string, string, string]>([
  ['TransactWriteItems', '{"TransactItems":[null]}', 'ValidationException'],
  ['TransactGetItems', '{"TransactItems":[null]}', 'ValidationException'],
  ['TransactWriteItems', '{"TransactItems":{}}', 'SerializationException'],
  ['TransactWriteItems', '{"TransactItems":[{"Put":5}]}', 'SerializationException'],
  ['PutItem', 'null', 'SerializationException'],
  ['PutItem', '[]', 'SerializationException'],
  ['PutItem', '"x"', 'SerializationException'],
  ['PutItem', '{"TableName":5}', 'SerializationException'],
  ['PutItem', '{"TableName":"Events","Item":{"Key":"a"}}', 'SerializationException'],
  ['BatchWriteItem', '{"RequestItems":{"Events":[null]}}', 'ValidationException'],
  ['CreateTable', '{"TableName":"X","KeySchema":"a"}', 'SerializationException'],
  ['TagResource', '{"ResourceArn":"a","Tags":[null]}', 'ValidationException'],
])('%s rejects %s with %s', async (operation, body, type) => {
  expect(await send(of(operation), body)).toEqual([400, type]);
});

const WRONG = [null, 5, 'x', [null], [{}], {}] as const;

/** Bodies with one wrong value: in place of each member of an operation, and of each member of these. */
function bodiesOf(input: unknown): string[] {
  const schema = NormalizedSchema.of(input as never);
  const members = Object.entries(schema.getMemberSchemas());
  return members.flatMap(([name, member]) => {
    const inner = member.isListSchema() ? member.getValueSchema() : member;
    const deeper = inner.isStructSchema() ? Object.keys(inner.getMemberSchemas()) : [];
    const nested = deeper.flatMap((one) => [{ [one]: [{}] }, { [one]: 'x' }]);
    const all = [...WRONG, ...nested.map((one) => (member.isListSchema() ? [one] : one))];
    return all.map((value) => JSON.stringify({ TableName: 'Events', [name]: value }));
  });
}

it('never answers with an error of its own, whatever a body contains', async () => {
  const models: Record<string, unknown> = { ...cloudwatch, ...dynamodb };
  const failed: string[] = [];
  for (const target of TARGETS) {
    const [, operation] = target.split('.');
    const bodies = ['null', '[]', '5', '"x"', '{', '', ...bodiesOf(models[`${operation}Input$`])];
    const answers = await Promise.all(bodies.map((body) => send(target, body)));
    answers.forEach(([status], i) => {
      if (status >= 500) failed.push(`${target} ${bodies[i]}`);
    });
  }
  expect(failed).toEqual([]);
});
