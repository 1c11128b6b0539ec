/**
 * The HTTP endpoint. DynamoDB, CloudWatch and Application Auto Scaling have AWS JSON, and the header x-amz-target selects the service. SNS has the
 * query protocol, and the version of its API selects it. Lambda has REST with JSON, and the path selects the operation.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Json } from './engine.ts';
import { AwsError, qualifiedType } from './failure.ts';
import { cborOperation, cborTexts, unsupportedProtocol } from './protocols.ts';
import { formInput, queryAnswer, queryError } from './query.ts';
import type { Operations } from './region.ts';
import { restCall } from './rest.ts';
import { shaped, withShapes } from './shapes.ts';
import { regionOf } from './wire.ts';

const FORM = 'application/x-www-form-urlencoded';
const CBOR_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

export interface Service {
  /** The part of x-amz-target before the dot, or the version of an API with the query protocol. */
  readonly target: string;
  /** Whether requests are forms and responses are XML. */
  readonly query?: boolean;
  /** Whether the method and the path of a request select the operation. */
  readonly rest?: boolean;
  /** Whether requests and responses are in Smithy RPC v2 CBOR. Only errors are. */
  readonly cbor?: boolean;
  readonly namespace: string;
  /** The CloudWatch client of the SDK reads the error code from a header of the service's older protocol. */
  readonly queryErrors: boolean;
  readonly operations: Operations;
  /** The SDK's client, for the shapes of requests, if it loads late. */
  readonly shapes?: () => Promise<object>;
}

/**
 * The answer to a call instead of the embedded one: an error, or a body. `stall`: no answer at all, or only half of the
 * embedded answer and then nothing.
 */
export type Intercepted =
  | { readonly type: string; readonly message: string; readonly status?: number }
  | { readonly body: Json }
  | { readonly stall: Stall };

type Stall = 'before-headers' | 'within-body';

export interface Hooks {
  /** Epoch milliseconds, for the Date header. */
  now(): number;
  served(operation: string): void;
  /** `region`: that of the signature, such as eu-west-1. */
  intercept(operation: string, input: Json, region: string): Intercepted | undefined;
  rewrite(operation: string, body: Json): Json;
}

/** `servicesOf`: the services of the region that a request is for. */
export function front(
  servicesOf: (request: IncomingMessage) => readonly Service[],
  hooks: Hooks,
): RequestListener {
  return (request, response) => {
    answer(servicesOf(request), hooks, request)
      .then((given) => {
        const date = new Date(hooks.now()).toUTCString();
        send(response, { ...given, headers: { ...given.headers, date } });
      })
      .catch(() => response.destroy());
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;
  /** XML instead of the body as JSON. */
  readonly text?: string;
  /** Other bytes instead of both. `headers` has their type. */
  readonly bytes?: Buffer;
  readonly stall?: Stall;
}

interface Call {
  readonly service: Service | undefined;
  readonly operation: string;
  readonly read: () => Json;
}

async function callOf(services: readonly Service[], request: IncomingMessage): Promise<Call> {
  const inCbor = cborOperation(request);
  if (inCbor !== undefined) {
    await readText(request);
    return {
      service: CBOR,
      operation: inCbor,
      read: () => refuseProtocol('the protocol Smithy RPC v2 CBOR'),
    };
  }
  const text = await readText(request);
  const inRest = restCall(request);
  if (inRest) {
    const { operation, input } = inRest;
    const service = services.find((candidate) => candidate.rest);
    return { service, operation, read: () => ({ ...jsonOf(text), ...input }) };
  }
  const [target, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (!String(request.headers['content-type']).startsWith(FORM)) {
    const service = services.find(
      (candidate) => candidate.target === target && !candidate.query && !candidate.rest,
    );
    return { service, operation, read: () => jsonOf(text) };
  }
  const form = formInput(text);
  const service = services.find((candidate) => candidate.target === form.version && candidate.query);
  if (service) return { service, operation: form.operation, read: () => form.input };
  return {
    service: queryServiceOf(form.version),
    operation: form.operation,
    read: () => refuseProtocol('the query protocol of this service'),
  };
}

/** Answers requests in CBOR, which are for no other service. */
const CBOR: Service = { target: '', namespace: '', cbor: true, queryErrors: false, operations: {} };

/** The namespace of CloudWatch in its query protocol, for errors. */
const queryServiceOf = (version: string): Service => ({
  target: version,
  namespace: version === '2010-08-01' ? 'http://monitoring.amazonaws.com/doc/2010-08-01/' : '',
  query: true,
  queryErrors: false,
  operations: {},
});

function refuseProtocol(protocol: string): never {
  throw new AwsError('UnknownOperationException', unsupportedProtocol(protocol));
}

async function answer(services: readonly Service[], hooks: Hooks, request: IncomingMessage): Promise<Answer> {
  const { service, operation, read } = await callOf(services, request);
  try {
    const input = read();
    hooks.served(operation);
    const region = regionOf(request.headers.authorization);
    const intercepted = hooks.intercept(operation, input, region);
    const own = await given(service, operation, input, intercepted);
    const body = hooks.rewrite(operation, own.body);
    const xml = service?.query ? { text: queryAnswer(operation, service.namespace, body) } : {};
    return { status: 200, headers: {}, ...own, body, ...xml };
  } catch (error) {
    return failure(service, error);
  }
}

async function given(
  service: Service | undefined,
  operation: string,
  input: Json,
  intercepted: Intercepted | undefined,
): Promise<Pick<Answer, 'body' | 'stall'>> {
  if (!intercepted) return { body: await dispatch(service, operation, input) };
  if ('body' in intercepted) return intercepted;
  if ('type' in intercepted) throw new AwsError(intercepted.type, intercepted.message, intercepted.status);
  const { stall } = intercepted;
  return { stall, body: stall === 'within-body' ? await dispatch(service, operation, input) : {} };
}

/** The answer of a service. @throws AwsError */
export async function dispatch(service: Service | undefined, operation: string, input: Json): Promise<Json> {
  const handle =
    service && Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (!handle)
    throw new AwsError(
      'UnknownOperationException',
      `The embedded AWS does not support the operation ${operation}`,
    );
  if (service?.shapes) await withShapes(service.shapes);
  return handle(service?.query ? input : shaped(operation, input));
}

function failure(service: Service | undefined, error: unknown): Answer {
  const known = error instanceof AwsError;
  const { type, status, message, members } = known
    ? error
    : new AwsError(
        'InternalServerError',
        `The embedded AWS failed: ${String((error as Error)?.stack ?? error)}`,
        500,
      );
  const sender = status < 500 ? 'Sender' : 'Receiver';
  if (service?.cbor) {
    const bytes = cborTexts({ __type: qualifiedType(type, service.namespace), message });
    return { status, headers: CBOR_HEADERS, body: {}, bytes };
  }
  const xml = service?.query ? { text: queryError(service.namespace, type, sender, message) } : {};
  return {
    ...xml,
    status,
    headers: {
      ...(service?.queryErrors && { 'x-amzn-query-error': `${type};${sender}` }),
      ...(service?.rest && { 'x-amzn-errortype': type }),
    },
    body: { __type: qualifiedType(type, service?.namespace ?? ''), message, ...members },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
}

function jsonOf(text: string): Json {
  try {
    return text === '' ? {} : (JSON.parse(text) as Json);
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.');
  }
}

function send(response: ServerResponse, { status, headers, body, text: xml, bytes, stall }: Answer): void {
  if (stall === 'before-headers') return;
  const text = bytes ?? Buffer.from(xml ?? JSON.stringify(body));
  response.writeHead(status, {
    'content-type': xml === undefined ? 'application/x-amz-json-1.0' : 'text/xml',
    ...headers,
    'content-length': text.length,
    'x-amzn-requestid': randomUUID(),
  });
  if (stall === 'within-body') response.write(text.subarray(0, text.length / 2));
  else response.end(text);
}
