/** The AWS query protocol, which SNS has: a form in the request, and XML in the response. */
import type { Json } from './engine.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escaped = (value: unknown): string => String(value).replace(/[&<>"]/g, (each) => ENTITIES[each]!);

/** The parameters of a form, without those that name the operation and the version of the API. */
export function formInput(body: string): { operation: string; version: string; input: Json } {
  const { Action = '', Version = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return { operation: Action, version: Version, input };
}

export function queryAnswer(operation: string, namespace: string, body: Json): string {
  const members = Object.entries(body).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return `<${operation}Response xmlns="${namespace}"><${operation}Result>${members.join('')}</${operation}Result></${operation}Response>`;
}

export const queryError = (namespace: string, type: string, sender: string, message: string): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${sender}</Type><Code>${escaped(type)}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`;
