/** Admits requests by their burst capacity, and charges them for their consumption afterwards. */
import { admits, refill, take } from './burst.ts';
import { type Consumption, tableUnits } from './consumption.ts';
import { AwsError } from './failure.ts';
import { dynamoSeries, single } from './metrics.ts';
import type { Region } from './region.ts';
import { globalIndexes, type Table, type Throughput } from './table.ts';

export type Dimension = 'read' | 'write';

/** The source of the capacity for a request: the table (undefined), or an index by name. */
export type Spender = string | undefined;

/** An eventually consistent read of up to 4 KB, a write of up to 1 KB. */
const LEAST_UNITS = { read: 0.5, write: 1 } as const;

const CAPITAL = { read: 'Read', write: 'Write' } as const;

/** The spenders that have no capacity left. */
export function exhausted(
  region: Region,
  table: Table,
  dimension: Dimension,
  spenders: readonly Spender[],
): Spender[] {
  if (!region.throttling || table.onDemand) return [];
  return spenders.filter((spender) => {
    const throughput = throughputOf(table, spender);
    if (!throughput) return false;
    const { burst, capacity } = throughput;
    burst[dimension] = refill(burst[dimension], capacity[dimension], region.now());
    return !admits(burst[dimension]);
  });
}

/**
 * Reserves the minimum cost of a request while it runs, so that parallel requests cannot all use the same last unit. The
 * returned function releases it. `charge` then takes the real cost.
 */
export function reserve(
  region: Region,
  table: Table,
  dimension: Dimension,
  spenders: readonly Spender[],
  items: number,
): () => void {
  const units = LEAST_UNITS[dimension] * items;
  const move = (by: number) => {
    for (const spender of spenders) {
      const throughput = throughputOf(table, spender);
      if (throughput && !table.onDemand) throughput.burst[dimension] = take(throughput.burst[dimension], by);
    }
  };
  if (!region.throttling) return () => {};
  move(units);
  return () => move(-units);
}

/** Throttling metrics have data only for minutes with such events. Each index and each item of a batch counts. */
export function recordThrottle(
  region: Region,
  table: Table,
  dimension: Dimension,
  throttled: readonly Spender[],
  items: number,
): void {
  for (const index of throttled)
    for (const metric of ['ThrottleEvents', 'ProvisionedThroughputThrottleEvents'])
      for (let i = 0; i < items; i++)
        region.metrics.add(
          dynamoSeries(CAPITAL[dimension] + metric, table.name, index),
          region.now(),
          single(1),
        );
}

export function throttledError(table: Table, dimension: Dimension, throttled: readonly Spender[]): AwsError {
  const message = throttled.includes(undefined)
    ? 'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.'
    : 'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API.';
  const ThrottlingReasons = throttled.map((index) => ({
    reason: `${index === undefined ? 'Table' : 'Index'}${CAPITAL[dimension]}ProvisionedThroughputExceeded`,
    resource: index === undefined ? table.arn : `${table.arn}/index/${index}`,
  }));
  return new AwsError('ProvisionedThroughputExceededException', message, 400, { ThrottlingReasons });
}

/** Adds consumption to the metrics of this minute, and subtracts it from the burst capacity. */
export function charge(region: Region, table: Table, dimension: Dimension, consumption: Consumption): void {
  spend(region, table, dimension, undefined, tableUnits(consumption));
  for (const [index, units] of consumption.global) spend(region, table, dimension, index, units);
}

function spend(region: Region, table: Table, dimension: Dimension, spender: Spender, units: number): void {
  if (units <= 0) return;
  const metric = `Consumed${CAPITAL[dimension]}CapacityUnits`;
  region.metrics.add(dynamoSeries(metric, table.name, spender), region.now(), single(units));
  const throughput = throughputOf(table, spender);
  if (!throughput || table.onDemand) return;
  const { burst, capacity } = throughput;
  burst[dimension] = take(refill(burst[dimension], capacity[dimension], region.now()), units);
}

function throughputOf(table: Table, spender: Spender): Throughput | undefined {
  if (spender === undefined) return table.throughput;
  return globalIndexes(table).find((index) => index.name === spender)?.throughput;
}
