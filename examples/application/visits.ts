import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Instant } from 'turntable';
import { createRotatingClient, type RotatingClient } from 'turntable/client';
import { keys, resolverFor } from './tables.ts';

export interface Visit {
  Visitor: string;
  At: number;
  Page: string;
}

export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const resolver = resolverFor(process.env.STAGE ?? 'production');

export const visits: RotatingClient<Visit, typeof keys.Visits> = createRotatingClient({
  documents,
  resolver,
  group: 'Visits',
  ...keys.Visits,
  timestamp: { attribute: 'At', unit: 'milliseconds' },
});

/** The pages that a visitor has seen in [from, to), oldest first, from all tables of the range. */
export const seenBy = (visitor: string, from: Instant, to: Instant, signal?: AbortSignal) =>
  visits.query({
    KeyConditionExpression: 'Visitor = :visitor',
    ExpressionAttributeValues: { ':visitor': visitor },
    from,
    to,
    signal,
  });

/** The latest visits of a page, twenty at a time. The cursor continues with the twenty before. */
export const latestOf = (page: string, cursor?: string, signal?: AbortSignal) =>
  visits
    .query({
      IndexName: 'ByPage',
      KeyConditionExpression: 'Page = :page',
      ExpressionAttributeValues: { ':page': page },
      order: 'newest-first',
      cursor,
      signal,
    })
    .take(20);

/** Who has seen a page since an instant. `At` is a reserved word of DynamoDB, so the projection names it by a placeholder. */
export const visitorsOf = (page: string, from: Instant) =>
  visits.query({
    IndexName: 'ByPage',
    KeyConditionExpression: 'Page = :page',
    ProjectionExpression: 'Visitor, #at, Page',
    ExpressionAttributeNames: { '#at': 'At' },
    ExpressionAttributeValues: { ':page': page },
    from,
  });

/** How many visits each page has had since an instant. The tables are read in parallel. */
export async function visitsByPage(from: Instant): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { Page } of visits.scan({ from, order: 'unordered' }))
    counts.set(Page, (counts.get(Page) ?? 0) + 1);
  return counts;
}
