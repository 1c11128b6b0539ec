import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/core/calendar/rotation.ts';
import { isTurn } from '../../src/core/calendar/spread.ts';
import { demandFrom, demandWindow, type Minute, queriesFor } from '../../src/core/capacity/demand.ts';
import type { Learned, Remembered } from '../../src/core/capacity/remembered.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { Observed } from '../../src/core/observed.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import type { MethodName, Spec, Units } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import {
  at,
  configOf,
  HOUR,
  MINUTE,
  OUTDATED,
  ownMinute,
  type SpecOptions,
  specOf,
  units,
} from '../support/specs.ts';
import {
  type Demand,
  type Known,
  learnDemand,
  observedOf,
  run,
  sayDraft,
  sayResults,
} from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const YESTERDAY = 'production.Events.20261120';
const TOMORROW = 'production.Events.20261122';
const BOUNDS = { read: { min: 5, max: 1000 }, write: { min: 5, max: 1000 } };

/** Rates of the newest minutes, oldest first. All minutes before have the first rate. */
function minutes(rates: readonly number[], throttled: readonly number[] = [], now = NOON): Minute[] {
  const { from, to } = demandWindow(now);
  const count = (to - from) / MINUTE;
  return Array.from({ length: count }, (_, i) => {
    const place = i - count;
    return {
      at: from + i * MINUTE,
      consumed: rates.at(Math.max(place, -rates.length)) ?? 0,
      throttled: throttled.at(place) ?? 0,
    };
  }).map((minute, i) => (i - count < -throttled.length ? { ...minute, throttled: 0 } : minute));
}

const writes = (rates: readonly number[], throttled?: readonly number[], now?: number): Demand => [
  { read: minutes([50], [], now), write: minutes(rates, throttled, now) },
];

interface TableContext {
  readonly table?: Omit<Known, 'spec' | 'name'>;
  readonly demand?: Demand;
  readonly name?: string;
  readonly options?: SpecOptions;
  readonly now?: number;
  /** The end of the newest minute of the group that had a datapoint. Default: none is known. */
  readonly dataUntil?: number;
}

/** One table at 100 reads and 100 writes, half of the reads in use. If it is not the current one, that is CREATING. */
function plan({ table = {}, demand, name = TODAY, options = {}, now = NOON, dataUntil }: TableContext) {
  const spec = specOf({ bounds: BOUNDS, ...options });
  const known: Known = { spec, name, demand, ...table, table: { ...units(100, 100), ...table.table } };
  const current = tableOf(spec, periodOf(spec, now), now).name;
  const creating: Known = { spec, name: current, state: { status: 'CREATING', createdAt: now } };
  const all = name === current ? [known] : [known, creating];
  const memories = new Map(dataUntil === undefined ? [] : [[spec.name, { write: { dataUntil } as Learned }]]);
  const observed = observedOf(all, undefined, undefined, undefined, memories);
  const draft = planScale(configOf([spec]), observed, now);
  expect(draft.needs).toEqual([]);
  return draft;
}

function writesAfter(one: TableContext): number {
  const draft = plan(one);
  expect(draft.actions.length).toBeLessThan(2);
  const [action] = draft.actions;
  if (!action) return one.table?.table?.write ?? 100;
  if (action.kind !== 'raise' && action.kind !== 'lower') throw new Error(action.kind);
  return action.changes.find(({ index }) => index === undefined)?.to.write ?? Number.NaN;
}

describe('a planner that runs again in a run', () => {
  const busy = writes(Array.from({ length: 60 }, () => 95));
  const again = (change: (write: number) => number) => {
    const spec = specOf({ bounds: BOUNDS, scaling: { method: 'reactive' } });
    const observed = observedOf([{ spec, name: TODAY, demand: busy, table: units(100, 100) }]);
    const first = planScale(configOf([spec]), observed, NOON);
    const state = observed.known('description', TODAY)!;
    const capacities = state.capacities.map((one) => ({ ...one, write: change(one.write) }));
    observed.learn('description', TODAY, { value: { ...state, capacities } });
    return [first, planScale(configOf([spec]), observed, NOON)] as const;
  };

  it('decides the same about a table that is described as before', () => {
    const [first, second] = again((write) => write);
    expect(first.actions).toMatchObject([{ kind: 'raise' }]);
    expect(sayDraft(second)).toEqual(sayDraft(first));
  });

  it('decides by the newest description', () => {
    const [, second] = again(() => 500);
    expect(second.actions).toMatchObject([{ kind: 'lower' }]);
  });
});

describe('an invalid value of CloudWatch', () => {
  const idle = Array.from({ length: 60 }, () => 1);
  const lowering = (method: MethodName, rates: readonly number[]) => {
    const spec = specOf({ bounds: BOUNDS, scaling: { method } });
    const table = units(100, 100);
    const observed = observedOf([{ spec, name: TODAY, demand: writes(idle), table }]);
    const sums = new Map(minutes(rates).map((minute) => [minute.at, minute.consumed * 60]));
    const query = { metric: 'ConsumedWriteCapacityUnits', table: TODAY };
    observed.learnMetric(query, demandWindow(NOON), { sums });
    return planScale(configOf([spec]), observed, NOON);
  };

  it.each(
    (['reactive', 'step', 'target-tracking'] as const).flatMap((method) =>
      ([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12] as const).map((value) => [method, value] as const),
    ),
  )('is no evidence of idleness for the method %s: %d', (method, value) => {
    const { actions, holds } = lowering(method, idle.with(40, value));
    expect(actions).toEqual([]);
    const sum = value * 60;
    const invalid = holds.filter(({ reason }) => reason === 'metrics-unknown').map(({ message }) => message);
    expect(invalid.join()).toContain(`CloudWatch returned the invalid value ${sum} at 2026-11-21 11:39 UTC`);
  });

  it('is no evidence of idleness for the method predictive', async () => {
    const config = configOf([specOf({ scaling: { method: 'predictive' } })]);
    const world = new World(NOON);
    await run('rotate', config, world);
    const lowers = async (sum: number) => {
      world.clock.moveTo(world.clock.now() + 3 * HOUR);
      const minute = world.clock.now() - 5 * MINUTE;
      world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: TODAY }, minute, sum);
      const { results, holds } = await run('scale', config, world);
      const unknown = holds.some(({ reason }) => reason === 'metrics-unknown');
      const changes = results.flatMap(({ action }) => ('changes' in action ? action.changes : []));
      return { writes: changes.map(({ from, to }) => to.write - from.write), unknown };
    };
    expect(await lowers(-600)).toEqual({ writes: [0], unknown: true });
    expect((await lowers(600)).unknown).toBe(false);
  });

  it('is necessary: without it, capacity is lowered', () => {
    expect(lowering('reactive', idle).actions.map(({ kind }) => kind)).toEqual(['lower']);
  });
});

describe('a raise', () => {
  it.each<[string, number[], number]>([
    ['is not made at the target', [70], 100],
    ['is not made below the target', [55], 100],
    ['is by at least a fifth above the target', [70.1], 120],
    ['meets the target', [90], 129],
    ['follows the newest minute', [50, 210], 300],
    ['follows the minute before the newest', [50, 210, 50], 300],
    ['ignores earlier minutes', [50, 210, 50, 50], 100],
    ['follows the higher of the two', [50, 140, 210], 300],
    ['is limited to the maximum', [5000], 1000],
  ])('%s: writes of %j', (_, rates, expected) => {
    expect(writesAfter({ demand: writes(rates) })).toBe(expected);
  });

  it('gives its reason with numbers', () => {
    expect(plan({ demand: writes([140]) }).actions[0]).toMatchObject({
      kind: 'raise',
      reason: 'utilization-high',
      message: 'Writes 100 → 200: 140/s is 140% of 100, target 70%.',
    });
  });

  it('meets the target of the settings', () => {
    const scaling = { targetUtilization: 50 };
    expect(writesAfter({ demand: writes([100]), options: { scaling } })).toBe(200);
  });
});

describe('a throttled request', () => {
  it.each<[string, number[], number[], number]>([
    ['raises capacity by at least half', [60], [1], 150],
    ['raises capacity to demand if that is more', [100], [200], 429],
    ['raises capacity one minute later, too', [60], [1, 0], 150],
    ['does not raise capacity two minutes later', [60], [1, 0, 0], 100],
  ])('%s', (_, rates, throttled, expected) => {
    expect(writesAfter({ demand: writes(rates, throttled) })).toBe(expected);
  });

  it('does not raise capacity again if it precedes the last raise', () => {
    const demand = writes([60], [1, 0]);
    expect(writesAfter({ demand, table: { table: { lastIncrease: NOON - 4 * MINUTE + 1 } } })).toBe(100);
    expect(writesAfter({ demand, table: { table: { lastIncrease: NOON - 4 * MINUTE } } })).toBe(150);
  });

  it('is the reason of the raise', () => {
    expect(plan({ demand: writes([60], [1]) }).actions[0]).toMatchObject({
      kind: 'raise',
      reason: 'throttled',
    });
  });

  it('is reported in requests per minute', () => {
    const messageFor = (rate: number) => plan({ demand: writes([60], [rate]) }).actions[0]?.message;
    expect(messageFor(7 / 60)).toBe('Writes 100 → 150: 7 requests per minute throttled at 100.');
    expect(messageFor(1 / 60)).toBe('Writes 100 → 150: 1 request per minute throttled at 100.');
  });

  it('prevents a decrease for 15 minutes, however little was consumed', () => {
    expect(writesAfter({ demand: writes([1], [1, ...Array(14).fill(0)]) })).toBe(100);
    expect(writesAfter({ demand: writes([1], [1, ...Array(15).fill(0)]) })).toBe(5);
  });
});

describe('a hot partition', () => {
  const throttledBy = (rates: number[], throttled: number[], hot: number[]): Demand => [
    { read: minutes([50]), write: minutes(rates, throttled), hot: { write: hot } },
  ];

  it('raises nothing, and is reported', () => {
    const draft = plan({ demand: throttledBy([60], [2], [2]) });
    expect(sayDraft(draft)).toEqual([`[raise ${TODAY} (hot-partition)]`]);
    expect(draft.holds[0]?.message).toBe(
      'A hot partition throttled 120 write requests in one minute. More capacity does not help. DynamoDB throttled 120 write requests (3% of the demand) in 1 minute since 2026-11-21 11:58 UTC.',
    );
  });

  it.each<[string, MethodName, number[], number[], number[], number]>([
    ['raises nothing by itself', 'reactive', [60], [9], [9], 100],
    ['raises nothing by itself', 'step', [60], [9], [9], 100],
    ['does not hide other throttled requests', 'reactive', [100], [100], [30], 243],
    ['does not hide other throttled requests', 'step', [60], [9], [8], 150],
    ['does not prevent a raise for utilization', 'reactive', [90], [9], [9], 129],
    ['does not count two minutes later', 'reactive', [60], [9, 0, 0], [9, 0, 0], 100],
    ['counts for at most all throttled requests', 'reactive', [60], [1], [5], 100],
  ])('%s: %s, writes of %j', (_, method, rates, throttled, hot, expected) => {
    const demand = throttledBy(rates, throttled, hot);
    expect(writesAfter({ demand, options: { scaling: { method } } })).toBe(expected);
  });

  it('is read only if a request was throttled', () => {
    const spec = specOf({ bounds: BOUNDS });
    const observed = observedOf([{ spec, name: TODAY, demand: writes([60], [1]) }]);
    const asked: string[] = [];
    const metric = observed.metric.bind(observed);
    observed.metric = (query, window) => {
      asked.push(query.metric);
      return metric(query, window);
    };
    planScale(configOf([spec]), observed, NOON);
    expect(asked).toContain('WriteKeyRangeThroughputThrottleEvents');
    expect(asked).not.toContain('ReadKeyRangeThroughputThrottleEvents');
  });

  it('makes demand unknown if it cannot be read', () => {
    const spec = specOf({ bounds: BOUNDS, full: units(80, 100) });
    const observed = observedOf([{ spec, name: TODAY, demand: writes([100], [9]) }]);
    const { from, to } = demandWindow(NOON);
    const query = { metric: 'WriteKeyRangeThroughputThrottleEvents', table: TODAY };
    observed.learnMetric(query, { from, to }, { error: 'no answer' });
    const { actions, holds } = planScale(configOf([spec]), observed, NOON);
    expect(actions).toEqual([]);
    expect(holds).toMatchObject([
      { reason: 'metrics-unknown', message: expect.stringContaining('no answer') },
    ]);
  });
});

describe('a decrease', () => {
  it.each<[string, number[], number]>([
    ['meets the target after 15 quiet minutes', [35], 50],
    ['is not made within 20 points of the target', [50], 100],
    ['is made below 20 points', [49.9], 72],
    ['is not made after 14 quiet minutes', [60, ...Array(14).fill(10)], 100],
    ['ignores the 16th minute', [60, ...Array(15).fill(10)], 15],
    ['stops at the minimum without demand', [0], 5],
  ])('%s', (_, rates, expected) => {
    expect(writesAfter({ demand: writes(rates) })).toBe(expected);
  });

  it('is by at least a fifth', () => {
    const table = { table: { write: 6 } };
    expect(writesAfter({ demand: writes([2.9]), table })).toBe(6);
    expect(
      writesAfter({
        demand: writes([2.8]),
        table: { table: { write: 5 } },
        options: { bounds: { ...BOUNDS, write: { min: 1, max: 9 } } },
      }),
    ).toBe(5);
  });

  it.each([
    [20, 10, 100],
    [20, 9.9, 50],
    [30, 15, 100],
    [30, 14.9, 50],
    [40, 19.9, 50],
    [60, 40, 100],
    [60, 39.9, 67],
  ])(
    'with a target of %i%% is made 20 points below it, or below half of it: %d',
    (targetUtilization, rate, expected) => {
      const scaling = { targetUtilization };
      expect(writesAfter({ demand: writes([rate]), options: { scaling } })).toBe(expected);
    },
  );

  it('waits 15 minutes after a raise', () => {
    const lowered = (lastIncrease: number) =>
      writesAfter({ demand: writes([10]), table: { table: { lastIncrease } } });
    expect(lowered(NOON - 15 * MINUTE + 1)).toBe(100);
    expect(lowered(NOON - 15 * MINUTE)).toBe(15);
  });

  it('is held during the cooldown, with its end', () => {
    const draft = plan({ demand: writes([10]), table: { table: { lastIncrease: NOON - 5 * MINUTE } } });
    expect(sayDraft(draft)).toEqual([`[lower ${TODAY} (cool-down)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Writes can be lowered to 15 (10/s is 10% of 100, target 70%, for 15 minutes) after the cooldown ends at 12:10 UTC.',
    );
  });

  it('is not made in the first 15 minutes of a table', () => {
    const quiet = writes([0], [], NOON);
    const born = (createdAt: number) => writesAfter({ demand: quiet, table: { state: { createdAt } } });
    expect(born(NOON - 15 * MINUTE)).toBe(100);
    expect(born(NOON - 16 * MINUTE)).toBe(5);
  });

  it('ignores minutes before the period', () => {
    const early = at('2026-11-21T00:10');
    const table = { state: { createdAt: at('2026-11-19') } };
    const options = { full: units(100, 100) };
    expect(writesAfter({ demand: writes([0], [], early), now: early, table, options })).toBe(100);
    const later = at('2026-11-21T00:20');
    expect(writesAfter({ demand: writes([10], [], later), now: later, table, options })).toBe(15);
  });
});

describe('demand that stops from one minute to the next', () => {
  const silentFor = (count: number) => writes([60, ...Array(count).fill(0)]);

  it.each<[string, number, number]>([
    ['15 minutes', 15, 100],
    ['30 minutes', 30, 100],
    ['59 minutes', 58, 100],
    ['an hour', 59, 5],
  ])('lowers capacity only after an hour, because metrics might be late: after %s', (_, count, expected) => {
    expect(writesAfter({ demand: silentFor(count) })).toBe(expected);
  });

  it('is reported, with the time from which capacity is lowered', () => {
    const draft = plan({ demand: silentFor(15) });
    expect(sayDraft(draft)).toEqual([`[lower ${TODAY} (missing-data)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Writes show no demand since 11:44 UTC, but metrics might be late. Capacity stays until 12:44 UTC.',
    );
  });

  it('does not prevent a decrease of the other dimension', () => {
    const draft = plan({ demand: [{ read: minutes([10]), write: minutes([60, ...Array(20).fill(0)]) }] });
    expect(draft.actions).toMatchObject([{ kind: 'lower', changes: [{ to: units(15, 100) }] }]);
  });

  it('is reported with the name of its index', () => {
    const options = { indexes: { byUser: { full: units(100, 100), outdated: units(1, 1) } } };
    const stopped = minutes([60, ...Array(20).fill(0)]);
    const demand = [...writes([60]), { index: 'byUser', read: minutes([60]), write: stopped }];
    const draft = plan({ demand, options, table: { indexes: { byUser: units(100, 100) } } });
    expect(draft.holds[0]?.message).toMatch(/^Index byUser writes show no demand since 11:39 UTC/);
  });

  it('lowers capacity at once if a little demand is left', () => {
    expect(writesAfter({ demand: writes([60, ...Array(13).fill(0.1), 0]) })).toBe(100);
    expect(writesAfter({ demand: writes([60, ...Array(14).fill(0.1), 0]) })).toBe(5);
  });

  it.each<[string, number]>([
    ['00:16', 100],
    ['00:59', 100],
    ['01:00', 5],
  ])('lowers a new table only an hour after midnight: at %s', (time, expected) => {
    const now = at(`2026-11-21T${time}`);
    expect(writesAfter({ demand: writes([0], [], now), now })).toBe(expected);
  });

  it('does not keep capacity above the maximum, and is not reported at the minimum', () => {
    const bounds = { read: { min: 5, max: 1000 }, write: { min: 20, max: 80 } };
    const out = { demand: silentFor(15), options: { bounds } };
    expect(writesAfter(out)).toBe(80);
    expect(plan(out).actions[0]?.reason).toBe('out-of-bounds');
    expect(sayDraft(plan({ ...out, table: { table: { write: 20 } } }))).toEqual([]);
  });
});

describe('bounds', () => {
  const bounds = { read: { min: 5, max: 1000 }, write: { min: 20, max: 80 } };

  it.each<[string, number, number[], number, string]>([
    ['lower a table above the maximum', 100, [50], 80, 'out-of-bounds'],
    ['raise a table below the minimum', 10, [5], 20, 'out-of-bounds'],
    ['lower it even if demand needs more', 100, [500], 80, 'out-of-bounds'],
    ['raise it even if demand needs less', 10, [0], 20, 'out-of-bounds'],
    ['limit a raise to the maximum', 50, [500], 80, 'utilization-high'],
    ['limit a decrease to the minimum', 50, [0], 20, 'utilization-low'],
  ])('%s', (_, write, rates, expected, reason) => {
    const one = { demand: writes(rates), table: { table: { write } }, options: { bounds } };
    expect(writesAfter(one)).toBe(expected);
    expect(plan(one).actions[0]?.reason).toBe(reason);
  });

  it('hold a raise beyond the maximum', () => {
    const draft = plan({ demand: writes([500]), table: { table: { write: 80 } }, options: { bounds } });
    expect(sayDraft(draft)).toEqual([`[raise ${TODAY} (bounds)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Writes need 715 (500/s is 625% of 80, target 70%), but the maximum is 80. To allow more, set a higher Scaling.Write.Max.',
    );
  });

  it('hold nothing if an idle table is at the minimum', () => {
    expect(
      sayDraft(plan({ demand: writes([0]), table: { table: { write: 20 } }, options: { bounds } })),
    ).toEqual([]);
  });

  it('include the outdated throughput once the period has ended', () => {
    const tight = { read: { min: 50, max: 1000 }, write: { min: 50, max: 1000 } };
    const now = ownMinute('Events', NOON, 10);
    const demand: Demand = [{ read: minutes([50], [], now), write: minutes([0], [], now) }];
    const one = { name: YESTERDAY, demand, now, options: { bounds: tight } };
    expect(writesAfter(one)).toBe(OUTDATED.write);
  });
});

describe('by its phase', () => {
  const idle: Demand = [{ read: minutes([0]), write: minutes([0]) }];

  it('does not scale an upcoming table, which rotate warms up', () => {
    expect(sayDraft(plan({ name: TOMORROW, demand: idle }))).toEqual([]);
  });

  it('does not lower a draining table, not even to its maximum', () => {
    const now = at('2026-11-21T00:59');
    const quiet: Demand = [{ read: minutes([0], [], now), write: minutes([0], [], now) }];
    const bounds = { read: { min: 1, max: 50 }, write: { min: 1, max: 50 } };
    expect(sayDraft(plan({ name: YESTERDAY, demand: quiet, now }))).toEqual([]);
    expect(sayDraft(plan({ name: YESTERDAY, demand: quiet, now, options: { bounds } }))).toEqual([]);
  });

  it.each([
    ['half, which burst capacity adds to', '00:00', {}, [], 6, 200],
    ['more without trust in all burst capacity', '00:00', { burstReliance: 0.6 }, [], 6, 250],
    ['all without trust in burst capacity', '00:00', { burstReliance: 0 }, [], 6, 400],
    ['all if requests were throttled just before', '00:00', {}, [5], 6, 400],
    ['all while CloudWatch delivers no metrics', '00:00', {}, [], 7, 400],
    ['the same a minute later', '00:01', {}, [], 6, 400],
  ])('leaves %s to a table when its period ends at %s', (_, time, more, throttled, age, left) => {
    const now = at(`2026-11-21T${time}`);
    const options = { scaling: { method: 'predictive', ...more } } as const;
    const known = { table: { table: { write: 400 } }, demand: writes([300], throttled, now) };
    const dataUntil = now - age * MINUTE;
    expect(writesAfter({ name: YESTERDAY, ...known, now, options, dataUntil })).toBe(left);
  });

  it('raises a draining table', () => {
    const now = at('2026-11-21T00:30');
    expect(writesAfter({ name: YESTERDAY, demand: writes([210], [], now), now })).toBe(300);
  });

  it.each([
    ['outdated', 3],
    ['expired', 1],
  ])('scales the reads of a table that is %s', (_, keep) => {
    const now = ownMinute('Events', NOON, 10);
    const demand: Demand = [{ read: minutes([210], [], now), write: minutes([60], [], now) }];
    const one = { name: 'production.Events.20261119', demand, now, options: { keep } };
    expect(sayDraft(plan(one))).toEqual(['raise production.Events.20261119 (utilization-high)']);
  });
});

describe('a table whose period has just started', () => {
  const early = at('2026-11-21T00:05');
  const cold = { read: 10, write: 30 };
  const parked: TableContext = {
    now: early,
    table: { table: cold, state: { createdAt: at('2026-11-15') } },
    demand: [{ read: minutes([5], [], early), write: minutes([15], [], early) }],
  };

  it('gets full capacity if its warm-up was missed', () => {
    const draft = plan(parked);
    expect(draft.actions).toMatchObject([
      { kind: 'raise', reason: 'late-warm-up', changes: [{ from: cold, to: units(300, 600) }] },
    ]);
    expect(draft.actions[0]?.message).toBe(
      'Reads 10 → 300: full capacity, because its period started at 2026-11-21 00:00 UTC. Writes 30 → 600: full capacity, because its period started at 2026-11-21 00:00 UTC.',
    );
  });

  it.each<[string, TableContext, number]>([
    [
      'gets more than full capacity if demand needs it',
      { ...parked, demand: writes([700], [], early) },
      1000,
    ],
    [
      'gets no more than its maximum',
      { ...parked, options: { bounds: { read: BOUNDS.read, write: { min: 1, max: 400 } } } },
      400,
    ],
    ['is not lowered to full capacity', { ...parked, table: { table: units(300, 900) } }, 900],
    ['gets full capacity up to the 15th minute', { ...parked, now: at('2026-11-21T00:14:59') }, 600],
    ['follows demand from the 15th minute on', { ...parked, now: at('2026-11-21T00:15') }, 30],
  ])('%s', (_, one, expected) => {
    expect(writesAfter(one)).toBe(expected);
  });

  it('gets no full capacity before its period, or without periods', () => {
    expect(sayDraft(plan({ ...parked, name: TOMORROW }))).toEqual([]);
    const single = { ...parked, name: 'production.Events', options: { scheme: 'none' as const } };
    expect(sayDraft(plan(single))).toEqual([]);
  });
});

describe('scale does not change', () => {
  const hot = { demand: writes([500]) };

  it('on-demand tables', () => {
    expect(sayDraft(plan({ ...hot, options: { onDemand: true } }))).toEqual([]);
    expect(sayDraft(plan({ ...hot, table: { state: { billingMode: 'PAY_PER_REQUEST' } } }))).toEqual([]);
  });

  it('tables of specs with the method none', () => {
    const scaling = { method: 'none' } as const;
    expect(sayDraft(plan({ ...hot, options: { scaling } }))).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['CREATING', []],
    ['DELETING', [`[use ${TODAY} (table-unusable)]`]],
    ['ARCHIVED', [`[use ${TODAY} (table-unusable)]`]],
  ])('tables that are %s', (status, expected) => {
    const state = { status, createdAt: NOON - MINUTE };
    expect(sayDraft(plan({ ...hot, table: { state } }))).toEqual(expected);
  });

  it.each<[string, Omit<Known, 'spec' | 'name'>, string]>([
    ['busy tables', { state: { status: 'UPDATING' } }, 'raise table-busy'],
    ['unmanaged tables', { tags: {} }, 'raise not-owned'],
    ['tables that a later run has changed', { table: { lastIncrease: NOON + 1 } }, 'raise table-busy'],
    ['tables whose tags cannot be read', { unreadable: ['tags'] }, 'read unreadable'],
    ['tables whose description cannot be read', { unreadable: ['description'] }, 'read unreadable'],
  ])('%s, and holds the change', (_, table, hold) => {
    const [kind, reason] = hold.split(' ');
    expect(sayDraft(plan({ ...hot, table }))).toEqual([`[${kind} ${TODAY} (${reason})]`]);
  });

  it('unmanaged tables without demand, whose tags are not read', () => {
    expect(sayDraft(plan({ demand: writes([60]), table: { unreadable: ['tags'] } }))).toEqual([]);
  });
});

describe('unknown metrics', () => {
  it('change nothing', () => {
    const draft = plan({ demand: [{}] });
    expect(sayDraft(draft)).toEqual([
      `[read ${TODAY} (metrics-unknown)]`,
      `[read ${TODAY} (metrics-unknown)]`,
    ]);
    expect(draft.holds.map(({ message }) => message)).toEqual([
      'Could not read the metrics of reads, so capacity stays: no answer.',
      'Could not read the metrics of writes, so capacity stays: no answer.',
    ]);
  });

  it('of reads do not prevent a change of writes', () => {
    const draft = plan({ demand: [{ write: minutes([210]) }] });
    expect(draft.actions).toMatchObject([{ changes: [{ to: units(100, 300) }] }]);
    expect(draft.holds).toHaveLength(1);
  });

  it('change nothing outside of the bounds either', () => {
    const bounds = { read: { min: 200, max: 300 }, write: { min: 200, max: 300 } };
    expect(plan({ demand: [{}], options: { bounds } }).actions).toEqual([]);
  });

  it('fail the job', async () => {
    const world = new World(NOON);
    const config = configOf([specOf({ scheme: 'none' })]);
    await run('rotate', config, world);
    world.clock.moveTo(NOON + HOUR);
    world.metrics.broken = ({ metric }) => metric === 'WriteThrottleEvents';
    const summary = await run('scale', config, world);
    expect(summary.outcome).toBe('failed');
    expect(summary.holds.map(({ reason }) => reason)).toContain('metrics-unknown');
    world.metrics.broken = () => false;
    world.clock.moveTo(NOON + 2 * HOUR);
    expect((await run('scale', config, world)).outcome).toBe('done');
  });
});

describe('an index', () => {
  const options: SpecOptions = {
    indexes: { byUser: { full: units(100, 100), outdated: units(1, 1) } },
  };

  it('is changed together with its table in one UpdateTable', () => {
    const demand: Demand = [
      { read: minutes([210]), write: minutes([60]) },
      { index: 'byUser', read: minutes([10]), write: minutes([140]) },
    ];
    const draft = plan({ demand, options, table: { indexes: { byUser: units(100, 100) } } });
    expect(draft.actions).toMatchObject([
      {
        kind: 'raise',
        changes: [
          { from: units(100, 100), to: units(300, 100) },
          { index: 'byUser', from: units(100, 100), to: units(15, 200) },
        ],
      },
    ]);
    expect(draft.actions[0]?.message).toBe(
      'Reads 100 → 300: 210/s is 210% of 100, target 70%. Index byUser reads 100 → 15: 10/s is 10% of 100, target 70%, for 15 minutes. Index byUser writes 100 → 200: 140/s is 140% of 100, target 70%.',
    );
  });

  it('follows its demand if the demand of its table cannot be read', () => {
    const demand: Demand = [{}, { index: 'byUser', read: minutes([60]), write: minutes([140]) }];
    const draft = plan({ demand, options, table: { indexes: { byUser: units(100, 100) } } });
    expect(draft.actions).toMatchObject([{ changes: [{ index: 'byUser' }] }]);
    expect(draft.holds).toHaveLength(2);
  });

  it('is ignored if its table does not have it', () => {
    const state = { capacities: [{ ...units(100, 100), status: 'ACTIVE', decreases: 0 }] };
    expect(sayDraft(plan({ demand: writes([60]), options, table: { state } }))).toEqual([]);
  });
});

describe('the decrease quota', () => {
  const spent = { decreases: 4, lastDecrease: NOON - 20 * MINUTE };
  const idleReads = (write: number): Demand => [{ read: minutes([0]), write: minutes([write]) }];

  it('holds a decrease', () => {
    const draft = plan({ demand: idleReads(60), table: { table: spent } });
    expect(sayDraft(draft)).toEqual([`[lower ${TODAY} (decrease-quota)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Reads 100 → 5: the daily decrease quota is reached. Next decrease: 2026-11-21 12:40 UTC.',
    );
  });

  it('does not hold a raise in the same call', () => {
    const draft = plan({ demand: idleReads(140), table: { table: spent } });
    expect(sayDraft(draft)).toEqual([
      `raise ${TODAY} (utilization-high)`,
      `[lower ${TODAY} (decrease-quota)]`,
    ]);
    expect(draft.actions).toMatchObject([{ kind: 'raise', changes: [{ to: units(100, 200) }] }]);
    expect(draft.actions[0]?.message).toBe('Writes 100 → 200: 140/s is 140% of 100, target 70%.');
  });

  it.each<[string, { decreases: number; lastDecrease?: number }, number]>([
    ['allows the fourth decrease of a day', { decreases: 3, lastDecrease: NOON - MINUTE }, 5],
    ['allows the fifth an hour after the fourth', { decreases: 4, lastDecrease: NOON - HOUR }, 5],
    ['holds the fifth within an hour', { decreases: 4, lastDecrease: NOON - HOUR + 1 }, 100],
    ['holds the tenth within an hour', { decreases: 9, lastDecrease: NOON - HOUR + 1 }, 100],
    ['restarts every UTC day', { decreases: 9, lastDecrease: at('2026-11-20T23:59:59') }, 5],
  ])('%s', (_, table, expected) => {
    const action = plan({ demand: idleReads(60), table: { table } }).actions[0];
    const to = action && 'changes' in action ? action.changes[0]?.to.read : 100;
    expect(to).toBe(expected);
  });

  it('is separate for each index', () => {
    const options: SpecOptions = { indexes: { byUser: { full: units(100, 100), outdated: units(1, 1) } } };
    const demand: Demand = [
      { read: minutes([0]), write: minutes([60]) },
      { index: 'byUser', read: minutes([0]), write: minutes([60]) },
    ];
    const own = { byUser: { ...units(100, 100), ...spent } };
    const draft = plan({ demand, options, table: { indexes: own } });
    expect(draft.actions).toMatchObject([{ kind: 'lower', changes: [{ to: units(5, 100) }] }]);
    expect(draft.holds.map(({ message }) => message.split(':')[0])).toEqual(['Index byUser reads 100 → 5']);
  });
});

describe('the window of metrics', () => {
  it.each([
    ['2026-11-21T12:00:00', '2026-11-21T11:59'],
    ['2026-11-21T12:00:59.999', '2026-11-21T11:59'],
    ['2026-11-21T12:01:00', '2026-11-21T12:00'],
  ])('ends one full minute before %s, at %s', (now, end) => {
    const { from, to } = demandWindow(at(now));
    expect(new Date(to).toISOString().slice(0, 16)).toBe(end);
    expect((to - from) / MINUTE).toBe(60);
  });

  it('counts a missing datapoint as zero, and an unreadable series as unknown', () => {
    const nothing = { sums: new Map<number, number>() };
    const series = [{ sums: new Map([[0, 120]]) }, nothing, { error: 'down' }, nothing];
    expect(demandFrom(series, 0, 2 * MINUTE, 'byUser')).toEqual({
      index: 'byUser',
      read: [
        { at: 0, consumed: 2, throttled: 0 },
        { at: MINUTE, consumed: 0, throttled: 0 },
      ],
      error: 'down',
    });
  });

  it('has four series for each table and index', () => {
    expect(queriesFor('t', 'i').map(({ metric, index }) => `${metric} ${index}`)).toEqual([
      'ConsumedReadCapacityUnits i',
      'ReadThrottleEvents i',
      'ConsumedWriteCapacityUnits i',
      'WriteThrottleEvents i',
    ]);
  });
});

describe('scale in the simulated world', () => {
  const config = configOf([
    specOf({ scheme: 'none', keep: Infinity, full: units(50, 50), outdated: units(5, 5), bounds: BOUNDS }),
  ]);
  const TABLE = 'production.Events';
  const standing = async (world: World): Promise<Units> => {
    const { read, write } = (await world.ports().tables.describe(TABLE))!.capacities[0]!;
    return { read, write };
  };

  it('raises capacity within minutes, and lowers it after 15 minutes', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    const seen: string[] = [];
    const start = NOON + 2 * MINUTE;
    for (let minute = 0; minute < 60; minute += 1) {
      world.clock.moveTo(start + minute * MINUTE);
      world.demand(TABLE, 'write', minute < 20 ? 30 : minute < 30 ? 300 : 30);
      world.demand(TABLE, 'read', 30);
      for (const line of sayResults(await run('scale', config, world))) {
        const { write } = await standing(world);
        seen.push(`${minute}: ${line.split(' ')[0]} from ${write}`);
      }
      expect(sayResults(await run('scale', config, world))).toEqual([]);
    }
    expect(seen).toMatchInlineSnapshot(`
      [
        "22: raise from 50",
        "46: lower from 429",
      ]
    `);
    expect((await standing(world)).write).toBeLessThan(60);
  });
});

describe('the histories of predictive', () => {
  const specs = Array.from({ length: 21 }, (_, i) =>
    specOf({ name: `Events${i}`, scaling: { method: 'predictive' } }),
  );
  const nameOf = ({ name }: Spec): string => `production.${name}.20261121`;

  /** The metrics that scale needs if it knows the descriptions of the current tables, and what it remembers. */
  function metricNeeds(some: readonly Spec[], memories: ReadonlyMap<string, Remembered> = new Map()) {
    const observed = new Observed(some.map(nameOf), [], [], memories);
    for (const spec of some) {
      const name = nameOf(spec);
      observed.learn('description', name, {
        value: observedOf([{ spec, name }]).known('description', name),
      });
    }
    return planScale(configOf(some), observed, NOON).needs.flatMap((need) =>
      need.fact === 'metric' && need.query.table.endsWith('.20261121') ? [need] : [],
    );
  }

  it('are read for at most 40 dimensions in one run', () => {
    const needs = metricNeeds(specs);
    expect(needs).toHaveLength(40);
    expect(needs.filter(({ query }) => query.table === nameOf(specs.at(-1)!))).toEqual([]);
  });

  it('are read again if the memory is of another version', () => {
    const [spec] = specs as [Spec];
    const readFrom = (by: string): number[] => {
      const memory = methods.predictive.begin(600);
      const times = { learnedTo: NOON - HOUR, sampleAt: NOON - HOUR, dataUntil: NOON - HOUR };
      const one = { ...times, memory, by, samples: 1, age: 60, capacity: 600 };
      const needs = metricNeeds([spec], new Map([[spec.name, { read: one, write: one }]]));
      return needs.map(({ window }) => window.from);
    };
    expect(readFrom(`predictive@${methods.predictive.version}`)).toEqual([NOON - HOUR, NOON - HOUR]);
    expect(readFrom('predictive@3')).toEqual([at('2026-11-21'), at('2026-11-21')]);
  });
});

describe('throttled requests that no raise follows', () => {
  const throttled = Array<number>(6).fill(2);
  const holdsOf = (context: TableContext) =>
    plan(context).holds.map(({ reason, urgent, message }) => [reason, urgent === true, message]);

  it('fail the run if the method ignores them', () => {
    const options = { scaling: { method: 'target-tracking' } } as const;
    expect(holdsOf({ demand: writes([50], throttled), options })).toEqual([
      [
        'throttled',
        true,
        'Writes are throttled. The method target-tracking does not raise them: 50/s is 50% of 100, target 70%. Consumption is only 50/s of 100 provisioned, so a hot partition or short bursts are the likely cause. DynamoDB throttled 720 write requests (4% of the demand) in 6 minutes since 2026-11-21 11:53 UTC.',
      ],
    ]);
  });

  it('are not held if the table is raised in this run, or was raised since', () => {
    expect(plan({ demand: writes([60], throttled) })).toMatchObject({
      actions: [{ kind: 'raise' }],
      holds: [],
    });
    const table = { table: { lastIncrease: NOON - 2 * MINUTE } };
    const options = { scaling: { method: 'target-tracking' } } as const;
    expect(holdsOf({ demand: writes([50], throttled), table, options })).toEqual([]);
  });

  it('are held for an index that the spec does not have, every ten minutes', () => {
    const held = (now: number, throttle: readonly number[]) => {
      const spec = specOf({ bounds: BOUNDS });
      const demand = [
        ...writes([50], [], now),
        { index: 'byHand', read: [], write: minutes([5], throttle, now) },
      ];
      const known: Known = { spec, name: TODAY, demand, table: units(100, 100) };
      const observed = observedOf([known]);
      const state = observed.known('description', TODAY)!;
      const byHand = { index: 'byHand', status: 'ACTIVE', read: 5, write: 5, decreases: 0 };
      const more = { ...state, capacities: [...state.capacities, byHand] };
      observed.learn('description', TODAY, { value: more });
      learnDemand(observed, known, 'byHand');
      return planScale(configOf([spec]), observed, now).holds.map(({ message }) => message);
    };
    const look = NOON + 4 * MINUTE;
    expect(isTurn(TODAY, 10, look)).toBe(true);
    expect(held(look, throttled)).toEqual([
      'Index byHand writes are throttled. The spec does not have the index byHand, so Turntable does not raise them. DynamoDB throttled 720 write requests (29% of the demand) in 6 minutes since 2026-11-21 11:57 UTC.',
    ]);
    expect(held(look + MINUTE, throttled)).toEqual([]);
    expect(held(look, [])).toEqual([]);
  });
});

describe('a table that is UPDATING', () => {
  it('has its throttled requests held under a method that does not read metrics then', () => {
    const spec = specOf({ bounds: BOUNDS, scaling: { method: 'predictive' } });
    const held = (createdAt: number) => {
      const state = { status: 'UPDATING', createdAt };
      const demand = writes([50], Array(6).fill(2));
      return planScale(configOf([spec]), observedOf([{ spec, name: TODAY, state, demand }]), NOON).holds;
    };
    expect(held(NOON - HOUR)).toMatchObject([
      { reason: 'table-busy', urgent: true, shortage: { minutes: 6 } },
    ]);
    expect(held(NOON - MINUTE)).toEqual([]);
  });
});
