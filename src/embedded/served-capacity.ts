/** The provisioned capacity of every table and index over time, which CloudWatch has as metrics. Deleted tables stay in it. */
import { MINUTE_MS } from '../core/calendar/period.ts';
import { dynamoSeries, type Series, single } from './metrics.ts';
import { type Capacity, globalIndexes, type Table } from './table.ts';

/** DynamoDB publishes provisioned capacity every five minutes, with or without traffic, and not for on-demand tables. */
const INTERVAL_MS = 5 * MINUTE_MS;

/** The capacity from an instant on, epoch milliseconds. undefined: on-demand or deleted. */
interface Level {
  readonly at: number;
  readonly capacity: Capacity | undefined;
}

const METRIC = /^Provisioned(Read|Write)CapacityUnits$/;

export class ServedCapacity {
  readonly #levels = new Map<string, Level[]>();

  /** Records the present capacity of a table and of its indexes. */
  record(table: Table, at: number): void {
    const own = [{ name: undefined, throughput: table.throughput }, ...globalIndexes(table)];
    for (const { name, throughput } of own)
      this.#add(keyOf(table.name, name), { at, capacity: table.onDemand ? undefined : throughput.capacity });
  }

  end(table: Table, at: number): void {
    for (const index of [undefined, ...globalIndexes(table).map(({ name }) => name)])
      this.#add(keyOf(table.name, index), { at, capacity: undefined });
  }

  /** The points in [from, to), if the metric is one of provisioned capacity; undefined if it is not. */
  series(metric: string, table: string, index: string | undefined, from: number, to: number) {
    const [, which] = METRIC.exec(metric) ?? [];
    if (which === undefined) return undefined;
    const levels = this.#levels.get(keyOf(table, index)) ?? [];
    const series: Series = { name: dynamoSeries(metric, table, index), minutes: [], statistics: [] };
    for (const [i, { at, capacity }] of levels.entries()) {
      const end = Math.min(to, levels[i + 1]?.at ?? Infinity);
      for (let point = Math.max(at, Math.ceil(from / INTERVAL_MS) * INTERVAL_MS); point < end; ) {
        const minute = Math.floor(point / MINUTE_MS) * MINUTE_MS;
        if (capacity && minute !== series.minutes.at(-1)) {
          series.minutes.push(minute);
          series.statistics.push(single(which === 'Read' ? capacity.read : capacity.write));
        }
        point = (Math.floor(point / INTERVAL_MS) + 1) * INTERVAL_MS;
      }
    }
    return series;
  }

  #add(key: string, level: Level): void {
    this.#levels.set(key, [...(this.#levels.get(key) ?? []), level]);
  }
}

const keyOf = (table: string, index: string | undefined): string => `${table} ${index ?? ''}`;
