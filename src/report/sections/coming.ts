import type { FleetReport } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { folded, type Row } from '../../page/table.ts';
import { count, time } from '../words.ts';

/** What happens next in the whole fleet. */
export function comingSection({ next, laterEvents, until }: FleetReport): Html {
  if (next.length === 0) return html`<p>Nothing happens until ${time(until)}.</p>`;
  const rows = next.map(({ at, table: of, what }): Row => [at === null ? 'now' : time(at), of, what]);
  return html`${folded('What happens next, the earliest first, in UTC', [{ title: 'Time' }, { title: 'Table' }, { title: 'What' }], rows, 10)}${laterEvents > 0 && html`<p>And ${count(laterEvents)} later events.</p>`}`;
}
