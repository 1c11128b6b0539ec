/** The data of CloudWatch: one statistic set per series and minute. Series of deleted tables remain. */
import { MINUTE_MS } from '../core/calendar/period.ts';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface SeriesName {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly Dimension[];
}

export interface Statistics {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Minutes in ascending order, each with its statistics. */
export interface Series {
  readonly name: SeriesName;
  readonly minutes: number[];
  readonly statistics: Statistics[];
}

export const single = (value: number): Statistics => ({
  sum: value,
  count: 1,
  minimum: value,
  maximum: value,
});

export function merge(one: Statistics, other: Statistics): Statistics {
  return {
    sum: one.sum + other.sum,
    count: one.count + other.count,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
  };
}

export class MetricStore {
  readonly #series = new Map<string, Series>();

  add(name: SeriesName, at: number, statistics: Statistics): void {
    const series = this.#open(name);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const index = firstAtOrAfter(series.minutes, minute);
    const present = series.minutes[index] === minute ? series.statistics[index] : undefined;
    if (present) series.statistics[index] = merge(present, statistics);
    else {
      series.minutes.splice(index, 0, minute);
      series.statistics.splice(index, 0, statistics);
    }
  }

  find(name: SeriesName): Series | undefined {
    return this.#series.get(key(name));
  }

  list(): Iterable<Series> {
    return this.#series.values();
  }

  #open(name: SeriesName): Series {
    const id = key(name);
    const series = this.#series.get(id) ?? { name, minutes: [], statistics: [] };
    this.#series.set(id, series);
    return series;
  }
}

/** The index of `minute`, or where to insert it. Usually the end, where current traffic arrives. */
export function firstAtOrAfter(minutes: readonly number[], minute: number): number {
  if ((minutes.at(-1) ?? -1) < minute) return minutes.length;
  let low = 0;
  let high = minutes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((minutes[middle] ?? 0) < minute) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A series is its name and all its dimensions, in any order. */
function key({ namespace, metric, dimensions }: SeriesName): string {
  const sorted = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [namespace, metric, ...sorted].join('\n');
}

/** The dimensions of AWS/DynamoDB metrics: the table, and the index of an index metric. */
export function dynamoSeries(metric: string, table: string, index?: string): SeriesName {
  const dimensions = [{ Name: 'TableName', Value: table }];
  if (index !== undefined) dimensions.push({ Name: 'GlobalSecondaryIndexName', Value: index });
  return { namespace: 'AWS/DynamoDB', metric, dimensions };
}
