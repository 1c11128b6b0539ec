/** What all operations of the embedded AWS share. */
import type { Engine, Json } from './engine.ts';
import type { Locks } from './locks.ts';
import type { MetricStore } from './metrics.ts';
import type { Tables } from './tables.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

export interface Region {
  readonly engine: Engine;
  readonly tables: Tables;
  readonly metrics: MetricStore;
  readonly locks: Locks;
  /** The virtual clock, epoch milliseconds: timestamps, quotas, buckets, metrics. */
  readonly now: () => number;
  /** Real milliseconds: how long a table stays in a state. */
  readonly elapsed: () => number;
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
  readonly throttling: boolean;
}

export type Operation = (input: Json) => Json | Promise<Json>;
export type Operations = Readonly<Record<string, Operation>>;

export const tableArn = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
export const indexArn = (table: string, index: string): string => `${tableArn(table)}/index/${index}`;

/** The wire's timestamps are epoch seconds. */
export const seconds = (epochMs: number): number => epochMs / 1000;

export function tableNameOf(input: Json): string {
  const name = input.TableName;
  if (typeof name !== 'string') return '';
  // DynamoDB takes a table's ARN wherever it takes its name.
  return name.startsWith('arn:') ? name.slice(name.lastIndexOf(':table/') + ':table/'.length) : name;
}
