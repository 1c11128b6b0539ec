import { tickFrom } from './aws/tick-message.ts';
import { awsTicks } from './aws/ticks.ts';
import type { SentTick } from './jobs/run-shard.ts';
import type { TickQueue } from './ports.ts';

/** The queue of TURNTABLE_TICKS_URL. The client is loaded with the first call. */
export function queueOfTicks(env: NodeJS.ProcessEnv = process.env): TickQueue {
  const { TURNTABLE_TICKS_URL: url } = env;
  if (url) return awsTicks(url, async () => (await import('./aws/sqs.ts')).sqsSdk);
  throw new Error('TURNTABLE_TICKS_URL is not set. Set "Shards" in config/deployment.json and deploy again.');
}

/** What a worker reads of a message of SQS: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export interface TickRecord {
  readonly body: string;
  /** `SentTimestamp`: when SQS got the message, epoch milliseconds. */
  readonly attributes: { readonly SentTimestamp: string };
}

/** @throws InvalidTick */
export const sentTick = ({ body, attributes }: TickRecord): SentTick => ({
  ...tickFrom(body),
  sentAt: Number(attributes.SentTimestamp),
});
