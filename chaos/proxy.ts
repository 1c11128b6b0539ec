import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Run } from './run.ts';
import { ABSURD, awsErrors, type Call, type Fault, type MetricsFault } from './weather.ts';

/** What virtual milliseconds of delay are divided by. */
const SPEED = 1_000;

export type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A run whose calls go through the proxy. */
export interface Passage {
  /** Where the embedded AWS listens. */
  readonly endpoint: string;
  readonly run: Run;
  /** Told of each call before it is performed; the function it gives back is told how that went. */
  readonly observe: (operation: string, input: Json) => (status: number, body: Json) => void;
  /** Ends the process whose calls these are. */
  readonly crash: () => Promise<void>;
}

/** Between the SDK and the embedded AWS: a loopback endpoint where calls meet the weather of their run. */
export class FaultProxy {
  endpoint = '';
  #passage: Passage | undefined;
  #crashed = false;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #server = createServer((incoming, response) => {
    const served = this.#serve(incoming, response).catch(() => response.destroy());
    this.#underWay.add(served);
    void served.finally(() => this.#underWay.delete(served));
  });

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  begin(passage: Passage): void {
    this.#passage = passage;
    this.#crashed = false;
  }

  /** Waits for what has arrived already, as AWS would go on with it, whoever has died meanwhile. */
  async end(): Promise<void> {
    this.#passage = undefined;
    await Promise.allSettled(this.#underWay);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const passage = this.#passage;
    const body = Buffer.concat(await incoming.toArray());
    if (!passage || this.#crashed) return void response.destroy();
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    const input = parse(incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    const perform = async (): Promise<Answer> => {
      const told = passage.observe(operation, input);
      const answer = await forward(passage.endpoint, incoming.headers, body);
      told(answer.status, parse(answer.body));
      return answer;
    };
    const { run } = passage;
    response.setHeader('date', new Date(run.began + run.sleptMs).toUTCString());
    run.calls += 1;
    if (run.calls === run.crash?.atCall) {
      this.#crashed = true;
      if (run.crash.performed) await perform();
      await passage.crash();
      return void response.destroy();
    }
    const fault = run.weather.at({ operation, resource: resourceOf(input) } satisfies Call);
    if (fault) await strike(fault, perform, response);
    else send(response, await perform());
  }
}

async function strike(fault: Fault, perform: () => Promise<Answer>, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case 'error':
      return send(response, errorAnswer(fault.error));
    case 'dropped':
      return void response.destroy();
    case 'unanswered':
      return void (await once(response, 'close'));
    case 'lost':
      await perform();
      return void response.destroy();
    case 'torn': {
      const { status, headers, body } = await perform();
      response.writeHead(status, plain(headers, body.length));
      return void response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    }
    case 'twice':
      await perform();
      return send(response, await perform());
    case 'delayed':
      await sleep(fault.delayMs / SPEED);
      return send(response, await perform());
    case 'misdated': {
      const date = new Date(Date.parse(String(response.getHeader('date'))) + fault.byMs);
      response.setHeader('date', date.toUTCString());
      return send(response, await perform());
    }
    case 'half-page':
      return send(response, halfPage(await perform()));
    case 'metrics':
      return send(response, spoil(await perform(), fault.how));
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

/** The same lies about metrics as in the simulator, in CloudWatch's own words. */
function spoil(answer: Answer, how: MetricsFault): Answer {
  const body = parse(answer.body);
  const results = ((body.MetricDataResults ?? []) as Json[]).map((result, place) => {
    const [values, timestamps] = [result.Values as number[], result.Timestamps as number[]];
    switch (how) {
      case 'zeros':
        return { ...result, Values: values.map(() => 0) };
      case 'absurd':
        return { ...result, Values: values.map((value) => value * ABSURD) };
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

/** The table, or what an item of the state table is about. */
export function resourceOf(input: Json): string {
  const item = (input.Item ?? input.Key) as { Id?: { S?: string } } | undefined;
  const name = item?.Id?.S ?? input.TableName ?? input.ResourceArn ?? '';
  return String(name).slice(String(name).indexOf('/') + 1);
}

function parse(body: Buffer): Json {
  const text = body.toString();
  return text === '' ? {} : (JSON.parse(text) as Json);
}

async function forward(endpoint: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
  const outgoing = request(endpoint, { method: 'POST', headers: { ...headers, connection: 'close' } });
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
