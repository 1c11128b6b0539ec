import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

let aws: EmbeddedAws;
const clients: DynamoDB[] = [];
beforeAll(async () => {
  aws = await startEmbeddedAws({ createTableMs: 0 });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await aws.close();
});

function inRegion(region: string): DynamoDB {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'x' };
  const client = new DynamoDB({ endpoint: aws.endpoint, region, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const table = (TableName: string) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
});

it('keeps the tables and items of regions apart, by the region of the signature', async () => {
  const [home, ireland] = [inRegion(aws.env.AWS_REGION!), inRegion('eu-west-1')];
  await home.createTable(table('Events'));
  expect((await ireland.listTables({})).TableNames).toEqual([]);
  await expect(ireland.describeTable({ TableName: 'Events' })).rejects.toThrow('not found');
  await ireland.createTable(table('Events'));
  await ireland.putItem({ TableName: 'Events', Item: { Key: { S: 'a' } } });
  expect((await ireland.scan({ TableName: 'Events' })).Count).toBe(1);
  expect((await home.scan({ TableName: 'Events' })).Count).toBe(0);
  await ireland.deleteTable({ TableName: 'Events' });
  expect((await home.listTables({})).TableNames).toEqual(['Events']);
});

it('names the region in the ARN of a table, and finds no table of another region by it', async () => {
  const [home, paris] = [inRegion(aws.env.AWS_REGION!), inRegion('eu-west-3')];
  const { TableDescription } = await paris.createTable(table('Flags'));
  expect(TableDescription?.TableArn).toBe('arn:aws:dynamodb:eu-west-3:000000000000:table/Flags');
  const Tags = [{ Key: 'team', Value: 'flags' }];
  const ResourceArn = TableDescription?.TableArn;
  await paris.tagResource({ ResourceArn, Tags });
  expect((await paris.listTagsOfResource({ ResourceArn })).Tags).toEqual(Tags);
  await expect(home.listTagsOfResource({ ResourceArn })).rejects.toThrow('not found');
});
