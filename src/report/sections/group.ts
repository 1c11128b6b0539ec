import type { FleetReport, GroupReport, PastEvent } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { limited, table } from '../../page/table.ts';
import { count, time, usd } from '../words.ts';
import { charts, throttledOf } from './charts.ts';
import { PHASE_COLUMNS, phaseRows } from './cost.ts';
import { HOLD_COLUMNS, holdRows } from './holds.ts';
import { EVENT_COLUMNS, eventRows } from './past.ts';
import { timeline } from './timeline.ts';

const MOST_ROWS = 50;

export const groupId = (place: number): string => `group-${place + 1}`;

/** The requests of a group that were throttled in the time of the report. */
export const throttledIn = ({ charts: all }: GroupReport): number =>
  all.reduce((sum, chart) => sum + throttledOf(chart), 0);

export const monthOf = ({ phases }: GroupReport): number =>
  phases.reduce((sum, { throughput, storage }) => sum + throughput + storage, 0);

/** A group, closed at first if there are many. */
export function groupSection(
  report: FleetReport,
  group: GroupReport,
  place: number,
  events: readonly PastEvent[],
): Html {
  const open = report.groups.length <= 3;
  return html`
<details class="group" id="${groupId(place)}" data-name="${group.name}"${open && html` open`}>
<summary><h3>${group.name}</h3> ${facts(group)}</summary>
<h4>Time-line</h4>
${timeline(group, report)}
${charts(group, place)}
${planned(group)}
${group.holds.length > 0 && heldIn(group, report)}
${past(group, report, events)}
${group.phases.length > 0 && html`<h4>Cost</h4>${table(`Cost of ${group.name} by phase, USD per month`, PHASE_COLUMNS, phaseRows(group.phases))}`}
</details>`;
}

function facts(group: GroupReport): Html {
  const exist =
    group.tables.filter(({ state }) => state !== 'deleted' && state !== 'missing').length + group.omitted;
  const missing = group.tables.filter(({ state }) => state === 'missing').length;
  const throttled = throttledIn(group);
  const retains =
    group.scheme === 'none' ? '' : group.retains === null ? ', retains all' : `, retains ${group.retains}`;
  const many = group.regions.length === 1 ? 'replica' : 'replicas';
  const replicas = group.regions.length > 0 ? `${many} in ${group.regions.join(', ')}` : '';
  return html`<span class="facts"><span>${group.scheme}${retains}</span> ${replicas !== '' && html`<span>${replicas}</span> `}<span>${count(exist)} ${exist === 1 ? 'table' : 'tables'}</span> ${missing > 0 && html`<span class="bad">${missing} missing</span> `}<span>USD ${usd(monthOf(group))} per month</span>${throttled > 0 && html` <span class="bad">${count(throttled)} throttled</span>`}${group.actions.length > 0 && html` <span>${count(group.actions.length)} planned</span>`}${group.holds.length > 0 && html` <span class="warn">${count(group.holds.length)} held</span>`}</span>`;
}

function planned({ name, actions }: GroupReport): Html {
  if (actions.length === 0) return html`<h4>What happens next</h4><p>The jobs would change nothing now.</p>`;
  const [shown, rest] = limited(actions, MOST_ROWS, 'changes');
  const rows = shown.map(({ kind, table: of, message, reason }) => [
    of,
    kind,
    html`${message} <code>${reason}</code>`,
  ]);
  return html`<h4>What happens next</h4>${table(`Changes that the jobs would make to ${name} now`, [{ title: 'Table' }, { title: 'Change' }, { title: 'Why', align: 'wide' }], rows)}${rest}`;
}

function heldIn({ name, holds }: GroupReport, report: FleetReport): Html {
  const [shown, rest] = limited(holds, MOST_ROWS, 'holds');
  return html`<h4>Held</h4>${table(`Holds of ${name}, the oldest first`, HOLD_COLUMNS, holdRows(shown, report))}${rest}`;
}

function past({ name }: GroupReport, report: FleetReport, events: readonly PastEvent[]): Html {
  if (report.past.unknown !== undefined) return html``;
  if (events.length === 0)
    return html`<h4>What happened</h4><p>The history has nothing about ${name} since ${time(report.from)}.</p>`;
  const [shown, rest] = limited(events, MOST_ROWS, 'entries');
  return html`<h4>What happened</h4>${table(`History of ${name}, the newest first, in UTC`, EVENT_COLUMNS, eventRows(shown))}${rest}`;
}
