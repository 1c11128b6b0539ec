/** How often a dimension is sampled, and how often it may be: metrics should cost little beside the capacity. */
import { DAY_MS, MINUTE_MS } from '../calendar/period.ts';
import { prices } from '../prices.ts';
import type { Dimension } from './demand.ts';

/** Samples of about the last day, in which older ones count less, up to an instant in epoch milliseconds. */
export interface SampleCount {
  readonly at: number;
  readonly count: number;
  /** The mean capacity of that day, units per second: nights may be sampled as often as days. */
  readonly units?: number;
}

/** Minutes after which a sample has a third of its weight: a day, so that quiet hours pay for busy ones. */
const DAY_MINUTES = DAY_MS / MINUTE_MS;

/** The count after a sample at an instant, epoch milliseconds, at a capacity in units per second. */
export function countedAt(before: SampleCount | undefined, at: number, provisioned: number): SampleCount {
  const passed = before ? (at - before.at) / MINUTE_MS : 0;
  const left = Math.exp(-passed / DAY_MINUTES);
  const units = provisioned + ((before?.units ?? provisioned) - provisioned) * left;
  return { at, count: (before?.count ?? 0) * left + 1, units };
}

/**
 * Samples per minute: the most, which cost about USD 0.21 a month, and what any dimension gets, which is little more than one in
 * five minutes. Reads of throttles come on top.
 */
const PER_MINUTE = { most: 0.48, least: 0.25 };
/** The part of the cost of the capacity that samples may cost. */
const SHARE = 0.05;
/** Thrift begins at this part of what is allowed, and is complete at the other one. */
const THRIFT = { from: 0.8, to: 1.2 };

/** How thrifty to be with samples after a number of them: from 0, sample whenever there is a risk, to 1, sample only if the risk is high. */
export function thriftOf({ count, units = 0 }: SampleCount, dimension: Dimension): number {
  const capacityMinute = units * (prices.unitHour[dimension] / 60);
  const affordable = (SHARE * capacityMinute) / prices.metricRead;
  const allowed = Math.min(PER_MINUTE.most, Math.max(PER_MINUTE.least, affordable));
  const used = count / DAY_MINUTES / allowed;
  return Math.min(1, Math.max(0, (used - THRIFT.from) / (THRIFT.to - THRIFT.from)));
}
