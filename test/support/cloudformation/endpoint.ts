/** A stack and its account on loopback, for the calls with which scripts/preflight.cjs asks AWS, and osls deploys. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from './account.ts';
import { answerBucket } from './bucket.ts';
import { answerQuery, type Deploying } from './query.ts';
import type { Stack } from './stack.ts';

/** What the account has, and the Lambda quota. The values can change between calls. Without `stack`, the stack does not exist. */
export interface Served extends Omit<Deploying, 'account'> {
  account: Account;
  quota: number;
}

export interface Endpoint {
  readonly url: string;
  readonly calls: string[];
  close(): Promise<void>;
}

export async function serve(served: Served): Promise<Endpoint> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    bodyOf(request).then((body) => answer(request, body, response, served, calls));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function answer(
  request: IncomingMessage,
  bytes: Buffer,
  response: ServerResponse,
  served: Served,
  calls: string[],
): void {
  const body = bytes.toString();
  const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
  if (target === 'DescribeTable') {
    calls.push(target);
    const { TableName } = JSON.parse(body) as { TableName: string };
    if (served.account.table(TableName)) return json(response, 200, { Table: { TableName } });
    const type = 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException';
    return json(response, 400, {
      __type: type,
      message: `Requested resource not found: Table: ${TableName}`,
    });
  }
  const form = new URLSearchParams(body);
  if (form.get('Action') === 'DescribeStackResource') {
    calls.push('DescribeStackResource');
    return describeStackResource(response, form, served.stack);
  }
  if (form.has('Action') && answerQuery(form, response, served))
    return void calls.push(String(form.get('Action')));
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  if (path.endsWith('/account-settings')) {
    calls.push('GetAccountSettings');
    return json(response, 200, accountSettings(served));
  }
  const [, name, part] = /\/functions\/([^/]+)(\/concurrency)?$/.exec(path) ?? [];
  if (name === undefined) return answerBucket(request, bytes, response, served);
  calls.push(part ? 'GetFunctionConcurrency' : 'GetFunction');
  const of = functionsOf(served.account).find(
    ({ FunctionName }) => FunctionName === decodeURIComponent(name),
  );
  if (of) return json(response, 200, { ReservedConcurrentExecutions: of.ReservedConcurrentExecutions });
  response.setHeader('x-amzn-errortype', 'ResourceNotFoundException');
  json(response, 404, { Type: 'User', Message: `Function not found: ${name}` });
}

const functionsOf = ({
  things,
}: Account): { FunctionName?: string; ReservedConcurrentExecutions?: number }[] =>
  [...things.values()]
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ properties }) => properties);

function accountSettings({ account, quota }: Served): object {
  const reserved = functionsOf(account).reduce(
    (sum, one) => sum + (one.ReservedConcurrentExecutions ?? 0),
    0,
  );
  return { AccountLimit: { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: quota - reserved } };
}

function describeStackResource(
  response: ServerResponse,
  form: URLSearchParams,
  stack: Stack | undefined,
): void {
  const [name, id] = [form.get('StackName'), String(form.get('LogicalResourceId'))];
  const member = stack?.members.get(id);
  const detail = (tag: string, text: string) => `<${tag}>${text}</${tag}>`;
  response.setHeader('content-type', 'text/xml');
  if (!member) {
    const message = stack
      ? `Resource ${id} does not exist for stack ${name}`
      : `Stack '${name}' does not exist`;
    const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`;
    response.writeHead(400).end(`<ErrorResponse>${error}</ErrorResponse>`);
    return;
  }
  const physical = member.key.split(' ')[1]!;
  const inner =
    detail('LogicalResourceId', id) +
    detail('PhysicalResourceId', physical) +
    detail('ResourceStatus', 'CREATE_COMPLETE');
  const result = detail('DescribeStackResourceResult', detail('StackResourceDetail', inner));
  response.writeHead(200).end(detail('DescribeStackResourceResponse', result));
}

function json(response: ServerResponse, status: number, value: object): void {
  response.setHeader('content-type', 'application/json');
  response.writeHead(status).end(JSON.stringify(value));
}
