import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTableName } from '../../src/core/calendar/naming.ts';
import { requiredTables, windowTables } from '../../src/core/fleet.ts';
import { expiresAt, phaseOf } from '../../src/core/phase.ts';
import type { Job } from '../../src/core/plan.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { createResolver } from '../../src/resolver.ts';
import { anInstant, aRecentInstant, aSpec, someSpecs } from '../support/arbitrary.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE } from '../support/specs.ts';
import { run, sayResults } from '../support/worlds.ts';

/** What happens between two runs. */
type Event =
  | { readonly kind: 'pass'; readonly durationMs: number }
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'late run'; readonly job: Job; readonly lateMs: number }
  | { readonly kind: 'demand'; readonly units: number };

const aJob = fc.constantFrom<Job>('rotate', 'purge', 'scale');
const anEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      durationMs: fc.constantFrom(MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 7 * HOUR, DAY, 3 * DAY, 8 * DAY),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const), job: aJob }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('late run' as const),
      job: aJob,
      lateMs: fc.constantFrom(MINUTE, HOUR, DAY, 9 * DAY),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('demand' as const), units: fc.integer({ min: 0, max: 1_500 }) }),
  },
);

const unmanaged = [
  'pre-production.Events.20200101',
  'production2.Events.20200101',
  'production.Events.20200101.backup',
  'production.Others.20200101',
  'production.turntable',
  'unrelated',
];

async function happen(event: Event, config: Config, world: World): Promise<void> {
  switch (event.kind) {
    case 'pass':
      return world.clock.sleep(event.durationMs);
    case 'run':
      return void (await run(event.job, config, world));
    case 'late run':
      return void (await run(event.job, config, world, world.clock.now() - event.lateMs));
    case 'demand':
      for (const name of world.names()) {
        if (world.table(name).status(world.clock.now()) === 'DELETING') continue;
        world.demand(name, 'write', event.units);
        world.demand(name, 'read', event.units / 3);
      }
  }
}

/** A world with unmanaged tables, which records all deletions. */
async function settled(now: number): Promise<{ world: World; deleted: [string, number][] }> {
  const world = new World(now);
  const { tables } = world.ports();
  for (const TableName of unmanaged) await tables.create({ TableName });
  const deleted: [string, number][] = [];
  world.onCall = (operation, table) => {
    if (operation === 'DeleteTable') deleted.push([table, world.clock.now()]);
    if (operation !== 'CreateTable') expect(unmanaged).not.toContain(table);
  };
  return { world, deleted };
}

const phaseNow = (config: Config, name: string, now: number) =>
  config.specs.flatMap((spec) => {
    const period = parseTableName(spec, name);
    return period ? [{ spec, period, phase: phaseOf(spec, period, now) }] : [];
  })[0];

describe('a fleet in any state', () => {
  const history = fc.array(anEvent, { minLength: 3, maxLength: 25 });

  it('gets all required tables from one run of rotate, and a second run does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(someSpecs, aRecentInstant, history, async (specs, start, events) => {
        const config = configOf(specs);
        const { world } = await settled(start);
        for (const event of events) await happen(event, config, world);
        await world.clock.sleep(2 * MINUTE);
        const now = world.clock.now();
        const summary = await run('rotate', config, world);
        expect(summary.results.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
        for (const spec of specs)
          for (const { name } of requiredTables(spec, now)) expect(world.names()).toContain(name);
        expect(sayResults(await run('rotate', config, world, now))).toEqual([]);
        await world.clock.sleep(2 * MINUTE);
        expect(sayResults(await run('rotate', config, world, now))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('needs nothing more for the same instant after any job', async () => {
    await fc.assert(
      fc.asyncProperty(someSpecs, aRecentInstant, history, aJob, async (specs, start, events, job) => {
        const config = configOf(specs);
        const { world } = await settled(start);
        for (const event of events) await happen(event, config, world);
        const now = world.clock.now();
        await run(job, config, world, now);
        expect(sayResults(await run(job, config, world, now))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('never loses retained, current, upcoming or unmanaged tables, nor the last of a group, to purge', async () => {
    await fc.assert(
      fc.asyncProperty(someSpecs, aRecentInstant, history, async (specs, start, events) => {
        const config = configOf(specs);
        const { world, deleted } = await settled(start);
        for (const event of events) {
          const before = world.names();
          const count = deleted.length;
          await happen(event, config, world);
          for (const [name, when] of deleted.slice(count)) {
            const { spec, period, phase } = phaseNow(config, name, when)!;
            expect(phase).toBe('expired');
            expect(when).toBeGreaterThanOrEqual(expiresAt(spec, period));
            const current = requiredTables(spec, when).map((table) => table.name);
            expect(before.filter((other) => current.includes(other)).length).toBeGreaterThan(0);
          }
        }
        expect(world.names()).toEqual(expect.arrayContaining(unmanaged));
      }),
      { numRuns: 60 },
    );
  });

  it('never loses a table before the end of its waiting period', async () => {
    await fc.assert(
      fc.asyncProperty(aSpec('Events'), aRecentInstant, history, async (spec, start, events) => {
        const config = configOf([spec]);
        const { world } = await settled(start);
        const seen = new Map<string, number>();
        for (const event of events) {
          if (event.kind !== 'run' && event.kind !== 'late run') {
            await happen(event, config, world);
            continue;
          }
          const now = world.clock.now() - (event.kind === 'late run' ? event.lateMs : 0);
          const { results } = await run(event.job, config, world, now);
          for (const { action } of results) {
            if (action.kind === 'schedule-deletion')
              seen.set(action.table, Math.max(now, seen.get(action.table) ?? now));
            if (action.kind !== 'delete') continue;
            expect(seen.has(action.table)).toBe(true);
            expect(now - seen.get(action.table)!).toBeGreaterThanOrEqual(spec.settings.purge.waitingPeriodMs);
            seen.delete(action.table);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gets no decrease that the quota rejects, and nothing else fails', async () => {
    await fc.assert(
      fc.asyncProperty(someSpecs, aRecentInstant, history, async (specs, start, events) => {
        const config = configOf(specs);
        const { world } = await settled(start);
        for (const event of events) {
          if (event.kind !== 'run') {
            await happen(event, config, world);
            continue;
          }
          const { results } = await run(event.job, config, world);
          expect(results.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a table lowered if a run for an earlier instant follows', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpec('Events'),
        aRecentInstant,
        fc.integer({ min: 1, max: 12 * 24 }),
        async (spec, start, late) => {
          const config = configOf([spec]);
          const { world } = await settled(start);
          for (let day = 0; day < 40; day += 1) {
            await run('rotate', config, world);
            await world.clock.sleep(12 * HOUR);
          }
          await run('rotate', config, world);
          await world.clock.sleep(2 * MINUTE);
          const { plan } = await makePlan(['rotate'], config, world.ports(), world.clock.now() - late * HOUR);
          for (const action of plan.actions) {
            if (action.kind !== 'raise') continue;
            const { capacities } = world.table(action.table).describe(world.clock.now());
            if (capacities.every(({ lastDecrease }) => lastDecrease === undefined)) continue;
            expect(['upcoming', 'active']).toContain(
              phaseNow(config, action.table, world.clock.now())?.phase,
            );
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('runs for hours in any order', () => {
  it('create every table of each hour, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpec('Events'),
        aRecentInstant,
        fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 1, maxLength: 12 }),
        async (spec, start, hours) => {
          const config = configOf([spec]);
          const { world } = await settled(start);
          const created: string[] = [];
          world.onCall = (operation, table) => {
            if (operation === 'CreateTable') created.push(table);
          };
          for (const hour of hours) {
            await run('rotate', config, world, start + hour * HOUR);
            await world.clock.sleep(2 * MINUTE);
          }
          const wanted = new Set(
            hours.flatMap((hour) => requiredTables(spec, start + hour * HOUR).map(({ name }) => name)),
          );
          expect(new Set(created)).toEqual(wanted);
          expect(created).toHaveLength(wanted.size);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the window', () => {
  it('contains the required tables, with phases in order', () => {
    const order = ['expired', 'outdated', 'draining', 'active', 'upcoming'];
    fc.assert(
      fc.property(aSpec('Events'), anInstant, (spec, now) => {
        const window = windowTables(spec, now);
        expect(window.map(({ name }) => name)).toEqual(
          expect.arrayContaining(requiredTables(spec, now).map(({ name }) => name)),
        );
        const places = window.map(({ phase }) => order.indexOf(phase));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(window.filter(({ phase }) => phase === 'active')).toHaveLength(1);
        expect(window.filter(({ phase }) => phase === 'expired')).toEqual([]);
        if (spec.keep !== Infinity) expect(window).toHaveLength(spec.keep + spec.settings.periodsAhead);
      }),
    );
  });
});

describe('the resolver', () => {
  /** Retains everything and uses the latest instant, so that no instant is outside. */
  const resolverFor = ({ environment, name, scheme }: Spec) => {
    const tables = [{ TableName: name, RotationScheme: scheme, PurgeRotation: -1 }];
    return createResolver({ ...{ now: () => at('2200-01-01') }, environment, tables });
  };

  it('agrees with the planner on the current and the next table', () => {
    fc.assert(
      fc.property(aSpec('Events'), aRecentInstant, (spec, now) => {
        const resolver = resolverFor(spec);
        const active = windowTables(spec, now).filter(({ phase }) => phase === 'active');
        expect([resolver.current('Events', now)]).toEqual(active.map(({ name }) => name));
        expect(resolver.tableFor('Events', new Date(now))).toBe(resolver.current('Events', now));
        const required = requiredTables(spec, now).map(({ name }) => name);
        expect(required).toContain(resolver.next('Events', now));
      }),
    );
  });

  it('finds every period of a range and no other', () => {
    fc.assert(
      fc.property(
        aSpec('Events'),
        aRecentInstant,
        fc.integer({ min: 0, max: 40 * 24 * 6 }),
        (spec, from, steps) => {
          const resolver = resolverFor(spec);
          const to = from + steps * 10 * MINUTE;
          const expected = new Set<string>();
          for (let instant = from; instant < to; instant += 10 * MINUTE)
            expected.add(resolver.tableFor('Events', instant));
          expect(resolver.tablesBetween('Events', from, to)).toEqual([...expected]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
