import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountLimits, Health } from '../../src/core/facts.ts';
import { withinAccount } from '../../src/core/permits/account.ts';
import { maintenanceUntil } from '../../src/core/permits/maintenance.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import type { MaintenanceWindow, Settings } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { observedOf, run, sayDraft } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00'); // a Saturday
const TODAY = 'production.Events.20261121';
const YESTERDAY = 'production.Events.20261120';
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const window = (from: string, hours: number, days = EVERY_DAY): MaintenanceWindow => ({
  days,
  fromMinute: (at(`2026-11-21T${from}`) - at('2026-11-21')) / MINUTE,
  lastsMinutes: hours * 60,
});
const said = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16);

describe('a maintenance window', () => {
  it.each<[string, MaintenanceWindow[], string, string | undefined]>([
    ['is not open before From', [window('02:00', 2)], '2026-11-21T01:59', undefined],
    ['opens at From', [window('02:00', 2)], '2026-11-21T02:00', '2026-11-21T04:00'],
    ['stays open', [window('02:00', 2)], '2026-11-21T03:59', '2026-11-21T04:00'],
    ['closes at To', [window('02:00', 2)], '2026-11-21T04:00', undefined],
    ['crosses midnight', [window('22:30', 5.5)], '2026-11-22T03:59', '2026-11-22T04:00'],
    ['is open only on its day', [window('02:00', 2, [0])], '2026-11-21T03:00', undefined],
    ['is open on Sunday for day 0', [window('02:00', 2, [0])], '2026-11-22T03:00', '2026-11-22T04:00'],
    [
      'belongs to the day on which it starts',
      [window('22:00', 4, [6])],
      '2026-11-22T01:00',
      '2026-11-22T02:00',
    ],
    ['of Sunday is not open early on Sunday', [window('22:00', 4, [0])], '2026-11-22T01:00', undefined],
    [
      'continues into the next',
      [window('02:00', 2), window('04:00', 1)],
      '2026-11-21T03:00',
      '2026-11-21T05:00',
    ],
    ['overlaps another', [window('02:00', 2), window('03:00', 3)], '2026-11-21T03:00', '2026-11-21T06:00'],
    ['is closed if the list is empty', [], '2026-11-21T03:00', undefined],
  ])('%s', (_, windows, now, until) => {
    expect(said(maintenanceUntil(windows, at(now)))).toBe(until);
  });

  it('ends within about a week, even if it is always open', () => {
    const until = maintenanceUntil([window('00:00', 24)], NOON)!;
    expect(until - NOON).toBeGreaterThanOrEqual(7 * DAY);
    expect(until - NOON).toBeLessThanOrEqual(8 * DAY);
  });

  it('is open exactly when a check minute by minute finds it open', () => {
    const windows = fc.array(
      fc.record({
        days: fc.subarray(EVERY_DAY, { minLength: 1 }),
        fromMinute: fc.integer({ min: 0, max: 1439 }),
        lastsMinutes: fc.integer({ min: 1, max: 1440 }),
      }),
      { maxLength: 3 },
    );
    const instant = fc
      .integer({ min: 0, max: 14 * 1440 - 1 })
      .map((minute) => at('2026-11-15') + minute * MINUTE);
    fc.assert(
      fc.property(windows, instant, (all, now) => {
        const open = all.some(({ days, fromMinute, lastsMinutes }) =>
          Array.from({ length: lastsMinutes }, (_, i) => now - i * MINUTE).some((start) => {
            const date = new Date(start);
            const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
            return minute === fromMinute && days.includes(date.getUTCDay());
          }),
        );
        expect(maintenanceUntil(all, now) !== undefined).toBe(open);
      }),
    );
  });
});

describe('the quotas of the account', () => {
  const state = (...capacities: [number, number, string?][]) => ({
    ...observedOf([{ spec: specOf(), name: TODAY }]).get('description', TODAY),
    capacities: capacities.map(([read, write, index]) => ({
      ...(index ? { index } : {}),
      read,
      write,
      status: 'ACTIVE',
      decreases: 0,
    })),
  });
  const limits: AccountLimits = { account: units(1000, 1000), table: units(500, 500) };
  const within = (
    capacities: [number, number, string?][],
    changes: [from: [number, number], to: [number, number], index?: string][],
    elsewhere = units(0, 0),
  ) => {
    const { allowed, refusals } = withinAccount(
      changes.map(([from, to, index]) => ({
        ...(index ? { index } : {}),
        from: units(...from),
        to: units(...to),
      })),
      state(...capacities) as never,
      elsewhere,
      limits,
    );
    return {
      to: allowed.map(({ to }) => [to.read, to.write]),
      refusals: refusals.map(({ message }) => message),
    };
  };

  it('do not change what they allow', () => {
    expect(
      within(
        [[10, 400]],
        [
          [
            [10, 400],
            [10, 500],
          ],
        ],
      ),
    ).toEqual({ to: [[10, 500]], refusals: [] });
  });

  it('limit a raise to the quota of the table, and name the quota to increase', () => {
    expect(
      within(
        [[10, 400]],
        [
          [
            [10, 400],
            [10, 800],
          ],
        ],
      ),
    ).toEqual({
      to: [[10, 500]],
      refusals: [
        'Writes 400 → 800: raised only to 500, because the quota for a table is 500. Request an increase in Service Quotas: "Table-level write throughput limit".',
      ],
    });
  });

  it('send raises whose sum alone exceeds the quota of a table, because AWS might not count indexes', () => {
    const capacities: [number, number, string?][] = [
      [10, 200],
      [10, 200, 'byUser'],
    ];
    const changes = [
      { from: units(10, 200), to: units(10, 260) },
      { index: 'byUser', from: units(10, 200), to: units(10, 260) },
    ];
    const { allowed, refusals, orElse } = withinAccount(
      changes,
      state(...capacities) as never,
      units(0, 0),
      limits,
    );
    expect(refusals).toEqual([]);
    expect(allowed.map(({ to }) => to.write)).toEqual([260, 260]);
    expect(orElse?.map(({ to }) => to.write)).toEqual([260, 240]);
  });

  it.each<
    [
      string,
      [number, number, string?][],
      [[number, number], [number, number], string?][],
      number[][] | undefined,
    ]
  >([
    [
      'for reads that differ',
      [
        [200, 10],
        [200, 10, 'byUser'],
      ],
      [
        [
          [200, 10],
          [260, 10],
        ],
        [[200, 10], [260, 10], 'byUser'],
      ],
      [
        [260, 10],
        [240, 10],
      ],
    ],
    [
      'without a raise that has no room',
      [
        [250, 10],
        [250, 10, 'byUser'],
      ],
      [
        [
          [250, 10],
          [250, 20],
        ],
        [[250, 10], [260, 10], 'byUser'],
      ],
      [[250, 20]],
    ],
    [
      'of nothing if no raise has room',
      [
        [250, 10],
        [250, 10, 'byUser'],
      ],
      [[[250, 10], [260, 10], 'byUser']],
      [],
    ],
    [
      'only if it differs',
      [
        [10, 10],
        [10, 10, 'byUser'],
      ],
      [
        [
          [10, 10],
          [20, 20],
        ],
        [[10, 10], [20, 30], 'byUser'],
      ],
      undefined,
    ],
  ])('have an alternative if AWS might count indexes: %s', (_, capacities, wanted, orElse) => {
    const changes = wanted.map(([from, to, index]) => ({
      ...(index ? { index } : {}),
      from: units(...from),
      to: units(...to),
    }));
    const before = structuredClone(changes);
    const result = withinAccount(changes, state(...capacities) as never, units(0, 0), limits);
    expect(result.allowed).toEqual(changes);
    expect(result.refusals).toEqual([]);
    expect(result.orElse?.map(({ to }) => [to.read, to.write])).toEqual(orElse);
    expect(result.disputed !== undefined).toBe(orElse !== undefined);
    expect(changes).toEqual(before);
  });

  it('name the quota of the table if both are reached at once', () => {
    const { to, refusals } = within(
      [[10, 100]],
      [
        [
          [10, 100],
          [10, 600],
        ],
      ],
      units(0, 500),
    );
    expect(to).toEqual([[10, 500]]);
    expect(refusals).toEqual([expect.stringContaining('the quota for a table is 500')]);
  });

  it('lower nothing that is above them already', () => {
    const { to, refusals } = within(
      [[10, 600]],
      [
        [
          [10, 600],
          [10, 700],
        ],
      ],
    );
    expect(to).toEqual([]);
    expect(refusals).toEqual([expect.stringMatching(/^Writes 600 → 700: not raised/)]);
  });

  it('limit a raise to the quota of all tables, and hold it if nothing is left', () => {
    const { to, refusals } = within(
      [[10, 100]],
      [
        [
          [10, 100],
          [10, 200],
        ],
      ],
      units(0, 950),
    );
    expect(to).toEqual([]);
    expect(refusals[0]).toMatch(
      /^Writes 100 → 200: not raised, because the quota for all tables of the region together is 1000\..*"Account-level write throughput limit"\.$/,
    );
  });

  it('do not give the room of a decrease to a raise in the same change', () => {
    const capacities: [number, number, string?][] = [
      [10, 500],
      [10, 400, 'byUser'],
    ];
    const changes: [[number, number], [number, number], string?][] = [
      [
        [10, 500],
        [10, 100],
      ],
      [[10, 400], [10, 450], 'byUser'],
    ];
    const { to, refusals } = within(capacities, changes, units(0, 100));
    expect(to).toEqual([[10, 100]]);
    expect(refusals).toEqual([expect.stringMatching(/^Index byUser writes 400 → 450: not raised/)]);
  });

  it('do not change decreases, and do not count them yet', () => {
    expect(
      within(
        [[500, 500]],
        [
          [
            [500, 500],
            [100, 600],
          ],
        ],
      ),
    ).toMatchObject({ to: [[100, 500]] });
  });
});

describe('the permits for a table', () => {
  const closed: Partial<Settings> = { maintenance: [window('11:00', 2)] };
  const watched = (settings: Partial<Settings> = {}): Partial<Settings> => ({
    ...settings,
    healthUrl: 'https://example.com/health',
  });
  const sick: Health = { healthy: false, answer: '503 Service Unavailable' };

  /** Writes at 100 with what has been consumed for an hour; reads are idle at 100. */
  function scale(consumed: number, settings: Partial<Settings>, health?: Health, limits?: AccountLimits) {
    const spec = specOf({ settings, outdated: units(1, 1), full: units(100, 100) });
    const minutes = (rate: number) =>
      Array.from({ length: 60 }, (_, i) => ({ at: NOON - (61 - i) * MINUTE, consumed: rate, throttled: 0 }));
    const demand = [{ read: minutes(1), write: minutes(consumed) }];
    const observed = observedOf([{ spec, name: TODAY, demand, table: units(100, 100) }]);
    if (health) observed.learnHealth('https://example.com/health', health);
    if (limits) observed.learnLimits({ value: limits });
    const draft = planScale(configOf([spec]), observed, NOON);
    return { ...draft, said: sayDraft(draft) };
  }

  it('hold decreases during a maintenance window, and report its end', () => {
    const { said, holds } = scale(10, closed);
    expect(said).toEqual([`[lower ${TODAY} (maintenance)]`]);
    expect(holds[0]?.message).toMatch(
      /^Reads 100 → \d+, writes 100 → \d+: a maintenance window is open until 2026-11-21 13:00 UTC\.$/,
    );
  });

  it('allow raises during a maintenance window', () => {
    const { said, actions } = scale(95, closed);
    expect(said).toEqual([`raise ${TODAY} (utilization-high)`, `[lower ${TODAY} (maintenance)]`]);
    expect(actions).toMatchObject([{ changes: [{ from: units(100, 100), to: { read: 100 } }] }]);
    expect(actions[0]?.message).not.toContain('Reads');
  });

  it('read the health URL only if something would be lowered', () => {
    expect(scale(10, watched()).needs).toEqual([
      { fact: 'health', url: 'https://example.com/health', allowPrivate: false },
    ]);
    expect(scale(10, watched(closed)).needs).toEqual([]);
    expect(scale(10, {}).needs).toEqual([]);
  });

  it('allow decreases if the health URL answers 2xx, and otherwise report its answer', () => {
    expect(scale(10, watched(), { healthy: true, answer: '204 No Content' }).said).toEqual([
      `lower ${TODAY} (utilization-low)`,
    ]);
    const { said, holds } = scale(10, watched(), sick);
    expect(said).toEqual([`[lower ${TODAY} (unhealthy)]`]);
    expect(holds[0]?.message).toMatch(/: the health URL fails \(503 Service Unavailable\)\.$/);
    expect(scale(95, watched(), sick).said).toEqual([
      `raise ${TODAY} (utilization-high)`,
      `[lower ${TODAY} (unhealthy)]`,
    ]);
  });

  it('limit a raise to the account quota, and do not fail the run while nothing is throttled', () => {
    const tight: AccountLimits = { account: units(1000, 1000), table: units(1000, 110) };
    const { actions, holds } = scale(95, {}, undefined, tight);
    expect(actions).toMatchObject([{ kind: 'raise', changes: [{ to: { write: 110 } }] }]);
    expect(holds).toMatchObject([{ kind: 'raise', reason: 'account-limit' }]);
    expect(holds[0]?.urgent).toBeUndefined();
  });

  it('hold every change of an expired table during a maintenance window', () => {
    const outdatedAs = { billingMode: 'PAY_PER_REQUEST', tableClass: 'STANDARD_INFREQUENT_ACCESS' } as const;
    const plan = (options: Parameters<typeof specOf>[0], state = {}) => {
      const spec = specOf({ ...options, settings: closed });
      const known = ['20261120', '20261121', '20261122'].map((day) => `production.Events.${day}`);
      const observed = observedOf(
        known.map((name) => ({ spec, name, ...(name === YESTERDAY && { state }) })),
      );
      return sayDraft(planRotate(configOf([spec]), observed, NOON));
    };
    expect(plan({})).toEqual([`[lower ${YESTERDAY} (maintenance)]`]);
    expect(plan({ outdatedAs })).toEqual([`[billing ${YESTERDAY} (maintenance)]`]);
    expect(plan({ outdatedAs }, { billingMode: 'PAY_PER_REQUEST' })).toEqual([
      `[table-class ${YESTERDAY} (maintenance)]`,
    ]);

    const spec = specOf({ keep: 1, settings: closed });
    const createdAt = at('2026-11-20');
    const observed = observedOf(
      [
        { spec, name: YESTERDAY, state: { createdAt } },
        { spec, name: TODAY },
      ],
      [{ table: YESTERDAY, createdAt, scheduledAt: NOON - 13 * HOUR }],
    );
    const later = (now: number) => sayDraft(planPurge(configOf([spec], closed), observed, now));
    expect(later(NOON)).toEqual([`[delete ${YESTERDAY} (maintenance)]`]);
    expect(later(NOON + HOUR)).toEqual([`delete ${YESTERDAY} (still-expired)`]);
  });
});

describe('a run', () => {
  it('reads each health URL once, and not at all if nothing would be lowered', async () => {
    const settings = { healthUrl: 'https://example.com/health' };
    const scaling = { method: 'none' } as const;
    const specs = ['A', 'B'].map((name) => specOf({ name, keep: 3, settings, scaling }));
    const world = new World(at('2026-11-20T12:00'));
    const asked: string[] = [];
    world.health = (url) => {
      asked.push(url);
      return { healthy: asked.length > 1, answer: '500 Internal Server Error' };
    };
    await run('rotate', configOf(specs), world);
    expect(asked).toEqual([]);
    world.clock.moveTo(at('2026-11-21T01:00'));
    const held = await run('rotate', configOf(specs), world);
    expect(asked).toHaveLength(1);
    expect(sayDraft({ actions: [], holds: [...held.holds] })).toEqual([
      '[lower production.A.20261120 (unhealthy)]',
      '[lower production.B.20261120 (unhealthy)]',
    ]);
    world.clock.moveTo(at('2026-11-21T02:00'));
    expect((await run('rotate', configOf(specs), world)).results.map(({ outcome }) => outcome)).toEqual(
      Array(2).fill('applied'),
    );
    expect(asked).toHaveLength(2);
  });
});
