/** What is most urgent comes first: a limit or a deadline cuts off the rest. */
import { describe, expect, it } from 'vitest';
import { demandWindow, type Minute } from '../../src/core/capacity/demand.ts';
import type { AccountLimits } from '../../src/core/facts.ts';
import type { Observed } from '../../src/core/observed.ts';
import type { Draft } from '../../src/core/plan.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import { at, configOf, MINUTE, type SpecOptions, specOf, units } from '../support/specs.ts';
import { type Demand, type Known, observedOf } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');

describe('rotate creates tables', () => {
  const created = (...options: readonly SpecOptions[]): string[] =>
    planRotate(configOf(options.map(specOf)), observedOf([]), NOON).actions.flatMap((action) =>
      action.kind === 'create' ? `${action.table.replace('production.', '')} ${action.urgency}` : [],
    );

  it('of all groups by urgency: current, next, later, backfill', () => {
    expect(
      created(
        { name: 'Days', keep: 9, backfill: 2, settings: { periodsAhead: 2 } },
        { name: 'Months', scheme: 'monthly', keep: 9, backfill: 1, settings: { periodsAhead: 2 } },
        { name: 'One', scheme: 'none', keep: Infinity },
        { name: 'Hours', scheme: 'hourly', settings: { periodsAhead: 3 } },
      ),
    ).toEqual([
      'Days.20261121 current',
      'Months.20261101 current',
      'One current',
      'Hours.2026112112 current',
      'Hours.2026112113 next',
      'Days.20261122 next',
      'Months.20261201 next',
      'Hours.2026112114 later',
      'Hours.2026112115 later',
      'Days.20261123 later',
      'Months.20270101 later',
      'Days.20261120 backfill',
      'Days.20261119 backfill',
      'Months.20261001 backfill',
    ]);
  });
});

const sayRaises = ({ actions }: Draft): string[] =>
  actions.flatMap((action) =>
    action.kind === 'raise'
      ? action.changes.map(({ index, from, to }) => {
          const name = `${action.table.split('.')[1]}${index ? ` ${index}` : ''}`;
          return `${name} +${to.read - from.read} +${to.write - from.write}`;
        })
      : [],
  );

/** Minutes of demand: a rate per second, and the requests that are throttled per second in the newest two. */
function minutes(consumed: number, throttled = 0): Minute[] {
  const { from, to } = demandWindow(NOON);
  return Array.from({ length: (to - from) / MINUTE }, (_, i) => {
    const start = from + i * MINUTE;
    return { at: start, consumed, throttled: start >= to - 2 * MINUTE ? throttled : 0 };
  });
}

const IDLE = minutes(50);
const BUSY = minutes(85);
const refusing = (requestsPerMinute: number) => minutes(100, requestsPerMinute / 60);
const writing = (write: Minute[], read = IDLE): Demand => [{ read, write }];

/** Room for this many more reads and writes in the account. */
const room = (observed: Observed, tables: number, free: number): Observed => {
  const account = units(tables * 100 + free, tables * 100 + free);
  const value: AccountLimits = { account, table: units(40_000, 40_000) };
  observed.learnLimits({ value });
  return observed;
};

describe('scale raises', () => {
  const BOUNDS = { read: { min: 5, max: 10_000 }, write: { min: 5, max: 10_000 } };

  /** Raises of tables at 100 reads and 100 writes each, if the account has room for 40 more of each. */
  function raises(demands: Readonly<Record<string, Demand>>, free = 40, options: SpecOptions = {}): string[] {
    const known = Object.entries(demands).map(([name, demand]): Known => {
      const spec = specOf({ name, bounds: BOUNDS, ...options });
      const indexes = { byUser: units(0, 0) };
      return { spec, name: `production.${name}.20261121`, demand, table: units(100, 100), indexes };
    });
    const observed = room(observedOf(known), known.length, free);
    return sayRaises(planScale(configOf(known.map(({ spec }) => spec)), observed, NOON));
  }

  it.each<[string, Record<string, Demand>, string[]]>([
    [
      'the table with refused requests before the one at 85%',
      { A: writing(BUSY), B: writing(refusing(18_000)) },
      ['B +0 +40'],
    ],
    [
      'the table with the most refused requests first',
      { A: writing(refusing(600)), B: writing(refusing(18_000)), C: writing(refusing(6_000)) },
      ['B +0 +40'],
    ],
    [
      'the larger raise first if no requests are refused',
      { A: writing(BUSY), B: writing(minutes(99)) },
      ['B +0 +40'],
    ],
    [
      'by the refused reads of a table as well as by its writes',
      { A: writing(BUSY), B: writing(minutes(60), refusing(60)), C: writing(IDLE, BUSY) },
      ['B +40 +0', 'A +0 +22'],
    ],
    [
      'the refused reads of a table before the reads at 85% of one whose writes are refused',
      { A: writing(refusing(18_000), BUSY), B: writing(IDLE, refusing(600)) },
      ['A +0 +40', 'B +40 +0'],
    ],
  ])('%s', (_, demands, expected) => {
    expect(raises(demands)).toEqual(expected);
  });

  it('the others too if the account has room, the most urgent first', () => {
    expect(raises({ A: writing(BUSY), B: writing(refusing(18_000)) }, 10_000)).toEqual([
      'B +0 +472',
      'A +0 +22',
    ]);
  });

  it('the throttled index before its own table', () => {
    const demand: Demand = [...writing(BUSY), { index: 'byUser', read: minutes(0), write: minutes(0, 10) }];
    const indexes = { byUser: { full: units(5, 5), outdated: units(5, 5) } };
    expect(raises({ A: demand }, 10, { indexes })).toEqual(['A byUser +5 +10']);
  });
});

describe('rotate raises', () => {
  it('the current table before upcoming ones, and the one whose period starts sooner first', () => {
    const scaling = { method: 'none' } as const;
    const settings = { warmUpMs: 40 * 24 * 60 * MINUTE };
    const spec = (name: string, options: SpecOptions) => specOf({ name, scaling, settings, ...options });
    const full = { full: units(100, 200), outdated: units(100, 100) };
    const months = spec('Months', { scheme: 'monthly', ...full });
    const small = spec('Small', { full: units(100, 150), outdated: units(100, 100) });
    const days = spec('Days', full);
    const table = units(100, 100);
    const state = { createdAt: at('2026-10-01') };
    const known: Known[] = [
      { spec: months, name: 'production.Months.20261201', table },
      { spec: months, name: 'production.Months.20261101', table: units(100, 200) },
      { spec: small, name: 'production.Small.20261122', table },
      { spec: days, name: 'production.Days.20261122', table },
      { spec: days, name: 'production.Days.20261121', table },
      { spec: small, name: 'production.Small.20261121', table: units(100, 150) },
    ];
    const raised = (free: number) => {
      const observed = observedOf(known.map((one) => ({ ...one, state })));
      const account = units(100_000, 750 + free);
      observed.learnLimits({ value: { account, table: units(40_000, 40_000) } });
      return sayRaises(planRotate(configOf([months, small, days]), observed, NOON));
    };
    expect(raised(1000)).toEqual(['Days +0 +100', 'Days +0 +100', 'Small +0 +50', 'Months +0 +100']);
    expect(raised(120)).toEqual(['Days +0 +100', 'Days +0 +20']);
  });

  it('with what the tables that the run creates leave of the quota', () => {
    const scaling = { method: 'none' } as const;
    const spec = specOf({ scaling, keep: 2, full: units(100, 200), outdated: units(100, 100) });
    const state = { createdAt: at('2026-11-19') };
    const known: Known = { spec, name: 'production.Events.20261121', state, table: units(100, 100) };
    const observed = observedOf([known]);
    const account = units(100_000, 330);
    observed.learnLimits({ value: { account, table: units(40_000, 40_000) } });
    const draft = planRotate(configOf([spec]), observed, NOON);
    expect(draft.actions.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'create production.Events.20261122',
      'raise production.Events.20261121',
    ]);
    expect(sayRaises(draft)).toEqual(['Events +0 +30']);
  });
});
