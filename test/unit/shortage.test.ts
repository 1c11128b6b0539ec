import { ReplicaStatus, TableStatus } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import { refusalsAt, refusalsIn } from '../../src/core/capacity/refusals.ts';
import type { TableState } from '../../src/core/facts.ts';
import { failing, needsAttention } from '../../src/core/failing-holds.ts';
import { tableOf } from '../../src/core/fleet.ts';
import type { HoldReason } from '../../src/core/plan.ts';
import { sayShortages, withoutService, withRefused } from '../../src/core/shortage.ts';
import { sameSightings, sightingsFrom, storableSightings } from '../../src/core/sightings.ts';
import { traitsOf } from '../../src/core/table-status.ts';
import { absence, sightingsAfter, usability } from '../../src/core/usability.ts';
import { at, MINUTE, specOf } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const spec = specOf();
const today = tableOf(spec, periodAt('daily', NOON), NOON);

/** Minutes up to noon with these throttled requests per second, oldest first, and 10 units served per second. */
const minutes = (rates: readonly number[]) =>
  rates.map((throttled, i) => ({ at: NOON - (rates.length - i) * MINUTE, consumed: 10, throttled }));

describe('throttled requests', () => {
  it.each<[string, number[], number, number]>([
    ['count from the first minute', [0, 1, 1, 1], 3, 3],
    ['count over short pauses, by the minutes that have some', [1, 0, 0, 1, 0, 1], 3, 6],
    ['count until five minutes without any', [9, 0, 0, 0, 0, 0, 1, 1], 2, 2],
    ['count while the last one is less than five minutes ago', [1, 0, 0, 0, 0], 1, 5],
  ])('%s: %j', (_, rates, count, ago) => {
    expect(refusalsIn(minutes(rates))).toMatchObject({ minutes: count, since: NOON - ago * MINUTE });
  });

  it('have ended after five minutes without any', () => {
    expect(refusalsIn(minutes([9, 9, 0, 0, 0, 0, 0]))).toBeUndefined();
    expect(refusalsIn([])).toBeUndefined();
  });

  it('are a share of the demand', () => {
    expect(refusalsIn(minutes([30, 30]))).toMatchObject({ requests: 3600, share: 0.75 });
  });
});

describe('throttled requests after a raise', () => {
  /**
   * Consumed and throttled rates of the minutes up to noon. The capacity of 100 serves since `ago` minutes, and the first
   * raise `first` minutes.
   */
  const refusedAfter = (
    [ago, from, first]: readonly [number, number?, number?],
    consumed: readonly number[],
    throttled: readonly number[],
  ) => {
    const raised = from !== undefined && { raised: { from, since: NOON - (first ?? ago) * MINUTE } };
    return refusalsAt(
      { provisioned: 100, since: NOON - ago * MINUTE, ...raised },
      minutes(throttled).map((minute, i) => ({ ...minute, consumed: consumed[i]! })),
    );
  };
  const six = [9, 9, 9, 9, 9, 9];
  const flat = [20, 20, 20, 20, 20, 20];
  const lasting = Array<number>(17).fill(9);
  const full = Array<number>(17).fill(95);

  it.each<[string, [number, number?, number?], number[], number[], number, boolean]>([
    ['without a raise', [60], flat, six, 6, false],
    ['if consumption stays far below the capacity', [2], flat, six, 6, true],
    ['if consumption was far below the earlier capacity too', [1, 50], flat, six, 6, true],
    ['for three minutes, if consumption used the earlier capacity', [2, 22], flat, six, 2, false],
    ['if these three minutes show no effect', [3, 22], flat, six, 6, true],
    ['if consumption uses the capacity', [2], [50, 50, 50, 50, 95, 95], six, 2, false],
    ['if consumption grows', [2], [40, 40, 40, 50, 60, 70], six, 2, false],
    ['if the throttled requests fall', [2], flat, [9, 9, 9, 4, 3, 2], 2, false],
    ['if a second raise is in effect only now', [0, 50, 4], flat, six, 6, true],
    ['for 15 minutes of raises that are used', [2, 60, 15], full, lasting, 17, true],
    ['for 14 minutes of raises that are used', [2, 60, 14], full, lasting, 2, false],
    ['if they pause meanwhile', [2, 60, 15], full, lasting.map((one, i) => (i === 9 ? 0 : one)), 2, false],
  ])('count %s', (_, raise, consumed, throttled, count, inVain) => {
    expect(refusedAfter(raise, consumed, throttled)).toMatchObject({ minutes: count, inVain });
  });

  it.each<[string, [number, number?, number?], number[], number[]]>([
    ['if the effect of a raise is not known yet', [0], flat, six],
    ['if the effect of the first raise is not known yet', [0, 50], flat, six],
    ['if the effect of a second raise is not known yet, and all capacity was used', [0, 22, 4], flat, six],
    ['if a raise ended them', [2], flat, [9, 9, 9, 9, 0, 0]],
  ])('do not count %s', (_, raise, consumed, throttled) => {
    expect(refusedAfter(raise, consumed, throttled)).toBeUndefined();
  });
});

describe('a hold with throttled requests', () => {
  const refused = (count: number) => refusalsIn(minutes(Array(count).fill(30)))!;
  const bounds = {
    kind: 'raise',
    reason: 'bounds',
    message: 'Writes need 9, but the maximum is 5.',
  } as const;

  it('has figures, and is urgent after the minutes of the settings', () => {
    const early = withRefused(bounds, refused(4), today, 'write', undefined);
    expect(early.urgent).toBeUndefined();
    expect(withRefused(bounds, refused(5), today, 'write', undefined)).toEqual({
      ...bounds,
      urgent: true,
      message:
        'Writes need 9, but the maximum is 5. DynamoDB throttled 9000 write requests (75% of the demand) in 5 minutes since 2026-11-21 11:55 UTC.',
      shortage: {
        cause: 'refused',
        since: '2026-11-21T11:55:00.000Z',
        minutes: 5,
        requests: 9000,
        percent: 75,
      },
    });
  });

  it('is not urgent if an operator accepts the throttling of this dimension', () => {
    const table = { ...today, spec: specOf({ settings: { acceptThrottling: ['write byUser'] } }) };
    const hold = (index?: string) => withRefused(bounds, refused(9), table, 'write', index);
    expect(hold('byUser')).toMatchObject({ shortage: { accepted: true } });
    expect(hold('byUser').urgent).toBeUndefined();
    expect(hold().urgent).toBe(true);
  });

  it.each<HoldReason>(['decrease-quota', 'cool-down', 'maintenance', 'suspended'])(
    'is never urgent for the reason %s, which holds no raise',
    (reason) => {
      expect(
        withRefused({ ...bounds, reason }, refused(60), today, 'write', undefined).urgent,
      ).toBeUndefined();
      expect(withoutService({ ...bounds, reason }, 'busy', 0, today, NOON).urgent).toBeUndefined();
    },
  );

  it('counts tables and not holds', () => {
    const body = { job: 'scale', group: 'Events', ...bounds } as const;
    const one = { ...withRefused(bounds, refused(1), today, 'write', undefined), ...body, table: 'a' };
    const accepted = { ...one, table: 'b', shortage: { ...one.shortage!, accepted: true as const } };
    expect(sayShortages([])).toBe('');
    expect(sayShortages([{ ...body, table: 'a' }])).toBe('');
    expect(sayShortages([one, one])).toBe('1 table cannot serve what is asked of it.');
    expect(sayShortages([one, { ...one, table: 'c' }, accepted])).toBe(
      '2 tables cannot serve what is asked of them. AcceptThrottling accepts the throttled requests of 1 table.',
    );
  });
});

it('fails a run at once for what could not be read and for a mistyped environment, and for nothing else without urgency', () => {
  const reasons = Object.keys(failing) as HoldReason[];
  expect(reasons.filter((reason) => needsAttention({ reason }))).toEqual([
    'metrics-unknown',
    'unreadable',
    'environment-unlisted',
  ]);
});

describe('the status of a table', () => {
  it('is known for every status of DynamoDB, and says what to do', () => {
    const unknown = traitsOf('LATER');
    for (const status of [...Object.values(TableStatus), ...Object.values(ReplicaStatus)])
      expect(traitsOf(status), status).not.toBe(unknown);
    expect(traitsOf('toString')).toBe(unknown);
    expect(unknown).toMatchObject({ passes: false, deletable: false });
  });

  const context = (state: Partial<TableState>, name = TODAY, now = NOON, earlier?: Map<string, never>) => {
    const observed = observedOf([{ spec, name, state }]);
    if (earlier) Object.assign(observed, { sightings: earlier });
    const table = name === TODAY ? today : tableOf(spec, periodAt('daily', NOON + 86_400_000), NOON);
    return { observed, table, state: observed.known('description', name)!, now, soFar: {} as never };
  };
  const seen = (status: string, since: number) => new Map([[TODAY, { status, since } as never]]);

  it.each<[string, Parameters<typeof context>, boolean | undefined]>([
    ['CREATING for a minute', [{ status: 'CREATING', createdAt: NOON - MINUTE }], undefined],
    ['CREATING for 15 minutes', [{ status: 'CREATING', createdAt: NOON - 15 * MINUTE }], true],
    ['UPDATING, seen for the first time', [{ status: 'UPDATING' }], undefined],
    [
      'UPDATING, seen 14 minutes ago',
      [{ status: 'UPDATING' }, TODAY, NOON, seen('UPDATING', NOON - 14 * MINUTE)],
      undefined,
    ],
    [
      'UPDATING, seen 15 minutes ago',
      [{ status: 'UPDATING' }, TODAY, NOON, seen('UPDATING', NOON - 15 * MINUTE)],
      true,
    ],
    [
      'UPDATING, seen in another status',
      [{ status: 'UPDATING' }, TODAY, NOON, seen('CREATING', 0)],
      undefined,
    ],
    ['ARCHIVED, seen for the first time', [{ status: 'ARCHIVED' }], false],
    [
      'unusable for 15 minutes by its own account',
      [{ status: 'ARCHIVED', unusableSince: NOON - 15 * MINUTE }],
      true,
    ],
    ['ACTIVE', [{ status: 'ACTIVE' }], undefined],
    ['DELETING, seen for the first time', [{ status: 'DELETING' }], false],
    [
      'DELETING, seen 15 minutes ago',
      [{ status: 'DELETING' }, TODAY, NOON, seen('DELETING', NOON - 15 * MINUTE)],
      true,
    ],
  ])('holds a current table that is %s only as long as that lasts', (_, one, urgent) => {
    const { holds } = usability(context(...one), { atOnce: false });
    expect(holds.map((hold) => hold.urgent === true)).toEqual(urgent === undefined ? [] : [urgent]);
  });

  it('fails rotate at once if an operator has to act, for upcoming tables too', () => {
    const tomorrow = 'production.Events.20261122';
    for (const name of [TODAY, tomorrow])
      expect(usability(context({ status: 'ARCHIVING' }, name), { atOnce: true }).holds).toMatchObject([
        { kind: 'use', reason: 'table-unusable', urgent: true },
      ]);
  });

  it('fails rotate if a table stays CREATING for five minutes, as it does while it is imported', () => {
    const creating = (minutes: number) =>
      usability(context({ status: 'CREATING', createdAt: NOON - minutes * MINUTE }), { atOnce: true }).holds;
    expect(creating(4)).toEqual([]);
    expect(creating(5)).toMatchObject([{ urgent: true, message: expect.stringContaining('imports it.') }]);
  });

  it('does not matter for a table whose period has ended', () => {
    const one = context({ status: 'ARCHIVED' });
    const table = { ...one.table, phase: 'outdated' } as const;
    expect(usability({ ...one, table }, { atOnce: true }).holds).toEqual([]);
  });

  it('is remembered of an index that keeps the table from being changed, and fails the run if that lasts', () => {
    const capacities = [
      { status: 'ACTIVE', read: 1, write: 1, decreases: 0 },
      { index: 'byA', status: 'UPDATING', read: 1, write: 1, decreases: 0 },
    ];
    const seenAt = (since: number) => context({ capacities }, TODAY, NOON, seen('byA UPDATING', since));
    const of = (since: number) => usability(seenAt(since), { atOnce: false }).holds;
    expect([...sightingsAfter(context({ capacities }).observed, [today], NOON)]).toEqual([
      [TODAY, { status: 'byA UPDATING', since: NOON }],
    ]);
    expect(of(NOON - 14 * MINUTE)).toEqual([]);
    expect(of(NOON - 15 * MINUTE)).toMatchObject([
      {
        urgent: true,
        message:
          'The index byA has been UPDATING since 2026-11-21 11:45 UTC, so the table cannot be changed. If it lasts for hours, ask AWS Support.',
      },
    ]);
  });

  it('stays remembered while the table cannot be described', () => {
    const { observed } = context({}, TODAY, NOON, seen('UPDATING', 5));
    observed.learn('description', TODAY, { error: 'no answer' });
    expect([...sightingsAfter(observed, [today], NOON)]).toEqual([[TODAY, { status: 'UPDATING', since: 5 }]]);
    expect([...sightingsAfter(observedOf([]), [today], NOON)]).toEqual([]);
  });

  it('is remembered of a table that does not exist, and counts from the second run on', () => {
    const observed = observedOf([]);
    observed.learn('description', TODAY, { value: undefined });
    expect([...sightingsAfter(observed, [today], NOON)]).toEqual([
      [TODAY, { status: 'missing', since: NOON }],
    ]);
    expect(absence({ observed, table: today, now: NOON }).holds).toMatchObject([
      { reason: 'table-unusable' },
    ]);
    const of = (since: number) => {
      Object.assign(observed, { sightings: seen('missing', since) });
      return absence({ observed, table: today, now: NOON }).holds.map((hold) => hold.urgent === true);
    };
    expect([of(NOON - 14 * MINUTE), of(NOON - 15 * MINUTE)]).toEqual([[false], [true]]);
  });

  it('is remembered unless the table is only just being created or changed', () => {
    const remembered = (state: Partial<TableState>) => [
      ...sightingsAfter(context(state).observed, [today], NOON),
    ];
    expect(remembered({ status: 'ACTIVE' })).toEqual([]);
    const since = NOON - 5 * MINUTE;
    expect(remembered({ status: 'CREATING', createdAt: since + 1 })).toEqual([]);
    expect(remembered({ status: 'CREATING', createdAt: since })).toEqual([
      [TODAY, { status: 'CREATING', since }],
    ]);
    expect(remembered({ status: 'ARCHIVED', unusableSince: 5 })).toEqual([
      [TODAY, { status: 'ARCHIVED', since: 5 }],
    ]);
    expect(remembered({ status: 'UPDATING', createdAt: NOON - MINUTE })).toEqual([]);
    expect(remembered({ status: 'UPDATING', createdAt: NOON - 3 * MINUTE })).toEqual([
      [TODAY, { status: 'UPDATING', since: NOON - 3 * MINUTE }],
    ]);
    expect(remembered({ status: 'ARCHIVED' })).toEqual([[TODAY, { status: 'ARCHIVED', since: NOON }]]);
  });
});

describe('a replica', () => {
  const REPLICA = `${TODAY} eu-west-1`;
  const of = (status: string, earlier = new Map<string, never>(), inaccessibleSince?: number) => {
    const replica = {
      region: 'eu-west-1',
      status,
      ...(inaccessibleSince !== undefined && { inaccessibleSince }),
    };
    const observed = observedOf([{ spec, name: TODAY, state: { replicas: [replica] } }]);
    Object.assign(observed, { sightings: earlier });
    const state = observed.known('description', TODAY)!;
    const { holds } = usability(
      { observed, table: today, state, now: NOON, soFar: {} as never },
      { atOnce: false },
    );
    return {
      holds: holds.map(({ urgent }) => urgent === true),
      after: sightingsAfter(observed, [today], NOON),
    };
  };
  const seen = (status: string, minutesAgo: number) =>
    new Map([[REPLICA, { status, since: NOON - minutesAgo * MINUTE } as never]]);

  it.each<[string, ReturnType<typeof of>, boolean[], number | undefined]>([
    ['for the first time', of('CREATION_FAILED'), [false], 0],
    ['for 14 minutes', of('CREATION_FAILED', seen('CREATION_FAILED', 14)), [false], 14],
    ['for 15 minutes', of('CREATION_FAILED', seen('CREATION_FAILED', 15)), [true], 15],
    [
      'for long, by its own account',
      of('REGION_DISABLED', new Map<string, never>(), NOON - 20 * MINUTE),
      [true],
      20,
    ],
    ['in another such status before', of('REGION_DISABLED', seen('CREATION_FAILED', 60)), [true], 0],
    ['after another change', of('REGION_DISABLED', seen('UPDATING', 60)), [false], 0],
    ['while it is being created', of('CREATING', seen('CREATING', 60)), [], undefined],
  ])('that is seen impaired %s is remembered, and fails scale after 15 minutes', (_, one, urgent, ago) => {
    expect(one.holds).toEqual(urgent);
    expect(one.after.get(REPLICA)?.since).toBe(ago === undefined ? undefined : NOON - ago * MINUTE);
  });
});

describe('remembered sightings', () => {
  const one = new Map([[TODAY, { status: 'UPDATING', since: NOON }]]);

  it('are read as they were stored', () => {
    expect(sightingsFrom(storableSightings(one), NOON)).toEqual(one);
    expect(sameSightings(one, sightingsFrom(storableSightings(one), NOON))).toBe(true);
    expect(sameSightings(one, new Map())).toBe(false);
    expect(sameSightings(one, new Map([[TODAY, { status: 'UPDATING', since: 1 }]]))).toBe(false);
  });

  it.each([
    '',
    '[]',
    'null',
    '{"a":1}',
    '{"a":{"status":"X"}}',
    '{"a":{"status":"X","since":"1"}}',
    '{"a":{"status":"X","since":1,"unusableSince":"1"}}',
    undefined,
  ])('are ignored if they are damaged: %s', (text) => expect(sightingsFrom(text, NOON).size).toBe(0));

  it('are ignored if they are in the future', () => {
    expect(sightingsFrom(storableSightings(one), NOON - 1).size).toBe(0);
  });
});
