import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FleetReport, GroupReport } from '../../src/core/report/model.ts';
import { reportScript } from '../../src/generated/report-script.ts';
import { reportPage } from '../../src/report/page.ts';
import { aGroup, aReport } from '../support/reports.ts';

const pageOf = (changes: Partial<FleetReport> = {}): string => reportPage(aReport(changes));
const pageWith = (changes: Partial<GroupReport>): string => pageOf({ groups: [aGroup(changes)] });

describe('reportPage', () => {
  const page = pageOf();

  it('says where the fleet is', () => {
    expect(page).toContain('<p>Account 123456789012, eu-west-1. Fleet report as of');
    expect(pageOf({ account: null })).toContain('<p>eu-west-1. Fleet report as of');
  });

  it('refers to no other file or address, and allows none', () => {
    expect(page).not.toMatch(/src=/);
    expect([...page.matchAll(/href="(.)/g)].map(([, first]) => first)).toEqual(
      [...page.matchAll(/href=/g)].map(() => '#'),
    );
    expect(page).toContain("default-src 'none'; script-src 'sha256-");
    expect(page).not.toContain('unsafe');
  });

  it('allows exactly its own script and style', () => {
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page)!;
    expect(page).toContain(`script-src 'sha256-${hash(reportScript)}'`);
    expect(page).toContain(`style-src 'sha256-${hash(style!)}'`);
    expect(page).toContain(`<script>${reportScript}</script>`);
    expect(page).not.toMatch(/ style=/);
  });

  it('has a script that cannot end its element, and the license of uPlot', () => {
    expect(reportScript).not.toMatch(/<\/script|<!--/i);
    expect(reportScript).toContain('Permission is hereby granted, free of charge');
  });

  it('draws each stretch of a time-line, and says the same in words', () => {
    expect(page.match(/<rect class="active" x="\d+" y="1"/g)).toHaveLength(2);
    const rows = page.split('<tr>').filter((row) => row.includes('class="prefix">production.Events.</span>'));
    const texts = rows.map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(texts.map((text) => text.slice(0, 60))).toEqual([
      expect.stringMatching(/^production\.Events\. 20261123 upcoming ends /),
      expect.stringMatching(/^production\.Events\. 20261122 active ends /),
      expect.stringMatching(/^production\.Events\. 20261121 deletion-scheduled ends /),
      expect.stringMatching(/^production\.Events\. 20261120 deleted /),
    ]);
    expect(texts[2]).toContain('scheduled 2026-11-22 06:00 , from 2026-11-22 18:00');
    expect(texts[3]).toContain('deleted, time unknown');
  });

  it('shows each chart as a table too, and says what was not read', () => {
    expect(page).toContain('Events: writes of the current table, units per second, in UTC</caption>');
    expect(page).toContain('<td class="right">1,234</td>');
    expect(page).toContain('No reads in this time.');
    const [chart] = aGroup().charts;
    const failed = { ...chart!, error: 'not allowed', consumed: [], capacity: [], throttled: [], tables: [] };
    const none = pageWith({ charts: [failed] });
    expect(none).toContain('Could not read the writes: not allowed');
    expect(none).not.toContain('<figure');
  });

  it('names the oldest holds first, and those of unknown age last', () => {
    const hold = aGroup().holds[0]!;
    const held = pageWith({
      holds: [
        { ...hold, table: 'old', since: '2026-11-20T00:00:00.000Z' },
        { ...hold, table: 'unknown', since: null },
        { ...hold, table: 'urgent', since: '2026-11-22T00:00:00.000Z', urgent: true },
      ],
    });
    const section = held.slice(held.indexOf('<section id="held"'), held.indexOf('<section id="next"'));
    expect([...section.matchAll(/scope="row">(\w+)</g)].map(([, name]) => name)).toEqual([
      'urgent',
      'old',
      'unknown',
    ]);
    expect(section).toContain('<td>2 days</td>');
  });

  it('shows the history, or why it is missing', () => {
    expect(page).toContain('raised by a test');
    expect(pageOf({ past: { events: [], omitted: 0, unknown: 'It could not be read.' } })).toContain(
      'It could not be read.',
    );
  });

  it('has unique ids and captions', () => {
    const many = pageOf({ groups: ['A', 'B', 'C'].map((name) => aGroup({ name })) });
    for (const pattern of [/ id="([^"]+)"/g, /aria-label="([^"]+)"/g]) {
      const found = [...many.matchAll(pattern)].map(([, one]) => one);
      expect(found).toEqual([...new Set(found)]);
    }
  });

  it('opens few groups, and lets many be filtered', () => {
    const pageOfMany = (count: number): string =>
      pageOf({ groups: Array.from({ length: count }, (_, i) => aGroup({ name: `Group${i}` })) });
    expect(pageOfMany(3).match(/<details class="group"[^>]* open/g)).toHaveLength(3);
    expect(pageOfMany(30)).not.toMatch(/<details class="group"[^>]* open/);
    expect([pageOfMany(3), pageOfMany(30)].map((one) => one.includes('id="filter"'))).toEqual([false, true]);
  });
});
