/** Names and timestamps in requests and responses. */
import type { Json } from './engine.ts';

/** The region of calls whose signature names none. */
export const HOME_REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

export const tableArn = (region: string, name: string): string =>
  `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${name}`;

/** The region of a signature: AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, … */
export const regionOf = (authorization: string | undefined): string =>
  /Credential=[^/,]+\/\d{8}\/([a-z0-9-]+)\//.exec(authorization ?? '')?.[1] ?? HOME_REGION;

/** Timestamps on the wire are in epoch seconds. */
export const seconds = (epochMs: number): number => epochMs / 1000;

export function tableNameOf(input: Json): string {
  const name = input.TableName;
  if (typeof name !== 'string') return '';
  // DynamoDB accepts a table's ARN wherever it accepts its name.
  return name.startsWith('arn:') ? name.slice(name.lastIndexOf(':table/') + ':table/'.length) : name;
}
