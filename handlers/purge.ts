import type { Context, ScheduledEvent } from 'aws-lambda';
import { handlerOf } from '../src/handler.ts';

const purge = handlerOf('purge');

/** Condemns expired tables, and deletes those condemned by an earlier run. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => purge(event, context);
