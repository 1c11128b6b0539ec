import type { Context, ScheduledEvent } from 'aws-lambda';
import { planRotate } from '../src/core/rotating/rotate.ts';
import { handlerOf } from '../src/handler.ts';
import { lambdaMappings } from '../src/mappings.ts';
import { topicNotices } from '../src/topic.ts';

const rotate = handlerOf({ job: 'rotate', plan: planRotate }, () => ({
  ...topicNotices(),
  ...lambdaMappings(),
}));

/** Creates upcoming tables, raises the next one, and lowers tables whose period has ended. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => rotate(event, context);
