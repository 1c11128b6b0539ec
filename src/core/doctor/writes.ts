/**
 * Calls that show whether a permission to change something is there, and change nothing: each one has a condition that never holds,
 * or is about something that does not exist.
 */
import type { Asked } from './answers.ts';

/** The classes of people that change something. */
export type WritingClass = 'operator' | 'owner';

/** How a permission is asked for. */
export type Probe =
  /** Writes to, or deletes from, the state table, on a condition that never holds. */
  | { readonly call: 'put' | 'delete'; readonly kind: string }
  /** Deletes a record that does not exist. BatchWriteItem takes no condition. */
  | { readonly call: 'batch'; readonly kind: string }
  /** Creates a table whose key has an attribute that is not defined, so that no table can result. */
  | { readonly call: 'create-table' }
  /** Deletes an index that does not exist, of a table of the environment. */
  | { readonly call: 'delete-index' }
  /** About a table that does not exist. */
  | { readonly call: 'tag' | 'time-to-live' | 'recovery' | 'back-up' }
  /** Of a table that does not exist. Only with Purge.Archive. */
  | { readonly call: 'export' }
  /** From a backup that does not exist. */
  | { readonly call: 'restore' }
  /** Publishes an empty message, which SNS never accepts. */
  | { readonly call: 'publish' };

/** A permission to change something, and how it is asked for. */
export interface Write {
  readonly class: WritingClass;
  /** The IAM action, and of the state table the kind of record. */
  readonly action: string;
  readonly probe: Probe;
}

const OPERATIONS = { put: 'PutItem', delete: 'DeleteItem', batch: 'BatchWriteItem' } as const;

const record = (of: WritingClass, call: keyof typeof OPERATIONS, kind: string): Write => ({
  class: of,
  action: `dynamodb:${OPERATIONS[call]} on the state table, key ${kind}`,
  probe: { call, kind },
});

const owner = (action: string, call: Exclude<Probe['call'], keyof typeof OPERATIONS>): Write => ({
  class: 'owner',
  action,
  probe: { call },
});

/** Every permission that can be asked for without a change. DeleteTable cannot: it is allowed for managed tables alone. */
export const writes: readonly Write[] = [
  record('operator', 'put', 'suspension'),
  record('operator', 'delete', 'suspension'),
  record('operator', 'delete', 'switch'),
  record('operator', 'delete', 'scheduled-deletion'),
  record('operator', 'put', 'retention'),
  record('operator', 'put', 'lease'),
  record('operator', 'delete', 'lease'),
  record('operator', 'batch', 'history'),
  record('owner', 'put', 'scheduled-deletion'),
  record('owner', 'put', 'memory'),
  record('owner', 'batch', 'memory'),
  record('owner', 'put', 'ownership'),
  record('owner', 'put', 'unmanaged'),
  record('owner', 'put', 'closing'),
  record('owner', 'delete', 'closing'),
  owner('dynamodb:CreateTable', 'create-table'),
  owner('dynamodb:UpdateTable', 'delete-index'),
  owner('dynamodb:TagResource', 'tag'),
  owner('dynamodb:UpdateTimeToLive', 'time-to-live'),
  owner('dynamodb:UpdateContinuousBackups', 'recovery'),
  owner('dynamodb:CreateBackup', 'back-up'),
  owner('dynamodb:ExportTableToPointInTime', 'export'),
  owner('dynamodb:RestoreTableFromBackup', 'restore'),
  owner('sns:Publish', 'publish'),
];

export interface AskedWrite extends Write {
  readonly asked: Asked<unknown>;
}
