import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../src/core/metrics/catalog.ts';
import { measured } from '../../src/core/metrics/measurement.ts';
import type { RunFigures } from '../../src/core/metrics/of-run.ts';
import { documentsOf, metricCount, metricsMonth } from '../../src/core/metrics/published.ts';
import type { Job } from '../../src/core/plan.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { runJob } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');

/** A fleet whose jobs report. */
function fleet(specs: readonly Spec[], start = NOON) {
  const world = new World(start);
  const config = configOf(specs);
  let figures: RunFigures | undefined;
  const report = async (job: Job, time = world.clock.now(), other: Config = config) => {
    world.clock.moveTo(Math.max(time, world.clock.now()));
    figures = undefined;
    const summary = await run(job, other, world, world.clock.now(), {
      report: (reported) => {
        figures = reported;
      },
    });
    return { summary, ...(figures ?? { measurements: [], fields: {} }) } as {
      summary: typeof summary;
    } & RunFigures;
  };
  /** The totals of a run of scale. */
  const totals = async (time?: number) => valuesOf(await report('scale', time));
  /** Deletes a table, as a person would. */
  const remove = async (table: string) => {
    const { tables } = world.ports();
    world.clock.moveTo(world.clock.now() + MINUTE);
    await tables.protect(table, false);
    world.clock.moveTo(world.clock.now() + MINUTE);
    await tables.remove(table);
  };
  return { world, config, report, totals, remove };
}

const valuesOf = ({ measurements }: RunFigures): Partial<Record<MetricName, number>> =>
  Object.fromEntries(measurements.filter(({ part }) => !part).map(({ metric, value }) => [metric, value]));

const partsOf = ({ measurements }: RunFigures, name: MetricName): Record<string, number> =>
  Object.fromEntries(
    measurements
      .filter(({ part, metric }) => part && metric === name)
      .map(({ part, value }) => [part!.of, value]),
  );

describe('a run of scale', () => {
  it('reports ten totals, each of them finite', async () => {
    const { report } = fleet([specOf()]);
    await report('rotate');
    const values = valuesOf(await report('scale', NOON + 5 * MINUTE));
    expect(Object.keys(values).sort()).toEqual([
      'NextTableLate',
      'SecondsCovered',
      'SecondsHeld',
      'SecondsSincePurge',
      'SecondsSinceRotate',
      'SecondsSinceScale',
      'SecondsSuspended',
      'SecondsThrottledAtBound',
      'SkippedInARow',
      'ThrottledRequests',
    ]);
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
    expect(values).toMatchObject({ NextTableLate: 0, SecondsCovered: 36 * 3600 - 300, SecondsHeld: 0 });
  });

  it('says that the next daily table is late an hour before its period, and still after the period has started', async () => {
    const { report, totals, remove } = fleet([specOf()]);
    await report('rotate');
    await remove('production.Events.20261122');
    const late = async (time: string) => (await totals(at(time))).NextTableLate;
    expect(await late('2026-11-21T22:59')).toBe(0);
    expect(await late('2026-11-21T23:00')).toBe(1);
    expect(await late('2026-11-22T00:30')).toBe(1);
    expect((await totals()).SecondsCovered).toBe(0);
    await report('rotate');
    expect(await totals()).toMatchObject({ NextTableLate: 0, SecondsCovered: 47.5 * 3600 });
  });

  it('says that the next hourly table is late a quarter of an hour before', async () => {
    const { report, totals, remove } = fleet([specOf({ scheme: 'hourly' })]);
    await report('rotate');
    await remove('production.Events.2026112113');
    expect((await totals(NOON + 44 * MINUTE)).NextTableLate).toBe(0);
    expect((await totals(NOON + 45 * MINUTE)).NextTableLate).toBe(1);
  });

  it('does not call a group late of which rotate has made no table yet', async () => {
    const { totals } = fleet([specOf()], at('2026-11-21T23:30'));
    expect(await totals()).toMatchObject({ NextTableLate: 0 });
  });

  it('reports since when an operator has suspended something, and 0 once it is resumed', async () => {
    const { totals, world } = fleet([specOf()]);
    const { state } = world.ports();
    await state.suspend({ what: 'purging', since: NOON });
    expect((await totals(NOON + DAY)).SecondsSuspended).toBe(DAY / 1000);
    await state.resume('purging');
    expect((await totals()).SecondsSuspended).toBe(0);
  });

  it('reports the age of the oldest hold of any job', async () => {
    const { report, totals, world } = fleet([specOf({ keep: 1 })]);
    await report('scale');
    await report('rotate');
    world.clock.moveTo(NOON + 2 * DAY);
    await report('rotate');
    world.clock.moveTo(world.clock.now() + MINUTE);
    // Without a confirmation, purge holds what it has no record of.
    const { summary } = await report('purge');
    expect(summary.holds.map(({ reason }) => reason)).toContain('retention-unknown');
    const started = world.clock.now();
    for (let hours = 0; hours <= 30; hours += 6) await report('scale', started + hours * HOUR);
    expect((await totals()).SecondsHeld).toBe((30 * HOUR) / 1000);
    const { fields } = await report('scale');
    expect(fields.oldestHold).toMatchObject({ group: 'Events', kind: 'delete', reason: 'retention-unknown' });
  });

  it('leaves out what needs the records of runs if they cannot be read, and does not fail', async () => {
    const { world, config } = fleet([specOf()]);
    const ports = world.ports();
    const state = { ...ports.state, runs: () => Promise.reject(new Error('down')) };
    let figures: RunFigures | undefined;
    const summary = await runJob('scale', config, { ...ports, state }, NOON, {
      owner: 'x',
      report: (reported) => {
        figures = reported;
      },
    });
    expect(summary).toMatchObject({
      outcome: 'done',
      remark: 'Metrics of lateness and of old holds might be missing: down',
    });
    expect(Object.keys(valuesOf(figures!))).not.toContain('SecondsSinceRotate');
    expect(Object.keys(valuesOf(figures!))).toContain('NextTableLate');
  });
});

describe('a run of any job', () => {
  it('reports its actions by kind, its holds by reason, and that it was not skipped', async () => {
    const { report } = fleet([specOf()]);
    const rotated = await report('rotate');
    expect(valuesOf(rotated)).toEqual({ SkippedInARow: 0 });
    expect(partsOf(rotated, 'Actions')).toEqual({ create: 2 });
    expect(rotated.fields).toMatchObject({ actionsByKind: { create: 2 }, heldByReason: {} });
  });

  it('reports how often it was skipped in a row', async () => {
    const { report, world } = fleet([specOf()]);
    const { state } = world.ports();
    await state.acquire({ job: 'scale', owner: 'killed' }, NOON, NOON + HOUR);
    const skipped = async (minutes: number) => valuesOf(await report('scale', NOON + minutes * MINUTE));
    expect(await skipped(1)).toEqual({ SkippedInARow: 1 });
    expect(await skipped(2)).toEqual({ SkippedInARow: 2 });
    expect(await skipped(3)).toEqual({ SkippedInARow: 3 });
    expect(await skipped(61)).toMatchObject({ SkippedInARow: 0 });
  });

  it('leaves no record in the state table if it does not report metrics', async () => {
    const { world, config } = fleet([specOf()]);
    await run('rotate', config, world);
    expect(await world.ports().state.runs()).toEqual(new Map());
  });
});

describe('a measurement', () => {
  it.each([[undefined], [Number.NaN], [Infinity], [-Infinity]])('is not made of %s', (value) => {
    expect(measured('SecondsHeld', value)).toEqual([]);
  });
});

describe('what is sent to CloudWatch', () => {
  const all = [
    ...measured('SecondsHeld', 7),
    ...measured('SecondsHeld', 5, { division: 'group', of: 'Events' }),
    ...measured('Tables', 3, { division: 'phase', of: 'active' }),
  ];
  const settings = (by: Config['metrics']['by'], enabled = true): Config => ({
    ...configOf([specOf(), specOf({ name: 'Users' })]),
    metrics: { enabled, by },
  });

  it('has only the totals by default', () => {
    expect(documentsOf(all, settings([]))).toEqual([
      {
        dimensions: { Environment: 'production' },
        metrics: [{ name: 'SecondsHeld', unit: 'Seconds', value: 7 }],
      },
    ]);
    expect(metricCount(settings([]))).toBe(10);
    expect(metricsMonth(settings([]))).toBe(3);
    expect(metricCount(settings([]), ['ConfigBucket'])).toBe(11);
    expect(metricCount(settings([]), ['ConfigBucket', 'RestoreDrills'])).toBe(12);
  });

  it('has the parts that the settings ask for, which cost more', () => {
    expect(documentsOf(all, settings(['group'])).map(({ dimensions }) => dimensions)).toEqual([
      { Environment: 'production' },
      { Environment: 'production', Group: 'Events' },
    ]);
    expect(metricCount(settings(['group']))).toBe(10 + 2 * 6);
    expect(metricCount(settings(['phase']))).toBe(15);
  });

  it('is nothing if the settings say so', () => {
    expect(documentsOf(all, settings(['group'], false))).toEqual([]);
    expect(metricsMonth(settings(['group'], false))).toBe(0);
  });
});
