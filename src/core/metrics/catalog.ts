import type { Job } from '../plan.ts';
import type { Division } from '../spec.ts';

/** A key of deployment.json. */
export type Need = 'ConfigBucket' | 'RestoreDrills';

/** What the rest of the code needs to know about a metric. Its meaning is in meanings.ts. */
interface MetricTraits {
  /** A unit of CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
  readonly unit: 'Count' | 'Seconds';
  /** `count`: happened in this run, so sums make sense. `gauge`: true at the time of the run. */
  readonly type: 'count' | 'gauge';
  /** The jobs whose runs report it. */
  readonly jobs: readonly (Job | 'drill')[];
  /** Whether it is reported once for the environment. */
  readonly total: boolean;
  /** What a deployment needs to send it, if not every one does. */
  readonly needs?: Need;
  /** What the setting `Metrics.By` can divide it by. */
  readonly by?: Division;
}

const every: readonly Job[] = ['rotate', 'purge', 'scale'];
const gauge = { type: 'gauge', jobs: ['scale'] } as const;
const count = { unit: 'Count', type: 'count', jobs: every, total: false } as const;

const catalog = {
  NextTableLate: {
    ...gauge,
    unit: 'Count',
    total: true,
    by: 'group',
  },
  SecondsCovered: {
    ...gauge,
    unit: 'Seconds',
    total: true,
    by: 'group',
  },
  ThrottledRequests: {
    ...gauge,
    unit: 'Count',
    total: true,
    by: 'group',
  },
  SecondsThrottledAtBound: {
    ...gauge,
    unit: 'Seconds',
    total: true,
    by: 'group',
  },
  SecondsHeld: {
    ...gauge,
    unit: 'Seconds',
    total: true,
    by: 'group',
  },
  SecondsSuspended: {
    ...gauge,
    unit: 'Seconds',
    total: true,
  },
  SecondsSinceRotate: {
    ...gauge,
    unit: 'Seconds',
    total: true,
  },
  SecondsSincePurge: {
    ...gauge,
    unit: 'Seconds',
    total: true,
  },
  SecondsSinceScale: {
    ...gauge,
    unit: 'Seconds',
    total: true,
  },
  ConfigInvalid: {
    ...gauge,
    unit: 'Count',
    total: true,
    needs: 'ConfigBucket',
  },
  DrillsFailing: {
    unit: 'Count',
    type: 'gauge',
    jobs: ['drill'],
    total: true,
    needs: 'RestoreDrills',
  },
  SkippedInARow: {
    unit: 'Count',
    type: 'gauge',
    jobs: every,
    total: true,
  },
  CapacityAtBound: {
    ...gauge,
    unit: 'Count',
    total: false,
    by: 'group',
  },
  Tables: {
    ...gauge,
    unit: 'Count',
    total: false,
    by: 'phase',
  },
  Actions: { ...count, by: 'kind' },
  FailedActions: { ...count, by: 'kind' },
  Holds: { ...count, type: 'gauge', by: 'reason' },
} as const satisfies Readonly<Record<string, MetricTraits>>;

/** A metric, by its name in CloudWatch. */
export type MetricName = keyof typeof catalog;

/** Every metric of Turntable. */
export const metrics: Readonly<Record<MetricName, MetricTraits>> = catalog;

export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** The namespace of the metrics in CloudWatch. Its dimension is `Environment`. */
export const NAMESPACE = 'Turntable';
