import { stateTableName } from '../../../src/core/calendar/naming.ts';
import { MINUTE_MS } from '../../../src/core/calendar/period.ts';
import { type MetricQuery, type MetricSeries, metricKey } from '../../../src/core/capacity/demand.ts';
import { isRetained, type StepMs } from '../../../src/core/capacity/history.ts';
import type { Clock, MetricSource } from '../../../src/ports.ts';

/** CloudWatch promises no delay; points come and still change for a while. */
const DELAY_MS = 2 * MINUTE_MS;

const isStateTable = (table: string): boolean => table === stateTableName(table.split('.')[0]!);

/** Sums in memory, visible after a delay, kept when their table is gone, and as long as CloudWatch keeps them. */
export class SimMetrics implements MetricSource {
  /** Queries whose metric it returns true for cannot be read. */
  broken: (query: MetricQuery) => boolean = () => false;
  /** Whether a minute of the state table is told of, which jobs write to every minute. */
  flow: (minute: number) => boolean = () => true;
  readonly #clock: Clock;
  readonly #series = new Map<string, Map<number, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(query: MetricQuery, minute: number, sum: number): void {
    const points = this.#series.get(metricKey(query)) ?? new Map<number, number>();
    points.set(minute, (points.get(minute) ?? 0) + sum);
    this.#series.set(metricKey(query), points);
  }

  async read(
    queries: readonly MetricQuery[],
    from: number,
    to: number,
    stepMs: StepMs = 60_000,
  ): Promise<MetricSeries[]> {
    const now = this.#clock.now();
    const visible = Math.min(to, now - DELAY_MS + 1);
    return queries.map((query) => {
      if (this.broken(query)) return { error: 'The metric cannot be read.' };
      const points = isStateTable(query.table)
        ? { get: (minute: number) => (this.flow(minute) ? 1 : undefined) }
        : this.#series.get(metricKey(query));
      const sums = new Map<number, number>();
      // By the clock and not by the points: a decision looks at minutes of a series that may hold years.
      for (
        let minute = Math.ceil(from / MINUTE_MS) * MINUTE_MS;
        points && minute < visible;
        minute += MINUTE_MS
      ) {
        const at = Math.floor(minute / stepMs) * stepMs;
        const sum = points.get(minute);
        if (sum !== undefined && isRetained(stepMs, at, now)) sums.set(at, (sums.get(at) ?? 0) + sum);
      }
      return { sums };
    });
  }
}
