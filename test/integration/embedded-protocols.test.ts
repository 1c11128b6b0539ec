import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatch, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.close());

const sentence = (protocol: string) =>
  `The embedded AWS does not support ${protocol}. Use a client with AWS JSON 1.0, such as the AWS SDK for JavaScript v3.`;

it.each([
  ['the query protocol of this service', AwsQueryProtocol],
  ['the protocol Smithy RPC v2 CBOR', AwsSmithyRpcV2CborProtocol],
])('answers a CloudWatch client with one sentence in its own protocol: %s', async (words, protocol) => {
  const client = new CloudWatch({
    endpoint: aws.endpoint,
    region: aws.env.AWS_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    protocol,
  } as CloudWatchClientConfig);
  await expect(client.listMetrics({ Namespace: 'AWS/DynamoDB' })).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: sentence(words),
  });
  client.destroy();
});

it('answers a form without a service, and CBOR without a body', async () => {
  const form = await fetch(aws.endpoint, {
    method: 'POST',
    body: new URLSearchParams({ Action: 'ListMetrics' }),
  });
  expect([form.status, form.headers.get('content-type')]).toEqual([400, 'text/xml']);
  expect(await form.text()).toContain(`<Message>${sentence('the query protocol of this service')}</Message>`);
  const url = `${aws.endpoint}/service/GraniteServiceVersion20100801/operation/ListMetrics`;
  const cbor = await fetch(url, { method: 'POST', headers: { 'smithy-protocol': 'rpc-v2-cbor' } });
  expect([cbor.status, cbor.headers.get('content-type')]).toEqual([400, 'application/cbor']);
  expect(cbor.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
});

it('supports exactly the operations of DynamoDB that the guide for application developers lists', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/applications.md'), 'utf8');
  const [, row = ''] = /^\| DynamoDB \| (.*) \|$/m.exec(guide) ?? [];
  const listed = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const all = Object.keys(dynamodb).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
  const supported: string[] = [];
  for (const operation of all) {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const response = await fetch(aws.endpoint, { method: 'POST', headers, body: '{}' });
    if (!(await response.text()).includes('UnknownOperationException')) supported.push(operation);
  }
  expect(listed.toSorted()).toEqual(supported.toSorted());
});
