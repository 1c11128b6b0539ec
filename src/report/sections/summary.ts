import type { FleetReport } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { count, time, usd } from '../words.ts';
import { groupId, throttledIn } from './group.ts';

const MOST_NAMED = 10;

/** What matters first: how much there is, what is suspended, what is throttled. */
export function summary(report: FleetReport): Html {
  const { groups, cost, suspensions, metricReads, metricReadsUsd, unmanaged } = report;
  const throttled = groups.reduce((all, group) => all + throttledIn(group), 0);
  const sum = (of: (group: FleetReport['groups'][number]) => number): number =>
    groups.reduce((all, group) => all + of(group), 0);
  const tables = cost.phases.reduce((all, phase) => all + phase.tables, 0);
  const figures: readonly (readonly [string, string])[] = [
    [count(groups.length), groups.length === 1 ? 'group' : 'groups'],
    [count(tables), tables === 1 ? 'table' : 'tables'],
    [usd(cost.month), 'USD per month'],
    [count(throttled), 'throttled requests'],
    [count(sum(({ actions }) => actions.length)), 'planned changes'],
    [count(sum(({ holds }) => holds.length)), 'held'],
  ];
  return html`
<ul class="figures">${figures.map(([figure, what]) => html`<li><b>${figure}</b> ${what}</li>`)}</ul>
${suspended(suspensions)}
${throttledGroups(report)}
${unmanaged.length > 0 && html`<p>${count(unmanaged.length)} ${unmanaged.length === 1 ? 'table matches no spec and is' : 'tables match no spec and are'} never changed: ${unmanaged.slice(0, MOST_NAMED).join(', ')}${unmanaged.length > MOST_NAMED && ', …'}</p>`}
<p class="hint">This report read ${count(metricReads)} metrics for USD ${Number(metricReadsUsd.toPrecision(2))}.</p>`;
}

function suspended(suspensions: FleetReport['suspensions']): Html {
  if (suspensions === null)
    return html`<p class="bad">Could not read the suspensions. Until they can be read, nothing is purged or lowered.</p>`;
  return html`${suspensions.map(
    ({ what, since, until, reason }) =>
      html`<p class="warn">${what === 'purging' ? 'Purging' : 'Lowering'} is suspended since ${time(since)}${until !== undefined && html` until ${time(until)}`}${reason !== undefined && html`: ${reason}`}</p>`,
  )}`;
}

function throttledGroups({ groups, from }: FleetReport): Html {
  const found = groups
    .map((group, place) => ({ name: group.name, place, throttled: throttledIn(group) }))
    .filter(({ throttled }) => throttled > 0)
    .sort((a, b) => b.throttled - a.throttled);
  if (found.length === 0) return html`<p>No request was throttled since ${time(from)}.</p>`;
  const named = found.slice(0, MOST_NAMED);
  return html`<p>Throttled requests since ${time(from)}, the most first: ${named.map(
    ({ name, place, throttled }, i) =>
      html`${i > 0 && ', '}<a href="#${groupId(place)}">${name}</a> ${count(throttled)}`,
  )}${found.length > named.length && html`, and ${count(found.length - named.length)} more groups`}.</p>`;
}
