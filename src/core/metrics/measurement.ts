import type { Division } from '../spec.ts';
import type { MetricName } from './catalog.ts';

/** One value of a metric. */
export interface Measurement {
  readonly metric: MetricName;
  /** Finite. */
  readonly value: number;
  /** What the value is about, if it is not the environment: `{ division: 'group', of: 'Events' }`. */
  readonly part?: { readonly division: Division; readonly of: string };
}

/** A value as a measurement, or none. What is not known or not a finite number is no measurement, never a zero. */
export function measured(
  metric: MetricName,
  value: number | undefined,
  part?: Measurement['part'],
): Measurement[] {
  return value !== undefined && Number.isFinite(value) ? [{ metric, value, ...(part && { part }) }] : [];
}
