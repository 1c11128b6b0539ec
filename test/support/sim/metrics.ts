import { stateTableName } from '../../../src/core/calendar/naming.ts';
import { MINUTE_MS } from '../../../src/core/calendar/period.ts';
import { type MetricQuery, type MetricSeries, metricKey } from '../../../src/core/capacity/demand.ts';
import { isRetained, type StepMs } from '../../../src/core/capacity/history.ts';
import type { Clock, MetricSource } from '../../../src/ports.ts';

/** CloudWatch documents no delay. Points arrive later, and can still change for some time. */
const DELAY_MS = 2 * MINUTE_MS;

const isStateTable = (table: string): boolean => table === stateTableName(table.split('.')[0]!);

/** Sums in memory. They are visible after a delay, and retained like in CloudWatch, also after their table is deleted. */
export class SimMetrics implements MetricSource {
  /** Queries for which it returns true cannot be read. */
  broken: (query: MetricQuery) => boolean = () => false;
  /** Whether a minute of the state table has data. Jobs write to that table every minute. */
  flow: (minute: number) => boolean = () => true;
  readonly #clock: Clock;
  /** By the number of the minute since 1970, because a Map finds small integers much faster than epoch milliseconds. */
  readonly #series = new Map<string, Map<number, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(query: MetricQuery, minute: number, sum: number): void {
    const points = this.#series.get(metricKey(query)) ?? new Map<number, number>();
    const number = minute / MINUTE_MS;
    points.set(number, (points.get(number) ?? 0) + sum);
    this.#series.set(metricKey(query), points);
  }

  /** A value of a minute that is not a sum. */
  set(query: MetricQuery, minute: number, value: number): void {
    const points = this.#series.get(metricKey(query)) ?? new Map<number, number>();
    this.#series.set(metricKey(query), points.set(minute / MINUTE_MS, value));
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
        ? { get: (minute: number) => (this.flow(minute * MINUTE_MS) ? 1 : undefined) }
        : this.#series.get(metricKey(query));
      const sums = new Map<number, number>();
      // It iterates minutes and not points: a decision reads some minutes of a series that can cover years.
      for (let minute = Math.ceil(from / MINUTE_MS); points && minute * MINUTE_MS < visible; minute += 1) {
        const sum = points.get(minute);
        if (sum === undefined) continue;
        const at = Math.floor((minute * MINUTE_MS) / stepMs) * stepMs;
        const before = sums.get(at) ?? 0;
        const reduced = query.statistic === 'Maximum' ? Math.max(before, sum) : before + sum;
        if (isRetained(stepMs, at, now)) sums.set(at, reduced);
      }
      return { sums };
    });
  }
}
