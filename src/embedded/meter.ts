/** Every request passes here twice: admitted by the burst buckets before, charged for what it consumed after. */
import { admits, refill, take } from './bucket.ts';
import { type Consumption, tableUnits } from './consumption.ts';
import { AwsError } from './failure.ts';
import { dynamoSeries, single } from './metrics.ts';
import type { Region } from './region.ts';
import { globalIndexes, type Table, type Throughput } from './table.ts';
import { indexArn, tableArn } from './wire.ts';

export type Dimension = 'read' | 'write';

/** What a request will spend from: the table (undefined), or an index by name. */
export type Spender = string | undefined;

/** An eventually consistent read of up to 4 KB, a write of up to 1 KB. */
const LEAST_UNITS = { read: 0.5, write: 1 } as const;

const CAPITAL = { read: 'Read', write: 'Write' } as const;

/** Those of the spenders that have nothing left. */
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
    const { buckets, capacity } = throughput;
    buckets[dimension] = refill(buckets[dimension], capacity[dimension], region.now());
    return !admits(buckets[dimension]);
  });
}

/**
 * Takes the least that a request can cost while it is under way, so that requests that come together cannot all
 * live on the same last unit. What comes back gives it back; `charge` then takes the real cost.
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
      if (throughput && !table.onDemand)
        throughput.buckets[dimension] = take(throughput.buckets[dimension], by);
    }
  };
  if (!region.throttling) return () => {};
  move(units);
  return () => move(-units);
}

/** Throttle metrics exist only in minutes with such events; every index and every item of a batch counts. */
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
    resource: index === undefined ? tableArn(table.name) : indexArn(table.name, index),
  }));
  return new AwsError('ProvisionedThroughputExceededException', message, 400, { ThrottlingReasons });
}

/** Puts consumption into the metrics of this minute and takes it from the buckets. */
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
  const { buckets, capacity } = throughput;
  buckets[dimension] = take(refill(buckets[dimension], capacity[dimension], region.now()), units);
}

function throughputOf(table: Table, spender: Spender): Throughput | undefined {
  if (spender === undefined) return table.throughput;
  return globalIndexes(table).find((index) => index.name === spender)?.throughput;
}
