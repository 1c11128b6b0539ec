import type { Context, ScheduledEvent } from 'aws-lambda';
import { coordinator } from '../src/coordinator-handler.ts';

/** Cuts the fleet into shards for scale, if deployment.json has Shards. It has the schedule of scale in serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => coordinator(event, context);
