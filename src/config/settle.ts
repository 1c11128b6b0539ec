import { instantIn } from '../core/calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { queueOf } from '../core/capacity/queue.ts';
import { keyOf } from '../core/capacity/remembered.ts';
import type { Prices } from '../core/prices.ts';
import type {
  Config,
  EarlierRotation,
  MaintenanceWindow,
  MetricsSettings,
  Settings,
  Spec,
} from '../core/spec.ts';
import type { Archive, Scaling, Level as SettingsLevel, Window } from '../generated/settings.ts';
import type {
  Consumer,
  EarlierScheme,
  GlobalSecondaryIndex,
  KinesisStreamDestination,
  Properties,
  TableSpec,
} from '../generated/tables.ts';
import { at, layersOf, merge } from './merge.ts';
import { resourcesOf } from './resources.ts';
import {
  levelDefaults,
  levelSchema,
  settings as settingsSchema,
  tables as tablesSchema,
  withNumbers,
} from './schema.ts';

const specSchema = tablesSchema.definitions?.TableSpec ?? {};

/** The configuration of one environment from valid files: levels merged, strings converted to numbers, frozen. */
export function settle(
  specs: readonly TableSpec[],
  settingsFile: unknown,
  environment: string,
  prices: Prices,
): Config {
  const merged = mergedSettings(settingsFile, environment);
  const changesPerSecond = Number(merged.ChangesPerSecond);
  const settled = specs.map((spec) =>
    specOf(spec, mergedSettings(settingsFile, environment, spec.TableName), environment),
  );
  const queue = queueOf(settled, changesPerSecond);
  const config: Config = {
    environment,
    specs: settled.map((spec) => ({ ...spec, queueMs: queue.get(spec.name) ?? 0 })),
    changesPerSecond,
    settings: settingsOf(merged, environment),
    historyMs: Number(merged.HistoryDays) * DAY_MS,
    notices: merged.Notices ?? [],
    prices,
    metrics: metricsOf(merged),
  };
  return frozen(config);
}

/** The settings from all levels and the defaults, with strings converted to numbers. */
export function mergedSettings(settingsFile: unknown, environment: string, spec?: string): SettingsLevel {
  const layers = layersOf(settingsFile, environment, spec).map(({ value }) => value);
  const { Tables: _, ...merged } = merge([levelDefaults, ...layers]) as SettingsLevel & { Tables?: unknown };
  const settled = withNumbers(settingsSchema, levelSchema, merged) as SettingsLevel;
  return layers.some(purgeOff) ? { ...settled, Purge: { ...settled.Purge, Enabled: false } } : settled;
}

/** Whether a part of an environment's name says that it is the productive one: `production`, `prod-eu`, `eu_live`, `prod2`. */
const isProductive = (environment: string): boolean =>
  /(^|[-_])(prod|production|prd|live)\d*([-_]|$)/i.test(environment);

/** `false` wins at any level: in an emergency, no level that says `true` needs to be found first. */
const purgeOff = (layer: unknown): boolean => at(layer, ['Purge', 'Enabled']) === false;

const metricsOf = ({ Metrics: { Enabled, By = [] } = {} }: SettingsLevel): MetricsSettings => ({
  enabled: Enabled !== false,
  by: By,
});

function specOf(written: TableSpec, settings: SettingsLevel, environment: string): Omit<Spec, 'queueMs'> {
  const spec = withNumbers(tablesSchema, specSchema, written) as TableSpec;
  const keep = spec.RotationScheme === 'none' ? -1 : spec.PurgeRotation;
  return {
    name: spec.TableName,
    environment,
    scheme: spec.RotationScheme,
    previously: (spec.Previously ?? []).map(earlierOf),
    keep: keepOf(keep),
    backfill: Number(spec.Backfill ?? 0),
    properties: creatable(spec.Properties),
    consumers: (spec.Consumers ?? []).map((one) => consumerOf(one, environment)),
    ...(spec.KinesisStreamDestination && {
      destination: destinationOf(spec.KinesisStreamDestination, environment),
    }),
    replicas: (spec.Replicas ?? []).map((input) => ({ region: input.RegionName, input })),
    outdated: outdatedOf(spec.Properties),
    resources: resourcesOf(spec.Properties, settings.Scaling ?? {}),
    billing: settings.Scaling?.Billing ?? 'provisioned',
    settings: settingsOf(settings, environment),
  };
}

const keepOf = (written: number | string | undefined): number =>
  Number(written) === -1 ? Infinity : Number(written);

const earlierOf = ({ RotationScheme, PurgeRotation, Until }: EarlierScheme): EarlierRotation => ({
  scheme: RotationScheme,
  keep: keepOf(PurgeRotation),
  until: instantIn(Until),
});

const inEnvironment = (text: string, environment: string): string =>
  text.replaceAll('{environment}', environment);

function consumerOf({ Function: name, ...settings }: Consumer, environment: string) {
  const { DestinationConfig: config } = settings;
  const destination = config && {
    OnFailure: { Destination: inEnvironment(config.OnFailure.Destination, environment) },
  };
  return {
    function: inEnvironment(name, environment),
    settings: {
      StartingPosition: 'TRIM_HORIZON',
      ...settings,
      ...(destination && { DestinationConfig: destination }),
    },
  };
}

const destinationOf = (
  { Stream: stream, ApproximateCreationDateTimePrecision: precision }: KinesisStreamDestination,
  environment: string,
) => ({ stream: inEnvironment(stream, environment), ...(precision && { precision }) });

function outdatedOf({ Outdated: { BillingMode: billingMode, TableClass: tableClass } = {} }: Properties) {
  return { ...(billingMode && { billingMode }), ...(tableClass && { tableClass }) };
}

/** `properties` without the keys for outdated tables, which CreateTable does not accept. */
function creatable(properties: Properties): Properties {
  const { GlobalSecondaryIndexes: indexes, Outdated: _, ...rest } = without(properties);
  return indexes ? { ...rest, GlobalSecondaryIndexes: indexes.map(without<GlobalSecondaryIndex>) } : rest;
}

function without<T extends { OutdatedTableProvisionedThroughput?: unknown }>(part: T): T {
  const { OutdatedTableProvisionedThroughput: _, ...rest } = part;
  return rest as T;
}

function settingsOf(
  {
    Protected,
    PeriodsAhead,
    WarmUpHours,
    DrainMinutes,
    Purge = {},
    Scaling = {},
    FailAfter = {},
    RestoreDrill = {},
    Maintenance = [],
  }: SettingsLevel,
  environment: string,
): Settings {
  return {
    protected: Protected ?? isProductive(environment),
    periodsAhead: Number(PeriodsAhead),
    warmUpMs: Number(WarmUpHours) * HOUR_MS,
    drainMs: Number(DrainMinutes) * MINUTE_MS,
    purge: {
      enabled: Purge.Enabled === true,
      waitingPeriodMs: Number(Purge.WaitingPeriodHours) * HOUR_MS,
      ...(Purge.MaxPerRun !== undefined && { maxPerRun: Number(Purge.MaxPerRun) }),
      ...(Purge.MaxPerGroup !== undefined && { maxPerGroup: Number(Purge.MaxPerGroup) }),
      noticeMs: Number(Purge.NoticeHours) * HOUR_MS,
      maxShare: Number(Purge.MaxShare),
      trafficMs: Number(Purge.TrafficHours) * HOUR_MS,
      finalBackup: Purge.FinalBackup === true,
      ...archiveOf(Purge.Archive),
    },
    ...(Scaling.HealthUrl !== undefined && { healthUrl: Scaling.HealthUrl }),
    ...(Scaling.AllowPrivateHealthUrl && { allowPrivateHealthUrl: true }),
    maintenance: Maintenance.map(windowOf),
    failAfter: {
      throttledMs: Number(FailAfter.ThrottledMinutes) * MINUTE_MS,
      unusableMs: Number(FailAfter.UnusableMinutes) * MINUTE_MS,
    },
    drill: {
      enabled: RestoreDrill.Enabled !== false,
      maxGB: Number(RestoreDrill.MaxGB),
      maxUSD: Number(RestoreDrill.MaxUSD),
    },
    acceptThrottling: acceptedOf(Scaling),
  };
}

/** Nothing is exported without a Bucket. The place stays known if exporting is off, so that earlier exports are found. */
function archiveOf({ Enabled, Bucket, Prefix, Format = 'DYNAMODB_JSON' }: Archive = {}) {
  if (Bucket === undefined) return {};
  const place = { bucket: Bucket, ...(Prefix !== undefined && { prefix: Prefix }), format: Format };
  return { archivedIn: place, ...(Enabled !== false && { archive: place }) };
}

/** The dimensions of the table and its indexes with AcceptThrottling: `read`, `write byUser`. */
function acceptedOf({ Read, Write, Indexes = {} }: Scaling): string[] {
  const of = (ranges: Pick<Scaling, 'Read' | 'Write'>, index?: string) => [
    ...(ranges.Read?.AcceptThrottling ? [keyOf('read', index)] : []),
    ...(ranges.Write?.AcceptThrottling ? [keyOf('write', index)] : []),
  ];
  return [...of({ Read, Write }), ...Object.entries(Indexes).flatMap(([name, own]) => of(own, name))];
}

const WEEK = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const DAY_MINUTES = 24 * 60;

function windowOf({ Days = [...WEEK], From, To }: Window): MaintenanceWindow {
  const fromMinute = minuteOf(From);
  const lastsMinutes = (minuteOf(To) - fromMinute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return { days: Days.map((day) => WEEK.indexOf(day)), fromMinute, lastsMinutes };
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
