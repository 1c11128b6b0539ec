/** Merges valid files into one frozen Config. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { at, layersOf, merge } from '../../src/config/merge.ts';
import { resourcesOf } from '../../src/config/resources.ts';
import { mergedSettings, settle } from '../../src/config/settle.ts';
import { prices } from '../../src/core/prices.ts';
import type { Spec } from '../../src/core/spec.ts';
import type { Properties } from '../../src/generated/tables.ts';

const GOOD = 'test/fixtures/good';
const HOUR = 3_600_000;
const step = { raiseAbove: 90, raiseBy: 50, lowerBelow: 30, lowerBy: 50 };
const scaling = { method: 'predictive', targetUtilization: 70, step, burstReliance: 1 };
const reactive = { ...scaling, method: 'reactive', targetUtilization: 60 };

function specIn(folder: string, environment: string, name: string): Spec {
  const spec = loadConfig(`${GOOD}/${folder}`, environment).specs.find((one) => one.name === name);
  if (!spec) throw new Error(`no spec ${name}`);
  return spec;
}

describe('a spec in the format of existing users', () => {
  test.each(['one-line', 'windows'])(
    'has numbers for strings and defaults for missing keys: %s',
    (folder) => {
      expect(loadConfig(`${GOOD}/${folder}`, 'staging')).toEqual({
        environment: 'staging',
        settings: defaults,
        changesPerSecond: 5,
        historyMs: 90 * 86_400_000,
        notices: [
          'schedule-deletion',
          'delete',
          'hold-begun',
          'hold-ended',
          'failed',
          'drill-failed',
          'drill-skipped',
        ],
        prices,
        metrics: { enabled: true, by: [] },
        specs: [
          {
            name: 'SessionFlags',
            environment: 'staging',
            scheme: 'daily',
            previously: [],
            keep: 14,
            backfill: 0,
            properties: {
              AttributeDefinitions: [
                { AttributeName: 'Key', AttributeType: 'S' },
                { AttributeName: 'Timestamp', AttributeType: 'N' },
              ],
              KeySchema: [
                { AttributeName: 'Key', KeyType: 'HASH' },
                { AttributeName: 'Timestamp', KeyType: 'RANGE' },
              ],
              ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
            },
            consumers: [],
            outdated: {},
            billing: 'provisioned',
            resources: [
              {
                full: { read: 5, write: 5 },
                outdated: { read: 5, write: 5 },
                bounds: { read: { min: 1, max: 50 }, write: { min: 1, max: 50 } },
                lowestAfter: { read: 1, write: 1 },
                scaling,
              },
            ],
            settings: defaults,
            replicas: [],
            queueMs: 0,
          },
        ],
      });
    },
  );

  test('loads the golden specs', () => {
    const { specs } = loadConfig(`${GOOD}/golden`, 'production');
    expect(specs.map(({ name, scheme, keep }) => [name, scheme, keep])).toEqual([
      ['daily-purge2', 'daily', 2],
      ['weekly-purge2', 'weekly', 2],
      ['monthly-purge4', 'monthly', 4],
      ['daily-nopurge', 'daily', Infinity],
      ['norotation', 'none', Infinity],
      ['weekly-m1', 'weekly', Infinity],
      ['monthly-m1', 'monthly', Infinity],
      ['daily1', 'daily', 1],
      ['weekly1', 'weekly', 1],
    ]);
    for (const { resources, properties } of specs) {
      expect(resources).toEqual([
        {
          full: { read: 100, write: 600 },
          outdated: { read: 10, write: 30 },
          bounds: { read: { min: 10, max: 1000 }, write: { min: 30, max: 6000 } },
          lowestAfter: { read: 10, write: 30 },
          scaling,
        },
      ]);
      expect(properties).not.toHaveProperty('OutdatedTableProvisionedThroughput');
    }
  });

  test('accepts a file without specs', () => expect(loadConfig(`${GOOD}/nothing`, 'x').specs).toEqual([]));
});

const PURGE = {
  enabled: true,
  waitingPeriodMs: 12 * HOUR,
  noticeMs: 72 * HOUR,
  maxShare: 25,
  finalBackup: false,
  trafficMs: 24 * HOUR,
};

const defaults = {
  protected: false,
  periodsAhead: 1,
  warmUpMs: 24 * HOUR,
  drainMs: HOUR,
  purge: PURGE,
  maintenance: [],
  failAfter: { throttledMs: 300_000, unusableMs: 900_000 },
  drill: { enabled: true, maxGB: 100, maxUSD: 20 },
  acceptThrottling: [],
};

describe('every property of CreateTable', () => {
  const spec = specIn('every-property', 'production', 'Every.thing_1-a');
  const written = JSON.parse(readFileSync(`${GOOD}/every-property/tables.json`, 'utf8')).Tables[0].Properties;

  test('passes through with numbers, without keys that CreateTable does not accept', () => {
    const { OutdatedTableProvisionedThroughput: _, ...rest } = written;
    const indexes = rest.GlobalSecondaryIndexes.map(
      ({ OutdatedTableProvisionedThroughput: _, ...index }: Record<string, unknown>) => index,
    );
    const numbers = JSON.parse(
      JSON.stringify({ ...rest, GlobalSecondaryIndexes: indexes }).replace(/"(\d+)"/g, '$1'),
    );
    expect(spec.properties).toEqual(numbers);
  });

  test('sets what reads the changes, with numbers, for its environment', () => {
    expect(spec.consumers).toEqual([
      {
        function: 'arn:aws:lambda:eu-west-1:123456789012:function:visits-production:live',
        settings: {
          StartingPosition: 'LATEST',
          BatchSize: 500,
          MaximumBatchingWindowInSeconds: 5,
          ParallelizationFactor: 2,
          MaximumRecordAgeInSeconds: 3600,
          MaximumRetryAttempts: 3,
          BisectBatchOnFunctionError: true,
          TumblingWindowInSeconds: 0,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
          DestinationConfig: {
            OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:123456789012:failed-production' },
          },
          KMSKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0f3c',
          MetricsConfig: { Metrics: ['EventCount'] },
        },
      },
      { function: 'audit', settings: { StartingPosition: 'TRIM_HORIZON' } },
    ]);
    expect(spec.destination).toEqual({ stream: 'flags-production', precision: 'MICROSECOND' });
    expect(specIn('every-property', 'production', 'OnDemand')).toMatchObject({ consumers: [] });
  });

  test('has replicas in their order, with numbers for strings', () => {
    expect(spec.replicas).toEqual([]);
    expect(specIn('every-property', 'production', 'OnDemand').replicas).toEqual([
      {
        region: 'us-west-2',
        input: {
          RegionName: 'us-west-2',
          KMSMasterKeyId: 'alias/turntable',
          OnDemandThroughputOverride: { MaxReadRequestUnits: 500 },
          GlobalSecondaryIndexes: [
            { IndexName: 'ByUser', OnDemandThroughputOverride: { MaxReadRequestUnits: -1 } },
          ],
          TableClassOverride: 'STANDARD',
        },
      },
      {
        region: 'ap-southeast-2',
        input: {
          RegionName: 'ap-southeast-2',
          KMSMasterKeyId: 'arn:aws:kms:ap-southeast-2:123456789012:key/0f3c',
        },
      },
    ]);
  });

  test('sets backfill and keep', () => expect([spec.keep, spec.backfill]).toEqual([8, 3]));

  test('creates a resource with its own bounds for the table and each global index', () => {
    expect(spec.resources).toEqual([
      {
        full: { read: 100, write: 40 },
        outdated: { read: 10, write: 1 },
        bounds: { read: { min: 3, max: 2000 }, write: { min: 20, max: 300 } },
        lowestAfter: { read: 3, write: 1 },
        scaling: reactive,
      },
      {
        index: 'ByUser',
        full: { read: 20, write: 40 },
        outdated: { read: 2, write: 1 },
        bounds: { read: { min: 4, max: 90 }, write: { min: 2, max: 80 } },
        lowestAfter: { read: 2, write: 1 },
        scaling: reactive,
      },
      {
        index: 'ByScoreOnly',
        full: { read: 7, write: 8 },
        outdated: { read: 7, write: 8 },
        bounds: { read: { min: 1, max: 70 }, write: { min: 1, max: 80 } },
        lowestAfter: { read: 1, write: 1 },
        scaling: reactive,
      },
    ]);
  });

  test('creates no resources for an on-demand table', () => {
    const { resources, properties, outdated } = specIn('every-property', 'production', 'OnDemand');
    expect(outdated).toEqual({ billingMode: 'PAY_PER_REQUEST', tableClass: 'STANDARD_INFREQUENT_ACCESS' });
    expect(properties).not.toHaveProperty('Outdated');
    expect(resources).toEqual([]);
    expect(properties.OnDemandThroughput).toEqual({ MaxReadRequestUnits: 1000, MaxWriteRequestUnits: -1 });
  });
});

describe('the levels of the settings', () => {
  test('let an environment override the defaults key by key', () => {
    const { settings } = loadConfig(`${GOOD}/every-property`, 'production');
    expect(settings).toEqual({
      protected: true,
      periodsAhead: 2,
      warmUpMs: 6 * HOUR,
      drainMs: 0,
      purge: {
        ...PURGE,
        waitingPeriodMs: 24 * HOUR,
        maxPerRun: 20,
        archive: { bucket: 'our-archive', format: 'ION' },
        archivedIn: { bucket: 'our-archive', format: 'ION' },
      },
      healthUrl: 'https://status.example.com/health?of=flags',
      allowPrivateHealthUrl: true,
      maintenance: [{ days: [6, 0], fromMinute: 22 * 60 + 30, lastsMinutes: 330 }],
      failAfter: { throttledMs: 300_000, unusableMs: 900_000 },
      drill: { enabled: true, maxGB: 100, maxUSD: 20 },
      acceptThrottling: [],
    });
  });

  test('give the defaults to an environment that is not listed', () => {
    const { settings } = loadConfig(`${GOOD}/every-property`, 'elsewhere');
    expect(settings.purge.maxPerRun).toBe(5);
    expect(settings).toEqual(loadConfig(`${GOOD}/every-property`, 'feature-x_2').settings);
  });

  test('let settings of a spec override its environment', () => {
    const { settings } = specIn('every-property', 'production', 'Every.thing_1-a');
    const days = [0, 1, 2, 3, 4, 5, 6];
    expect(settings.maintenance).toEqual([
      { days, fromMinute: 0, lastsMinutes: 24 * 60 },
      { days, fromMinute: 60, lastsMinutes: 30 },
    ]);
    expect(settings).toMatchObject({
      periodsAhead: 1,
      warmUpMs: 12 * HOUR,
      purge: { enabled: false, maxPerRun: 20 },
    });
    expect(specIn('every-property', 'feature-x_2', 'Every.thing_1-a').settings).toMatchObject({
      periodsAhead: 1,
      warmUpMs: 6 * HOUR,
      purge: { enabled: true },
    });
    expect(specIn('every-property', 'production', 'Lookup').resources[0]?.scaling.method).toBe('none');
  });

  test('let each level add to the place of the archive, and turn it off', () => {
    const archiveOf = (environment: string, spec: string) => {
      const { archive, archivedIn } = specIn('every-property', environment, spec).settings.purge;
      return { archive, archivedIn };
    };
    const place = { bucket: 'our-archive', format: 'ION' };
    const flags = { ...place, prefix: 'cold/flags' };
    expect(archiveOf('production', 'Every.thing_1-a')).toEqual({ archive: flags, archivedIn: flags });
    expect(archiveOf('feature-x_2', 'Every.thing_1-a')).toEqual({ archive: place, archivedIn: place });
    expect(archiveOf('production', 'OnDemand')).toEqual({ archivedIn: place });
    expect(specIn('one-line', 'staging', 'SessionFlags').settings.purge).not.toHaveProperty('archivedIn');
  });

  test('override each other in order', () => {
    const file = {
      Defaults: { a: 1, b: 1, c: 1, d: 1, Tables: { S: { b: 2, c: 2, d: 2 } } },
      Environments: { e: { c: 3, d: 3, Tables: { S: { d: 4 } } } },
    };
    const merged = merge(layersOf(file, 'e', 'S').map(({ value }) => value));
    expect(merged).toMatchObject({ a: 1, b: 2, c: 3, d: 4 });
    expect(merge(layersOf(file, 'other', 'S').map(({ value }) => value))).toMatchObject({
      a: 1,
      b: 2,
      c: 2,
      d: 2,
    });
  });

  test('ignore inherited properties of objects', () => {
    expect(at({}, ['constructor'])).toBeUndefined();
    expect(layersOf({ Environments: {} }, '__proto__', 'toString')).toEqual([]);
    const merged = merge([JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"b": 2}}')]);
    expect(Object.keys(merged as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe('Purge.Enabled', () => {
  const off = { Purge: { Enabled: false } };
  const on = { Purge: { Enabled: true } };
  const enabled = (file: object, spec?: string) => mergedSettings(file, 'production', spec).Purge?.Enabled;

  test.each<[string, object]>([
    ['Defaults', { Defaults: off, Environments: { production: { ...on, Tables: { S: on } } } }],
    ['Defaults.Tables', { Defaults: { Tables: { S: off } }, Environments: { production: on } }],
    ['Environments', { Defaults: on, Environments: { production: { ...off, Tables: { S: on } } } }],
    ['Environments.Tables', { Defaults: on, Environments: { production: { Tables: { S: off } } } }],
  ])('is false everywhere below if it is false in %s', (_, file) => expect(enabled(file, 'S')).toBe(false));

  test('is true if it is false only for another spec or environment', () => {
    const file = { Defaults: { Tables: { Other: off } }, Environments: { staging: off } };
    expect(enabled(file, 'S')).toBe(true);
    expect(enabled(file)).toBe(true);
  });
});

test('the times after which a run fails, and accepted throttling, can be set', () => {
  const file = {
    Defaults: {
      FailAfter: { ThrottledMinutes: '10' },
      Scaling: { Read: { AcceptThrottling: true }, Indexes: { byA: { Write: { AcceptThrottling: true } } } },
    },
    Environments: {
      production: { FailAfter: { UnusableMinutes: 60 }, Scaling: { Read: { AcceptThrottling: false } } },
    },
  };
  const settings = (environment: string) => settle([], file, environment, prices).settings;
  expect(settings('production')).toMatchObject({
    failAfter: { throttledMs: 10 * 60_000, unusableMs: HOUR },
    acceptThrottling: ['write byA'],
  });
  expect(settings('staging')).toMatchObject({
    failAfter: { throttledMs: 10 * 60_000, unusableMs: 15 * 60_000 },
    acceptThrottling: ['read', 'write byA'],
  });
});

describe('bounds', () => {
  const properties: Properties = {
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
    ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
    OutdatedTableProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 200 },
  };
  const read = (Read: { Min?: number; Max?: number }) => resourcesOf(properties, { Read })[0]?.bounds.read;

  test('are derived from the spec', () => expect(read({})).toEqual({ min: 5, max: 100 }));
  test('raise a derived maximum to a minimum that is set', () =>
    expect(read({ Min: 500 })).toEqual({ min: 500, max: 500 }));
  test('lower a derived minimum to a maximum that is set', () =>
    expect(read({ Max: 2 })).toEqual({ min: 2, max: 2 }));
  test('apply from the creation of the table if they are set', () => {
    const [table] = resourcesOf(properties, { Read: { Max: 4 }, Write: { Min: 20, Max: 100 } });
    expect(table?.full).toEqual({ read: 4, write: 20 });
    expect(table?.outdated).toEqual({ read: 4, write: 100 });
  });
  test('start at the outdated throughput after the period, unless a lower minimum is set', () => {
    const lowest = (Min?: number) =>
      resourcesOf(properties, { Write: { ...(Min && { Min }) } })[0]?.lowestAfter;
    expect(lowest()).toEqual({ read: 5, write: 200 });
    expect(lowest(20)).toEqual({ read: 5, write: 20 });
    expect(lowest(90)).toEqual({ read: 5, write: 90 });
  });
  test('allow outdated throughput below the minimum', () =>
    expect(resourcesOf(properties, { Read: { Min: 500 } })[0]?.outdated.read).toBe(5));
  test.each([
    [3_999, 39_990],
    [5_000, 40_000],
    [60_000, 60_000],
  ])('derive from %i provisioned units at most the quota of DynamoDB for a table: %i', (units, max) => {
    const ProvisionedThroughput = { ReadCapacityUnits: units, WriteCapacityUnits: 1 };
    expect(resourcesOf({ ...properties, ProvisionedThroughput }, {})[0]?.bounds.read.max).toBe(max);
  });
  test('apply to each index', () => {
    const index = {
      IndexName: 'ByUser',
      KeySchema: properties.KeySchema,
      Projection: { ProjectionType: 'ALL' as const },
      ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
    };
    const scaling = { Indexes: { ByUser: { Read: { Max: 3 } } } };
    const [, byUser] = resourcesOf({ ...properties, GlobalSecondaryIndexes: [index] }, scaling);
    expect(byUser?.full).toEqual({ read: 3, write: 10 });
  });

  test('do not raise the current table to a higher outdated throughput', () => {
    expect(resourcesOf(properties, {})[0]?.bounds.write).toEqual({ min: 10, max: 2000 });
  });
});

test('freezes the whole configuration', () => {
  const config = loadConfig(`${GOOD}/every-property`, 'production');
  const walk = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(walk));
  expect(walk(config)).toBe(true);
});

test('scales an index like its table, except for its own settings', () => {
  const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
  const index = { Projection: {}, KeySchema: [], ProvisionedThroughput: throughput };
  const properties = {
    ProvisionedThroughput: throughput,
    GlobalSecondaryIndexes: [
      { ...index, IndexName: 'ByUser' },
      { ...index, IndexName: 'ByTime' },
    ],
  } as unknown as Properties;
  const file = {
    Defaults: {
      Scaling: {
        Method: 'step',
        Step: { RaiseBy: '20' },
        Read: { Min: 3 },
        Indexes: { ByTime: { Step: { LowerBy: '10' }, Write: { Max: 9 } } },
      },
    },
    Environments: { live: { Scaling: { Indexes: { ByUser: { Method: 'predictive', BurstReliance: 50 } } } } },
  };
  const [table, byUser, byTime] = resourcesOf(properties, mergedSettings(file, 'live').Scaling!);
  const stepping = { ...scaling, method: 'step', step: { ...step, raiseBy: 20 } };
  expect(table).toMatchObject({ scaling: stepping, bounds: { read: { min: 3, max: 50 } } });
  expect(byUser!.scaling).toEqual({ ...stepping, method: 'predictive', burstReliance: 0.5 });
  expect(byTime).toMatchObject({
    scaling: { ...stepping, step: { ...step, raiseBy: 20, lowerBy: 10 } },
    bounds: { read: { min: 1, max: 50 }, write: { min: 1, max: 9 } },
  });
});
