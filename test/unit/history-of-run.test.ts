import { describe, expect, it } from 'vitest';
import { allEntryKinds, type Entry, isApplied } from '../../src/core/history/entry.ts';
import { actionEntries, holdBegun, holdEnded } from '../../src/core/history/of-run.ts';
import {
  continueHolds,
  nothingOpen,
  type OpenHold,
  openFrom,
  storableOpen,
} from '../../src/core/history/open-holds.ts';
import { entryFrom, storableEntries } from '../../src/core/history/stored.ts';
import type { Action, Hold } from '../../src/core/plan.ts';
import { at, DAY, MINUTE } from '../support/specs.ts';

const NOW = at('2026-11-21T09:00');
const TABLE = 'production.Events.20261121';

const hold = (more: Partial<Hold> = {}): Hold => ({
  kind: 'raise',
  job: 'scale',
  group: 'Events',
  table: TABLE,
  reason: 'bounds',
  message: 'Writes are throttled: 5/s.',
  ...more,
});

const open = (more: Partial<OpenHold> = {}): OpenHold => ({
  held: 'raise',
  group: 'Events',
  table: TABLE,
  reason: 'bounds',
  since: NOW - 60 * MINUTE,
  seenAt: NOW - MINUTE,
  ...more,
});

const always = { lingerMs: 0, looksAt: () => true };
const scale = { lingerMs: 15 * MINUTE, looksAt: () => true };

describe('the holds of a run', () => {
  it('begin if they were not open', () => {
    const { begun, ended, open: now, changed } = continueHolds([], [hold()], NOW, always);
    expect([begun, ended, changed]).toEqual([[hold()], [], true]);
    expect(now).toEqual([open({ since: NOW, seenAt: NOW })]);
  });

  it.each([
    ['other figures', [hold({ message: 'Writes are throttled: 7/s.' })]],
    ['another kind of change', [hold({ kind: 'lower' })]],
    ['two holds of one reason', [hold(), hold({ message: 'Reads are throttled.' })]],
  ])('continue with %s, and nothing has to be stored', (_, holds) => {
    const before = [open()];
    expect(continueHolds(before, holds, NOW, always)).toEqual({
      begun: [],
      ended: [],
      open: before,
      changed: false,
    });
  });

  it('begin once if two of them have the same table and reason', () => {
    expect(continueHolds([], [hold(), hold({ kind: 'lower' })], NOW, always).begun).toEqual([hold()]);
  });

  it.each([
    ['another reason', hold({ reason: 'throttled' })],
    ['another table', hold({ table: 'production.Events.20261122' })],
    ['another group', hold({ group: 'Clicks' })],
  ])('end and begin with %s', (_, other) => {
    const { begun, ended, open: now } = continueHolds([open()], [other], NOW, always);
    expect([begun, ended, now.length]).toEqual([[other], [open()], 1]);
  });

  it('end if a run does not have them', () => {
    const { begun, ended, open: now, changed } = continueHolds([open()], [], NOW, always);
    expect([begun, ended, now, changed]).toEqual([[], [open()], [], true]);
  });

  it('stay open if a run has not looked at their table', () => {
    const unseen = { ...always, looksAt: (table: string) => table !== TABLE };
    expect(continueHolds([open()], [], NOW, unseen)).toMatchObject({
      ended: [],
      open: [open()],
      changed: false,
    });
  });

  it.each([
    [1, 0, false],
    [14, 0, false],
    [15, 1, true],
  ])('of scale end after 15 minutes without them: %i minutes, %i', (minutes, count, changed) => {
    const before = [open({ seenAt: NOW - minutes * MINUTE })];
    const after = continueHolds(before, [], NOW, scale);
    expect([after.ended.length, after.changed]).toEqual([count, changed]);
  });

  it('of scale are stored again now and then, so that they do not end between two samples', () => {
    const seenBefore = (minutes: number) =>
      continueHolds([open({ seenAt: NOW - minutes * MINUTE })], [hold()], NOW, scale);
    expect(seenBefore(7)).toMatchObject({ changed: false, begun: [] });
    expect(seenBefore(8)).toMatchObject({ changed: true, begun: [], open: [open({ seenAt: NOW })] });
  });

  it('that a sample has every five minutes begin once and end once', () => {
    let stored: readonly OpenHold[] = [];
    const events: string[] = [];
    let writes = 0;
    for (let minute = 0; minute < 120; minute += 1) {
      const holds = minute < 60 && minute % 5 === 0 ? [hold()] : [];
      const { begun, ended, open: now, changed } = continueHolds(stored, holds, NOW + minute * MINUTE, scale);
      events.push(...begun.map(() => `begun ${minute}`), ...ended.map(() => `ended ${minute}`));
      if (changed) stored = now;
      if (changed) writes += 1;
    }
    expect(events).toEqual(['begun 0', 'ended 65']);
    expect(writes).toBeLessThan(10);
  });

  it('are the same after they were stored and read', () => {
    const record = { holds: [open(), open({ table: 'other', told: true })], told: { some: NOW } };
    expect(openFrom(storableOpen(record))).toEqual(record);
    expect(openFrom(undefined)).toEqual(nothingOpen);
  });

  it.each([
    '',
    '{',
    '{}',
    'null',
    '[]',
    '{"holds":1,"told":1}',
    '{"holds":[null,{}],"told":{"some":null}}',
    JSON.stringify({ holds: [open({ since: 1e300 })], told: { some: 1e300 } }),
  ])('are unknown if the stored text is %s', (text) => {
    expect(openFrom(text)).toEqual(nothingOpen);
  });

  it('that are valid count although others are not', () => {
    const text = JSON.stringify({ holds: [{}, open()], told: { some: 'a', other: NOW } });
    expect(openFrom(text)).toEqual({ holds: [open()], told: { other: NOW } });
  });
});

const action = {
  kind: 'delete',
  job: 'purge',
  group: 'Events',
  table: TABLE,
  reason: 'still-expired',
  message: 'The waiting period has ended.',
  createdAt: '2026-11-01T00:00:00.000Z',
  scheduledAt: '2026-11-20T00:00:00.000Z',
} as unknown as Action;

describe('an entry', () => {
  it('is there for each action that was applied or failed, and for no other', () => {
    const about = { at: '2026-11-21T09:00:00.000Z', job: 'purge', group: 'Events', table: TABLE };
    expect(actionEntries({ action, outcome: 'applied' }, NOW)).toEqual([
      { ...about, kind: 'delete', reason: 'still-expired', message: 'The waiting period has ended.' },
    ]);
    expect(actionEntries({ action, outcome: 'failed', error: 'Denied.' }, NOW)).toEqual([
      { ...about, kind: 'failed', action: 'delete', reason: 'still-expired', error: 'Denied.' },
    ]);
    for (const outcome of ['skipped', 'superseded'] as const)
      expect(actionEntries({ action, outcome, error: 'Later.' }, NOW)).toEqual([]);
  });

  const entries: readonly Entry[] = [
    ...actionEntries({ action, outcome: 'applied' }, NOW),
    ...actionEntries({ action, outcome: 'failed', error: 'Denied.' }, NOW),
    holdBegun(hold(), NOW),
    holdEnded('scale', open(), NOW),
    { at: '2026-11-21T09:00:00.000Z', kind: 'command', command: 'resume', by: 'unknown', message: 'Done.' },
  ];

  it('is the same after it was stored and read', () => {
    const stored = storableEntries(entries, 'owner', DAY);
    expect(stored.map(({ entry }) => entryFrom(entry))).toEqual(entries);
    expect(entries.filter(isApplied)).toEqual([entries[0]]);
  });

  it('has an ID that sorts by time and place, and a time at which it expires', () => {
    const stored = storableEntries([entries[1]!, entries[2]!], 'owner', DAY, 9);
    expect(stored.map(({ id, expiresAt }) => [id, expiresAt])).toEqual([
      ['2026-11-21T09:00:00.000Z owner 00009', NOW + DAY],
      ['2026-11-21T09:00:00.000Z owner 00010', NOW + DAY],
    ]);
  });

  it('is ignored if a part is missing, the time is invalid, or the kind is unknown', () => {
    const [hold] = entries.slice(2) as [Entry];
    for (const entry of entries)
      for (const name of Object.keys(entry).filter((one) => !['by', 'byUnknown'].includes(one)))
        expect(
          entryFrom(JSON.stringify({ ...entry, [name]: undefined })),
          `${entry.kind} ${name}`,
        ).toBeUndefined();
    for (const odd of ['', 'null', '[]', '"a"', JSON.stringify({ ...hold, at: 'now' })])
      expect(entryFrom(odd)).toBeUndefined();
    expect(entryFrom(JSON.stringify({ ...hold, kind: 'constructor' }))).toBeUndefined();
  });

  it('has a kind for each kind of action, and seven others', () => {
    expect(allEntryKinds.slice(-7)).toEqual([
      'failed',
      'hold-begun',
      'hold-ended',
      'drill-passed',
      'drill-failed',
      'drill-skipped',
      'command',
    ]);
    expect(allEntryKinds).toHaveLength(26);
  });
});
