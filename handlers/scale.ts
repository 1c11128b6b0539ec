import type { Context, ScheduledEvent } from 'aws-lambda';
import { planScale } from '../src/core/scaling/scale.ts';
import { handlerOf } from '../src/handler.ts';
import { topicNotices } from '../src/topic.ts';

const scale = handlerOf({ job: 'scale', plan: planScale }, topicNotices);

/** Raises and lowers provisioned throughput by demand. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => scale(event, context);
