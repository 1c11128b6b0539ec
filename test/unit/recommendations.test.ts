import { describe, expect, it } from 'vitest';
import { viewPlan } from '../../src/cli/views/plan.ts';
import { viewStatus } from '../../src/cli/views/status.ts';
import { allJobs } from '../../src/core/jobs.ts';
import type { Recommendation } from '../../src/core/plan.ts';
import type { Spec } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { recommendationsFor } from '../../src/jobs/recommend.ts';
import { fleetStatus } from '../../src/jobs/status.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const TODAY = 'production.Events.20261121';
const unscaled = { method: 'none' } as const;
const provisioned = specOf({ full: units(100, 100), outdated: units(100, 100), scaling: unscaled });

interface Story {
  readonly spec: Spec;
  /** Writes per second at an instant. */
  readonly demand: (now: number) => number;
  readonly until: string;
  readonly after?: (world: World) => void;
}

/** A group from noon of the day before, with its demand minute by minute, and what Turntable recommends at the end. */
async function tell({ spec, demand, until, after }: Story) {
  const config = configOf([spec]);
  const world = new World(at('2026-11-20T12:00'));
  for (let now = world.clock.now(); now < at(until); now += MINUTE) {
    world.clock.moveTo(now);
    if ((now / MINUTE) % 60 === 5) await run('rotate', config, world);
    if ((now / MINUTE) % 60 <= 5 && now < at('2026-11-20T12:06')) continue;
    const current = now < at('2026-11-21') ? 'production.Events.20261120' : TODAY;
    world.demand(spec.scheme === 'none' ? 'production.Events' : current, 'write', demand(now));
  }
  world.clock.moveTo(at(until));
  after?.(world);
  const { plan, observed } = await makePlan(allJobs, config, world.ports(), at(until));
  const recommendations = await recommendationsFor(config, observed, world.ports(), at(until));
  const status = await fleetStatus(config, world.ports(), at(until));
  expect(status.recommendations).toEqual(recommendations);
  return { recommendations, status, plan };
}

const brief = (recommendations: readonly Recommendation[]) =>
  recommendations.map(({ table, billing }) => `${table} ${billing}`);

describe('recommendations', () => {
  it('recommend on-demand for a table with little demand, with the figures and what to change', async () => {
    const { recommendations, plan, status } = await tell({
      spec: provisioned,
      demand: () => 2,
      until: '2026-11-21T04:00',
    });
    const [first] = recommendations;
    expect(first).toMatchObject({ group: 'Events', table: TODAY, billing: 'on-demand', hours: 4 });
    expect(first?.monthNow).toBeCloseTo(56.16);
    expect(first?.monthInstead).toBeCloseTo(3.24, 1);
    expect(first?.utilization).toBeCloseTo(1.3 / 78, 2);
    expect(first?.message).toMatch(
      /^On-demand mode would cost USD 3\.\d\d per month instead of USD 56\.16\. Demand in the last 4 hours used 1\.\d% of the provisioned capacity\. In tables\.json, under Properties, set "BillingMode": "PAY_PER_REQUEST" and remove ProvisionedThroughput\./,
    );
    expect(viewPlan({ ...plan, recommendations: [...recommendations] })).toContain(
      'Recommendations:\n  $  Events  On-demand mode would cost',
    );
    expect(viewStatus(status)).toContain('Recommendations:\n  $  Events  On-demand mode would cost');
  });

  it('recommend on-demand for outdated tables too, after three hours of demand', async () => {
    const story = { spec: provisioned, demand: () => 50, until: '2026-11-21T04:30' };
    const { recommendations } = await tell(story);
    expect(brief(recommendations)).toEqual([`production.Events.20261120 on-demand`]);
    expect(recommendations[0]?.message).toContain('"Outdated": { "BillingMode": "PAY_PER_REQUEST" }');
    const settled = specOf({
      full: units(100, 100),
      outdated: units(100, 100),
      scaling: unscaled,
      outdatedAs: { billingMode: 'PAY_PER_REQUEST' },
    });
    expect((await tell({ ...story, spec: settled })).recommendations).toEqual([]);
  });

  it('recommend nothing for a table with less than three hours of demand', async () => {
    const { recommendations } = await tell({ spec: provisioned, demand: () => 0, until: '2026-11-21T02:59' });
    expect(brief(recommendations)).not.toContain(`${TODAY} on-demand`);
  });

  it('recommend nothing if metrics cannot be read', async () => {
    const { recommendations } = await tell({
      spec: provisioned,
      demand: () => 0,
      until: '2026-11-21T06:00',
      after: (world) => {
        world.metrics.broken = () => true;
      },
    });
    expect(recommendations).toEqual([]);
  });

  const onDemand = specOf({ onDemand: true, keep: 3 });

  it('recommend provisioned for an on-demand group with steady demand, summed over consecutive tables', async () => {
    const { recommendations } = await tell({ spec: onDemand, demand: () => 70, until: '2026-11-21T06:00' });
    expect(recommendations).toMatchObject([{ table: TODAY, billing: 'provisioned', hours: 17 }]);
    expect(recommendations[0]?.message).toContain('Provisioned capacity (1 read/s, 100 writes/s) would cost');
  });

  it('recommend nothing for an on-demand group with peaks, even if today has had no peak', async () => {
    const peak = at('2026-11-20T20:00');
    const demand = (now: number): number => (now >= peak && now < peak + 10 * MINUTE ? 700 : 5);
    expect((await tell({ spec: onDemand, demand, until: '2026-11-21T06:00' })).recommendations).toEqual([]);
  });
});

describe('status', () => {
  it('shows the cost of each table and the total', async () => {
    const { status } = await tell({ spec: provisioned, demand: () => 60, until: '2026-11-21T02:00' });
    expect(status.tables.map(({ cost }) => cost?.throughput?.toFixed(2))).toEqual([
      '56.16',
      '56.16',
      '56.16',
    ]);
    expect(status.costMonth).toBeCloseTo(3 * 56.16);
    expect(status.tables[0]).toMatchObject({ billingMode: 'PROVISIONED', tableClass: 'STANDARD' });
    const text = viewStatus(status);
    expect(text).toContain('3 tables, 0 B, USD 168.48 per month');
    expect(text).toMatch(/READ\/S +WRITE\/S +SIZE +USD\/MONTH/);
  });

  it('shows the cost of an on-demand table by its consumption, or that the cost is unknown', async () => {
    const spec = specOf({ onDemand: true });
    const story = { spec, demand: () => 20, until: '2026-11-21T02:00' };
    const { status } = await tell(story);
    const today = status.tables.find(({ name }) => name === TODAY);
    expect(today?.cost?.throughput).toBeCloseTo(32.4, 0);
    const blind = await tell({
      ...story,
      after: (world) => {
        world.metrics.broken = () => true;
      },
    });
    expect(blind.status.tables.find(({ name }) => name === TODAY)?.cost).toEqual({
      throughput: null,
      storage: 0,
    });
    expect(viewStatus(blind.status)).toMatch(/on-demand +0 B +0\.00\+\?/);
  });
});
