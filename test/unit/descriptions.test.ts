/** What scale knows of a table from its last runs, and what it never decides by that. */
import { describe, expect, it } from 'vitest';
import type { TableState } from '../../src/core/facts.ts';
import type { Observed } from '../../src/core/observed.ts';
import { Descriptions } from '../../src/jobs/descriptions.ts';
import { nothingStored, observe } from '../../src/jobs/observe.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, MINUTE, specOf } from '../support/specs.ts';

const NOW = at('2026-11-21T12:00');
const TABLE = 'production.Events.20261121';

const day = (start: string) => ({ start: at(start), end: at(start) + DAY });
const CURRENT = { phase: 'active', period: day('2026-11-21T00:00') } as const;
const DRAINING = { phase: 'draining', period: day('2026-11-20T00:00') } as const;
const OUTDATED = { phase: 'outdated', period: day('2026-11-18T00:00') } as const;
const TOMORROW = { phase: 'upcoming', period: day('2026-11-22T00:00') } as const;

/** A table at rest, as DynamoDB describes it. */
async function described(): Promise<{ world: World; state: TableState }> {
  const world = new World(NOW, { createMs: 0 });
  await world.ports().tables.create({
    TableName: TABLE,
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  });
  return { world, state: (await world.ports().tables.describe(TABLE))! };
}

describe('the description of a table', () => {
  it('of a current table is good until the minute of the table, of which there is one in five', async () => {
    const { state } = await described();
    for (let first = 0; first < 5; first += 1) {
      const descriptions = new Descriptions();
      const since = NOW + first * MINUTE;
      descriptions.keep(TABLE, state, since);
      const good = [1, 2, 3, 4, 5, 6].map(
        (minute) => descriptions.of(TABLE, since + minute * MINUTE, CURRENT) === state,
      );
      const until = good.indexOf(false);
      expect(until).toBeLessThanOrEqual(4);
      expect(good[4]).toBe(false);
    }
  });

  it.each([
    ['an outdated table is good for four hours', OUTDATED, 240],
    ['an upcoming table is good for an hour', TOMORROW, 60],
    ['a table whose period has just ended is good for five minutes', DRAINING, 5],
    ['a table of no group is good for five minutes', undefined, 5],
  ] as const)('of %s at most, and until the next minute of the table at least', async (_, as, minutes) => {
    const { state } = await described();
    const descriptions = new Descriptions();
    const ages = Array.from({ length: minutes }, (_, first) => {
      const since = NOW + first * MINUTE;
      descriptions.keep(TABLE, state, since);
      let age = 0;
      while (descriptions.of(TABLE, since + age * MINUTE, as)) age += 1;
      return age;
    });
    const each = Array.from({ length: minutes }, (_, i) => i + 1);
    expect(ages.toSorted((a, b) => a - b)).toEqual(each);
  });

  it('of an outdated table that is on-demand is good for five minutes at most, because nothing else shows that it no longer is', async () => {
    const { state } = await described();
    const descriptions = new Descriptions();
    descriptions.keep(TABLE, { ...state, billingMode: 'PAY_PER_REQUEST' }, NOW);
    expect(descriptions.of(TABLE, NOW + 5 * MINUTE, OUTDATED)).toBeUndefined();
  });

  it('of an upcoming table is good for five minutes at most in the last hour before its period', async () => {
    const { state } = await described();
    const descriptions = new Descriptions();
    const ahead = (minutes: number) => TOMORROW.period.start - minutes * MINUTE;
    descriptions.keep(TABLE, state, ahead(70));
    expect(descriptions.of(TABLE, ahead(61), TOMORROW)).toBe(state);
    expect(descriptions.of(TABLE, ahead(60), TOMORROW)).toBeUndefined();
  });

  it.each([
    ['current tables of a fleet over five minutes', CURRENT, 5, 1],
    ['upcoming tables, which are looked at every ten minutes, over an hour', TOMORROW, 60, 10],
    ['outdated tables, which are looked at every thirty minutes, over four hours', OUTDATED, 240, 30],
  ] as const)('spreads the %s', async (_, as, minutes, every) => {
    const { state } = await described();
    const descriptions = new Descriptions();
    const names = Array.from({ length: 1_000 }, (_, i) => `production.G${i}.20261121`);
    for (const name of names) descriptions.keep(name, state, NOW);
    const even = (names.length * every) / minutes;
    for (let minute = every; minute <= 2 * minutes; minute += every) {
      const now = NOW + minute * MINUTE;
      const read = names.filter((name) => descriptions.of(name, now, as) === undefined);
      for (const name of read) descriptions.keep(name, state, now);
      expect(read.length).toBeGreaterThan(0.75 * even);
      expect(read.length).toBeLessThan(1.25 * even);
    }
  });

  it('is not used for a run before it', async () => {
    const { state } = await described();
    const descriptions = new Descriptions();
    descriptions.keep(TABLE, state, NOW);
    expect(descriptions.of(TABLE, NOW - MINUTE, OUTDATED)).toBeUndefined();
  });

  it.each<[string, Partial<TableState>]>([
    ['is changing', { status: 'UPDATING' }],
    ['cannot be used', { status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' }],
    ['is being restored', { restoring: true }],
    [
      'has an index in creation',
      { capacities: [{ index: 'I', status: 'CREATING', read: 1, write: 1, decreases: 0 }] },
    ],
    ['has a vector index in creation', { vectorIndexes: [{ index: 'V', status: 'CREATING' }] }],
    ['has a replica in creation', { replicas: [{ region: 'eu-west-1', status: 'CREATING' }] }],
  ])('is not kept if the table %s', async (_, more) => {
    const { state } = await described();
    const descriptions = new Descriptions();
    const later = NOW + 4 * MINUTE;
    for (let first = 0; first < 5; first += 1) {
      descriptions.keep(TABLE, state, NOW + first * MINUTE);
      descriptions.keep(TABLE, { ...state, ...more }, NOW + first * MINUTE);
      expect(descriptions.of(TABLE, later, OUTDATED)).toBeUndefined();
    }
  });
});

/** Asks for the table, and acts on it if it has less than the given units. */
const raisingTo = (units: number) => (observed: Observed) => {
  const reading = observed.get('description', TABLE);
  if (!reading) return { needs: [{ fact: 'description' as const, table: TABLE }], actions: [] };
  const read = observed.known('description', TABLE)!.capacities[0]!.read;
  return { needs: [], actions: read < units ? [{ table: TABLE }] : [] };
};

/** The same, but something keeps it from raising the table. */
const holding = (kind: 'raise' | 'lower') => (units: number) => (observed: Observed) => {
  const { actions, ...draft } = raisingTo(units)(observed);
  return { ...draft, holds: actions.map(({ table }) => ({ kind, table })), actions: [] };
};

describe('a run that knows a table from an earlier one', () => {
  const play = async (units: number, planner: typeof raisingTo = raisingTo) => {
    const { world, state } = await described();
    const descriptions = new Descriptions();
    let calls = 0;
    const { tables, ...others } = world.ports();
    const describe = (name: string) => {
      calls += 1;
      return tables.describe(name);
    };
    const ports = { ...others, tables: { ...tables, describe }, descriptions };
    // A minute in which the table has no turn.
    const since = [0, 1, 2, 3].find((minute) => {
      descriptions.keep(TABLE, state, NOW);
      return descriptions.of(TABLE, NOW + minute * MINUTE, undefined) !== undefined;
    })!;
    const { draft } = await observe(ports, nothingStored, planner(units), NOW + since * MINUTE);
    return { calls, actions: draft.actions.length };
  };

  it('does not read it, if nothing is to be done', async () => {
    expect(await play(5)).toEqual({ calls: 0, actions: 0 });
  });

  it('reads it before it acts on it', async () => {
    expect(await play(9)).toEqual({ calls: 1, actions: 1 });
  });

  it('reads it before it says that it cannot be raised', async () => {
    expect(await play(9, holding('raise'))).toEqual({ calls: 1, actions: 0 });
    expect(await play(9, holding('lower'))).toEqual({ calls: 0, actions: 0 });
  });
});

describe('the list of tables', () => {
  const config = configOf([specOf()]);
  const [today, tomorrow] = ['production.Events.20261121', 'production.Events.20261122'];
  const DEFAULT = [today, tomorrow];

  /** Runs once in each of some minutes. Returns the minutes in which the tables were listed, and what the last run knew. */
  async function listings(
    minutes: readonly number[],
    { existing = DEFAULT, share = false, between = (_: Descriptions) => {} } = {},
  ) {
    const world = new World(NOW, { createMs: 0 });
    const { tables, ...others } = world.ports();
    const descriptions = new Descriptions();
    const listed: number[] = [];
    let names: ReadonlySet<string> = new Set();
    for (const minute of minutes) {
      const list = async () => {
        listed.push(minute);
        return existing;
      };
      const ports = {
        ...others,
        tables: { ...tables, list },
        descriptions,
        ...(share && { share: { workers: 2, elsewhere: { read: 0, write: 0 } } }),
      };
      const planner = (observed: Observed) => {
        names = observed.names;
        return { needs: [] };
      };
      await observe(ports, nothingStored, planner, NOW + minute * MINUTE, undefined, config);
      between(descriptions);
    }
    return { listed, names: [...names] };
  }

  it('is read once in five minutes', async () => {
    const { listed, names } = await listings([0, 1, 2, 4, 5, 6]);
    expect(listed).toEqual([0, 5]);
    expect(names).toEqual(DEFAULT);
  });

  it('is read in each run while a current table is missing', async () => {
    expect((await listings([0, 1, 2], { existing: [tomorrow] })).listed).toEqual([0, 1, 2]);
  });

  it('is read for a run before it', async () => {
    expect((await listings([2, 1])).listed).toEqual([2, 1]);
  });

  it('is read again after a table was described that does not exist, or was changed', async () => {
    const gone = (seen: Descriptions) => seen.keep(today, undefined, NOW);
    expect((await listings([0, 1], { between: gone })).listed).toEqual([0, 1]);
    const changed = (seen: Descriptions) => seen.forget(today);
    expect((await listings([0, 1], { between: changed })).listed).toEqual([0, 1]);
  });

  it('of a shard is that of its tick', async () => {
    expect((await listings([0, 1, 2], { share: true })).listed).toEqual([0, 1, 2]);
  });

  it('forgets the descriptions of tables that no longer exist', async () => {
    const { state } = await described();
    const descriptions = new Descriptions();
    for (const table of DEFAULT) descriptions.keep(table, state, NOW);
    descriptions.keepNames(new Set([tomorrow]), NOW);
    expect(DEFAULT.map((table) => descriptions.of(table, NOW, OUTDATED))).toEqual([undefined, state]);
  });
});
