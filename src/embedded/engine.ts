/**
 * dynalite in process, reached over its own loopback port: it validates, keeps items and pages through them.
 * Its table states and delays are not used (they hang on timers that would outlive `close`): see `tables.ts`.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError } from './failure.ts';

export type Json = Record<string, unknown>;

export interface Engine {
  call(operation: string, input: Json): Promise<Json>;
  close(): Promise<void>;
}

/** dynalite wants to see a signature, and checks only that its parts are there. */
const SIGNED = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=embedded, SignedHeaders=host, Signature=embedded',
  'x-amz-date': '20000101T000000Z',
};

export async function startEngine(): Promise<Engine> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // A kept connection that the server gives up just as it is used again would look like a failure of AWS.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const running = new Set<Promise<unknown>>();

  let closing = false;

  function call(operation: string, input: Json): Promise<Json> {
    if (closing)
      return Promise.reject(new AwsError('InternalServerError', 'The embedded AWS is closed', 500));
    const answer = post(agent, port, operation, JSON.stringify(input));
    running.add(answer);
    const done = () => running.delete(answer);
    answer.then(done, done);
    return answer;
  }

  async function close(): Promise<void> {
    closing = true;
    // dynalite throws out of its request handler when its store closes under a request.
    await Promise.allSettled(running);
    agent.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  return { call, close };
}

function post(agent: Agent, port: number, operation: string, body: string): Promise<Json> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...SIGNED,
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = parse(Buffer.concat(chunks).toString());
        if (response.statusCode === 200) resolve(answer);
        else reject(asAwsError(answer, response.statusCode ?? 500));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parse(text: string): Json {
  try {
    return (JSON.parse(text) || {}) as Json;
  } catch {
    return { __type: 'InternalServerError', message: text };
  }
}

function asAwsError(answer: Json, status: number): AwsError {
  const { __type, message, Message, ...members } = answer;
  const type = String(__type ?? 'InternalServerError').replace(/^.*#/, '');
  return new AwsError(type, String(message ?? Message ?? type), status, members);
}
