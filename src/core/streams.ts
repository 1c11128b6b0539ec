/** DynamoDB streams and Kinesis data streams, by their ARNs. */
import { DAY_MS } from './calendar/period.ts';

/** How long a stream keeps a change: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
export const STREAM_KEEPS_MS = DAY_MS;

/** `arn:aws:dynamodb:eu-west-1:123456789012:table/TABLE/stream/2026-11-21T12:00:00.000`: since when, in UTC, is its label. */
const STREAM = /^(.+:table\/)([^/]+)\/stream\/(.+)$/;

/** The table of a DynamoDB stream and the part of its ARN before the name; undefined for another ARN. */
export function tableOfStream(arn: string): { readonly prefix: string; readonly name: string } | undefined {
  const [, prefix, name] = STREAM.exec(arn) ?? [];
  return prefix === undefined || name === undefined ? undefined : { prefix, name };
}

/** When a DynamoDB stream was enabled, epoch milliseconds; undefined if its label is no time. */
export function enabledAt(arn: string): number | undefined {
  const at = Date.parse(`${STREAM.exec(arn)?.[3]}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The ARN of a Kinesis data stream by its name or ARN. It belongs to the account and Region of its table:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
 */
export function kinesisArn(stream: string, tableArn: string): string {
  if (stream.startsWith('arn:')) return stream;
  const [, partition, , region, account] = tableArn.split(':');
  return `arn:${partition}:kinesis:${region}:${account}:stream/${stream}`;
}
