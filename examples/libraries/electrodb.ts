import { Entity } from 'electrodb';
import { documents, resolver, type Visit } from '../application/visits.ts';

/** Without a table: each call passes the table of its own instant. */
const Visits = new Entity(
  {
    model: { service: 'visits', entity: 'visit', version: '1' },
    attributes: { Visitor: { type: 'string' }, At: { type: 'number' }, Page: { type: 'string' } },
    indexes: {
      byVisitor: {
        pk: { field: 'Visitor', composite: ['Visitor'], casing: 'none' },
        sk: { field: 'At', composite: ['At'] },
      },
    },
  },
  { client: documents },
);

export const record = (visit: Visit) =>
  Visits.put(visit).go({ table: resolver.tableFor('Visits', visit.At) });

/** The visits of a visitor in [from, to), oldest first. */
export async function* seenBy(Visitor: string, from: number, to: number) {
  for (const table of resolver.tablesBetween('Visits', from, to)) {
    const range = Visits.query.byVisitor({ Visitor }).between({ At: from }, { At: to - 1 });
    yield* (await range.go({ table, pages: 'all' })).data;
  }
}
