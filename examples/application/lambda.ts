import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { RotatingError } from 'turntable/client';
import { type Visit, visits } from './visits.ts';

/** Records visits from a queue. The client is created once per process, outside the handler. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const { body, messageId } of Records) {
    try {
      await visits.put(JSON.parse(body) as Visit);
    } catch (error) {
      // The table of this visit is purged. Repeating the message does not help.
      if (error instanceof RotatingError && error.code === 'outside-retention') continue;
      failed.push(messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
