/** What of a run's measurements goes to CloudWatch, and what that costs. */
import { actionKinds } from '../action-kinds.ts';
import type { Config, Division } from '../spec.ts';
import { type MetricName, metricNames, metrics, type Need } from './catalog.ts';
import { causes } from './hold-causes.ts';
import type { Measurement } from './measurement.ts';

/** Measurements with the same dimensions. */
export interface MetricDocument {
  /** By name: the environment, and what the measurements are divided by. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: readonly { readonly name: MetricName; readonly unit: string; readonly value: number }[];
}

/** The name of the dimension in CloudWatch. */
const dimensionOf: Readonly<Record<Division, string>> = {
  group: 'Group',
  phase: 'Phase',
  kind: 'Kind',
  reason: 'Reason',
};

/** The documents of a run, one for the environment and one for each part that the settings ask for. */
export function documentsOf(
  measurements: readonly Measurement[],
  { environment, metrics: { enabled, by } }: Pick<Config, 'environment' | 'metrics'>,
): MetricDocument[] {
  const documents = new Map<string, { dimensions: MetricDocument['dimensions']; own: Measurement[] }>();
  for (const one of measurements.filter(({ part }) => enabled && (!part || by.includes(part.division)))) {
    const { part } = one;
    const key = part ? `${part.division} ${part.of}` : '';
    const dimensions = { Environment: environment, ...(part && { [dimensionOf[part.division]]: part.of }) };
    documents.set(key, { dimensions, own: [...(documents.get(key)?.own ?? []), one] });
  }
  return [...documents.values()].map(({ dimensions, own }) => ({
    dimensions,
    metrics: own.map(({ metric, value }) => ({ name: metric, unit: metrics[metric].unit, value })),
  }));
}

/** How many values a division has in an environment, at most. */
const sizes: Readonly<Record<Division, (config: Config) => number>> = {
  group: ({ specs }) => specs.length,
  phase: () => 5,
  kind: () => Object.keys(actionKinds).length,
  reason: () => Object.keys(causes).length,
};

/** How many metrics an environment sends at most. CloudWatch charges only for those that are sent in an hour. `has`: what the deployment has. */
export function metricCount(config: Config, has: readonly Need[] = []): number {
  const { enabled, by } = config.metrics;
  if (!enabled) return 0;
  const totals = metricNames.filter((name) => {
    const { total, needs } = metrics[name];
    return total && (needs === undefined || has.includes(needs));
  }).length;
  return by.reduce(
    (sum, division) =>
      sum + sizes[division](config) * metricNames.filter((name) => metrics[name].by === division).length,
    totals,
  );
}

/** What the metrics of an environment cost at most, USD per month. */
export const metricsMonth = (config: Config, has: readonly Need[] = []): number =>
  metricCount(config, has) * config.prices.customMetric;
