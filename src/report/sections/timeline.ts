/** The time-line of a group: a table whose second column draws what its other columns say. */
import type { FleetReport, GroupReport, TableReport } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { type Column, table } from '../../page/table.ts';
import { count, instant, time, usd } from '../words.ts';

/** Width of a time-line in its own units. The page stretches it. */
const WIDTH = 1000;
const HEIGHT = 10;

type Span = Pick<FleetReport, 'from' | 'at' | 'until'>;

export function timeline(group: GroupReport, span: Span): Html {
  const rows = group.tables.map((one) => [
    nameOf(one.name, group.name),
    bar(one, span),
    html`<span class="state ${one.state}">${one.state}</span>${one.status !== 'ACTIVE' && one.state !== 'deleted' && one.state !== 'missing' && html` (${one.status})`}`,
    one.next === '' ? '–' : one.next,
    one.cost === null
      ? '–'
      : `${usd((one.cost.throughput ?? 0) + one.cost.storage)}${one.cost.throughput === null ? ' + ?' : ''}`,
    time(one.createdAt),
    time(one.starts),
    time(one.ends),
    one.expires === null ? 'retained' : time(one.expires),
    deletion(one),
  ]);
  const omitted = group.omitted > 0 && html`<p>${count(group.omitted)} older tables are left out.</p>`;
  return html`${table(`Tables of ${group.name}, the newest first, in UTC`, columnsFor(span), rows)}${omitted}`;
}

const columnsFor = ({ from, at, until }: Span): Column[] => [
  { title: 'Table' },
  {
    title: html`<span class="axis" aria-hidden="true"><span>${instant(from).slice(5)}</span><span>now ${instant(at).slice(5)}</span><span>${instant(until).slice(5)}</span></span><span class="unseen">Time-line</span>`,
  },
  { title: 'State' },
  { title: 'Next', align: 'wide' },
  { title: 'USD per month', align: 'right' },
  { title: 'Made' },
  { title: 'Period starts' },
  { title: 'Period ends' },
  { title: 'Retention ends' },
  { title: 'Deletion' },
];

function deletion({ state, deletedAt, deletionScheduledAt, deletableFrom }: TableReport): Html {
  if (state === 'deleted')
    return deletedAt === null
      ? html`<span class="line">deleted, time unknown</span>`
      : html`deleted ${time(deletedAt)}`;
  if (deletionScheduledAt === null) return html`–`;
  return html`<span class="line">scheduled ${time(deletionScheduledAt)}, from ${time(deletableFrom)}</span>`;
}

/** A table's name. Narrow screens show only what tells the tables of a group apart: the date. */
function nameOf(table: string, group: string): Html {
  const end = table.lastIndexOf(`.${group}.`) + group.length + 2;
  if (end < group.length + 2) return html`${table}`;
  return html`<span class="prefix">${table.slice(0, end)}</span>${table.slice(end)}`;
}

/** The stretches of a table. Screen readers get the other columns instead. */
function bar({ stretches }: TableReport, { from, at, until }: Span): Html {
  const [first, last] = [Date.parse(from), Date.parse(until)];
  const place = (when: string): number =>
    Math.round((WIDTH * (Date.parse(when) - first)) / Math.max(1, last - first));
  const now = place(at);
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${stretches.map(
    ({ state, from: start, to }) =>
      html`<rect class="${state}" x="${place(start)}" y="1" width="${Math.max(2, place(to) - place(start))}" height="8"/>`,
  )}<rect class="coming" x="${now}" y="0" width="${WIDTH - now}" height="${HEIGHT}"/><rect class="now" x="${now}" y="0" width="3" height="${HEIGHT}"/></svg>`;
}
