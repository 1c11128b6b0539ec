/** The charts of a group, which the script of the page draws, and the same as a table. */
import type { Chart, GroupReport } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { table } from '../../page/table.ts';
import { count, rate, time } from '../words.ts';

/** `writes`, `reads of index byUser`. */
export const nameOf = ({ dimension, index }: Pick<Chart, 'dimension' | 'index'>): string =>
  `${dimension}s${index === undefined ? '' : ` of index ${index}`}`;

export const throttledOf = ({ tables }: Chart): number =>
  tables.reduce((all, { throttled }) => all + throttled, 0);

/** Whether anything was consumed or throttled. */
export const isUsed = ({ tables }: Chart): boolean =>
  tables.some(({ peakConsumed, throttled }) => peakConsumed > 0 || throttled > 0);

/** The chart that is shown at first: what is throttled or used most. */
export const mainChart = (charts: readonly Chart[]): number => {
  const weight = (chart: Chart): number =>
    throttledOf(chart) * 1e9 + Math.max(0, ...chart.tables.map(({ peakConsumed }) => peakConsumed));
  return charts.reduce((best, chart, i) => (weight(chart) > weight(charts[best]!) ? i : best), 0);
};

export function charts(group: GroupReport, place: number): Html {
  if (group.charts.length === 0) return html``;
  const failed = group.charts.filter(({ error }) => error !== undefined);
  const drawn = group.charts.length - failed.length > 0;
  return html`
<h4>Capacity against consumption</h4>
${failed.map((chart) => html`<p class="bad">Could not read the ${nameOf(chart)}: ${chart.error}</p>`)}
${drawn && html`<figure class="chart" data-group="${place}"></figure>`}
<details class="inner"><summary>The chart of ${group.name} as tables</summary>
${group.charts.filter(({ error }) => error === undefined).map((chart) => figures(group.name, chart))}
</details>`;
}

function figures(group: string, chart: Chart): Html {
  const name = nameOf(chart);
  if (!isUsed(chart)) return html`<p>No ${name} in this time.</p>`;
  const rows = chart.tables.map((one) => [
    one.table,
    time(one.from),
    time(one.to),
    rate(one.meanConsumed),
    rate(one.peakConsumed),
    one.lowestCapacity === null ? 'on-demand or unknown' : rate(one.lowestCapacity),
    one.highestCapacity === null ? '–' : rate(one.highestCapacity),
    count(one.throttled),
  ]);
  const right = 'right' as const;
  return table(
    `${group}: ${name} of the current table, units per second, in UTC`,
    [
      { title: 'Table' },
      { title: 'From' },
      { title: 'To' },
      { title: 'Mean consumed', align: right },
      { title: 'Peak consumed', align: right },
      { title: 'Lowest capacity', align: right },
      { title: 'Highest capacity', align: right },
      { title: 'Throttled requests', align: right },
    ],
    rows,
  );
}
