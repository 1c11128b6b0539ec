/**
 * Histories of restore drills with faults at every call, crashes, late answers, and operators who create tables by hand, beside runs
 * of rotate and purge. Whatever happens, a drill changes and deletes nothing but what it has restored.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FaultRates, FaultSchedule } from '../../chaos/faults.ts';
import { faultyPorts } from '../../chaos/faulty-ports.ts';
import type { Run } from '../../chaos/run.ts';
import { scratchPrefix } from '../../src/core/drilling/name.ts';
import type { DrillEntry } from '../../src/core/history/entry.ts';
import { entryFrom } from '../../src/core/history/stored.ts';
import { type DrillPorts, runDrills } from '../../src/jobs/drill.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

/** One has exports, and the others have backups. */
const GROUPS = ['Events', 'Logs', 'Visits'] as const;
const EXPORTED = 'Logs';
const place = { bucket: 'our-archive', prefix: 'cold', format: 'DYNAMODB_JSON' } as const;
const purge = { ...defaultSettings.purge, archive: place, archivedIn: place };
const config = configOf(
  GROUPS.map((name) => specOf({ name, ...(name === EXPORTED && { settings: { purge } }) })),
);
const PREFIX = scratchPrefix('production');

type Step =
  | { readonly kind: 'drill'; readonly rate: number; readonly crash?: number; readonly performed: boolean }
  | { readonly kind: 'job'; readonly job: 'rotate' | 'purge' }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'by-hand'; readonly name: string }
  | { readonly kind: 'forget' }
  | { readonly kind: 'keep' };

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        kind: fc.constant('drill'),
        rate: fc.constantFrom(0, 0, 0.05, 0.3),
        crash: fc.integer({ min: 1, max: 40 }),
        performed: fc.boolean(),
      },
      { requiredKeys: ['kind', 'rate', 'performed'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('job'), job: fc.constantFrom('rotate', 'purge') }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 90 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late'), ms: fc.constantFrom(0, 30_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('by-hand'),
      name: fc.constantFrom(
        `${PREFIX}Events`,
        `${PREFIX}Logs`,
        `${PREFIX}Other`,
        'production.turntable-drills.Events',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep') }) },
) as fc.Arbitrary<Step>;

/** Ports that note what no drill may do. */
function watched(world: World, violations: string[]): DrillPorts {
  const ports = world.ports();
  const scratchOnly = (what: string, name: string): void => {
    if (!name.startsWith(PREFIX)) violations.push(`${what} ${name}`);
  };
  const changing = (method: string): boolean =>
    !['list', 'describe', 'tags', 'limits', 'timeToLive', 'recovery', 'destinations'].includes(method);
  return {
    ...ports,
    tables: new Proxy(ports.tables, {
      get: (target, method: keyof DrillPorts['tables']) => {
        const call = target[method] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          const [first] = args;
          const name =
            typeof first === 'string'
              ? first.split('/').at(-1)!
              : ((first as { TableName?: string } | undefined)?.TableName ?? '');
          if (changing(method)) {
            if (!['create', 'remove', 'tag'].includes(method)) violations.push(`called ${method}`);
            scratchOnly(method, name);
          }
          const table = world.find(name);
          if (method === 'remove' && table) {
            const { restoredFrom } = table.describe(world.clock.now());
            const isCreated = table.tags['turntable:drill']?.startsWith(`${EXPORTED}@`);
            if (restoredFrom === undefined && !isCreated)
              violations.push(`deleted ${name}, which no drill made`);
            if ('turntable:keep' in table.tags) violations.push(`deleted ${name}, which is kept`);
            if (table.tags['turntable:environment'] !== 'production')
              violations.push(`deleted ${name}, which has no tags`);
          }
          return call.apply(target, args);
        };
      },
    }),
    loads: {
      ...ports.loads!,
      start: async (name, request) => {
        scratchOnly('loaded', name);
        return ports.loads!.start(name, request);
      },
    },
    backups: {
      ...ports.backups,
      create: async () => void violations.push('created a backup'),
      restore: async (arn, name, onDemand) => {
        scratchOnly('restored', name);
        if (onDemand !== 'onDemand') violations.push(`restored ${name} with throughput`);
        return ports.backups.restore(arn, name, onDemand);
      },
    },
  };
}

let invocations = 0;

/** Runs the drills with faults, or until the process dies. Its lease then stays for minutes. */
async function drill(ports: DrillPorts, rates: FaultRates, crash?: Run['crash']): Promise<void> {
  invocations += 1;
  const id = `drill-${invocations}`;
  const faults = new FaultSchedule(id, rates);
  const chaotic = { id, calls: 0, sleptMs: 0, skewMs: 0, faults, ...(crash && { crash }) } as unknown as Run;
  const died = Promise.withResolvers<void>();
  const faulty = faultyPorts(ports, chaotic, died.resolve) as DrillPorts;
  const ended = runDrills(config, faulty, { owner: id }).then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, died.promise]);
}

async function play(world: World, ports: DrillPorts, one: Step): Promise<void> {
  switch (one.kind) {
    case 'drill': {
      const crash = one.crash === undefined ? undefined : { atCall: one.crash, performed: one.performed };
      return drill(ports, { rate: one.rate }, crash);
    }
    case 'job':
      return void (await run(one.job, config, world));
    case 'pass':
      return world.clock.sleep(one.minutes * MINUTE);
    case 'late':
      Object.assign(world.lateness, { describeMs: one.ms, tagsMs: 2 * one.ms, listMs: one.ms });
      return;
    case 'by-hand':
      if (!world.find(one.name))
        await world.ports().tables.create({ ...specOf().properties, TableName: one.name });
      return;
    case 'forget': // as if the state table had lost the record
      return world.ports().state.rememberDrill('Events', 'lost');
    case 'keep': {
      const scratch = world.find(`${PREFIX}Visits`);
      if (scratch) scratch.tags['turntable:keep'] = '';
    }
  }
}

/** A month later, with everything repaired and what was made by hand removed. */
async function recovered(world: World, ports: DrillPorts): Promise<void> {
  Object.assign(world.lateness, { describeMs: 0, tagsMs: 0, listMs: 0 });
  await world.clock.sleep(3 * DAY);
  for (const name of world.names().filter((one) => one.startsWith(PREFIX))) {
    const table = world.table(name);
    delete table.tags['turntable:keep'];
    const { restoredFrom } = table.describe(world.clock.now());
    const isTagged = 'turntable:drill' in table.tags;
    // An operator deletes what no drill recognizes, as its message says.
    if (restoredFrom === undefined || !isTagged) await world.ports().tables.remove(name);
  }
  await world.clock.sleep(at('2027-01-01T00:00') - world.clock.now());
  for (let i = 0; i < 24; i += 1) {
    await drill(ports, { rate: 0 });
    await world.clock.sleep(5 * MINUTE);
  }
}

test('a drill deletes only what it has restored, and in the end every group is drilled and nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World(at('2026-11-30T00:05'), { restoreMs: 20 * MINUTE });
      await run('rotate', config, world);
      await world.clock.sleep(HOUR);
      const own = world.ports();
      for (const group of GROUPS) {
        const name = `production.${group}.20261130`;
        for (let i = 0; i < 25; i += 1) world.table(name).items.set(`key ${i}`, 'item');
        if (group === EXPORTED) {
          await own.tables.setRecovery(name, { enabled: true });
          const { arn } = world.table(name).describe(world.clock.now());
          await own.exports.start(arn, { ...place, token: 'token', prefix: `cold/${name}` });
        } else await own.backups.create(name, 'by-hand');
      }
      await world.clock.sleep(at('2026-12-01T00:00') - world.clock.now());
      const violations: string[] = [];
      const ports = watched(world, violations);
      for (const one of steps) await play(world, ports, one);
      await recovered(world, ports);
      expect(violations).toEqual([]);
      expect(world.names().filter((name) => name.startsWith(PREFIX))).toEqual([]);
      expect(world.names()).toEqual(
        expect.arrayContaining(GROUPS.map((group) => `production.${group}.20261130`)),
      );
      const entries = (await own.state.history(0, world.clock.now()))
        .map((text) => entryFrom(text))
        .filter(
          (entry): entry is DrillEntry => entry !== undefined && 'job' in entry && entry.job === 'drill',
        );
      const inJanuary = entries.filter((entry) => entry.at.startsWith('2027-01'));
      expect(inJanuary.map(({ group, kind }) => `${group} ${kind}`).sort()).toEqual(
        GROUPS.map((group) => `${group} drill-passed`),
      );
    }),
    { numRuns: 60 },
  );
});
