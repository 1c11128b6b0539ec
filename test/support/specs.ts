import { isTurn } from '../../src/core/calendar/spread.ts';
import { prices } from '../../src/core/prices.ts';
import type { Config, Resource, Scaling, Settings, Spec, Units } from '../../src/core/spec.ts';
import type { Properties } from '../../src/generated/tables.ts';

/** Epoch milliseconds of an ISO instant in UTC. A date without a time is its midnight. */
export function at(text: string): number {
  const instant = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00Z`);
  if (Number.isNaN(instant)) throw new Error(`Not an instant: ${text}`);
  return instant;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The first minute from an instant on in which scale looks at the outdated tables of a group, if it does in one of `every` minutes. */
export function ownMinute(group: string, from: number, every: number): number {
  let minute = from;
  while (!isTurn(group, every, minute)) minute += MINUTE;
  return minute;
}

export interface Throughputs {
  readonly full: Units;
  readonly outdated: Units;
}

export interface SpecOptions {
  readonly name?: string;
  readonly environment?: string;
  readonly scheme?: Spec['scheme'];
  readonly keep?: number;
  readonly previously?: Spec['previously'];
  readonly backfill?: number;
  readonly full?: Units;
  readonly outdated?: Units;
  /** Global indexes by name. */
  readonly indexes?: Readonly<Record<string, Throughputs>>;
  readonly onDemand?: boolean;
  readonly bounds?: Resource['bounds'];
  readonly scaling?: Partial<Scaling>;
  readonly settings?: Partial<Settings>;
  readonly outdatedAs?: Spec['outdated'];
  readonly billing?: Spec['billing'];
  readonly properties?: Partial<Properties>;
  /** Names of functions, or consumers with settings. */
  readonly consumers?: readonly (string | Spec['consumers'][number])[];
  readonly destination?: Spec['destination'];
  /** Regions of replicas. */
  readonly replicas?: readonly string[];
}

export const units = (read: number, write: number): Units => ({ read, write });

export const FULL = units(300, 600);
export const OUTDATED = units(10, 30);

export const defaultSettings: Settings = {
  protected: false,
  periodsAhead: 1,
  warmUpMs: 24 * HOUR,
  drainMs: HOUR,
  purge: {
    enabled: true,
    waitingPeriodMs: 12 * HOUR,
    maxPerRun: 10,
    maxPerGroup: 30,
    noticeMs: 72 * HOUR,
    maxShare: 25,
    trafficMs: 24 * HOUR,
    finalBackup: false,
  },
  maintenance: [],
  failAfter: { throttledMs: 5 * MINUTE, unusableMs: 15 * MINUTE },
  drill: { enabled: true, maxGB: 100, maxUSD: 20 },
  acceptThrottling: [],
};

export const defaultScaling: Scaling = {
  method: 'reactive',
  targetUtilization: 70,
  step: { raiseAbove: 90, raiseBy: 50, lowerBelow: 30, lowerBy: 50 },
  burstReliance: 1,
};

const boundsOf = (full: Units, outdated: Units): Resource['bounds'] => ({
  read: { min: Math.min(full.read, outdated.read), max: Math.max(full.read * 10, outdated.read) },
  write: { min: Math.min(full.write, outdated.write), max: Math.max(full.write * 10, outdated.write) },
});

const lowestAfter = (outdated: Units, bounds: Resource['bounds'] | undefined): Units => ({
  read: Math.min(bounds?.read.min ?? Infinity, outdated.read),
  write: Math.min(bounds?.write.min ?? Infinity, outdated.write),
});

const throughput = ({ read, write }: Units) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

/** A spec as the configuration reader returns it: daily, retaining two, with 600 writes full and 30 outdated. */
export function specOf(options: SpecOptions = {}): Spec {
  const { full = FULL, outdated = OUTDATED, indexes = {}, onDemand = false } = options;
  const scaling = { ...defaultScaling, ...options.scaling };
  const resources: Resource[] = [
    {
      full,
      outdated,
      bounds: options.bounds ?? boundsOf(full, outdated),
      lowestAfter: lowestAfter(outdated, options.bounds),
      scaling,
    },
    ...Object.entries(indexes).map(([index, own]) => ({
      index,
      ...own,
      bounds: options.bounds ?? boundsOf(own.full, own.outdated),
      lowestAfter: lowestAfter(own.outdated, options.bounds),
      scaling,
    })),
  ];
  return {
    name: options.name ?? 'Events',
    environment: options.environment ?? 'production',
    scheme: options.scheme ?? 'daily',
    previously: options.previously ?? [],
    keep: options.keep ?? 2,
    backfill: options.backfill ?? 0,
    properties: propertiesOf(full, indexes, onDemand, {
      ...(options.replicas && { StreamSpecification: REPLICATED }),
      ...options.properties,
    }),
    consumers: (options.consumers ?? []).map((one) =>
      typeof one === 'string' ? { function: one, settings: { StartingPosition: 'TRIM_HORIZON' } } : one,
    ),
    ...(options.destination && { destination: options.destination }),
    replicas: (options.replicas ?? []).map((region) => ({ region, input: { RegionName: region } })),
    outdated: options.outdatedAs ?? {},
    billing: options.billing ?? 'provisioned',
    resources: onDemand ? [] : resources,
    settings: { ...defaultSettings, ...options.settings },
    queueMs: 0,
  };
}

const REPLICATED = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;

function propertiesOf(
  full: Units,
  indexes: Readonly<Record<string, Throughputs>>,
  onDemand: boolean,
  more: Partial<Properties> = {},
): Properties {
  const names = Object.keys(indexes);
  const global = names.map((IndexName) => ({
    IndexName,
    KeySchema: [{ AttributeName: IndexName, KeyType: 'HASH' as const }],
    Projection: { ProjectionType: 'ALL' as const },
    ...(onDemand ? {} : { ProvisionedThroughput: throughput(indexes[IndexName]!.full) }),
  }));
  return {
    AttributeDefinitions: ['Key', ...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    ...(onDemand ? { BillingMode: 'PAY_PER_REQUEST' as const } : { ProvisionedThroughput: throughput(full) }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...more,
  };
}

/** A daily group with the method predictive, an index, and wide bounds. */
export const predictiveSpec = (more: Pick<SpecOptions, 'billing'> = {}): Spec =>
  specOf({
    keep: 2,
    full: units(400, 800),
    outdated: units(5, 5),
    indexes: { byUser: { full: units(100, 800), outdated: units(5, 5) } },
    scaling: { method: 'predictive' },
    ...more,
  });

export function configOf(specs: readonly Spec[], settings: Partial<Settings> = {}): Config {
  return {
    environment: specs[0]?.environment ?? 'production',
    specs,
    prices,
    metrics: { enabled: true, by: [] },
    settings: { ...defaultSettings, ...settings },
    changesPerSecond: 5,
    historyMs: 90 * DAY,
    notices: ['schedule-deletion', 'delete', 'hold-begun', 'hold-ended', 'failed'],
  };
}
