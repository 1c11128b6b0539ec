import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { RotatingError } from 'turntable/client';
import { type Visit, visits } from './visits.ts';

/** Records visits that come by a queue. The client is made once for the life of the process, outside of the handler. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const { body, messageId } of Records) {
    try {
      await visits.put(JSON.parse(body) as Visit);
    } catch (error) {
      // Purged with its table: however often it came again, there would be no place for it.
      if (error instanceof RotatingError && error.code === 'outside-retention') continue;
      failed.push(messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
