import { sayInstant } from '../../core/calendar/instant.ts';
import type { Cost } from '../../core/cost.ts';
import { COST_DAYS, MINUTE_DAYS } from '../../jobs/cost.ts';
import type { Comparison } from '../compare-cost.ts';
import { fittingWidth, layout, type Row, wrap } from './layout.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { grouped, plural, style, visible } from './text.ts';

/** What a group costs, USD per month of 30 days. */
export interface KnownRow {
  readonly group: string;
  readonly now: Cost;
  /** Tables that could not be read. */
  readonly unread: number;
  /** When the RotationScheme changed, if that was within the measured time. */
  readonly schemeChangedAt?: string;
  /** Absent if CloudWatch has no data of the group. */
  readonly measured?: Omit<Comparison, 'since'> & { readonly since: string };
}

/** What a group costs, or why that is unknown. */
export type GroupRow = KnownRow | { readonly group: string; readonly error: string };

export interface CostReport extends KnownPlace {
  readonly environment: string;
  readonly at: string;
  readonly from: string;
  readonly groups: readonly GroupRow[];
}

/** What AWS bills besides, or takes off the bill. */
export const NOT_COUNTED = [
  'reserved capacity',
  'the free tier',
  'backups and point-in-time recovery',
  'streams',
  'KMS',
  'reads of replicas in other Regions',
  'data transfer',
] as const;

export const sayReads = (
  { metrics, usd }: { readonly metrics: number; readonly usd: number },
  groups: number,
): string =>
  `Reads ${plural(metrics, 'metric')} of ${plural(groups, 'group')} from CloudWatch, for USD ${Number(usd.toPrecision(2))}.`;

const money = (usd: number): string => grouped(usd.toFixed(2));

const right = { align: 'right' as const };
const columns = [
  { title: 'GROUP' },
  { title: 'NOW', ...right },
  { title: 'STORAGE', ...right },
  { title: `${COST_DAYS} DAYS`, ...right },
  { title: 'ON-DEMAND', ...right },
  { title: 'TRACKING', ...right },
  { title: 'PREDICTIVE', ...right },
];

/** Formats the cost of each group, beside what others would have cost, and what is not counted. */
export function viewCost({ environment, at, from, groups, ...place }: CostReport): string {
  const heading = `${viewPlace(environment, place)}, as of ${sayInstant(Date.parse(at))}: USD per month of 30 days.`;
  if (groups.length === 0) return `${wrap(heading, fittingWidth())}\n\ntables.json has no specs.`;
  const rows = groups.map((row) => rowOf(row, from));
  const known = groups.filter((row): row is KnownRow => !('error' in row));
  if (groups.length > 1) rows.push(totalOf(groups));
  return [
    wrap(heading, fittingWidth()),
    layout(columns, rows),
    [...LEGEND, ...sayMetricReads(known)].map((text) => wrap(text, fittingWidth())).join('\n'),
    wrap(`Not counted: ${NOT_COUNTED.join(', ')}.`, fittingWidth()),
  ].join('\n\n');
}

const LEGEND = [
  `NOW is throughput at present, and STORAGE is at present sizes. ${COST_DAYS} DAYS is what throughput cost over the last ${COST_DAYS} days, by CloudWatch, with deleted tables.`,
  'The other columns are what the same demand would have cost: ON-DEMAND at its price per request, TRACKING with target tracking at 70%, and PREDICTIVE with the default method.',
  `Points older than ${MINUTE_DAYS} days are means of 5 minutes. They flatten peaks, so TRACKING and PREDICTIVE can seem to cost and to throttle less there than they would have.`,
];

function sayMetricReads(rows: readonly KnownRow[]): string[] {
  const usd = rows.reduce((sum, { measured }) => sum + (measured?.predictive.metricReads ?? 0), 0);
  return usd > 0
    ? [`PREDICTIVE does not include that it reads metrics for USD ${money(usd)} per month.`]
    : [];
}

/** USD of a column. `null`: unknown. `undefined`: there is no data. */
type Amount = number | null | undefined;

const sayAmount = (amount: Amount): string =>
  amount === null ? '?' : amount === undefined ? '-' : money(amount);

/** In the order of the columns. */
function amountsOf(row: GroupRow): readonly Amount[] {
  if ('error' in row) return columns.slice(1).map(() => null);
  const { now, unread, measured } = row;
  return [
    unread > 0 ? null : now.throughput,
    unread > 0 ? null : now.storage,
    measured?.measured,
    measured?.onDemand,
    measured?.targetTracking.cost,
    measured?.predictive.cost,
  ];
}

const rowOf = (row: GroupRow, from: string): Row => ({
  cells: [visible(row.group), ...amountsOf(row).map(sayAmount)],
  notes:
    'error' in row ? [style.bad(`Could not read its metrics: ${visible(row.error)}`)] : notesOf(row, from),
});

/** A share of the demand that is worth a note. */
const WORTH_SAYING = 0.0005;

function notesOf({ unread, measured, schemeChangedAt }: KnownRow, from: string): string[] {
  const notes: string[] = [];
  if (unread > 0) notes.push(style.bad(`Could not read ${plural(unread, 'table')}.`));
  if (!measured) return [...notes, `CloudWatch has no data within ${COST_DAYS} days.`];
  if (measured.since > from) notes.push(`Measured since ${sayInstant(Date.parse(measured.since))}.`);
  if (schemeChangedAt !== undefined)
    notes.push(
      `The RotationScheme changed at ${sayInstant(Date.parse(schemeChangedAt))}. TRACKING and PREDICTIVE have the present one throughout.`,
    );
  const shares = { TRACKING: measured.targetTracking, PREDICTIVE: measured.predictive };
  const throttled = Object.entries(shares).filter(([, one]) => one.throttledShare >= WORTH_SAYING);
  for (const [name, { throttledShare }] of throttled)
    notes.push(`${name} would have throttled ${(throttledShare * 100).toFixed(1)}% of the demand.`);
  return notes;
}

/** A sum with something unknown in it is unknown. */
function totalOf(rows: readonly GroupRow[]): Row {
  const all = rows.map(amountsOf);
  const total = (column: number): Amount => {
    const amounts = all.flatMap((one): Amount[] => (one[column] === undefined ? [] : [one[column]]));
    if (amounts.length === 0) return undefined;
    return amounts.includes(null) ? null : amounts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  };
  const cells = ['all', ...columns.slice(1).map((_, column) => sayAmount(total(column)))];
  return { cells: cells.map((cell) => style.heading(cell)) };
}
