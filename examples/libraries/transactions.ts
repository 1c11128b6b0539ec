import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { documents, resolver, type Visit } from '../application/visits.ts';

/** Writes all visits or none, each to the table of its own instant. */
export const recordAll = (visits: readonly Visit[]) => {
  const put = (Item: Visit) => ({ TableName: resolver.tableFor('Visits', Item.At), Item });
  const TransactItems = visits.map((visit) => ({ Put: put(visit) }));
  return documents.send(new TransactWriteCommand({ TransactItems }));
};
