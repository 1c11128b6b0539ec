/** The billing mode of a group that leaves it to scaling: when it switches, and what holds the switch. */
import { describe, expect, it } from 'vitest';
import { type Comparison, noComparison } from '../../src/core/capacity/comparison.ts';
import { modeled } from '../../src/core/capacity/model.ts';
import { COMPARED, keyOf, type Learned, storable, versionOf } from '../../src/core/capacity/remembered.ts';
import { learned } from '../../src/core/capacity/series.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';
import type { Settings } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { fleetStatus } from '../../src/jobs/status.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { run, sayDraft } from '../support/worlds.ts';

const NOON = at('2026-11-24T12:00');
const TODAY = 'production.Events.20261124';
const TOMORROW = 'production.Events.20261125';

const specWith = (settings: Partial<Settings> = {}) =>
  specOf({
    full: units(100, 200),
    outdated: units(5, 5),
    indexes: { byUser: { full: units(100, 200), outdated: units(5, 5) } },
    scaling: { method: 'predictive' },
    billing: 'auto',
    settings,
  });

const tame: Comparison = { ...noComparison, minutes: 4_000, demand: 4_000, provisioned: 5_000, quiet: 4_000 };
const throttling: Comparison = { ...tame, throttled: 40 };
const dear: Comparison = { ...tame, provisioned: 40_000 };

/** The memory of each dimension at NOON. The shadow has a capacity of 40. */
function memory(now: number, comparison: Comparison, more: Partial<Learned> = {}): string {
  const predictive = methods.predictive;
  const minutes = [{ at: now - 2 * MINUTE, consumed: 20, throttled: 0 }];
  const series = learned(predictive, undefined, minutes, () => 40)!;
  const one: Learned = {
    ...series,
    sampleAt: now + HOUR,
    by: versionOf('predictive', predictive),
    capacity: 40,
    dataUntil: now,
    billing: { version: COMPARED, comparison, shadow: { model: modeled(40), sampleAt: now + HOUR } },
    ...more,
  };
  const keys = (['read', 'write'] as const).flatMap((dimension) =>
    [undefined, 'byUser'].map((index) => keyOf(dimension, index)),
  );
  return storable(Object.fromEntries(keys.map((key) => [key, one]))).text;
}

/** Today's and tomorrow's table, created on-demand, with a memory of the group at noon. */
async function worldWith(comparison: Comparison, settings: Partial<Settings> = {}) {
  const config = configOf([specWith(settings)]);
  const world = new World(NOON - 5 * HOUR);
  await run('rotate', config, world);
  world.clock.moveTo(NOON);
  await world.ports().state.remember('Events', memory(NOON, comparison));
  return { world, config };
}

const provisioned = ['byUser', undefined].map((index) => ({
  ...(index ? { index } : {}),
  read: 50,
  write: 60,
}));

/** The same after the switch to provisioned. */
async function provisionedWith(comparison: Comparison, settings: Partial<Settings> = {}) {
  const { world, config } = await worldWith(comparison, settings);
  await world.ports().tables.setBilling(TODAY, provisioned);
  world.clock.moveTo(NOON + 2 * MINUTE);
  await world.ports().state.remember('Events', memory(NOON + 2 * MINUTE, comparison));
  return { world, config };
}

const plan = async ({ world, config }: Awaited<ReturnType<typeof worldWith>>) =>
  (await makePlan(['scale'], config, world.ports(), world.clock.now())).plan;

describe('an on-demand table', () => {
  it('is created on-demand, as upcoming tables are', async () => {
    const { world } = await worldWith(tame);
    for (const name of [TODAY, TOMORROW])
      expect(world.table(name).describe(NOON).billingMode).toBe('PAY_PER_REQUEST');
  });

  it('becomes provisioned in one call with all of its indexes, at the capacity of its shadow', async () => {
    const made = await plan(await worldWith(tame));
    const both = { read: 40, write: 40 };
    expect(made.actions).toEqual([
      {
        job: 'scale',
        group: 'Events',
        table: TODAY,
        kind: 'billing',
        reason: 'cheaper-provisioned',
        message:
          'Switch to provisioned: about USD 1.40 per month instead of USD 3.89, with at most 0% of reads throttled, by the demand of about 2.8 days. Throughput: 40 reads/s, 40 writes/s, index byUser 40 reads/s, 40 writes/s.',
        billingMode: 'PROVISIONED',
        throughput: [both, { index: 'byUser', ...both }],
      },
    ]);
  });

  it('gets at least the capacity that the last hour needed', async () => {
    const { world, config } = await worldWith(tame);
    const query = { metric: 'ConsumedWriteCapacityUnits', table: TODAY };
    world.metrics.add(query, NOON - 30 * MINUTE, 90 * 60);
    const [action] = (await plan({ world, config })).actions;
    expect(action).toMatchObject({
      throughput: [
        { read: 40, write: 90 },
        { index: 'byUser', write: 40 },
      ],
    });
  });

  it.each([
    ['throttled by its shadow', throttling],
    ['more expensive if provisioned', dear],
    ['new', { ...tame, minutes: 600 }],
  ])('stays on-demand if its demand is %s', async (_, comparison) => {
    expect(sayDraft(await plan(await worldWith(comparison)))).toEqual([]);
  });

  it('stays on-demand as long as part of its demand is unknown or outdated', async () => {
    const { world, config } = await worldWith(tame);
    const stale = { learnedTo: NOON - 2 * HOUR };
    await world.ports().state.remember('Events', memory(NOON, tame, stale));
    expect(sayDraft(await plan({ world, config }))).toEqual([]);
  });

  it.each([
    ['maintenance', { maintenance: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 700, lastsMinutes: 60 }] }],
    ['unhealthy', { healthUrl: 'http://health.test/' }],
  ] as const)('stays on-demand while decreases are held: %s', async (reason, settings) => {
    const { world, config } = await worldWith(tame, settings);
    world.health = () => ({ healthy: false, answer: '503 Service Unavailable' });
    expect(sayDraft(await plan({ world, config }))).toEqual([`[billing ${TODAY} (${reason})]`]);
  });

  it('stays on-demand while lowering is suspended, and status shows it', async () => {
    const { world, config } = await worldWith(tame);
    await world.ports().state.suspend({ what: 'lowering', since: NOON });
    expect(sayDraft(await plan({ world, config }))).toEqual([`[billing ${TODAY} (suspended)]`]);
    const { tables } = await fleetStatus(config, world.ports(), NOON);
    expect(tables.find(({ name }) => name === TODAY)?.next).toBe(
      'billing held: suspended; ends 2026-11-25 00:00 UTC',
    );
  });

  it('stays on-demand if the account quota is too low', async () => {
    const { world, config } = await worldWith(tame);
    world.limits = { ...world.limits, table: { read: 60, write: 40_000 } };
    const made = await plan({ world, config });
    expect(sayDraft(made)).toEqual([`[billing ${TODAY} (account-limit)]`]);
    expect(made.holds[0]?.message).toContain('Request an increase in Service Quotas');
  });

  it('stays on-demand for six hours after a switch, because four per day are allowed', async () => {
    const { world, config } = await provisionedWith(tame);
    await world.ports().tables.setBilling(TODAY);
    const switched = world.clock.now();
    for (const [later, said] of [
      [5 * HOUR, `[billing ${TODAY} (billing-quota)]`],
      [6 * HOUR, `billing ${TODAY} (cheaper-provisioned)`],
    ] as const) {
      world.clock.moveTo(switched + later);
      await world.ports().state.remember('Events', memory(switched + later, tame));
      expect(sayDraft(await plan({ world, config }))).toEqual([said]);
    }
  });
});

describe('a provisioned table', () => {
  it.each([
    ['throttled', throttling],
    ['cheaper-on-demand', dear],
  ])('becomes on-demand: %s', async (reason, comparison) => {
    const made = await plan(await provisionedWith(comparison));
    expect(sayDraft(made)).toEqual([`billing ${TODAY} (${reason})`]);
  });

  it('becomes on-demand even if lowering is held', async () => {
    const always = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, lastsMinutes: 1440 }];
    const { world, config } = await provisionedWith(throttling, {
      maintenance: always,
      healthUrl: 'http://health.test/',
    });
    world.health = () => ({ healthy: false, answer: '503 Service Unavailable' });
    await world.ports().state.suspend({ what: 'lowering', since: NOON });
    expect(sayDraft(await plan({ world, config }))).toEqual([`billing ${TODAY} (throttled)`]);
  });

  it('has its successor switched to provisioned seven minutes before its period', async () => {
    const { world, config } = await provisionedWith(tame);
    const midnight = at('2026-11-25');
    for (const [before, said] of [
      [8, []],
      [7, [`billing ${TOMORROW} (warm-up)`]],
    ] as const) {
      world.clock.moveTo(midnight - before * MINUTE);
      await world.ports().state.remember('Events', memory(midnight - before * MINUTE, tame));
      expect(sayDraft(await plan({ world, config }))).toEqual(said);
    }
    await run('scale', config, world);
    world.clock.moveTo(midnight);
    expect(world.table(TOMORROW).describe(midnight)).toMatchObject({
      billingMode: 'PROVISIONED',
      capacities: [
        { read: 50, write: 60 },
        { index: 'byUser', read: 50, write: 60 },
      ],
    });
  });

  it('has a provisioned successor switched with it just before midnight', async () => {
    const { world, config } = await provisionedWith(tame);
    await world.ports().tables.setBilling(TOMORROW, provisioned);
    const late = at('2026-11-25') - 5 * MINUTE;
    world.clock.moveTo(late);
    await world.ports().state.remember('Events', memory(late, throttling));
    expect(sayDraft(await plan({ world, config }))).toEqual([
      `billing ${TODAY} (throttled)`,
      `billing ${TOMORROW} (warm-up)`,
    ]);
  });
});
