/** The decisions of a restore drill, each as a table. */
import { describe, expect, it } from 'vitest';
import type { Archive } from '../../src/core/archives.ts';
import { GB } from '../../src/core/cost.ts';
import { decideDrill, type Records, sourcesInTurn } from '../../src/core/drilling/choose.ts';
import { drillUsd, storageUsd } from '../../src/core/drilling/cost.ts';
import { scratchName } from '../../src/core/drilling/name.ts';
import { type Drill, drillFrom, type Source, storableDrill } from '../../src/core/drilling/record.ts';
import { sayUsd } from '../../src/core/drilling/say.ts';
import { nextStep } from '../../src/core/drilling/step.ts';
import { type Compared, type Sampled, verdictOf } from '../../src/core/drilling/verdict.ts';
import type { TableState } from '../../src/core/facts.ts';
import { prices } from '../../src/core/prices.ts';
import type { Schema } from '../../src/core/schema.ts';
import { at, configOf, defaultSettings, HOUR, specOf } from '../support/specs.ts';

const NOON = at('2026-12-01T12:00');
const source = (more: Partial<Source> = {}): Source => ({
  ...{ arn: 'backup-1', name: 'final', table: 'production.Events.20261119', tableId: 'id-1' },
  ...{ createdAt: NOON - HOUR, sizeBytes: 10 * GB },
  ...more,
});
const drill = (more: Partial<Drill> = {}): Drill => ({
  ...{ begunAt: NOON - HOUR, usd: 1.66, backup: source() },
  ...more,
});

describe('the name of a scratch table', () => {
  it('is that of its group, and fits in 255 characters without being that of another group', () => {
    expect(scratchName('production', 'Events')).toBe('production.turntable-drill.Events');
    const [a, b] = ['a', 'b'].map((end) => scratchName('production', 'x'.repeat(240) + end)) as [
      string,
      string,
    ];
    expect([a.length, b.length, a === b]).toEqual([255, 255, false]);
    expect(a).toMatch(/^production\.turntable-drill\.x+-[\da-f]{8}$/);
  });
});

describe('the cost of a drill', () => {
  it('is that of the restore or the load, of reading all once, and of the storage', () => {
    expect(drillUsd(source(), prices)).toBeCloseTo(1.5 + 0.164, 3);
    expect(drillUsd({ sizeBytes: 0 }, prices)).toBe(0);
    expect(storageUsd(10 * GB, 72 * HOUR, prices)).toBeCloseTo(0.25);
    expect([0, 0.001, 1.664].map(sayUsd)).toEqual(['USD 0.00', 'less than USD 0.01', 'USD 1.66']);
  });
});

describe('what is restored', () => {
  const [events, none] = [specOf(), specOf({ name: 'Flags', scheme: 'none' })];
  it('is the newest of a group’s own tables, and of no other table', () => {
    const others = ['Events', 'Events.2026112', 'Events.20261119.copy', 'Flags.20261119', 'Eventss.20261119'];
    const sources = [
      source({ arn: 'old', createdAt: 1 }),
      source({ arn: 'newest', createdAt: 3, table: 'production.Events.20261118' }),
      source({ arn: 'flags', createdAt: 2, table: 'production.Flags' }),
      ...others.map((name) => source({ arn: name, createdAt: 9, table: `production.${name}` })),
      source({ arn: 'staging', createdAt: 9, table: 'staging.Events.20261119' }),
    ];
    const newest = sourcesInTurn([events, none], sources, new Map(), NOON);
    expect([newest.get(events)?.arn, newest.get(none)?.arn]).toEqual(['newest', 'flags']);
  });

  it.each([
    ['the newest', NOON, 'now'],
    ['of the instant, and no later one', NOON - 1, 'earlier'],
    ['nothing before the first one', NOON - HOUR - 1, undefined],
  ])('has existed at the instant of the run: %s', (_, now, arn) => {
    const sources = [source({ arn: 'now', createdAt: NOON }), source({ arn: 'earlier' })];
    expect(sourcesInTurn([events], sources, new Map(), now).get(events)?.arn).toBe(arn);
  });

  const exported = source({ arn: 'export', createdAt: NOON - 2 * HOUR, archive: {} as Archive });
  it.each([
    ['an export first', undefined, undefined, 'export'],
    ['a backup after an export', 'passed', true, 'backup-1'],
    ['an export after a backup', 'passed', false, 'export'],
    ['an export again if that failed', 'failed', true, 'export'],
    ['a backup again if that failed', 'failed', false, 'backup-1'],
  ] as const)(
    'takes turns between exports and backups, if the group has both: %s',
    (_, outcome, isExport, arn) => {
      const last = outcome && { outcome, at: NOON - 24 * HOUR, message: '', isExport };
      const records: Records = new Map([['Events', { month: '2026-11', usd: 0, ...(last && { last }) }]]);
      const chosen = (...sources: Source[]) =>
        sourcesInTurn([events], sources, records, NOON).get(events)?.arn;
      expect(chosen(source(), exported)).toBe(arn);
      expect([chosen(source()), chosen(exported), chosen()]).toEqual(['backup-1', 'export', undefined]);
    },
  );

  it.each([
    ['nothing', undefined, 0, 'no-backup'],
    ['100 GB', source({ sizeBytes: 100 * GB }), 0, undefined],
    ['more than 100 GB', source({ sizeBytes: 100 * GB + 1 }), 0, 'too-large'],
    ['what the month has money for', source(), 18.33, undefined],
    ['what it has no money for', source(), 18.35, 'over-budget'],
  ] as const)('is skipped or not by its limits: %s', (_, backup, spent, reason) => {
    const decided = decideDrill(events, backup, spent, configOf([events], { ...defaultSettings }));
    expect('reason' in decided ? decided.reason : undefined).toBe(reason);
  });
});

describe('the next step', () => {
  const table = (status: string, more: Partial<TableState> = {}) =>
    ({ name: 'scratch', id: 'id-9', restoredFrom: 'backup-1', status, ...more }) as TableState;
  const verdict = { outcome: 'passed', reason: 'restorable', message: '' } as const;
  it.each([
    ['restore', {}, undefined, 0],
    ['give-up', { tableId: 'id-9' }, undefined, 0],
    ['wait', {}, table('CREATING'), 0],
    ['wait', {}, table('DELETING'), 0],
    ['compare', {}, table('ACTIVE'), 0],
    ['compare', { tableId: 'id-9' }, table('ACTIVE'), 0],
    ['give-up', {}, table('INACCESSIBLE_ENCRYPTION_CREDENTIALS'), 0],
    ['give-up', {}, table('ACTIVE', { restoredFrom: 'backup-2' }), 0],
    ['wait', {}, table('DELETING', { restoredFrom: 'backup-2' }), 0],
    ['give-up', {}, table('DELETING', { restoredFrom: 'backup-2' }), 49 * HOUR],
    ['give-up', { tableId: 'id-8' }, table('ACTIVE'), 0],
    ['give-up', {}, table('CREATING'), 48 * HOUR],
    ['delete', { verdict }, table('ACTIVE'), 0],
    ['delete', { verdict }, table('ACTIVE'), 99 * HOUR],
    ['wait', { verdict }, table('CREATING'), 99 * HOUR],
    ['finish', { verdict }, undefined, 0],
    ['finish', { verdict }, table('ACTIVE', { restoredFrom: 'backup-2' }), 0],
    ['finish', { verdict, tableId: 'id-8' }, table('ACTIVE'), 0],
  ] as const)('is to %s', (kind, known, scratch, laterMs) => {
    expect(nextStep(drill(known), scratch, NOON + laterMs).kind).toBe(kind);
  });
});

describe('the verdict', () => {
  const keyed = (...names: string[]): Schema =>
    ({
      KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i ? 'RANGE' : 'HASH' })),
    }) as Schema;
  const sampled = (more: Partial<Sampled>): Sampled => ({
    ...{ isScheduled: false, compared: 100, same: 100, changed: 0, gone: 0 },
    ...{ unchangedSince: true, expires: false },
    ...more,
  });
  const compared = (more: Partial<Compared> = {}): Compared => ({
    spec: specOf(),
    backup: { key: ['Key'], itemCount: 1000, sizeBytes: 5 },
    isExport: false,
    table: 'production.Events.20261119',
    restored: keyed('Key'),
    items: 1000,
    sampled: sampled({}),
    ...more,
  });
  const backup = (itemCount: number | undefined, sizeBytes = 5) => ({
    ...{ key: ['Key'], sizeBytes },
    ...(itemCount !== undefined && { itemCount }),
  });
  it.each<[what: string, more: Partial<Compared>, reason: string]>([
    ['all as the backup says', {}, 'restorable'],
    ['a table that has grown since it was counted', { items: 5000 }, 'restorable'],
    ['some items fewer', { items: 900 }, 'restorable'],
    ['a tenth and more fewer', { items: 899 }, 'items-missing'],
    ['one item fewer than an export', { items: 999, isExport: true }, 'items-missing'],
    ['no items, of a backup with bytes', { items: 0, backup: backup(0) }, 'items-missing'],
    ['an empty table', { items: 0, backup: backup(0, 0), sampled: undefined }, 'restorable'],
    ['a backup that is gone', { backup: undefined }, 'restorable'],
    ['another key than the backup', { restored: keyed('Other') }, 'key-differs'],
    ['another key than the spec', { restored: keyed('A', 'B'), backup: undefined }, 'key-differs'],
    ['a group that the configuration no longer has', { spec: undefined }, 'restorable'],
    [
      'changed items of a table without writes',
      { sampled: sampled({ same: 99, changed: 1 }) },
      'items-differ',
    ],
    ['lost items of a table without writes', { sampled: sampled({ same: 99, gone: 1 }) }, 'items-differ'],
    ['expired items', { sampled: sampled({ same: 99, gone: 1, expires: true }) }, 'restorable'],
    [
      'changed items of a table with writes',
      { sampled: sampled({ same: 0, changed: 100, unchangedSince: false }) },
      'restorable',
    ],
    ['a table that is gone', { sampled: undefined }, 'restorable'],
  ])('on %s', (_, more, reason) => {
    const verdict = verdictOf(compared(more));
    expect([verdict.reason, verdict.outcome]).toEqual([
      reason,
      reason === 'restorable' ? 'passed' : 'failed',
    ]);
  });
});

describe('a stored record', () => {
  const record = { month: '2026-12', usd: 1.66, drill: drill({ counted: { items: 3, next: '{}' } }) };
  it('is read as it was stored', () => {
    expect(drillFrom(storableDrill(record))).toEqual(record);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"month":"2026-12"}',
    JSON.stringify({ ...record, usd: null }),
    JSON.stringify({ ...record, drill: {} }),
    JSON.stringify({ ...record, drill: { ...record.drill, backup: source({ arn: undefined! }) } }),
    JSON.stringify({ ...record, drill: { ...record.drill, verdict: { outcome: 'perhaps' } } }),
    JSON.stringify({ ...record, last: { outcome: 'passed' } }),
    JSON.stringify({ ...record, unrecorded: { kind: 'drill-passed' } }),
  ])('counts for nothing if it is invalid: %s', (text) => {
    expect(drillFrom(text)).toBeUndefined();
  });
});
