import { sayInstant } from '../../core/calendar/instant.ts';
import { monthOf } from '../../core/cost.ts';
import {
  type FleetStatus,
  type GroupStatus,
  RATE_MINUTES,
  type TableStatus,
  type Throughput,
  type Usage,
} from '../../jobs/status.ts';
import { placeIn, viewClosed } from './closed.ts';
import { fittingWidth, layout, type Row, wrap } from './layout.ts';
import { viewPlace } from './place.ts';
import { viewRecommendations } from './recommendations.ts';
import { sayShown } from './shown.ts';
import { viewSuspensions } from './suspensions.ts';
import { grouped, plural, sayBytes, shortDuration, style, visible } from './text.ts';

const phaseStyles: Readonly<Record<TableStatus['phase'], (text: string) => string>> = {
  upcoming: style.create,
  active: style.heading,
  draining: style.warn,
  outdated: style.faint,
  expired: style.bad,
};

const rate = (units: number): string => grouped(Number(units.toFixed(1)));

/** Consumed and provisioned units per second: `3.2/5`. */
function usage(of: Usage | null, status: string): string {
  if (!of) return status === 'MISSING' ? '' : 'on-demand';
  return `${of.consumed === null ? '?' : rate(of.consumed)}/${grouped(of.provisioned)}`;
}

/** `60 write requests throttled in 2 min`, for each dimension with throttled requests. */
const throttles = ({ read, write }: Throughput): string[] =>
  Object.entries({ read, write }).flatMap(([dimension, of]) =>
    of?.refused
      ? [
          style.bad(
            `${grouped(of.refused.requests)} ${dimension} requests throttled in ${of.refused.minutes} min`,
          ),
        ]
      : [],
  );

/** `replicas eu-west-1, us-west-2 CREATING`, or nothing. */
export function sayReplicas({ replicas }: Pick<TableStatus, 'replicas'>): string[] {
  const all = replicas.map(({ region, status }) =>
    status === 'ACTIVE' ? visible(region) : style.warn(visible(`${region} ${status}`)),
  );
  return all.length > 0 ? [`${all.length === 1 ? 'replica' : 'replicas'} ${all.join(', ')}`] : [];
}

const money = (usd: number): string => grouped(usd.toFixed(2));

/** USD per month. `+?` means that the cost of the throughput is unknown. */
const sayCost = (cost: TableStatus['cost']): string =>
  cost ? `${money(monthOf(cost))}${cost.throughput === null ? '+?' : ''}` : '';

/** `1.2 GB IA`: the size, and IA for the table class Standard-Infrequent Access. */
function size({ sizeBytes, tableClass, status }: TableStatus): string {
  if (status === 'MISSING') return '';
  const stored = sayBytes(sizeBytes);
  return tableClass === 'STANDARD_INFREQUENT_ACCESS' ? `${stored} IA` : stored;
}

/** The part of a name after its group. A table that does not rotate has none. */
const periodOf = ({ name, group }: TableStatus, environment: string): string =>
  name.slice(`${environment}.${group}.`.length) || '-';

function rowOf(of: TableStatus, environment: string, now: number): Row {
  const { phase, status, read, write, createdAt, next } = of;
  return {
    cells: [
      visible(periodOf(of, environment)),
      phaseStyles[phase](phase),
      status === 'ACTIVE' ? status : style.warn(visible(status)),
      usage(read, status),
      usage(write, status),
      size(of),
      sayCost(of.cost),
      createdAt ? shortDuration(now - Date.parse(createdAt)) : '',
    ],
    notes: [...throttles(of), ...sayReplicas(of), ...(next ? [visible(next)] : [])],
  };
}

const indexRow = (index: TableStatus['indexes'][number]): Row => ({
  label: { text: `index ${visible(index.name)}`, spanned: 3 },
  cells: ['', '', '', usage(index.read, ''), usage(index.write, '')],
  notes: throttles(index),
});

const columns = [
  { title: 'PERIOD' },
  { title: 'PHASE' },
  { title: 'STATUS' },
  { title: 'READ/S', align: 'right' as const },
  { title: 'WRITE/S', align: 'right' as const },
  { title: 'SIZE', align: 'right' as const },
  { title: 'USD/MONTH', align: 'right' as const },
  { title: 'AGE', align: 'right' as const },
];

/** The fleet, and where it is. `account` is null if it is unknown. */
export interface PlacedStatus extends FleetStatus {
  readonly region?: string;
  readonly account?: string | null;
}

/** What a table of several places says about each. */
export const statusColumns = [
  { title: 'ACCOUNT' },
  { title: 'TABLES', align: 'right' as const },
  { title: 'MISSING', align: 'right' as const },
  { title: 'THROTTLED', align: 'right' as const },
  { title: 'SIZE', align: 'right' as const },
  { title: 'USD/MONTH', align: 'right' as const },
];

export function statusCells({ account, tables, groups, costMonth }: PlacedStatus): string[] {
  const missing = tables.filter(({ status }) => status === 'MISSING').length;
  const throttled = tables.filter((one) => throttles(one).length > 0).length;
  const alarming = (count: number): string => (count > 0 ? style.bad(String(count)) : '0');
  return [
    visible(account ?? 'unknown'),
    grouped(tables.length - missing),
    alarming(missing),
    alarming(throttled),
    sayBytes(groups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
    money(costMonth),
  ];
}

/** Formats the fleet: each group with its sums, and one row per table and index. */
export function viewStatus(status: PlacedStatus): string {
  const { environment, suspensions, groups, recommendations, unmanaged } = status;
  const suspended = suspensions
    ? viewSuspensions(suspensions, environment)
    : [style.bad('! Could not read the suspensions. Until they can be read, nothing is purged or lowered.')];
  // A command in a suspension must stay in one line.
  const parts = [[wrap(headingOf(status), fittingWidth()), ...viewClosed(status), ...suspended].join('\n')];
  if (groups.length === 0) parts.push('tables.json has no specs.');
  for (const group of groups) parts.push(viewGroup(group, status));
  if (recommendations.length > 0) parts.push(viewRecommendations(recommendations));
  if (unmanaged.length > 0) parts.push(wrap(sayUnmanaged(unmanaged), fittingWidth()));
  return parts.join('\n\n');
}

function headingOf(status: PlacedStatus): string {
  const { environment, region, account, at, tables, groups, shown, costMonth } = status;
  const missing = tables.filter((table) => table.status === 'MISSING').length;
  const counted = `${plural(tables.length - missing, 'table')}${missing > 0 ? `, ${missing} missing` : ''}`;
  const bytes = groups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const sums = `${counted}, ${sayBytes(bytes)}, USD ${money(costMonth)} per month.`;
  const legend = `READ/S and WRITE/S are consumed/provisioned units per second over the newest ${RATE_MINUTES} minutes.`;
  const place = placeIn(viewPlace(environment, { region, account }), status);
  return `${place}, as of ${sayInstant(Date.parse(at))}: ${sums} ${sayShown(shown)}${legend}`;
}

function viewGroup(of: GroupStatus, { environment, tables, at }: FleetStatus): string {
  const { group, missing, sizeBytes, costMonth } = of;
  const counted = `${plural(of.tables, 'table')}${missing > 0 ? style.bad(`, ${missing} missing`) : ''}`;
  const title = style.heading(visible(`${environment}.${group}`));
  const heading = wrap(
    `${title}: ${counted}, ${sayBytes(sizeBytes)}, USD ${money(costMonth)} per month`,
    fittingWidth(),
  );
  const own = tables.filter((table) => table.group === group);
  if (own.length === 0) return heading;
  const rows = own.flatMap((one) => [rowOf(one, environment, Date.parse(at)), ...one.indexes.map(indexRow)]);
  return `${heading}\n${layout(columns, rows, { indent: '  ' })}`;
}

const sayUnmanaged = (unmanaged: readonly string[]): string =>
  `${plural(unmanaged.length, 'unmanaged table')} (no spec matches, never changed): ${unmanaged.map(visible).join(', ')}`;
