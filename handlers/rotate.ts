import type { Context, ScheduledEvent } from 'aws-lambda';
import { handlerOf } from '../src/handler.ts';

const rotate = handlerOf('rotate');

/** Makes coming tables, warms the next one, steps the finished one down. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => rotate(event, context);
