import { describe, expect, it } from 'vitest';
import { viewPlan } from '../../src/cli/views/plan.ts';
import { viewRun } from '../../src/cli/views/run.ts';
import { grouped } from '../../src/cli/views/text.ts';
import type { Hold, Plan } from '../../src/core/plan.ts';

const held: Hold = {
  job: 'scale',
  kind: 'lower',
  table: 'production.Events.20261121',
  group: 'Events',
  reason: 'unhealthy',
  message: 'Reads 5 → 1: held while the health URL fails: no connection.',
};
const plan = (holds: Hold[]): Plan => ({
  version: 1,
  environment: 'production',
  jobs: ['scale'],
  at: '2026-11-22T01:30:00.000Z',
  createdAt: '2026-11-22T01:30:00.000Z',
  actions: [],
  holds,
  fingerprint: '',
});

describe('viewPlan without actions', () => {
  it('says that the tables match the configuration', () => {
    expect(viewPlan(plan([]))).toBe(
      'No changes. The tables of production match the configuration, as of 2026-11-22 01:30 UTC.',
    );
  });

  it('counts the held actions instead', () => {
    const [first, ...rest] = viewPlan(plan([held])).split('\n\n');
    expect(first).toBe('No changes now. 1 action held in production, as of 2026-11-22 01:30 UTC.');
    expect(rest.join('\n')).toContain('no connection. [unhealthy]');
  });
});

describe('many holds of one kind and reason', () => {
  const many = (count: number, more: Partial<Hold> = {}): Hold[] =>
    Array.from({ length: count }, (_, i) => ({ ...held, table: `production.Events.2026110${i}`, ...more }));
  const shown = (holds: Hold[]): string[] =>
    viewPlan(plan(holds))
      .split('\n')
      .filter((line) => line.includes('!'));

  it.each([1, 4])('are all shown if there are only %i', (count) =>
    expect(shown(many(count))).toHaveLength(count),
  );

  it('show the first tables, and count the others', () => {
    const lines = shown(many(9));
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain('production.Events.20261102  lower held');
    expect(lines[3]).toMatch(
      /^ +! +and 6 more +lower held +For the same reason\. --json shows each\. \[unhealthy\]$/,
    );
  });

  it('are counted apart for each group, kind, reason and urgency', () => {
    const others = [
      { group: 'Other' },
      { kind: 'raise' as const },
      { reason: 'throttled' as const },
      { urgent: true },
    ];
    expect(shown(others.flatMap((each) => many(3, each)))).toHaveLength(12);
  });

  it('are all shown if each has figures', () => {
    const shortage = { cause: 'busy' as const, since: '2026-11-21T00:00:00.000Z' };
    expect(shown(many(9, { shortage }))).toHaveLength(9);
  });

  it('are shortened in the output of a run too', () => {
    const holds = many(9, { urgent: true });
    const summary = { job: 'scale' as const, environment: 'production', at: plan([]).at, results: [], holds };
    const lines = viewRun({ ...summary, outcome: 'failed', message: '9 held.' }).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe('  ! lower held Events  and 6 more tables: unhealthy');
  });
});

describe('a number in a column', () => {
  it.each<[number | string, string]>([
    [9999, '9999'],
    [10_000, '10,000'],
    [1_234_567, '1,234,567'],
    ['1234567.89', '1,234,567.89'],
    [12_345.5, '12,345.5'],
    ['on-demand', 'on-demand'],
  ])('has separators from 10,000 on: %s', (value, text) => expect(grouped(value)).toBe(text));
});
