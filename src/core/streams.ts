/** DynamoDB streams, Kinesis data streams and functions, by their ARNs. */
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

/** The Region and the account of an ARN; undefined for a name. */
export function placeOf(arn: string): { readonly region: string; readonly account: string } | undefined {
  const [prefix, , , region, account] = arn.split(':');
  return prefix === 'arn' && region && account ? { region, account } : undefined;
}

/** How the place of an ARN differs from that of another one, as the end of a sentence; undefined if it does not, or for names. */
export function sayElsewhere(arn: string, other: string, owner: string): string | undefined {
  const [own, theirs] = [placeOf(arn), placeOf(other)];
  if (!own || !theirs) return undefined;
  if (own.region !== theirs.region) return `is in ${own.region}, and not in ${theirs.region} like ${owner}`;
  if (own.account !== theirs.account)
    return `belongs to account ${own.account}, and not to account ${theirs.account} like ${owner}`;
  return undefined;
}

/**
 * Why a function cannot read the streams of tables; undefined if nothing is known against it. Lambda reads streams of its own
 * Region only. Since 2026 it can read those of another account, but then the mapping belongs to the account of the function, and
 * every new stream needs a policy: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export function unreachableFunction(name: string, tableArn: string): string | undefined {
  const elsewhere = sayElsewhere(name, tableArn, 'the tables');
  return (
    elsewhere &&
    `The function ${name} ${elsewhere}. Rotate attaches only functions in the account and Region of the tables. Correct Consumers, or use KinesisStreamDestination, whose data stream other accounts and Regions can read.`
  );
}

/** Why tables cannot send their changes to a data stream; undefined if nothing is known against it. */
export function unreachableStream(stream: string, tableArn: string): string | undefined {
  const elsewhere = sayElsewhere(stream, tableArn, 'the tables');
  return (
    elsewhere &&
    `The Kinesis data stream ${stream} ${elsewhere}. DynamoDB sends changes only to a data stream in the account and Region of the table. Correct KinesisStreamDestination.`
  );
}
