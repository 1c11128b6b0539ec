import { sayInstant } from '../../core/calendar/instant.ts';
import { monthOf } from '../../core/cost.ts';
import type { FleetStatus, TableStatus, Usage } from '../../jobs/status.ts';
import { viewRecommendations } from './recommendations.ts';
import { viewSuspensions } from './suspensions.ts';
import { plural, sayBytes, sayDuration, style, table, visible } from './text.ts';

const phaseStyles: Readonly<Record<TableStatus['phase'], (text: string) => string>> = {
  upcoming: style.create,
  active: style.heading,
  draining: style.warn,
  outdated: style.faint,
  expired: style.bad,
};

const rate = (units: number): string => String(Number(units.toFixed(1)));

/** `3.2/5`, with the throttled rate behind it where there is one. */
function usage(of: Usage | null, status: string): string {
  if (!of) return status === 'MISSING' ? '' : 'on demand';
  const consumed = of.consumed === null ? '?' : rate(of.consumed);
  const throttled = of.throttled ? style.bad(` (${rate(of.throttled)} throttled)`) : '';
  return `${consumed}/${of.provisioned}${throttled}`;
}

/** USD a month; `?` behind it where it is only the storage that is known. */
const money = (cost: TableStatus['cost']): string =>
  cost ? `${monthOf(cost).toFixed(2)}${cost.throughput === null ? '+?' : ''}` : '';

/** `1.2 GB IA`: what is stored, and whether as Standard-Infrequent Access. */
function size({ sizeBytes, tableClass, status }: TableStatus): string {
  if (status === 'MISSING') return '';
  const stored = sayBytes(sizeBytes);
  return tableClass === 'STANDARD_INFREQUENT_ACCESS' ? `${stored} IA` : stored;
}

function rowOf(of: TableStatus, now: number): string[] {
  const { name, phase, status, read, write, createdAt, next } = of;
  return [
    visible(name),
    phaseStyles[phase](phase),
    status === 'ACTIVE' ? status : style.warn(visible(status)),
    usage(read, status),
    usage(write, status),
    size(of),
    money(of.cost),
    createdAt ? sayDuration(now - Date.parse(createdAt)) : '',
    visible(next),
  ];
}

const indexRow = ({ name, read, write }: TableStatus['indexes'][number]): string[] => [
  `  index ${visible(name)}`,
  '',
  '',
  usage(read, ''),
  usage(write, ''),
];

const columns = [
  { title: 'TABLE' },
  { title: 'PHASE' },
  { title: 'STATUS' },
  { title: 'READ/S', align: 'right' as const },
  { title: 'WRITE/S', align: 'right' as const },
  { title: 'SIZE', align: 'right' as const },
  { title: 'USD/MONTH', align: 'right' as const },
  { title: 'AGE', align: 'right' as const },
  { title: 'NEXT' },
];

/** The fleet for people: one row a table, used and provisioned units per second. */
export function viewStatus({
  environment,
  at,
  suspensions,
  tables,
  strangers,
  costMonth,
  recommendations,
}: FleetStatus): string {
  const now = Date.parse(at);
  const rows = tables.flatMap((one) => [rowOf(one, now), ...one.indexes.map(indexRow)]);
  const missing = tables.filter(({ status }) => status === 'MISSING').length;
  const counted = `${plural(tables.length - missing, 'table')}${missing > 0 ? `, ${missing} missing` : ''}`;
  const heading = `${style.heading(environment)} at ${sayInstant(now)}: ${counted}, ${costMonth.toFixed(2)} USD a month. Used/provisioned units per second.`;
  const stopped = suspensions
    ? viewSuspensions(suspensions, environment)
    : [style.bad('! Nobody can tell what is stopped: nothing is purged or lowered.')];
  const parts = [
    heading,
    ...stopped,
    '',
    rows.length > 0 ? table(columns, rows) : 'The configuration has no specs.',
  ];
  if (recommendations.length > 0) parts.push('', viewRecommendations(recommendations));
  if (strangers.length > 0) {
    parts.push(
      '',
      `${plural(strangers.length, 'table')} of no spec, never touched: ${strangers.map(visible).join(', ')}`,
    );
  }
  return parts.join('\n');
}
