import { DynamoDB } from '@aws-sdk/client-dynamodb';
import dynamoose from 'dynamoose';
import { resolver, type Visit } from '../application/visits.ts';

dynamoose.aws.ddb.set(new DynamoDB({}));
const schema = new dynamoose.Schema({
  Visitor: { type: String, hashKey: true },
  At: { type: Number, rangeKey: true },
  Page: String,
});
const models = new Map<string, ReturnType<typeof modelOf>>();
const modelOf = (table: string) =>
  dynamoose.model(table, schema, { create: false, update: false, waitForActive: false });

/** A model has one table for good, so each table has a model of its own. */
function visitsIn(table: string) {
  const model = models.get(table) ?? modelOf(table);
  models.set(table, model);
  return model;
}

export const record = (visit: Visit) =>
  visitsIn(resolver.tableFor('Visits', visit.At)).create({ ...visit }, { overwrite: true });

/** The visits of a visitor in [from, to), oldest first. */
export async function* seenBy(visitor: string, from: number, to: number) {
  for (const table of resolver.tablesBetween('Visits', from, to)) {
    const range = visitsIn(table)
      .query('Visitor')
      .eq(visitor)
      .where('At')
      .between(from, to - 1);
    yield* await range.all().exec();
  }
}
