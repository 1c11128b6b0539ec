import type { FleetReport, PastEvent } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { type Column, folded, limited, type Row } from '../../page/table.ts';
import { time } from '../words.ts';

const FIRST_ROWS = 10;
const MOST_ROWS = 300;

export const EVENT_COLUMNS: readonly Column[] = [
  { title: 'Time' },
  { title: 'Kind' },
  { title: 'Table' },
  { title: 'What and why', align: 'wide' },
];

export const eventRows = (events: readonly PastEvent[]): Row[] =>
  events.map(({ at, kind, table: of, group, message, reason, by }) => [
    time(at),
    kind,
    of ?? group ?? '–',
    html`${message}${reason !== undefined && html` <code>${reason}</code>`}${by !== undefined && html` by ${by}`}`,
  ]);

/** What happened in the whole fleet, the newest first. */
export function pastSection({ past, from }: FleetReport): Html {
  if (past.unknown !== undefined) return html`<p>${past.unknown}</p>`;
  if (past.events.length === 0) return html`<p>The history has no entries since ${time(from)}.</p>`;
  const [shown, rest] = limited(past.events, MOST_ROWS, 'entries');
  return html`${folded('History of all groups, the newest first, in UTC', EVENT_COLUMNS, eventRows(shown), FIRST_ROWS)}${rest}`;
}
