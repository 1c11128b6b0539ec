import type { Context, ScheduledEvent } from 'aws-lambda';
import { drillHandlerOf } from '../src/drill-handler.ts';
import { tableItems } from '../src/items.ts';
import { topicNotices } from '../src/topic.ts';

const drill = drillHandlerOf(() => ({ ...tableItems(), ...topicNotices() }));

/** Restores the newest backup of each group once a month, compares it, and deletes it. Only with RestoreDrills in deployment.json. */
export const handler = (event: ScheduledEvent, context: Context) => drill(event, context);
