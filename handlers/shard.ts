import type { Context, SQSEvent } from 'aws-lambda';
import { planScale } from '../src/core/scaling/scale.ts';
import { shardHandlerOf } from '../src/shard-handler.ts';
import { topicNotices } from '../src/topic.ts';

const shard = shardHandlerOf({ job: 'scale', plan: planScale }, topicNotices);

/** Raises and lowers provisioned throughput by demand, for one shard of the fleet. stack/shards.yml maps the queue of ticks to it. */
export const handler = (event: SQSEvent, context: Context) => shard(event, context);
