import pMap from 'p-map';
import type { MetricQuery, MetricSeries } from '../core/capacity/demand.ts';
import type { Part } from '../core/capacity/history.ts';
import { allJobs } from '../core/jobs.ts';
import { type ChartSize, chartsOf, rowsPerChart } from '../core/report/chart.ts';
import { monthCosts } from '../core/report/costs.ts';
import { pastFrom } from '../core/report/events.ts';
import type { FleetReport } from '../core/report/model.ts';
import type { Past } from '../core/report/past.ts';
import { type GroupMetrics, reportOf } from '../core/report/report.ts';
import { currentParts, hasData, queriesOf, subjectsOf } from '../core/report/series.ts';
import { type ReportWindow, stepsPerPoint } from '../core/report/window.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { MetricSource, Ports } from '../ports.ts';
import { attempt } from './attempt.ts';
import { openOfJob } from './open-of-job.ts';
import type { Place } from './place.ts';
import { fleetNow } from './status.ts';

/** Groups whose metrics are read together, so that the queries fill whole calls and the series fit into memory. */
const GROUPS_AT_ONCE = 25;
const CONCURRENT_WINDOWS = 4;

export interface ReportRequest {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly window: ReportWindow;
  readonly place: Place;
  /** Called before each part of the work, with how many parts there are. */
  readonly onStep?: (what: string, of: number) => void;
}

/** Observes the fleet and its metrics, and reports them. Changes nothing. @throws ServiceError */
export async function fleetReport(
  { config, now, window, place, onStep = () => {} }: ReportRequest,
  ports: Ports,
): Promise<FleetReport> {
  const { specs } = config;
  const metrics = counting(ports.metrics);
  const chunks = Array.from({ length: Math.ceil(specs.length / GROUPS_AT_ONCE) }, (_, i) =>
    specs.slice(i * GROUPS_AT_ONCE, (i + 1) * GROUPS_AT_ONCE),
  );
  onStep('tables', chunks.length + 1);
  const fleet = await fleetNow(config, { ...ports, metrics: metrics.source }, now);
  const count = specs.reduce((all, spec) => all + subjectsOf(spec).length, 0);
  const size = { steps: stepsPerPoint(window, count), rows: rowsPerChart(count) };
  const measured = new Map<Spec, GroupMetrics>();
  for (const chunk of chunks) {
    onStep(`metrics of ${chunk[0]!.name}`, chunks.length + 1);
    const series = await readSeries(metrics.source, chunk, window);
    for (const spec of chunk) measured.set(spec, metricsOf(config, spec, series.get(spec)!, window, size));
  }
  const { status, tables, draft, observed } = fleet;
  return reportOf({
    config,
    place: { region: place.region, account: place.account ?? null },
    observed,
    now,
    window,
    size: size.steps,
    draft,
    tables: status.tables.map((one, i) => ({
      table: tables[i]!,
      status: one.status,
      cost: one.cost,
      next: one.next,
    })),
    metrics: measured,
    past: await pastOf(ports, window.from, now),
    suspensions: status.suspensions,
    recommendations: status.recommendations,
    unmanaged: status.unmanaged,
    metricReads: metrics.count(),
  });
}

/** The one place that reads the history. A report without it is still useful. */
async function pastOf({ state }: Ports, from: number, to: number): Promise<Past> {
  const reading = await attempt(() =>
    Promise.all([state.history(from, to), Promise.all(allJobs.map((job) => openOfJob(state, job)))]),
  );
  if ('error' in reading) return { unknown: `Could not read the history: ${reading.error}` };
  const [texts, open] = reading.value;
  return pastFrom(texts, open.flat());
}

/** A source of metrics that counts what is read, because AWS charges each metric of a request. */
function counting(metrics: MetricSource): { readonly source: MetricSource; readonly count: () => number } {
  let read = 0;
  const source: MetricSource = {
    read(queries, ...rest) {
      read += queries.length;
      return metrics.read(queries, ...rest);
    },
  };
  return { source, count: () => read };
}

/** A part of a group's time, with its series once they are read. */
interface PartSeries extends Part {
  readonly queries: readonly MetricQuery[];
  series: readonly MetricSeries[];
}

/** Reads the metrics of each group and part. Parts of the same time are read together, to fill whole calls. */
async function readSeries(
  metrics: MetricSource,
  specs: readonly Spec[],
  window: ReportWindow,
): Promise<ReadonlyMap<Spec, readonly PartSeries[]>> {
  const parts = new Map(
    specs.map((spec) => [
      spec,
      currentParts(spec, window).map(
        (part): PartSeries => ({
          ...part,
          queries: queriesOf(spec, part),
          series: [],
        }),
      ),
    ]),
  );
  const together = new Map<string, PartSeries[]>();
  for (const part of [...parts.values()].flat()) {
    const key = `${part.from} ${part.to}`;
    together.set(key, [...(together.get(key) ?? []), part]);
  }
  await pMap(
    together.values(),
    async (some) => {
      const { from, to } = some[0]!;
      const series = await metrics.read(
        some.flatMap(({ queries }) => queries),
        Math.floor(from / window.stepMs) * window.stepMs,
        Math.ceil(to / window.stepMs) * window.stepMs,
        window.stepMs,
      );
      let next = 0;
      for (const part of some) {
        part.series = series.slice(next, next + part.queries.length);
        next += part.queries.length;
      }
    },
    { concurrency: CONCURRENT_WINDOWS },
  );
  return parts;
}

function metricsOf(
  config: Config,
  spec: Spec,
  parts: readonly PartSeries[],
  window: ReportWindow,
  size: ChartSize,
): GroupMetrics {
  const series = parts.map((part) => part.series);
  const { charts, measured } = chartsOf(spec, parts, series, window, size);
  return {
    charts,
    months: monthCosts(measured, window, config.prices, spec.replicas.length),
    seen: new Set(parts.filter((part) => hasData(part.series)).map(({ table }) => table)),
  };
}
