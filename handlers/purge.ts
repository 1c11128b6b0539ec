import type { Context, ScheduledEvent } from 'aws-lambda';
import { handlerOf } from '../src/handler.ts';

const purge = handlerOf('purge');

/** Schedules the deletion of expired tables, and deletes tables after their waiting period. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => purge(event, context);
