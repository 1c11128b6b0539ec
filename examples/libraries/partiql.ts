import { ExecuteStatementCommand } from '@aws-sdk/lib-dynamodb';
import { documents, resolver, type Visit } from '../application/visits.ts';

/** The dots in the name require the double quotes. */
export const record = ({ Visitor, At, Page }: Visit) => {
  const Statement = `INSERT INTO "${resolver.tableFor('Visits', At)}" VALUE {'Visitor': ?, 'At': ?, 'Page': ?}`;
  return documents.send(new ExecuteStatementCommand({ Statement, Parameters: [Visitor, At, Page] }));
};
