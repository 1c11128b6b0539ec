import type { Context, ScheduledEvent } from 'aws-lambda';
import { archiveStore } from '../src/archive-store.ts';
import { drillHandlerOf } from '../src/drill-handler.ts';
import { tableItems, tableLoads } from '../src/items.ts';
import { topicNotices } from '../src/topic.ts';

const drill = drillHandlerOf(() => ({
  ...tableItems(),
  ...tableLoads(),
  ...archiveStore(),
  ...topicNotices(),
}));

/** Restores the newest backup or export of each group once a month, compares it, and deletes it. Only with RestoreDrills in deployment.json. */
export const handler = (event: ScheduledEvent, context: Context) => drill(event, context);
