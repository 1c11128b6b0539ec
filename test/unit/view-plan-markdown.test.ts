import { lexer, type Tokens } from 'marked';
import { describe, expect, it, vi } from 'vitest';
import { viewPlanMarkdown } from '../../src/cli/views/plan-markdown.ts';
import type { Action, Hold, Plan } from '../../src/core/plan.ts';

const lowered: Action = {
  job: 'scale',
  kind: 'lower',
  group: 'Events',
  table: 'production.Events.20261121',
  reason: 'utilization-low',
  message: 'Writes 6 → 5: expected demand is 0/s at 6 provisioned.',
  changes: [],
};
const held: Hold = {
  job: 'scale',
  kind: 'lower',
  group: 'Clicks',
  table: 'production.Clicks.20261121',
  reason: 'unhealthy',
  message: 'The health URL fails: a|b <i>.',
};
const plan = (more: Partial<Plan> = {}): Plan => ({
  version: 1,
  environment: 'production',
  jobs: ['scale'],
  at: '2026-11-22T01:30:00.000Z',
  createdAt: '2026-11-22T01:30:00.000Z',
  actions: [],
  holds: [],
  fingerprint: '',
  ...more,
});
const cost = { group: 'Events', before: 2.81, after: 2.5, onDemand: 0, unread: 0 };

const tablesIn = (text: string) =>
  lexer(text).filter((token): token is Tokens.Table => token.type === 'table');

describe('viewPlanMarkdown', () => {
  it('has a mark, sums, costs, and a table for each group', () => {
    expect(viewPlanMarkdown(plan({ actions: [lowered], holds: [held] }), [cost])).toBe(
      [
        '<!-- turntable plan production -->',
        '### Turntable plan of production',
        '',
        'As of 2026-11-22 01:30 UTC: **0 to create, 1 to change, 0 to delete, 1 held.**',
        '',
        'Provisioned throughput and storage: USD 2.81 → 2.50 per month.',
        '',
        '#### Clicks',
        '',
        '|  | table | change | reason |',
        '| --- | --- | --- | --- |',
        '| ! | production.Clicks.20261121 | lower held | The health URL fails: a&#124;b \\<i\\>. \\[unhealthy\\] |',
        '',
        '#### Events: USD 2.81 → 2.50 per month',
        '',
        '|  | table | change | reason |',
        '| --- | --- | --- | --- |',
        '| \\~ | production.Events.20261121 | lower | Writes 6 → 5: expected demand is 0/s at 6 provisioned. \\[utilization-low\\] |',
      ].join('\n'),
    );
  });

  it.each<[string, Partial<Plan>, string]>([
    ['no changes', {}, '**No changes.** The tables match the configuration.'],
    ['holds only', { holds: [held] }, '**No changes now.** 1 action held.'],
    [
      'tables that cannot serve',
      { holds: [{ ...held, shortage: { cause: 'busy', since: '2026-11-21T00:00:00.000Z' } }] },
      '> [!WARNING]\n> 1 table cannot serve what is asked of it.',
    ],
    [
      'suspensions',
      { suspensions: [{ what: 'purging', since: '2026-11-21T00:00:00.000Z', reason: '*why* | @all' }] },
      '\\*why\\* &#124; @<!-- -->all',
    ],
    ['some groups', { groups: ['Events'] }, 'Shows only Events.'],
  ])('names %s', (_, more, expected) => expect(viewPlanMarkdown(plan(more), [])).toContain(expected));

  it('says what the cost does not include', () => {
    expect(viewPlanMarkdown(plan(), [{ ...cost, onDemand: 2, unread: 1 }])).toContain(
      'USD 2.81 → 2.50 per month. On-demand requests of 2 tables are not included. 1 table could not be read and is not included.',
    );
  });

  it('has no color, even if the terminal has', async () => {
    vi.stubEnv('FORCE_COLOR', '1');
    vi.stubEnv('NO_COLOR', '');
    vi.resetModules();
    const { viewPlanMarkdown: inColor } = await import('../../src/cli/views/plan-markdown.ts');
    expect(inColor(plan({ actions: [lowered], holds: [held] }), [cost])).toBe(
      viewPlanMarkdown(plan({ actions: [lowered], holds: [held] }), [cost]),
    );
    vi.unstubAllEnvs();
  });

  it('stays within the length of a comment on GitHub, and counts the rows that it leaves out', () => {
    const actions = Array.from({ length: 3_000 }, (_, i) => ({ ...lowered, group: `Group${i % 50}` }));
    const text = viewPlanMarkdown(plan({ actions }), []);
    expect(text.length).toBeLessThan(65_536);
    const rows = tablesIn(text).reduce((all, table) => all + table.rows.length, 0);
    expect(rows).toBeGreaterThan(300);
    expect(text).toContain(
      `\n\n${3_000 - rows} more rows left out, because a comment on GitHub cannot be longer.`,
    );
    expect(text).toContain('**0 to create, 3000 to change, 0 to delete.**');
  });

  it('stays within that length if there are many recommendations, and counts those that it leaves out', () => {
    const recommendations = Array.from({ length: 300 }, (_, i) => ({
      ...{ group: `Group${i}`, table: 'a', kind: 'billing' as const },
      message: 'x'.repeat(300),
    })) as unknown as NonNullable<Plan['recommendations']>;
    const text = viewPlanMarkdown(plan({ actions: [lowered], recommendations }), []);
    expect(text.length).toBeLessThan(65_536);
    const shown = text.match(/> Group/g)!.length;
    expect(text).toContain(`> ${300 - shown} more recommendations left out.`);
    expect(tablesIn(text)).toHaveLength(1);
  });

  it('shows deletions and urgent holds before other rows if not all fit', () => {
    const actions = [
      ...Array.from({ length: 3_000 }, (_, i) => ({ ...lowered, group: `Group${i % 50}` })),
      { ...lowered, kind: 'delete', reason: 'still-expired', group: 'Zoo' },
    ] as Action[];
    const text = viewPlanMarkdown(plan({ actions, holds: [{ ...held, group: 'Yak', urgent: true }] }), []);
    const groups = [...text.matchAll(/^#### (\w+)/gm)].map(([, name]) => name);
    expect(groups.slice(0, 3)).toEqual(['Zoo', 'Yak', 'Group0']);
  });
});
