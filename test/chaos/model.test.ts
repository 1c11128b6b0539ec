/** Small worlds, explored to their end: chaos/model.ts. */
import { expect, test } from 'vitest';
import { explore } from '../../chaos/model.ts';
import { asBuilt } from '../../chaos/simulated.ts';
import { at, configOf, HOUR, specOf, units } from '../support/specs.ts';

const settings = {
  drainMs: 0,
  warmUpMs: HOUR,
};

/** Two groups that keep one day each: what is made on the first is deleted on the third. */
const config = configOf([
  specOf({
    name: 'Events',
    keep: 1,
    full: units(5, 5),
    outdated: units(1, 1),
    settings,
    scaling: { method: 'none' },
  }),
  specOf({ name: 'Flags', keep: 1, onDemand: true, settings, scaling: { method: 'none' } }),
]);

test('two groups, three periods, every order of crash, retry and overlap: no promise is broken', async () => {
  const explored = await explore({ config, start: at('2026-11-21'), days: 3, slots: 2 });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(4_000);
  expect(explored.transitions).toBeGreaterThan(20_000);
  expect(explored.deleted).toBeGreaterThan(1);
}, 300_000);

test('a run that notes what it is about to make, and believes its note, is found out', async () => {
  const noted = new Set<string>();
  const { violations } = await explore({
    config,
    start: at('2026-11-21'),
    days: 1,
    slots: 2,
    perform: (run, ports, options) => {
      // A state table that is written first, and not held against the tables that stand.
      const create = async (input: Parameters<typeof ports.tables.create>[0]) => {
        const key = `${run.began} ${input.TableName}`;
        if (noted.has(key)) return;
        noted.add(key);
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
