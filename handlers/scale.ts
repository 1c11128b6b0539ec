import type { Context, ScheduledEvent } from 'aws-lambda';
import { handlerOf } from '../src/handler.ts';

const scale = handlerOf('scale');

/** Moves provisioned throughput with demand. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => scale(event, context);
