/** The queue of ticks: SQS FIFO, with a message group for each shard. */
import type * as Sqs from '@aws-sdk/client-sqs';
import { iso } from '../core/calendar/instant.ts';
import { MINUTE_MS } from '../core/calendar/period.ts';
import { ServiceError } from '../core/failure.ts';
import { shardId } from '../core/sharding/ids.ts';
import type { Tick, TickQueue } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { keptSettings } from './clients.ts';
import { rejectingIncomplete } from './complete-answers.ts';
import { notingOperations } from './error-words.ts';
import { done, translated } from './errors.ts';
import { bodyOf } from './tick-message.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MESSAGES_PER_CALL = 10;
/** All messages of a call together. SQS accepts 1 MiB since 2025, and this much in every partition. */
const BYTES_PER_CALL = 256_000;
/** Of an entry that SQS says it failed on. */
const TRIES = 3;

/** What is used of the SDK's SQS client. */
export type SqsSdk = Pick<typeof Sqs, 'DeleteMessageCommand' | 'SendMessageBatchCommand' | 'SQSClient'>;

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/turntable-production-shards.fifo`: the Region is that of the stack. */
export function awsTicks(
  queueUrl: string,
  load: () => Promise<SqsSdk> | SqsSdk,
  limits: CallLimits = usualLimits,
): TickQueue {
  let client: Sqs.SQSClient | undefined;
  const open = async () => {
    const { SQSClient, ...commands } = await load();
    client ??= limitCalls(notingOperations(rejectingIncomplete(new SQSClient(keptSettings(limits)))), limits);
    return { client, ...commands };
  };
  const sendSome = async (entries: readonly Entry[]): Promise<void> => {
    const { client: sqs, SendMessageBatchCommand } = await open();
    let left = [...entries];
    for (let tries = 1; left.length > 0; tries += 1) {
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: left });
      const { Failed = [] } = await translated(() => sqs.send(command));
      const failed = new Map(Failed.map((one) => [one.Id, one]));
      left = left.filter(({ Id }) => failed.has(Id));
      if (left.length === 0 || tries < TRIES) continue;
      const [{ Code, Message } = {}] = Failed;
      throw new ServiceError(
        'unavailable',
        `SQS did not accept ${left.length} of ${entries.length} ticks: ${Message ?? Code ?? 'no reason'}`,
      );
    }
  };
  return {
    // Every call is made, so that a failing one stops no other shard.
    async send(ticks) {
      const results = await Promise.allSettled(batches(ticks.map(entryOf)).map(sendSome));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
    async remove(receipt) {
      const { client: sqs, DeleteMessageCommand } = await open();
      const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt });
      await done(() => sqs.send(command));
    },
  };
}

/** FIFO drops what has an id that it has had within 5 minutes, so the minute is in the id. */
const entryOf = (tick: Tick) => ({
  Id: String(tick.shard),
  MessageBody: bodyOf(tick),
  MessageGroupId: shardId(tick.shard),
  MessageDeduplicationId:
    `${iso(Math.floor(tick.at / MINUTE_MS) * MINUTE_MS)} ${tick.stamp} ${tick.shard}`.replace(
      /[^\w.:-]/g,
      '_',
    ),
});

type Entry = ReturnType<typeof entryOf>;

function batches(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const own = entry.MessageBody.length;
    if (bytes + own > BYTES_PER_CALL || all.at(-1)!.length === MESSAGES_PER_CALL) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)!.push(entry);
    bytes += own;
  }
  return all;
}
