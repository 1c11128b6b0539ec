import { sayInstant } from '../../core/calendar/instant.ts';
import { monthOf } from '../../core/cost.ts';
import { type FleetStatus, RATE_MINUTES, type TableStatus, type Usage } from '../../jobs/status.ts';
import { viewPlace } from './place.ts';
import { viewRecommendations } from './recommendations.ts';
import { viewSuspensions } from './suspensions.ts';
import { grouped, plural, sayBytes, shortDuration, style, table, visible } from './text.ts';

const phaseStyles: Readonly<Record<TableStatus['phase'], (text: string) => string>> = {
  upcoming: style.create,
  active: style.heading,
  draining: style.warn,
  outdated: style.faint,
  expired: style.bad,
};

const rate = (units: number): string => grouped(Number(units.toFixed(1)));

/** Consumed and provisioned units per second, and the throttled requests if there are any: `3.2/5 (60 throttled in 2 min)`. */
function usage(of: Usage | null, status: string): string {
  if (!of) return status === 'MISSING' ? '' : 'on-demand';
  const consumed = of.consumed === null ? '?' : rate(of.consumed);
  const throttled = of.refused
    ? style.bad(` (${grouped(of.refused.requests)} throttled in ${of.refused.minutes} min)`)
    : '';
  return `${consumed}/${grouped(of.provisioned)}${throttled}`;
}

/** USD per month. `+?` means that the cost of the throughput is unknown. */
const money = (cost: TableStatus['cost']): string =>
  cost ? `${grouped(monthOf(cost).toFixed(2))}${cost.throughput === null ? '+?' : ''}` : '';

/** `1.2 GB IA`: the size, and IA for the table class Standard-Infrequent Access. */
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
    createdAt ? shortDuration(now - Date.parse(createdAt)) : '',
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

/** The fleet, and where it is. `account` is null if it is unknown. */
export interface PlacedStatus extends FleetStatus {
  readonly region?: string;
  readonly account?: string | null;
}

/** Formats the fleet, one row per table and index. */
export function viewStatus({
  environment,
  region,
  account,
  at,
  suspensions,
  tables,
  unmanaged,
  costMonth,
  recommendations,
}: PlacedStatus): string {
  const now = Date.parse(at);
  const rows = tables.flatMap((one) => [rowOf(one, now), ...one.indexes.map(indexRow)]);
  const missing = tables.filter(({ status }) => status === 'MISSING').length;
  const counted = `${plural(tables.length - missing, 'table')}${missing > 0 ? `, ${missing} missing` : ''}`;
  const heading = `${viewPlace(environment, { region, account })}, as of ${sayInstant(now)}: ${counted}, USD ${grouped(costMonth.toFixed(2))} per month. READ/S and WRITE/S show consumed/provisioned units per second over the newest ${RATE_MINUTES} minutes, and how many requests were throttled in how many minutes since the first one.`;
  const suspended = suspensions
    ? viewSuspensions(suspensions, environment)
    : [style.bad('! Could not read the suspensions. Until they can be read, nothing is purged or lowered.')];
  const parts = [
    heading,
    ...suspended,
    '',
    rows.length > 0 ? table(columns, rows) : 'tables.json has no specs.',
  ];
  if (recommendations.length > 0) parts.push('', viewRecommendations(recommendations));
  if (unmanaged.length > 0) {
    parts.push(
      '',
      `${plural(unmanaged.length, 'unmanaged table')} (no spec matches, never changed): ${unmanaged.map(visible).join(', ')}`,
    );
  }
  return parts.join('\n');
}
