import { describe, expect, it } from 'vitest';
import type { TableState } from '../../src/core/facts.ts';
import { statusObjection } from '../../src/core/purging/status-objection.ts';

const state = (more: Partial<TableState>): TableState =>
  ({ status: 'ACTIVE', capacities: [], ...more }) as unknown as TableState;
const reasonOf = (more: Partial<TableState>, finalBackup = false) =>
  statusObjection(state(more), { finalBackup })?.reason;
const index = (status: string) => [{ index: 'byA', status, read: 1, write: 1, decreases: 0 }];

describe('purge deletes an expired table', () => {
  it.each<[string, Partial<TableState>, string | undefined]>([
    ['that is ACTIVE', {}, undefined],
    ['that is ARCHIVED', { status: 'ARCHIVED' }, undefined],
    ['not while it is UPDATING', { status: 'UPDATING' }, 'table-busy'],
    ['not while it is ARCHIVING', { status: 'ARCHIVING' }, 'table-unusable'],
    ['not in a status that is unknown', { status: 'LATER' }, 'table-unusable'],
    ['not while an index is filled', { capacities: index('CREATING') }, 'table-busy'],
    ['not while a replica is added', { replicas: [{ region: 'r', status: 'CREATING' }] }, 'table-busy'],
    [
      'not while a replica needs its key',
      { replicas: [{ region: 'r', status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' }] },
      'table-unusable',
    ],
  ])('%s', (_, more, reason) => expect(reasonOf(more)).toBe(reason));

  it('not if it is ARCHIVED and needs a final backup, which cannot be made', () => {
    expect(reasonOf({ status: 'ARCHIVED' }, true)).toBe('table-unusable');
    expect(
      statusObjection(state({ status: 'ARCHIVED', archivalBackup: 'arn:b' }), { finalBackup: true })?.message,
    ).toBe(
      'The table is ARCHIVED, so it cannot have a final backup. DynamoDB made the backup arn:b then. If that is enough, delete the table by hand.',
    );
  });
});
