import { settle } from '../src/config/settle.ts';
import { periodAt, type RotationScheme } from '../src/core/calendar/period.ts';
import { pricesOf } from '../src/core/prices.ts';
import type { Config } from '../src/core/spec.ts';
import type { EarlierScheme, TableSpec } from '../src/generated/tables.ts';
import type { Random } from './random.ts';

export const ENVIRONMENT = 'production';

/** The two files that operators edit. */
export interface Files {
  readonly tables: readonly TableSpec[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Some names are prefixes of others, which ownership by prefix would confuse. */
const names = ['Events', 'Events2', 'Flags', 'EventsArchive'] as const;
const retentions = ['1', '2', '3', '5', '-1'] as const;

const settled = new WeakMap<Files, Config>();

export function configOf(files: Files): Config {
  const config = settled.get(files) ?? settle(files.tables, files.settings, ENVIRONMENT, pricesOf(undefined));
  settled.set(files, config);
  return config;
}

const scheme = (random: Random): RotationScheme =>
  random.weighted({ daily: 8, hourly: 2, weekly: 3, monthly: 1, none: 0.7 });

const throughput = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  ReadCapacityUnits,
  WriteCapacityUnits,
});

function aSpec(random: Random, TableName: string): TableSpec {
  const RotationScheme = scheme(random);
  const indexed = random.chance(0.3);
  const units = (high: number) => throughput(random.between(1, high), random.between(1, high));
  const sized = random.chance(0.85)
    ? { ProvisionedThroughput: units(200), OutdatedTableProvisionedThroughput: throughput(1, 1) }
    : { BillingMode: 'PAY_PER_REQUEST' as const };
  const index = {
    IndexName: 'byUser',
    KeySchema: [{ AttributeName: 'User', KeyType: 'HASH' as const }],
    Projection: { ProjectionType: 'ALL' as const },
    ...('BillingMode' in sized ? {} : { ProvisionedThroughput: units(50) }),
  };
  return {
    TableName,
    RotationScheme,
    ...(RotationScheme === 'none' ? {} : { PurgeRotation: random.pick(retentions) }),
    Properties: {
      AttributeDefinitions: [
        { AttributeName: 'Key', AttributeType: 'S' as const },
        ...(indexed ? [{ AttributeName: 'User', AttributeType: 'S' as const }] : []),
      ],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
      ...sized,
      ...(indexed ? { GlobalSecondaryIndexes: [index] } : {}),
      ...(random.chance(0.3) ? { TimeToLive: { AttributeName: 'ExpiresAt' } } : {}),
    },
  } as TableSpec;
}

/** Some environments back tables up before they delete them, some export them, and some do both. */
function saving(random: Random) {
  const drawn = random.next();
  return {
    FinalBackup: drawn < 0.4,
    ...(drawn >= 0.25 && drawn < 0.6 && { Archive: { Bucket: 'archive', Prefix: 'chaos' } }),
  };
}

export function firstFiles(random: Random, most: number): Files {
  const count = Math.min(most, random.pick([1, 2, 2, 3]));
  return {
    tables: names.slice(0, count).map((name) => aSpec(random, name)),
    settings: {
      Defaults: {
        PeriodsAhead: random.pick([1, 1, 2, 3]),
        WarmUpHours: random.pick([1, 24]),
        DrainMinutes: random.pick([0, 60]),
        Purge: {
          WaitingPeriodHours: random.pick([6, 12, 12, 20]),
          MaxShare: random.pick([25, 50, 100, 100]),
          TrafficHours: random.pick([0, 0, 2, 24]),
          ...saving(random),
          ...(random.chance(0.3) ? { MaxPerRun: random.between(1, 3) } : {}),
          ...(random.chance(0.3) ? { MaxPerGroup: random.between(1, 2) } : {}),
          NoticeHours: random.pick([24, 72]),
        },
        Scaling: {
          Method: random.pick([
            'predictive',
            'predictive',
            'predictive',
            'reactive',
            'target-tracking',
            'step',
            'none',
          ]),
        },
      },
    },
  };
}

/** The files of an environment that can be torn down, although its name is that of a protected one. */
export const unprotected = (files: Files): Files => ({
  ...files,
  settings: {
    ...files.settings,
    Defaults: { ...(files.settings.Defaults as Record<string, unknown>), Protected: false },
  },
});

/** One random edit, and a description of it. */
export function edited(files: Files, random: Random, now: number): { files: Files; what: string } {
  const { tables, settings } = files;
  const place = random.between(0, tables.length - 1);
  const spec = tables[place]!;
  const replaced = (by: TableSpec): Files => ({ settings, tables: tables.with(place, by) });
  const kind = random.weighted({ keep: 5, scheme: 2, remove: 2, add: 3, throughput: 3, purge: 3, bounds: 1 });
  switch (kind) {
    case 'keep': {
      const PurgeRotation = random.pick(retentions);
      if (spec.RotationScheme === 'none') break;
      return {
        files: replaced({ ...spec, PurgeRotation }),
        what: `${spec.TableName} has PurgeRotation ${PurgeRotation}`,
      };
    }
    case 'scheme': {
      const RotationScheme = scheme(random);
      const { PurgeRotation = '3', Previously = [], ...rest } = spec;
      const rotating = RotationScheme === 'none' ? {} : { PurgeRotation };
      const planned = random.chance(0.5) && changeAfter(spec, RotationScheme, now);
      return {
        files: replaced({
          ...rest,
          RotationScheme,
          ...rotating,
          ...(planned && { Previously: [...Previously, planned] }),
        } as TableSpec),
        what: `${spec.TableName} has RotationScheme ${RotationScheme}${planned ? ` from ${planned.Until}` : ''}`,
      };
    }
    case 'remove':
      if (tables.length === 1) break;
      return {
        files: { settings, tables: tables.toSpliced(place, 1) },
        what: `${spec.TableName} is removed`,
      };
    case 'add': {
      const free = names.find((name) => tables.every(({ TableName }) => TableName !== name));
      if (!free) break;
      return { files: { settings, tables: [...tables, aSpec(random, free)] }, what: `${free} is added` };
    }
    case 'throughput': {
      if (!spec.Properties.ProvisionedThroughput) break;
      const ProvisionedThroughput = throughput(random.between(1, 300), random.between(1, 300));
      const Properties = { ...spec.Properties, ProvisionedThroughput };
      return {
        files: replaced({ ...spec, Properties } as TableSpec),
        what: `${spec.TableName} has other throughput`,
      };
    }
    case 'purge': {
      const Enabled = random.chance(0.7);
      return {
        files: { tables, settings: withDefaults(settings, 'Purge', { Enabled }) },
        what: `Purge.Enabled is ${Enabled}`,
      };
    }
    case 'bounds': {
      const BurstReliance = random.between(0, 100);
      const TargetUtilization = random.between(40, 90);
      const Scaling = random.pick([
        { Method: 'predictive', BurstReliance },
        { Method: 'reactive', TargetUtilization },
      ]);
      return {
        files: { tables, settings: withOther(settings, 'Scaling', Scaling) },
        what: `Scaling is ${JSON.stringify(Scaling)}`,
      };
    }
  }
  return { files, what: 'nothing' };
}

/** The files with a retention that is too short by a slip, and what it was; undefined if no group can have one. */
export function slipped(
  files: Files,
  random: Random,
): { files: Files; group: string; was: string } | undefined {
  const { tables, settings } = files;
  const place = random.between(0, tables.length - 1);
  const spec = tables[place]!;
  const { TableName: group, PurgeRotation: was, RotationScheme } = spec;
  if (was === undefined || was === '1' || RotationScheme === 'none') return undefined;
  const PurgeRotation = was === '-1' ? '1' : random.pick(['1', String(Number(was) - 1)]);
  return {
    files: { settings, tables: tables.with(place, { ...spec, PurgeRotation }) },
    group,
    was: String(was),
  };
}

/** The files with a retention as it was. */
export const corrected = ({ tables, settings }: Files, group: string, PurgeRotation: string): Files => ({
  settings,
  tables: tables.map((spec) =>
    spec.TableName === group && spec.RotationScheme !== 'none' ? { ...spec, PurgeRotation } : spec,
  ),
});

/** An entry of Previously for a change after the end of every table that exists; undefined if there is no such time. */
function changeAfter(spec: TableSpec, next: RotationScheme, now: number): EarlierScheme | undefined {
  const { RotationScheme: scheme, PurgeRotation = '-1', Previously = [] } = spec;
  const last = Previously.at(-1);
  if (scheme === 'none' || next === 'none' || (last && Date.parse(last.Until) > now)) return undefined;
  let from = now;
  // At most three tables are created ahead.
  for (let table = 0; table < 4; table += 1) from = periodAt(scheme, from).end;
  const isStart = (at: number): boolean => [scheme, next].every((each) => periodAt(each, at).start === at);
  while (!isStart(from)) from = periodAt('hourly', from).end;
  return { RotationScheme: scheme, PurgeRotation, Until: new Date(from).toISOString().replace('.000', '') };
}

/**
 * The files after an operator did what the message of a refused group says; undefined if it says to move the items of a
 * table, which no history does.
 */
export function obeyed({ tables, settings }: Files, group: string, message: string): Files | undefined {
  const [, entries] = /"Previously": (\[.*?\])\./.exec(message) ?? [];
  const [, scheme] = /Set RotationScheme to (\w+) again/.exec(message) ?? [];
  if (!entries && !scheme) return undefined;
  const change = (spec: TableSpec): TableSpec => {
    if (entries) return { ...spec, Previously: JSON.parse(entries) };
    const { Previously: _, ...rest } = spec;
    const PurgeRotation = scheme === 'none' ? '-1' : (spec.PurgeRotation ?? '-1');
    return { ...rest, PurgeRotation, RotationScheme: scheme as RotationScheme };
  };
  return {
    settings,
    tables: tables.map((spec) => (spec.TableName === group ? change(spec) : spec)),
  };
}

function withOther(settings: Files['settings'], key: string, value: object): Files['settings'] {
  const defaults = (settings.Defaults ?? {}) as Record<string, object>;
  return { ...settings, Defaults: { ...defaults, [key]: value } };
}

function withDefaults(settings: Files['settings'], key: string, value: object): Files['settings'] {
  const defaults = (settings.Defaults ?? {}) as Record<string, object>;
  return withOther(settings, key, { ...defaults[key], ...value });
}

/** A name for an unmanaged table, as similar to managed ones as real accounts have them. */
export function anUnmanagedName({ tables }: Files, now: number, random: Random): string {
  const { TableName } = random.pick(tables);
  const dayMs = 86_400_000;
  const date = (offset: number): string =>
    new Date(now + offset * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
  const past = date(-random.between(1, 60));
  return random.pick([
    `pre-${ENVIRONMENT}.${TableName}.${past}`,
    `${ENVIRONMENT}2.${TableName}.${past}`,
    `re${ENVIRONMENT}_results`,
    `${ENVIRONMENT}.${TableName}.${past}.backup`,
    `${ENVIRONMENT}.${TableName}.${past}.restored`,
    `${ENVIRONMENT}.${TableName}.${past}`,
    `${ENVIRONMENT}.${TableName}.${date(random.between(3, 40))}`,
    `${ENVIRONMENT}.${TableName}x.${past}`,
    `${ENVIRONMENT}.Other.${past}`,
    `${ENVIRONMENT}.${TableName}`,
  ]);
}
