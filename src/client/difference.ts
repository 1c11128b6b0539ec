import { RotatingError } from './failure.ts';
import type { RotatingOptions } from './types.ts';

/**
 * DynamoDB's sentences about a key or a key condition that the table or its index does not have. The range of a query is a
 * filter if the timestamp is not in the key of the client, and DynamoDB accepts no filter on a key attribute.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const OTHER_KEY =
  /key element does not match the schema|missed key schema element|key condition not supported|Missing the key|Type mismatch for key|parameter type does not match schema type|non-primary key attributes|starting key is invalid/;

/**
 * An error of DynamoDB as a RotatingError `missing-index` or `other-key`, if a table lacks the index or the key of the client. A
 * table keeps the key of the spec with which it was created. Any other error stays as it is.
 */
export function explained(
  { key, indexes }: RotatingOptions,
  table: string,
  error: unknown,
  index?: string,
): unknown {
  if (!(error instanceof Error) || error.name !== 'ValidationException') return error;
  const { message } = error;
  const details = { table, cause: error };
  if (index !== undefined && message.includes('does not have the specified index'))
    return new RotatingError(
      'missing-index',
      `The table ${table} has no index "${index}". If newer tables have it, set \`since\` in the options of the client to the start of the first one: { since: { ${JSON.stringify(index)}: … } }. Or read older tables without the index.`,
      details,
    );
  if (index !== undefined && message.includes('backfilling'))
    return new RotatingError(
      'missing-index',
      `The index "${index}" of the table ${table} cannot be read yet, because DynamoDB is still filling it. Try again later.`,
      details,
    );
  if (!OTHER_KEY.test(message)) return error;
  const place = index === undefined ? `The table ${table}` : `The index "${index}" of the table ${table}`;
  const names = index === undefined ? key : (indexes?.[index] ?? []);
  return new RotatingError(
    'other-key',
    `${place} does not accept the key or the key condition: ${message.replace(/\.$/, '')}. The client has the key ${names.join(', ')}. If the table was created with another one, read it with a client for that key. Otherwise, correct the request.`,
    details,
  );
}
