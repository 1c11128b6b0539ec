import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { isForS3, s3Call } from '../src/embedded/s3.ts';
import { effectOf } from './aws-effects.ts';
import { awsErrors, type Call, type Fault, INFLATION, type MetricsFault } from './faults.ts';
import type { Crash, Run } from './run.ts';

/** How much faster than virtual time a delay is. */
const SPEED = 1_000;

export type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The run whose calls go through the proxy. */
export interface ProxiedRun {
  /** The URL of the embedded AWS. */
  readonly endpoint: string;
  readonly run: Run;
  /** Receives each call before it is performed. The returned function receives the response. */
  readonly observe: (operation: string, input: Json) => (status: number, body: Json) => void;
  /** Kills the process that sends the calls. */
  readonly crash: () => Promise<void>;
}

/** A loopback endpoint between the SDK and the embedded AWS, which injects the faults of a run. */
export class FaultProxy {
  endpoint = '';
  #current: ProxiedRun | undefined;
  #crashed = false;
  /** How many changes the run has requested. */
  #changes = 0;
  readonly #running = new Set<Promise<unknown>>();
  readonly #server = createServer((incoming, response) => {
    const served = this.#serve(incoming, response).catch(() => response.destroy());
    this.#running.add(served);
    void served.finally(() => this.#running.delete(served));
  });

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  begin(current: ProxiedRun): void {
    this.#current = current;
    this.#crashed = false;
    this.#changes = 0;
  }

  /** Waits for calls that have arrived. AWS would also complete them after the client died. */
  async end(): Promise<void> {
    this.#current = undefined;
    await Promise.allSettled(this.#running);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const current = this.#current;
    const body = Buffer.concat(await incoming.toArray());
    if (!current || this.#crashed) return void response.destroy();
    const { operation, input } = callOf(incoming, body);
    const perform = async (): Promise<Answer> => {
      const report = current.observe(operation, input);
      const answer = await forward(current.endpoint, incoming, body);
      report(answer.status, parse(answer.body));
      return answer;
    };
    const { run } = current;
    response.setHeader('date', new Date(run.began + run.sleptMs).toUTCString());
    run.calls += 1;
    if (effectOf(operation, input)) this.#changes += 1;
    if (this.#crashesAt(run.calls, run.crash)) {
      this.#crashed = true;
      if (run.crash?.performed) await perform();
      await current.crash();
      return void response.destroy();
    }
    const fault = run.faults.faultFor({ operation, resource: resourceOf(input) } satisfies Call);
    if (fault) await inject(fault, perform, response);
    else send(response, await perform());
  }

  #crashesAt(calls: number, crash: Crash | undefined): boolean {
    return crash !== undefined && (calls === crash.atCall || this.#changes === crash.atChange);
  }
}

/** S3 has REST. Of all its calls, jobs read only objects. */
function callOf(incoming: IncomingMessage, body: Buffer): { operation: string; input: Json } {
  if (isForS3(incoming)) {
    const { operation, ...input } = s3Call(incoming);
    return { operation, input };
  }
  const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
  return {
    operation,
    input: parse(incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body),
  };
}

async function inject(fault: Fault, perform: () => Promise<Answer>, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case 'error':
      return send(response, errorAnswer(fault.error));
    case 'request-dropped':
      return void response.destroy();
    case 'no-response':
      return void (await once(response, 'close'));
    case 'response-dropped':
      await perform();
      return void response.destroy();
    case 'response-cut': {
      const { status, headers, body } = await perform();
      response.writeHead(status, plain(headers, body.length));
      return void response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    }
    case 'response-stalled': {
      const { status, headers, body } = await perform();
      response.writeHead(status, plain(headers, body.length));
      response.write(body.subarray(0, body.length >> 1));
      return void (await once(response, 'close'));
    }
    case 'duplicated':
      await perform();
      return send(response, await perform());
    case 'delayed':
      await sleep(fault.delayMs / SPEED);
      return send(response, await perform());
    case 'wrong-date': {
      const date = new Date(Date.parse(String(response.getHeader('date'))) + fault.byMs);
      response.setHeader('date', date.toUTCString());
      return send(response, await perform());
    }
    case 'half-page':
      return send(response, halfPage(await perform()));
    case 'metrics':
      return send(response, corrupt(await perform(), fault.how));
  }
}

function errorAnswer(name: keyof typeof awsErrors): Answer {
  const status = name === 'InternalServerError' ? 500 : 400;
  const headers = { 'x-amzn-query-error': `${name};${status === 500 ? 'Receiver' : 'Sender'}` };
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: awsErrors[name] };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

function halfPage(answer: Answer): Answer {
  const { TableNames: names = [] } = parse(answer.body) as { TableNames?: string[] };
  if (answer.status !== 200) return answer;
  const body = { TableNames: names.slice(0, names.length >> 1) };
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

/** The same metric faults as in the simulator, in the format of CloudWatch. */
function corrupt(answer: Answer, how: MetricsFault): Answer {
  const body = parse(answer.body);
  const results = ((body.MetricDataResults ?? []) as Json[]).map((result, place) => {
    const [values, timestamps] = [result.Values as number[], result.Timestamps as number[]];
    switch (how) {
      case 'zeros':
        return { ...result, Values: values.map(() => 0) };
      case 'inflated':
        return { ...result, Values: values.map((value) => value * INFLATION) };
      case 'missing':
        return { ...result, Values: [], Timestamps: [] };
      case 'gaps':
        return {
          ...result,
          Values: values.filter((_, i) => i % 3),
          Timestamps: timestamps.filter((_, i) => i % 3),
        };
      case 'partial':
        return { ...result, StatusCode: 'PartialData' };
      case 'internal-error':
        return place % 2 === 0
          ? { ...result, StatusCode: 'InternalError', Values: [], Timestamps: [] }
          : result;
    }
    return result;
  });
  return { ...answer, body: Buffer.from(JSON.stringify({ ...body, MetricDataResults: results })) };
}

/** The table of a call, or the Id of an item in the state table. */
export function resourceOf(input: Json): string {
  const item = (input.Item ?? input.Key) as { Id?: { S?: string } } | undefined;
  const { TableName, ResourceArn, TableArn, ExportArn, Key } = input;
  const named = typeof Key === 'string' ? Key : undefined;
  const name = item?.Id?.S ?? TableName ?? ResourceArn ?? TableArn ?? ExportArn ?? named ?? '';
  return String(name).slice(String(name).indexOf('/') + 1);
}

function parse(body: Buffer): Json {
  const text = body.toString();
  // S3 answers with an object, or with XML.
  return text.startsWith('{') ? (JSON.parse(text) as Json) : {};
}

/** The embedded AWS closes its connections when it closes. */
const agent = new Agent({ keepAlive: true });

async function forward(
  endpoint: string,
  { method, url = '/', headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const outgoing = request(new URL(url, endpoint), {
    agent,
    method,
    headers: { ...headers, connection: 'keep-alive' },
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 500,
    headers: response.headers,
    body: Buffer.concat(await response.toArray()),
  };
}

const plain = ({ date: _, ...headers }: IncomingHttpHeaders, length: number) => ({
  ...headers,
  'content-type': 'application/x-amz-json-1.0',
  'content-length': length,
  connection: 'close',
});

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, plain(headers, body.length)).end(body);
}
