import type { AgedHold, FleetReport } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { type Column, folded, limited, type Row } from '../../page/table.ts';
import { age, time } from '../words.ts';

const FIRST_ROWS = 10;
const MOST_ROWS = 300;

export const HOLD_COLUMNS: readonly Column[] = [
  { title: 'Table' },
  { title: 'Held' },
  { title: 'Since' },
  { title: 'Age' },
  { title: 'Why', align: 'wide' },
];

export const holdRows = (holds: readonly AgedHold[], { at }: FleetReport): Row[] =>
  holds.map(({ table: of, kind, since, message, reason, urgent }) => [
    of,
    html`${kind}${urgent && html` <span class="bad">urgent</span>`}`,
    since === null ? 'unknown' : time(since),
    since === null ? '–' : age(Date.parse(at) - Date.parse(since)),
    html`${message} <code>${reason}</code>`,
  ]);

/** All holds of the fleet: urgent ones first, then the oldest. */
export function holdsSection(report: FleetReport): Html {
  const all = report.groups.flatMap(({ holds }) => holds);
  if (all.length === 0) return html`<p>Nothing is held.</p>`;
  const ageOf = ({ since }: AgedHold): number => (since === null ? Infinity : Date.parse(since));
  const byAge = (a: AgedHold, b: AgedHold): number => (ageOf(a) === ageOf(b) ? 0 : ageOf(a) - ageOf(b));
  const sorted = [...all].sort((a, b) => Number(b.urgent) - Number(a.urgent) || byAge(a, b));
  const [shown, rest] = limited(sorted, MOST_ROWS, 'holds');
  return html`${folded('Holds of all groups: urgent ones first, then the oldest', HOLD_COLUMNS, holdRows(shown, report), FIRST_ROWS)}${rest}`;
}
