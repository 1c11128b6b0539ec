/** The complete exploration of small worlds by chaos/model.ts. */
import { expect, test } from 'vitest';
import { explore } from '../../chaos/model.ts';
import { asBuilt } from '../../chaos/simulated.ts';
import { at, configOf, defaultSettings, specOf } from '../support/specs.ts';
import { smallConfig as config } from './small-config.ts';

test('finds no violation for two groups and three periods in any order of daily crashes, retries and overlaps', async () => {
  const explored = await explore({ config, start: at('2026-11-21'), days: 3, slots: 1 });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(200);
  expect(explored.transitions).toBeGreaterThan(1_000);
  expect(explored.deleted).toBeGreaterThan(1);
});

test('finds no violation with consumers, whose mappings are created and deleted with the tables', async () => {
  const properties = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const } };
  const spec = specOf({
    keep: 1,
    onDemand: true,
    properties,
    consumers: ['visits'],
    settings: { drainMs: 0 },
  });
  const explored = await explore({ config: configOf([spec]), start: at('2026-11-21'), days: 3, slots: 1 });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(20);
  expect(explored.deleted).toBeGreaterThan(0);
});

test('finds no violation with replicas, which are added and removed with the tables', async () => {
  const spec = specOf({ keep: 1, onDemand: true, replicas: ['eu-west-1'], settings: { drainMs: 0 } });
  // A deletion is scheduled on the third day. One day later, the replica goes, and then the table.
  const days = { calmDays: 3, days: 2, slots: 1 };
  const explored = await explore({ config: configOf([spec]), start: at('2026-11-21'), ...days });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(20);
  expect(explored.deleted).toBeGreaterThan(0);
});

test('finds a run that deletes a table before its replicas', async () => {
  const spec = specOf({ keep: 1, onDemand: true, replicas: ['eu-west-1'], settings: { drainMs: 0 } });
  const { violations } = await explore({
    config: configOf([spec]),
    start: at('2026-11-21'),
    calmDays: 3,
    days: 2,
    slots: 1,
    perform: (run, ports, options) => {
      // It does not see the replicas, and nothing keeps the table.
      const describe = async (name: string) => {
        const state = await ports.tables.describe(name);
        return state && { ...state, ...(run.job === 'purge' && { replicas: [] }) };
      };
      const tables = new Proxy(ports.tables, {
        get: (target, method) => (method === 'describe' ? describe : Reflect.get(target, method)),
      });
      return asBuilt(run, { ...ports, tables }, options);
    },
  });
  expect(violations.map(({ rule }) => rule)).toContain('orphan');
});

test('finds no violation with Purge.Archive, whose exports start once and end before a table is deleted', async () => {
  const properties = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
  const purge = { ...defaultSettings.purge, archive: { bucket: 'archive', format: 'ION' as const } };
  const spec = specOf({ keep: 1, onDemand: true, properties, settings: { drainMs: 0, purge } });
  // A deletion is scheduled on the second day.
  const days = { calmDays: 2, days: 2, slots: 1 };
  const explored = await explore({ config: configOf([spec]), start: at('2026-11-21'), ...days });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(20);
  expect(explored.deleted).toBeGreaterThan(0);
});

test('finds a run that trusts its own record instead of the existing tables', async () => {
  const recorded = new Set<string>();
  const { violations } = await explore({
    config,
    start: at('2026-11-21'),
    days: 1,
    slots: 2,
    perform: (run, ports, options) => {
      // It writes its record first, and does not compare it with the existing tables.
      const create = async (input: Parameters<typeof ports.tables.create>[0]) => {
        const key = `${run.began} ${input.TableName}`;
        if (recorded.has(key)) return;
        recorded.add(key);
        await ports.tables.create(input);
      };
      const tables = new Proxy(ports.tables, {
        get: (target, method) => (method === 'create' ? create : Reflect.get(target, method)),
      });
      return asBuilt(run, { ...ports, tables }, options);
    },
  });
  expect(violations.map(({ rule }) => rule)).toContain('missing');
});
