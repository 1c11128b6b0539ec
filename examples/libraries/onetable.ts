import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Table } from 'dynamodb-onetable';
import { resolver, type Visit } from '../application/visits.ts';

const client = new DynamoDBClient({});
const schema = {
  version: '1.0.0',
  indexes: { primary: { hash: 'Visitor', sort: 'At' } },
  models: { Visit: { Visitor: { type: String }, At: { type: Number }, Page: { type: String } } },
} as const;
const tables = new Map<string, ReturnType<typeof tableOf>>();
const tableOf = (name: string) => new Table({ name, client, schema, partial: false });

/** A `Table` and its models have one table for good. */
function visitsIn(name: string) {
  const table = tables.get(name) ?? tableOf(name);
  tables.set(name, table);
  return table.getModel('Visit');
}

export const record = (visit: Visit) =>
  visitsIn(resolver.tableFor('Visits', visit.At)).create({ ...visit }, { exists: null });

/** The visits of a visitor in [from, to), oldest first. */
export async function* seenBy(Visitor: string, from: number, to: number) {
  for (const name of resolver.tablesBetween('Visits', from, to))
    yield* await visitsIn(name).find({ Visitor, At: { between: [from, to - 1] } });
}
