import type { FleetReport, PhaseCost } from '../../core/report/model.ts';
import { type Html, html } from '../../page/html.ts';
import { type Column, type Row, table } from '../../page/table.ts';
import { count, usd } from '../words.ts';

const right = 'right' as const;

export const PHASE_COLUMNS: readonly Column[] = [
  { title: 'Phase' },
  { title: 'Tables', align: right },
  { title: 'Throughput', align: right },
  { title: 'Storage', align: right },
  { title: 'Total', align: right },
];

export const phaseRows = (phases: readonly PhaseCost[]): Row[] =>
  phases.map(({ phase, tables, throughput, storage, unknown }) => [
    phase,
    count(tables),
    `${usd(throughput)}${unknown > 0 ? ' + ?' : ''}`,
    usd(storage),
    `${usd(throughput + storage)}${unknown > 0 ? ' + ?' : ''}`,
  ]);

export function costSection({ cost, points, recommendations }: FleetReport): Html {
  const months = cost.months.map(({ month, hours, throughput }) => [month, count(hours), usd(throughput)]);
  const unknown = cost.phases.some((phase) => phase.unknown > 0);
  return html`
<p>USD ${usd(cost.month)} per month at present capacity, consumption and size. Reserved capacity and the free tier are not counted.${unknown && ' “+ ?”: the consumption of on-demand tables is unknown.'}</p>
${table('Cost by phase, USD per month', PHASE_COLUMNS, phaseRows(cost.phases))}
${months.length > 0 && table(`Throughput of current tables by calendar month, by metrics of ${points.averagedMinutes === 1 ? '1 minute' : `${points.averagedMinutes} minutes`}`, [{ title: 'Month' }, { title: 'Hours covered', align: right }, { title: 'USD', align: right }], months)}
${recommendations.length > 0 && html`<ul>${recommendations.map(({ group, message }) => html`<li>${group}: ${message}</li>`)}</ul>`}`;
}
