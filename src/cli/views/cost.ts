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
  'replicas in other Regions',
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
  if (groups.length === 0) return `${heading}\n\ntables.json has no specs.`;
  const rows = groups.map((row) => rowOf(row, from));
  const known = groups.filter((row): row is KnownRow => !('error' in row));
  if (known.length > 1) rows.push(totalOf(known));
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

function rowOf(row: GroupRow, from: string): Row {
  if ('error' in row)
    return {
      cells: [visible(row.group), '?', '?', '?', '?', '?', '?'],
      notes: [style.bad(`Could not read its metrics: ${visible(row.error)}`)],
    };
  const { group, now, unread, measured } = row;
  const { targetTracking, predictive } = measured ?? {};
  const cells = [measured?.measured, measured?.onDemand, targetTracking?.cost, predictive?.cost];
  return {
    cells: [
      visible(group),
      now.throughput === null || unread > 0 ? '?' : money(now.throughput),
      unread > 0 ? '?' : money(now.storage),
      ...cells.map((usd) => (usd === undefined ? '-' : money(usd))),
    ],
    notes: notesOf(row, from),
  };
}

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

function totalOf(rows: readonly KnownRow[]): Row {
  const total = (of: (row: (typeof rows)[number]) => number | null | undefined): string =>
    money(rows.reduce((sum, row) => sum + (of(row) ?? 0), 0));
  const cells = [
    'all',
    total(({ now }) => now.throughput),
    total(({ now }) => now.storage),
    total(({ measured }) => measured?.measured),
    total(({ measured }) => measured?.onDemand),
    total(({ measured }) => measured?.targetTracking.cost),
    total(({ measured }) => measured?.predictive.cost),
  ];
  return { cells: cells.map((cell) => style.heading(cell)) };
}
