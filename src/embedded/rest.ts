/** The REST protocol of Lambda: the method and the path select the operation, and values are in the path, the query and a body. */
import type { IncomingMessage } from 'node:http';
import type { Json } from './engine.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html and its neighbors */
const PATH = /^\/2015-03-31\/event-source-mappings\/?([^/?]*)(?:\?(.*))?$/;

const onAll: Readonly<Record<string, string>> = {
  GET: 'ListEventSourceMappings',
  POST: 'CreateEventSourceMapping',
};
const onOne: Readonly<Record<string, string>> = {
  GET: 'GetEventSourceMapping',
  PUT: 'UpdateEventSourceMapping',
  DELETE: 'DeleteEventSourceMapping',
};

/** The operation of a request, and the values in its path and query; undefined for requests in other protocols. */
export function restCall({
  method = '',
  url = '',
}: IncomingMessage): { operation: string; input: Json } | undefined {
  const [, id, query] = PATH.exec(url) ?? [];
  if (id === undefined) return undefined;
  const operation = (id === '' ? onAll : onOne)[method] ?? '';
  const { MaxItems, ...parameters } = Object.fromEntries(new URLSearchParams(query));
  const input = { ...parameters, ...(MaxItems !== undefined && { MaxItems: Number(MaxItems) }) };
  return { operation, input: id === '' ? input : { ...input, UUID: decodeURIComponent(id) } };
}
