/** What the account's quotas leave for a table, with all that counts towards them. */
import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/core/calendar/rotation.ts';
import { Decided } from '../../src/core/decided.ts';
import type { AccountLimits, Reading } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { holding } from '../../src/core/outcome.ts';
import { affordable, objectionToProvisioning } from '../../src/core/permits/affordable.ts';
import { objectionToLowering, permitted } from '../../src/core/permits/index.ts';
import type { Action } from '../../src/core/plan.ts';
import type { Settings } from '../../src/core/spec.ts';
import type { TableContext } from '../../src/core/table-context.ts';
import { at, specOf, units } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const OTHER = 'production.Events.20261122';
/** Room for 300 of each in the account: two tables have 100 each. */
const LIMITS: AccountLimits = { account: units(300, 300), table: units(1000, 1000) };

interface Given {
  readonly soFar?: readonly Action[];
  readonly limits?: Reading<AccountLimits> | 'unread';
  readonly settings?: Partial<Settings>;
}

function contextOf({ soFar = [], limits = { value: LIMITS }, settings = {} }: Given = {}): TableContext {
  const spec = specOf({ settings, full: units(100, 100) });
  const known = [TODAY, OTHER].map((name) => ({ spec, name, table: units(100, 100) }));
  const observed = observedOf(known);
  if (limits === 'unread') Object.defineProperty(observed, 'limits', { value: undefined });
  else observed.learnLimits(limits);
  const table = tableOf(spec, periodOf(spec, NOON), NOON);
  const state = observed.known('description', TODAY)!;
  return { observed, table, state, now: NOON, soFar: new Decided(observed, undefined, soFar) };
}

const raise = (read: number, write: number) => ({ from: units(100, 100), to: units(read, write) });
const actionOn = (table: string, own: object): Action =>
  ({ job: 'scale', group: 'Events', table, reason: 'warm-up', message: 'Why.', ...own }) as Action;

describe('the sum that the quota of the account limits', () => {
  it.each<[string, Action[], [number, number]]>([
    ['has the other tables', [], [200, 200]],
    [
      'has the raises of this run',
      [actionOn(OTHER, { kind: 'raise', changes: [raise(130, 160)] })],
      [170, 140],
    ],
    [
      'has the raises of several actions',
      [
        actionOn(OTHER, { kind: 'raise', changes: [raise(120, 100)] }),
        actionOn('production.Other.20261121', { kind: 'raise', changes: [raise(130, 110)] }),
      ],
      [150, 190],
    ],
    [
      'has no decrease of this run, because that is not in effect yet',
      [actionOn(OTHER, { kind: 'lower', changes: [raise(10, 20)] })],
      [200, 200],
    ],
    [
      'has the throughput that this run provisions for an on-demand table and its indexes',
      [
        actionOn('production.Other.20261121', {
          kind: 'billing',
          billingMode: 'PROVISIONED',
          throughput: [units(40, 20), { index: 'byUser', ...units(10, 5) }],
        }),
      ],
      [150, 175],
    ],
    [
      'has nothing of a table that this run switches to on-demand',
      [actionOn('production.Other.20261121', { kind: 'billing', billingMode: 'PAY_PER_REQUEST' })],
      [200, 200],
    ],
    [
      'has nothing of an on-demand table that this run creates',
      [
        actionOn('production.Other.20261121', {
          kind: 'create',
          urgency: 'current',
          input: { TableName: 'production.Other.20261121', BillingMode: 'PAY_PER_REQUEST' },
        }),
      ],
      [200, 200],
    ],
    ['has no other action of this run', [actionOn(OTHER, { kind: 'protection' })], [200, 200]],
    [
      'has what was decided for the same table only once',
      [actionOn(TODAY, { kind: 'raise', changes: [raise(150, 150)] })],
      [200, 200],
    ],
  ])('%s', (_, soFar, [read, write]) => {
    const { allowed, refusals } = affordable(contextOf({ soFar }), [raise(500, 500)]);
    expect(allowed.map(({ to }) => to)).toEqual([units(read, write)]);
    expect(refusals).toHaveLength(2);
  });

  it('goes without a table that cannot be read', () => {
    const context = contextOf();
    context.observed.learn('description', OTHER, { error: 'no answer' });
    expect(affordable(context, [raise(500, 200)]).allowed).toEqual([raise(300, 200)]);
  });

  it('allows a raise that reaches the quota exactly', () => {
    expect(affordable(contextOf(), [raise(200, 200)])).toMatchObject({
      allowed: [raise(200, 200)],
      refusals: [],
    });
  });

  it('goes to the raises with the most refused requests first', () => {
    const changes = [raise(180, 100), { index: 'byUser', ...raise(180, 100) }];
    const [table, index] = affordable(contextOf(), changes, ({ index: of }) => (of ? 5 : 0)).allowed;
    expect([table?.to.read, index?.to.read]).toEqual([120, 180]);
    const [first, second] = affordable(contextOf(), changes, ({ index: of }) => (of ? 0 : 5)).allowed;
    expect([first?.to.read, second?.to.read]).toEqual([180, 120]);
  });
});

describe('quotas that are unknown', () => {
  it('are read before a raise', () => {
    expect(affordable(contextOf({ limits: 'unread' }), [raise(500, 500)]).outcome.needs).toEqual([
      { fact: 'limits' },
    ]);
    expect(objectionToProvisioning(contextOf({ limits: 'unread' }), [units(5, 5)])).toMatchObject({
      pending: { needs: [{ fact: 'limits' }] },
    });
  });

  it('limit nothing if they cannot be read, because DynamoDB itself does', () => {
    const limits = { error: 'no answer' };
    expect(affordable(contextOf({ limits }), [raise(500, 500)])).toMatchObject({
      allowed: [raise(500, 500)],
      refusals: [],
      outcome: { needs: [] },
    });
    expect(objectionToProvisioning(contextOf({ limits }), [units(500, 500)])).toEqual({ value: undefined });
  });
});

describe('the throughput of an on-demand table', () => {
  it.each<[string, AccountLimits, RegExp | undefined]>([
    ['is provisioned if the quotas allow all of it', LIMITS, undefined],
    [
      'is not provisioned if the account has less room',
      { ...LIMITS, account: units(300, 119) },
      /^writes 0 → 20: raised only to 19, because the quota for all tables/,
    ],
    [
      'is not provisioned if the quota of a table might count its indexes',
      { ...LIMITS, table: units(1000, 30) },
      /^index byUser writes 0 → 20: raised only to 10, because the quota for a table/,
    ],
  ])('%s', (_, limits, message) => {
    const index = { index: 'byUser', ...units(5, 20) };
    const throughput = [units(10, 20), ...(message?.source.includes('byUser') ? [index] : [])];
    const context = contextOf({ limits: { value: limits } });
    const state = { ...context.state, capacities: [] };
    const objection = objectionToProvisioning({ ...context, state }, throughput);
    expect(objection).toEqual({
      value: message && { reason: 'account-limit', message: expect.stringMatching(message) },
    });
  });
});

describe('the permits', () => {
  const url = 'https://example.com/health';
  const both = { from: units(100, 100), to: units(150, 50) };
  const ask = (context: TableContext, changes = [both]) =>
    permitted({ ...context, holdingRaise: (hold) => holding(hold) }, changes);
  const watched = () => contextOf({ settings: { healthUrl: url } });

  it('lower nothing while the health is unknown, and raise meanwhile', () => {
    const { allowed, outcome } = ask(watched());
    expect(allowed.map(({ to }) => to)).toEqual([units(150, 100)]);
    expect(outcome).toMatchObject({ needs: [{ fact: 'health', url, allowPrivate: false }], holds: [] });
    expect(objectionToLowering(watched())).toMatchObject({ pending: { needs: [{ fact: 'health', url }] } });
  });

  it.each([
    [true, units(150, 50), undefined],
    [false, units(150, 100), 'unhealthy'],
  ])('lower according to the health, if that is %s', (healthy, to, reason) => {
    const context = watched();
    context.observed.learnHealth(url, { healthy, answer: '503' });
    const { allowed, outcome } = ask(context);
    expect(allowed.map((one) => one.to)).toEqual([to]);
    expect(outcome.holds.map((hold) => hold.reason)).toEqual(reason ? [reason] : []);
    const objection = objectionToLowering(context);
    expect('value' in objection && objection.value?.reason).toBe(reason);
  });

  it('lower without a health URL', () => {
    expect(ask(contextOf()).allowed.map(({ to }) => to)).toEqual([units(150, 50)]);
    expect(objectionToLowering(contextOf())).toEqual({ value: undefined });
  });

  it('ask for the quotas only if something is raised', () => {
    const down = [{ from: units(100, 100), to: units(50, 50) }];
    expect(ask(contextOf({ limits: 'unread' }), down).outcome.needs).toEqual([]);
    expect(ask(contextOf({ limits: 'unread' })).outcome.needs).toEqual([{ fact: 'limits' }]);
  });

  it.each<[string, Partial<Settings>]>([
    ['a maintenance window', { maintenance: [{ days: [6], fromMinute: 0, lastsMinutes: 1440 }] }],
    ['an unknown health', { healthUrl: url }],
  ])('hold nothing of a raise in %s', (_, settings) => {
    const { allowed, outcome } = ask(contextOf({ settings }), [raise(150, 100)]);
    expect(allowed).toEqual([raise(150, 100)]);
    expect([outcome.needs, outcome.holds]).toEqual([[], []]);
  });

  it('hold a decrease in a maintenance window, before the health is read', () => {
    const window = { days: [6], fromMinute: 0, lastsMinutes: 1440 };
    const context = contextOf({ settings: { maintenance: [window], healthUrl: url } });
    const { allowed, outcome } = ask(context);
    expect(allowed.map(({ to }) => to)).toEqual([units(150, 100)]);
    expect(outcome.needs).toEqual([]);
    expect(outcome.holds).toMatchObject([{ kind: 'lower', reason: 'maintenance' }]);
    expect(objectionToLowering(context)).toMatchObject({ value: { reason: 'maintenance' } });
  });

  it('have what to do if AWS counts indexes towards the quota of the table', () => {
    const limits = { value: { account: units(5000, 5000), table: units(240, 240) } };
    const context = contextOf({ limits });
    const [own] = context.state.capacities;
    const state = { ...context.state, capacities: [own!, { ...own!, index: 'byUser' }] };
    const changes = [raise(130, 100), { index: 'byUser', ...raise(130, 100) }];
    expect(ask({ ...context, state }, changes)).toMatchObject({
      allowed: changes,
      orElse: [raise(130, 100), { index: 'byUser', ...raise(110, 100) }],
    });
    expect(ask(context, [raise(130, 100)])).not.toHaveProperty('orElse');
  });

  it('hold a raise above the quota in the words of the caller', () => {
    const context = contextOf();
    const changes = [raise(500, 100)];
    const { allowed, outcome } = permitted(
      { ...context, holdingRaise: (hold, dimension) => holding({ ...hold, message: `held ${dimension}` }) },
      changes,
    );
    expect(allowed.map(({ to }) => to)).toEqual([units(200, 100)]);
    expect(outcome.holds).toEqual([{ kind: 'raise', reason: 'account-limit', message: 'held read' }]);
  });
});
