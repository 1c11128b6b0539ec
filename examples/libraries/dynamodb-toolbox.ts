import { Entity } from 'dynamodb-toolbox/entity';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { item } from 'dynamodb-toolbox/schema/item';
import { number } from 'dynamodb-toolbox/schema/number';
import { string } from 'dynamodb-toolbox/schema/string';
import { Table } from 'dynamodb-toolbox/table';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { documents, resolver, type Visit } from '../application/visits.ts';

const table = new Table({
  name: () => resolver.current('Visits'), // when a command is sent, not when its item was made
  documentClient: documents,
  partitionKey: { name: 'Visitor', type: 'string' },
  sortKey: { name: 'At', type: 'number' },
});
const Visits = new Entity({
  name: 'Visit',
  table,
  schema: item({ Visitor: string().key(), At: number().key(), Page: string() }),
  timestamps: false,
});

export const record = (visit: Visit) =>
  Visits.build(PutItemCommand)
    .item(visit)
    .options({ tableName: resolver.tableFor('Visits', visit.At) })
    .send();

/** The visits of a visitor in [from, to), oldest first. */
export async function* seenBy(Visitor: string, from: number, to: number) {
  const query = table.build(QueryCommand).entities(Visits);
  for (const tableName of resolver.tablesBetween('Visits', from, to)) {
    const range = query.query({ partition: Visitor, range: { between: [from, to - 1] } });
    yield* (await range.options({ tableName, maxPages: Number.POSITIVE_INFINITY }).send()).Items ?? [];
  }
}
