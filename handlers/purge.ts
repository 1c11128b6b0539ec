import type { Context, ScheduledEvent } from 'aws-lambda';
import { archiveStore } from '../src/archive-store.ts';
import { planPurge } from '../src/core/purging/purge.ts';
import { handlerOf } from '../src/handler.ts';
import { lambdaMappings } from '../src/mappings.ts';
import { topicNotices } from '../src/topic.ts';

const purge = handlerOf({ job: 'purge', plan: planPurge }, () => ({
  ...topicNotices(),
  ...lambdaMappings(),
  ...archiveStore(),
}));

/** Schedules the deletion of expired tables, and deletes tables after their waiting period. Scheduled by serverless.yml. */
export const handler = (event: ScheduledEvent, context: Context) => purge(event, context);
