/** SQS with FIFO queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html */
import { createHash } from 'node:crypto';
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import type { FifoQueue, Received } from './fifo-queue.ts';
import type { Operations } from './region.ts';

/** Queues by their URLs. */
export type Queues = ReadonlyMap<string, FifoQueue>;

const MOST_ENTRIES = 10;
const MOST_BYTES = 1024 * 1024;
const ID = /^[\w-]{1,80}$/;
/** Letters, digits and punctuation. */
const NAME = /^[!-~]{1,128}$/;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

function queueOf(queues: Queues, { QueueUrl }: Json): FifoQueue {
  const queue = queues.get(String(QueueUrl));
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

function send(
  queue: FifoQueue,
  { MessageBody, MessageGroupId, MessageDeduplicationId }: Json,
  now: number,
): Json {
  const body = String(MessageBody ?? '');
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (MessageGroupId === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  if (MessageDeduplicationId === undefined)
    throw invalid(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  for (const name of [MessageGroupId, MessageDeduplicationId])
    if (!NAME.test(String(name)))
      throw invalid(
        'MessageGroupId and MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
      );
  const entry = { body, group: String(MessageGroupId), deduplicationId: String(MessageDeduplicationId) };
  return { MessageId: queue.send(entry, now), MD5OfMessageBody: md5(body) };
}

function sendBatch(queue: FifoQueue, { Entries = [] }: Json, now: number): Json {
  const entries = Entries as Json[];
  if (entries.length === 0)
    throw new AwsError(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  if (entries.length > MOST_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id }) => String(Id));
  if (ids.some((id) => !ID.test(id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores.',
    );
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same id.');
  const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
  if (bytes > MOST_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  const Successful: Json[] = [];
  const Failed: Json[] = [];
  for (const entry of entries)
    try {
      Successful.push({ Id: entry.Id, ...send(queue, entry, now) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.type, Message: error.message });
    }
  return { Successful, Failed };
}

const messageOf = ({ id, receipt, body, group, sentAt, receiveCount }: Received): Json => ({
  MessageId: id,
  ReceiptHandle: receipt,
  Body: body,
  MD5OfBody: md5(body),
  Attributes: {
    MessageGroupId: group,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
  },
});

export const sqsOperations = (queues: Queues, now: () => number): Operations => ({
  SendMessage: (input) => send(queueOf(queues, input), input, now()),
  SendMessageBatch: (input) => sendBatch(queueOf(queues, input), input, now()),
  ReceiveMessage: (input) => {
    const { MaxNumberOfMessages: most = 1 } = input;
    const Messages = queueOf(queues, input).receive(Number(most), now()).map(messageOf);
    return Messages.length > 0 ? { Messages } : {};
  },
  DeleteMessage: (input) => {
    queueOf(queues, input).remove(String(input.ReceiptHandle), now());
    return {};
  },
  ChangeMessageVisibility: (input) => {
    const visibilityMs = Number(input.VisibilityTimeout) * 1000;
    queueOf(queues, input).changeVisibility(String(input.ReceiptHandle), visibilityMs, now());
    return {};
  },
  GetQueueAttributes: (input) => {
    const { visible, inFlight } = queueOf(queues, input).counts(now());
    return {
      Attributes: {
        FifoQueue: 'true',
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
      },
    };
  },
});
