/** The data of the page's charts, as JSON. */
import type { FleetReport } from '../core/report/model.ts';
import type { Runs } from '../core/report/runs.ts';
import { visible } from '../page/html.ts';
import { mainChart, nameOf } from './sections/charts.ts';

export interface PageData {
  /** Start of the first point, seconds since 1970. */
  readonly start: number;
  readonly count: number;
  readonly stepSeconds: number;
  readonly groups: readonly GroupData[];
}

export interface GroupData {
  readonly name: string;
  /** The chart that is shown at first. */
  readonly first: number;
  readonly charts: readonly ChartRuns[];
}

export interface ChartRuns {
  /** `writes`, `reads of index byUser`. */
  readonly name: string;
  /** Units per second. */
  readonly consumed: Runs;
  /** Units per second. −1: unknown or on-demand. */
  readonly capacity: Runs;
  /** Requests per point. */
  readonly throttled: Runs;
}

export function pageData({ points, groups }: FleetReport): PageData {
  return {
    start: Date.parse(points.start) / 1000,
    count: points.count,
    stepSeconds: points.minutes * 60,
    groups: groups.map(({ name, charts }) => {
      const drawn = charts.filter(({ error }) => error === undefined);
      return {
        name: visible(name),
        first: drawn.length > 0 ? mainChart(drawn) : 0,
        charts: drawn.map((chart) => ({
          name: visible(nameOf(chart)),
          consumed: chart.consumed,
          capacity: chart.capacity,
          throttled: chart.throttled,
        })),
      };
    }),
  };
}
