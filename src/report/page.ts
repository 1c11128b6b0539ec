import type { FleetReport, PastEvent } from '../core/report/model.ts';
import { plotStyle, reportScript } from '../generated/report-script.ts';
import { Html, html, jsonFor } from '../page/html.ts';
import { policyFor } from '../page/policy.ts';
import { pageData } from './page-data.ts';
import { comingSection } from './sections/coming.ts';
import { costSection } from './sections/cost.ts';
import { groupSection } from './sections/group.ts';
import { holdsSection } from './sections/holds.ts';
import { pastSection } from './sections/past.ts';
import { summary } from './sections/summary.ts';
import { style } from './style.ts';
import { time } from './words.ts';

/** Marks a file as a report, which the next one may replace. */
export const GENERATOR = '<meta name="generator" content="turntable report">';

/** With fewer groups, a filter is not needed. */
const FILTERED_FROM = 8;

const STATES = ['upcoming', 'active', 'draining', 'outdated', 'expired', 'deletion-scheduled', 'missing'];

/** A self-contained HTML page of a report: it refers to no other file and sends no request. */
export function reportPage(report: FleetReport): string {
  const css = plotStyle + style;
  const sections: readonly (readonly [id: string, title: string, body: Html])[] = [
    ['held', 'Held', holdsSection(report)],
    ['next', 'What happens next', comingSection(report)],
    ['cost', 'Cost', costSection(report)],
    ['past', 'What happened', pastSection(report)],
    ['groups', 'Groups', groups(report)],
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policyFor(reportScript, css))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${new Html(GENERATOR)}
<title>${report.environment}: fleet report of ${report.at.slice(0, 16)}Z</title>
<style>${new Html(css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${report.environment}</h1>
<p>${report.account !== null && html`Account ${report.account}, `}${report.region}. Fleet report as of ${time(report.at)} UTC, with charts since ${time(report.from)}.</p>
</header>
<nav aria-label="Sections"><ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main id="main">
${summary(report)}
${sections.map(
  ([id, title, body]) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}</main>
<script id="data" type="application/json">${jsonFor(pageData(report))}</script>
<script>${new Html(reportScript)}</script>
</body>
</html>
`.text;
}

function groups(report: FleetReport): Html {
  const events = new Map<string, PastEvent[]>();
  for (const event of report.past.events) {
    if (event.group === undefined) continue;
    const own = events.get(event.group) ?? [];
    events.set(event.group, own);
    own.push(event);
  }
  const { averagedMinutes, minutes } = report.points;
  const flattened =
    averagedMinutes > 1 &&
    html` Each consumption is the mean of ${averagedMinutes} minutes, so a shorter peak was higher.`;
  return html`
<p>Time-lines are drawn in these colors. What is to the right of the line “now” is planned.</p>
<ul class="legend">${STATES.map((state) => html`<li><svg viewBox="0 0 14 7" aria-hidden="true"><rect class="${state}" width="14" height="7"/></svg>${state}</li>`)}</ul>
<p>The area of a chart is what the current table consumed, and the line is its capacity. Marks below are throttled requests. A point shows the highest value of ${minutes === 1 ? '1 minute' : `${minutes} minutes`}.${flattened} A red triangle marks a value that is above the axis: zoom in to see it whole.</p>
<p class="hint">Zoom with + and −, by selecting with the mouse, with Ctrl and the wheel, or with two fingers. Move with ◀ and ▶, the arrow keys or one finger. Show everything with Home or a double-click.</p>
${report.groups.length >= FILTERED_FROM && html`<p><label>Show groups whose name contains <input type="search" id="filter"></label> <output id="matches" for="filter"></output></p>`}
${report.groups.length === 0 && html`<p>tables.json has no specs.</p>`}
${report.groups.map((group, i) => groupSection(report, group, i, events.get(group.name) ?? []))}`;
}
