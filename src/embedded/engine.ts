/**
 * Runs dynalite in this process. dynalite validates requests, stores items and pages through them. Its server never listens:
 * each call is passed to it as a request object, without the cost of a socket.
 * Its table states and delays are not used, because they depend on timers that outlive `close`. See `tables.ts`.
 */
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import dynalite from 'dynalite';
import { AwsError } from './failure.ts';
import { parseConditionsOnce } from './parsed-conditions.ts';

export type Json = Record<string, unknown>;

export interface Engine {
  call(operation: string, input: Json): Promise<Json>;
  close(): Promise<void>;
}

/** dynalite requires a signature, and only checks that its parts exist. */
const SIGNED = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=embedded, SignedHeaders=host, Signature=embedded',
  'x-amz-date': '20000101T000000Z',
};

parseConditionsOnce();

export function startEngine(): Engine {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const running = new Set<Promise<unknown>>();
  let closing = false;

  function call(operation: string, input: Json): Promise<Json> {
    if (closing)
      return Promise.reject(new AwsError('InternalServerError', 'The embedded AWS is closed', 500));
    const answer = post(server, operation, JSON.stringify(input));
    running.add(answer);
    const done = () => running.delete(answer);
    answer.then(done, done);
    return answer;
  }

  async function close(): Promise<void> {
    closing = true;
    await Promise.allSettled(running);
  }

  return { call, close };
}

/** The parts of an HTTP request that dynalite reads. */
class Posted extends EventEmitter {
  readonly method = 'POST';
  readonly url = '/';
  readonly headers: Readonly<Record<string, string>>;

  constructor(operation: string) {
    super();
    this.headers = { ...SIGNED, 'x-amz-target': `DynamoDB_20120810.${operation}` };
  }
}

function post(server: Server, operation: string, body: string): Promise<Json> {
  return new Promise((resolve, reject) => {
    const request = new Posted(operation);
    const response = {
      statusCode: 200,
      setHeader() {},
      end(text: string) {
        const answer = parse(text);
        if (response.statusCode === 200) resolve(answer);
        else reject(asAwsError(answer, response.statusCode));
      },
    };
    server.emit('request', request, response);
    request.emit('data', Buffer.from(body));
    request.emit('end');
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
