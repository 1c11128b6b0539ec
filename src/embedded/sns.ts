/** SNS: Publish. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
import { randomUUID } from 'node:crypto';
import { AwsError } from './failure.ts';
import type { Operation } from './region.ts';
import { attributesOf } from './sns-attributes.ts';
import { ACCOUNT, HOME_REGION } from './wire.ts';

/** A message that the topic has accepted. */
export interface Published {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  /** Values of the message attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

const MOST_BYTES = 256 * 1024;
const SUBJECT = /^[\x20-\x7e]{1,100}$/;

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

export const topicArn = (name: string): string => `arn:aws:sns:${HOME_REGION}:${ACCOUNT}:${name}`;

/** Accepts messages on topics of the account. The topics have no subscribers. */
export function publish(topics: ReadonlySet<string>, published: Published[], now: () => number): Operation {
  return (input) => {
    const { TopicArn, Subject, Message } = input;
    const arn = String(TopicArn ?? '');
    if (!/^arn:[^:]+:sns:[^:]+:\d+:[^:]+$/.test(arn)) throw invalid('TopicArn');
    if (!topics.has(arn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
    const message = String(Message ?? '');
    if (message === '') throw invalid('Empty message');
    const attributes = attributesOf(input);
    const bytes = attributes.flatMap(({ name, type, value }) => [name, type, value]).concat(message);
    if (Buffer.byteLength(bytes.join('')) > MOST_BYTES) throw invalid('Message too long');
    const subject = Subject === undefined ? '' : String(Subject);
    if (Subject !== undefined && !SUBJECT.test(subject)) throw invalid('Subject');
    const values = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
    published.push({ topicArn: arn, subject, message, attributes: values, at: now() });
    return { MessageId: randomUUID() };
  };
}
