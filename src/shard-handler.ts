import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Planner } from './core/planners.ts';
import { handled, type OwnPorts } from './handler.ts';
import { logLine } from './invocation.ts';
import { runShard, type SentTick } from './jobs/run-shard.ts';
import { queueOfTicks, sentTick } from './ticks.ts';

/**
 * A Lambda handler for the ticks of shards. A tick whose run has failed is removed from the queue, because the next one has newer
 * metrics and could not come before. Then the invocation fails, so that it counts as an error of the function. What is no tick
 * stays, and SQS moves it to the dead-letter queue.
 */
export function shardHandlerOf(planner: Planner, ownPorts: () => OwnPorts = () => ({})) {
  const carryOut = async (record: SQSRecord, context: Context): Promise<void> => {
    const { job } = planner;
    const tick = readTick(record, job);
    const { shards: workers, at } = tick;
    try {
      await handled(
        { job, at: () => at, correlationId: record.messageId, context, workers },
        ownPorts(),
        (config, ports, _now, options) => runShard(planner, config, ports, tick, options),
      );
    } catch (error) {
      await queueOfTicks()
        .remove(record.receiptHandle)
        .catch(({ message }: Error) =>
          logLine({ job, message: `Could not remove the tick, so the next one waits: ${message}` }),
        );
      throw error;
    }
  };
  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(
      event,
      (record: SQSRecord) => carryOut(record, context),
      new SqsFifoPartialProcessorAsync(),
    );
}

/** Nothing else logs what cannot be read. */
function readTick(record: SQSRecord, job: string): SentTick {
  try {
    return sentTick(record);
  } catch (error) {
    logLine({ job, outcome: 'failed', message: (error as Error).message, correlation_id: record.messageId });
    throw error;
  }
}
