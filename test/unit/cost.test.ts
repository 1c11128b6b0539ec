import { describe, expect, it } from 'vitest';
import { loadConfig, loadPrices } from '../../src/config/index.ts';
import { defaultsOf, prices as schema } from '../../src/config/schema.ts';
import type { Minute } from '../../src/core/capacity/demand.ts';
import { costOf, monthOf, onDemandMonth, provisionedMonth } from '../../src/core/cost.ts';
import type { TableState } from '../../src/core/facts.ts';
import defaults from '../../src/core/prices.json' with { type: 'json' };
import { onDemandFactor, prices, pricesOf } from '../../src/core/prices.ts';
import { cheaper, type Used } from '../../src/core/recommending/cheaper.ts';
import { MINUTE, units } from '../support/specs.ts';

const state = (more: Partial<TableState> = {}): TableState => ({
  name: 'production.Events.20261121',
  arn: 'arn',
  id: 'id',
  status: 'ACTIVE',
  createdAt: 0,
  billingMode: 'PROVISIONED',
  tableClass: 'STANDARD',
  deletionProtected: false,
  schema: { AttributeDefinitions: [], KeySchema: [] },
  global: false,
  itemCount: 0,
  sizeBytes: 0,
  capacities: [
    { read: 100, write: 200, status: 'ACTIVE', decreases: 0 },
    { index: 'byUser', read: 10, write: 20, status: 'ACTIVE', decreases: 0 },
  ],
  ...more,
});

describe('prices', () => {
  it('are those of us-east-1 by default, in the schema and in the data', () => {
    expect(defaultsOf(schema, schema)).toEqual(defaults);
    expect(loadPrices('test/fixtures/good/golden')).toEqual(prices);
  });

  it('are those of the file if it has them', () => {
    const own = pricesOf({ Storage: { Standard: 0.306 } });
    expect(own.storageMonth).toEqual({ STANDARD: 0.306, STANDARD_INFREQUENT_ACCESS: 0.1 });
    expect(own.unitHour).toEqual(prices.unitHour);
    const file = loadConfig('test/fixtures/good/every-property', 'production').prices;
    expect(file).toEqual({
      unitHour: { read: 0.000147, write: 0.000735 },
      onDemandMillion: { read: 0.1415, write: 0.705 },
      throughputFactor: { STANDARD: 1, STANDARD_INFREQUENT_ACCESS: 1.24 },
      storageMonth: { STANDARD: 0.283, STANDARD_INFREQUENT_ACCESS: 0.1132 },
      backup: { month: 0.1132, restore: 0.1698 },
      archive: { exported: 0.11, loaded: 0.16 },
      metricRead: 0.00002,
      customMetric: 0.3,
    });
  });

  it('make an on-demand unit 3.46 times as expensive as a fully used provisioned one', () => {
    expect(onDemandFactor).toBeCloseTo(3.46, 2);
    const provisioned = provisionedMonth(units(100, 100), 'STANDARD', prices);
    expect(onDemandMonth(units(100, 100), 'STANDARD', prices) / provisioned).toBeCloseTo(3.46, 2);
  });
});

describe('the cost of a table', () => {
  it('includes the provisioned throughput of its indexes', () => {
    // (110 × 0.00013 + 220 × 0.00065) × 720
    expect(costOf(state(), undefined, prices).throughput).toBeCloseTo(113.256, 3);
  });

  it('is 25% higher for throughput and 60% lower for storage in Standard-IA', () => {
    const sizeBytes = 10 * 2 ** 30;
    const standard = costOf(state({ sizeBytes }), undefined, prices);
    const rare = costOf(state({ sizeBytes, tableClass: 'STANDARD_INFREQUENT_ACCESS' }), undefined, prices);
    expect(standard.storage).toBeCloseTo(2.5);
    expect(rare.storage).toBeCloseTo(1);
    expect(rare.throughput! / standard.throughput!).toBeCloseTo(1.25);
    expect(monthOf(standard)).toBe(standard.throughput! + standard.storage);
  });

  it('is that of consumption if on-demand, and that of storage alone if consumption is unknown', () => {
    const onDemand = state({ billingMode: 'PAY_PER_REQUEST', sizeBytes: 2 ** 30 });
    // (10 × 0.125 + 20 × 0.625) / 1e6 × 2,592,000 s
    expect(costOf(onDemand, units(10, 20), prices).throughput).toBeCloseTo(35.64, 2);
    expect(costOf(onDemand, undefined, prices)).toEqual({ throughput: null, storage: 0.25 });
    expect(monthOf(costOf(onDemand, undefined, prices))).toBe(0.25);
  });

  it('includes the writes and the storage of its replicas, which cost the same', () => {
    const replicas = ['eu-west-1', 'us-west-2'].map((region) => ({ region, status: 'ACTIVE' }));
    const global = state({ billingMode: 'PAY_PER_REQUEST', sizeBytes: 2 ** 30, replicas });
    // (10 × 0.125 + 3 × 20 × 0.625) / 1e6 × 2,592,000 s
    expect(costOf(global, units(10, 20), prices).throughput).toBeCloseTo(100.44, 2);
    expect(costOf(global, undefined, prices)).toEqual({ throughput: null, storage: 0.75 });
  });
});

describe('the cheaper billing mode', () => {
  const minutes = (...rates: number[]): Minute[] =>
    rates.map((consumed, i) => ({ at: i * MINUTE, consumed, throttled: 0 }));
  const used = (write: readonly Minute[], provisioned = 100, index?: string): Used => ({
    ...(index === undefined ? {} : { index }),
    read: minutes(0),
    write,
    provisioned: units(0, provisioned),
  });

  it.each([
    [0, 'on-demand'],
    [28.8, 'on-demand'],
    [28.9, undefined],
    [70, undefined],
  ])('of a provisioned table at %d%% utilization is %s', (rate, billing) => {
    expect(cheaper('provisioned', [used(minutes(rate))], 'STANDARD', prices)?.billing).toBe(billing);
  });

  it('has its figures', () => {
    expect(cheaper('provisioned', [used(minutes(0, 20))], 'STANDARD', prices)).toEqual({
      billing: 'on-demand',
      utilization: expect.closeTo(0.1),
      now: expect.closeTo(100 * 0.00065 * 720),
      instead: expect.closeTo((10 * 0.625 * 2_592_000) / 1e6),
      throughput: [],
    });
  });

  it('includes throttled demand', () => {
    const throttled = [{ at: 0, consumed: 20, throttled: 20 }];
    expect(cheaper('provisioned', [used(throttled)], 'STANDARD', prices)).toBeUndefined();
  });

  it('is that of a table and its indexes together', () => {
    const busy = [used(minutes(10)), used(minutes(90), 100, 'byUser')];
    expect(cheaper('provisioned', busy, 'STANDARD', prices)).toBeUndefined();
  });

  it('of an on-demand table is provisioned only if that is clearly cheaper for its peak', () => {
    expect(cheaper('on-demand', [used(minutes(65, 70, 63), 0)], 'STANDARD', prices)).toMatchObject({
      billing: 'provisioned',
      throughput: [{ read: 1, write: 100 }],
      utilization: expect.closeTo(0.66, 2),
    });
    expect(cheaper('on-demand', [used(minutes(1, 70, 70), 0)], 'STANDARD', prices)).toBeDefined();
    expect(cheaper('on-demand', [used(minutes(1, 1, 1, 1, 70), 0)], 'STANDARD', prices)).toBeUndefined();
    expect(cheaper('on-demand', [used(minutes(0, 0), 0)], 'STANDARD', prices)).toBeUndefined();
  });
});
