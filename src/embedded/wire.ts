/** Names and timestamps in requests and responses. */
import type { Json } from './engine.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

export const tableArn = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
export const indexArn = (table: string, index: string): string => `${tableArn(table)}/index/${index}`;

/** Timestamps on the wire are in epoch seconds. */
export const seconds = (epochMs: number): number => epochMs / 1000;

export function tableNameOf(input: Json): string {
  const name = input.TableName;
  if (typeof name !== 'string') return '';
  // DynamoDB accepts a table's ARN wherever it accepts its name.
  return name.startsWith('arn:') ? name.slice(name.lastIndexOf(':table/') + ':table/'.length) : name;
}
