/** A region of the embedded AWS: its state, and its services. */
import { alarmOperations } from './alarms.ts';
import { autoScalingOperations } from './auto-scaling.ts';
import { Backups } from './backup.ts';
import { backupOperations } from './backups.ts';
import { batches } from './batches.ts';
import { BulkPuts } from './bulk-put.ts';
import { bulkPutOperations } from './bulk-puts.ts';
import { controlPlane } from './control-plane.ts';
import { listMetrics, putMetricData } from './custom-metrics.ts';
import { dataPlane } from './data-plane.ts';
import { destinationOperations } from './destinations.ts';
import { startEngine } from './engine.ts';
import { Exports } from './export.ts';
import { exportOperations } from './exports.ts';
import type { Service } from './front.ts';
import { getMetricData } from './get-metric-data.ts';
import { Ids } from './ids.ts';
import { lambdaOperations } from './lambda.ts';
import { Locks } from './locks.ts';
import { MetricStore } from './metrics.ts';
import { newRates, type PerSecond } from './rate.ts';
import type { Operation, Operations, Region } from './region.ts';
import { ServedCapacity } from './served-capacity.ts';
import { settingsOperations } from './table-settings.ts';
import { Tables } from './tables.ts';
import { tagOperations } from './tags.ts';
import { transactions } from './transactions.ts';

export interface RegionOptions extends PerSecond {
  /** The virtual clock, in epoch milliseconds, for timestamps, quotas, burst capacity and metrics. */
  now?: () => number;
  /** The clock that ends states, in milliseconds. Default: the clock of the machine. */
  elapsed?: () => number;
  /** How long a table is CREATING, UPDATING or DELETING, in milliseconds. */
  createTableMs?: number;
  updateTableMs?: number;
  deleteTableMs?: number;
  /** How long a replica is CREATING, and its table UPDATING. DynamoDB takes minutes. Default: as long as a table is CREATING. */
  createReplicaMs?: number;
  /** How long a backup is CREATING, in milliseconds. */
  backupMs?: number;
  /** How long an export, or a load, is IN_PROGRESS, in milliseconds. */
  exportMs?: number;
  bulkPutMs?: number;
  /** How long after a table is ACTIVE its continuous backups are still being enabled. Default: as long as it was CREATING. */
  enableBackupsMs?: number;
  /** How long an added index is filled, or a deleted one remains, in milliseconds of the virtual clock. */
  backfillMs?: number;
  /** How long after its start a minute can be read, in milliseconds. CloudWatch documents no delay. Two minutes are usual. */
  metricDelayMs?: number;
  throttling?: boolean;
}

const STATE_MS = 50;
const METRIC_DELAY_MS = 120_000;

const autoScalingShapes = () => import('@aws-sdk/client-application-auto-scaling');
const lambdaShapes = () => import('@aws-sdk/client-lambda');

/** What a region knows of the others. */
export type Elsewhere = Pick<Region, 'elsewhere' | 'failing' | 'buckets'>;

/** A region with its services. */
export interface Opened {
  readonly region: Region;
  readonly services: readonly Service[];
}

export function openRegion(name: string, options: RegionOptions, elsewhere: Elsewhere): Opened {
  const region = newRegion(name, options, elsewhere);
  return { region, services: services(region, options.metricDelayMs ?? METRIC_DELAY_MS) };
}

function newRegion(name: string, options: RegionOptions, elsewhere: Elsewhere): Region {
  const elapsed = options.elapsed ?? (() => performance.now());
  const now = options.now ?? Date.now;
  const ids = new Ids(name);
  return {
    ...elsewhere,
    name,
    engine: startEngine(),
    ids,
    tables: new Tables(elapsed, now),
    backups: new Backups(now, elapsed, ids),
    exports: new Exports(now, ids),
    bulkPuts: new BulkPuts(now),
    metrics: new MetricStore(),
    served: new ServedCapacity(),
    mappings: new Map(),
    absent: new Set(),
    locks: new Locks(),
    now,
    elapsed,
    createTableMs: options.createTableMs ?? STATE_MS,
    updateTableMs: options.updateTableMs ?? STATE_MS,
    deleteTableMs: options.deleteTableMs ?? STATE_MS,
    createReplicaMs: options.createReplicaMs ?? options.createTableMs ?? STATE_MS,
    backupMs: options.backupMs ?? STATE_MS,
    exportMs: options.exportMs ?? STATE_MS,
    bulkPutMs: options.bulkPutMs ?? STATE_MS,
    enableBackupsMs: options.enableBackupsMs ?? options.createTableMs ?? STATE_MS,
    backfillMs: options.backfillMs ?? STATE_MS,
    throttling: options.throttling ?? true,
    rates: newRates(options, elapsed),
  };
}

function services(region: Region, metricDelayMs: number): Service[] {
  const { metrics, served, now } = region;
  return [
    {
      target: 'DynamoDB_20120810',
      namespace: 'com.amazonaws.dynamodb.v20120810',
      queryErrors: false,
      operations: {
        ...limited(region, {
          ...controlPlane(region),
          ...settingsOperations(region),
          ...destinationOperations(region),
          ...backupOperations(region),
          ...exportOperations(region),
          ...bulkPutOperations(region),
        }),
        ...tagOperations(region),
        ...dataPlane(region),
        ...batches(region),
        ...transactions(region),
      },
    },
    {
      target: 'GraniteServiceVersion20100801',
      namespace: 'com.amazonaws.cloudwatch',
      queryErrors: true,
      operations: {
        GetMetricData: getMetricData({ metrics, served, now, metricDelayMs }),
        PutMetricData: putMetricData(metrics, now),
        ListMetrics: listMetrics(metrics),
        ...alarmOperations(region.name, now),
      },
    },
    {
      target: 'AnyScaleFrontendService',
      namespace: 'com.amazonaws.autoscaling',
      queryErrors: false,
      operations: autoScalingOperations(region),
      shapes: autoScalingShapes,
    },
    {
      target: '',
      rest: true,
      namespace: '',
      queryErrors: false,
      operations: lambdaOperations(region),
      shapes: lambdaShapes,
    },
  ];
}

/** The operations of the control plane share one limit. */
function limited({ rates }: Region, operations: Operations): Operations {
  const entries = Object.entries(operations).map(([name, operation]) => {
    const spending: Operation = (input) => {
      rates.controlCalls.spend();
      return operation(input);
    };
    return [name, spending] as const;
  });
  return Object.fromEntries(entries);
}
