/** What a failed call says, if AWS's own message does not say enough. */

/** What the SDK knows about a failed call. */
export interface SdkFailure {
  /** The SDK's name of the error, which is AWS's code. */
  readonly name: string;
  readonly message: string;
  /** `DescribeTable`; undefined if it was not noted. */
  readonly operation: string | undefined;
  /** undefined without an answer. */
  readonly status: number | undefined;
}

const operations = new WeakMap<object, string>();

/** The part of the SDK's middleware that this file uses. */
interface Named {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'initialize'; name: string }): void;
  };
}

type Next = (args: unknown) => Promise<unknown>;

/** Notes the operation of every error that a client throws. Changes the client. */
export function notingOperations<C extends Named>(client: C): C {
  const middleware =
    (go: Next, { commandName = '' }: { commandName?: string }) =>
    (args: unknown) =>
      go(args).catch((error: unknown) => {
        if (error instanceof Object) operations.set(error, commandName.replace(/Command$/, ''));
        throw error;
      });
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'notingOperations' });
  return client;
}

/** An error of the SDK, or of a connection, taken apart. */
export function failureFrom(error: unknown): SdkFailure {
  const { name = 'Error', message = '', $metadata } = (error ?? {}) as Partial<Record<string, unknown>>;
  const { httpStatusCode: status } = ($metadata ?? {}) as { httpStatusCode?: number };
  const operation = error instanceof Object ? operations.get(error) : undefined;
  return { name: String(name), message: String(message), operation, status };
}

/** The endpoint is not AWS, or too old for the operation. */
export const isUnknownOperation = ({ name }: SdkFailure): boolean =>
  name === 'UnknownOperationException' || name === 'UnknownOperation';

/** A page of a proxy, or an answer that was cut off. The SDK adds a sentence about itself to the error of its parser. */
const isUnreadable = ({ name, message, status }: SdkFailure): boolean =>
  status !== undefined && (name === 'SyntaxError' || message.includes('Deserialization error'));

/** Messages of the SDK for answers without one. */
const isEmpty = (message: string): boolean => /^(|unknown|unknownerror)$/i.test(message.trim());

/**
 * The message: what failed, the code, the HTTP status, and AWS's own words. `namesItself`: these words say what failed.
 */
export function wordsFor(failure: SdkFailure, namesItself: boolean): string {
  const { name, message, operation = 'The call', status } = failure;
  const answer = [...(isEmpty(name) ? [] : [name]), ...(status === undefined ? [] : [`HTTP ${status}`])];
  const code = answer.length > 0 ? ` (${answer.join(', ')})` : '';
  if (isUnknownOperation(failure)) {
    const subject = failure.operation === undefined ? 'this operation' : `the operation ${operation}`;
    const own = isEmpty(message) ? '' : ` ${message}`;
    return `The endpoint does not know ${subject}${code}. Check AWS_ENDPOINT_URL.${own}`;
  }
  if (isUnreadable(failure))
    return `${operation} got an answer that cannot be read (HTTP ${status}). If this happens again, check AWS_ENDPOINT_URL and proxies.`;
  if (isEmpty(message)) return `${operation} failed${code}, and the answer gives no reason.`;
  return namesItself || status === undefined ? message : `${operation} failed: ${message}${code}`;
}
