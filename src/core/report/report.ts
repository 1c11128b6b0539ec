/** The report of an environment from what was observed. */
import { iso } from '../calendar/instant.ts';
import type { Cost } from '../cost.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Draft, Recommendation } from '../plan.ts';
import type { Config, Spec } from '../spec.ts';
import { nextEvents } from './coming.ts';
import { fleetCost, phaseCosts } from './costs.ts';
import { deletedLives, type Known, lifeOf } from './lives.ts';
import {
  type Chart,
  type FleetReport,
  type GroupReport,
  type MonthCost,
  REPORT_VERSION,
  type TableReport,
} from './model.ts';
import { agedHolds, type Past, pastReport, timesIn } from './past.ts';
import { type Life, stateOf, stretchesOf, type TimelineWindow, timesOf } from './timeline.ts';
import type { ReportWindow } from './window.ts';

/** A table that exists, or should exist and is missing. */
export interface ReportedTable {
  readonly table: Table;
  /** TableStatus of AWS, or `MISSING`. */
  readonly status: string;
  /** null if it does not exist. */
  readonly cost: Cost | null;
  /** What happens to it next, as `status` says it. */
  readonly next: string;
}

/** What the metrics of a group say. */
export interface GroupMetrics {
  readonly charts: readonly Chart[];
  readonly months: readonly MonthCost[];
  /** The tables that have metrics in the time of the report. */
  readonly seen: ReadonlySet<string>;
}

export interface ReportFacts {
  readonly config: Config;
  readonly place: Pick<FleetReport, 'region' | 'account'>;
  readonly observed: Observed;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly window: ReportWindow;
  /** Steps per point of a chart. */
  readonly size: number;
  readonly draft: Pick<Draft, 'actions' | 'holds'>;
  readonly tables: readonly ReportedTable[];
  readonly metrics: ReadonlyMap<Spec, GroupMetrics>;
  readonly past: Past;
  readonly suspensions: FleetReport['suspensions'];
  readonly recommendations: readonly Recommendation[];
  readonly unmanaged: readonly string[];
  readonly metricReads: number;
}

/** The part of a time-line that lies ahead, of the part that has passed. */
const AHEAD = 0.25;
/** The rows of all time-lines of a page together, and of one. */
const ALL_ROWS = 3000;
const ROWS = { least: 6, most: 40 };

export function reportOf(facts: ReportFacts): FleetReport {
  const { config, observed, now, window, size, draft, metrics, past, metricReads } = facts;
  const times = timesIn(past);
  const span = { from: window.from, now, until: now + AHEAD * (now - window.from) };
  const known: Known = { observed, now, from: window.from, times };
  const ahead = facts.tables.map(({ table }) => lifeOf(table, known));
  const rows = Math.max(
    ROWS.least,
    Math.min(ROWS.most, Math.floor(ALL_ROWS / Math.max(1, config.specs.length))),
  );
  const { metricRead } = config.prices;
  return {
    version: REPORT_VERSION,
    environment: config.environment,
    ...facts.place,
    at: iso(now),
    from: iso(window.from),
    until: iso(span.until),
    points: pointsOf(window, size),
    suspensions: facts.suspensions,
    cost: fleetCost(
      facts.tables.map(({ table, cost }) => ({ phase: table.phase, cost })),
      [...metrics.values()].map(({ months }) => months),
    ),
    groups: config.specs.map((spec) => groupOf(spec, facts, known, span, rows)),
    ...nextEvents(draft.actions, ahead, now, span.until),
    recommendations: facts.recommendations,
    unmanaged: facts.unmanaged,
    past: pastReport(past),
    metricReads,
    metricReadsUsd: metricReads * metricRead,
  };
}

const pointsOf = ({ from, to, stepMs }: ReportWindow, size: number): FleetReport['points'] => ({
  start: iso(from),
  count: Math.ceil((to - from) / stepMs / size),
  minutes: (size * stepMs) / 60_000,
  averagedMinutes: stepMs / 60_000,
});

function groupOf(
  spec: Spec,
  { tables, draft, metrics }: ReportFacts,
  known: Known,
  span: TimelineWindow,
  rows: number,
): GroupReport {
  const own = tables.filter(({ table }) => table.spec === spec);
  const present = own.map((one) => tableReport(lifeOf(one.table, known), one, span));
  const deleted = deletedLives(spec, metrics.get(spec)?.seen ?? new Set(), known).map((life) =>
    tableReport(life, { status: 'DELETED', cost: null, next: '' }, span),
  );
  const all = [...present, ...deleted].sort(newestFirst);
  const isOwn = ({ group }: { readonly group: string }): boolean => group === spec.name;
  return {
    name: spec.name,
    scheme: spec.scheme,
    retains: Number.isFinite(spec.keep) ? spec.keep : null,
    regions: spec.replicas.map(({ region }) => region),
    tables: shownOf(all, rows),
    omitted: Math.max(0, all.length - rows),
    charts: metrics.get(spec)?.charts ?? [],
    phases: phaseCosts(own.map(({ table, cost }) => ({ phase: table.phase, cost }))),
    actions: draft.actions.filter(isOwn).map(({ kind, table, reason, message }) => ({
      kind,
      table,
      reason,
      message,
    })),
    holds: agedHolds(draft.holds.filter(isOwn), known.times),
  };
}

const newestFirst = (a: TableReport, b: TableReport): number =>
  (b.starts ?? '').localeCompare(a.starts ?? '');

/** If a group retains more tables than a page shows, the oldest retained ones are left out. */
function shownOf(all: readonly TableReport[], rows: number): TableReport[] {
  const [quiet, others] = [true, false].map((is) => all.filter(({ state }) => (state === 'outdated') === is));
  return [...others!.slice(0, rows), ...quiet!.slice(0, Math.max(0, rows - others!.length))].sort(
    newestFirst,
  );
}

const tableReport = (
  life: Life,
  { status, cost, next }: Omit<ReportedTable, 'table'>,
  span: TimelineWindow,
): TableReport => ({
  name: life.table.name,
  state: stateOf(life),
  status,
  ...timesOf(life),
  stretches: stretchesOf(life, span),
  cost,
  next,
});
