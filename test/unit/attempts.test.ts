import { describe, expect, it } from 'vitest';
import { attemptsAfter, attemptsFrom, storableAttempts } from '../../src/core/attempts.ts';
import type { Attempt, Attempts } from '../../src/core/facts.ts';
import type { Action } from '../../src/core/plan.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const BOUNDS = { read: { min: 5, max: 1000 }, write: { min: 5, max: 60 } };
const ANSWER = 'AWS accepted it.';

/** What is known of a table at 50 reads and 60 writes that was last raised at an instant. */
function known(attempts: Attempts = new Map(), lastIncrease?: number, table = units(50, 60)) {
  const spec = specOf({ bounds: BOUNDS, scaling: { method: 'reactive' } });
  const demand = [
    {
      read: minutes(40, 0),
      write: minutes(60, 20),
    },
  ];
  const observed = observedOf([
    { spec, name: TODAY, demand, table: { ...table, ...(lastIncrease !== undefined && { lastIncrease }) } },
  ]);
  return { spec, observed: Object.assign(observed, { attempts }) };
}

const minutes = (consumed: number, throttled: number) =>
  Array.from({ length: 60 }, (_, i) => ({
    at: NOON - (61 - i) * MINUTE,
    consumed,
    throttled: i < 50 ? 0 : throttled,
  }));

const raise = (to = units(90, 60)): Action => ({
  kind: 'raise',
  job: 'scale',
  group: 'Events',
  table: TODAY,
  reason: 'utilization-high',
  message: '',
  changes: [{ from: units(50, 60), to }],
});

const one = (attempt: Attempt, key = 'read'): Attempts => new Map([[TODAY, { [key]: attempt }]]);
const tries = (last: number) => ({
  since: 10 * MINUTE,
  count: 2,
  last,
  wanted: 'Reads 50 → 80',
  answer: ANSWER,
});

describe('an attempt', () => {
  it('is remembered with the try, and beside it since when the other dimension has its capacity', () => {
    const { observed } = known(new Map(), NOON - 9 * MINUTE);
    expect([...attemptsAfter(observed, [{ action: raise(), answer: ANSWER }], NOON)]).toEqual([
      [
        TODAY,
        {
          read: {
            units: 50,
            unraisedSince: NOON - 8 * MINUTE,
            tries: { since: NOON, count: 1, last: NOON, wanted: 'Reads 50 → 90', answer: ANSWER },
          },
          write: { units: 60, unraisedSince: NOON - 8 * MINUTE },
        },
      ],
    ]);
  });

  it('counts every further try, and has the last answer', () => {
    const earlier = one({ units: 50, unraisedSince: 7, tries: tries(NOON - MINUTE) });
    const after = attemptsAfter(known(earlier).observed, [{ action: raise(), answer: 'No.' }], NOON);
    expect(after.get(TODAY)?.read).toEqual({
      units: 50,
      unraisedSince: 7,
      tries: { since: 10 * MINUTE, count: 3, last: NOON, wanted: 'Reads 50 → 90', answer: 'No.' },
    });
  });

  it.each<[string, Attempt, number | undefined, number]>([
    ['the capacity is higher', { units: 49, unraisedSince: 7, tries: tries(NOON - MINUTE) }, undefined, 0],
    ['no raise was tried for long', { units: 50, unraisedSince: 7, tries: tries(NOON - 11 * MINUTE) }, 7, 0],
    ['the last raise is long ago', { units: 50, unraisedSince: 7 }, NOON - 90 * MINUTE, 0],
    ['nothing of that is so', { units: 50, unraisedSince: 7 }, NOON - 9 * MINUTE, 1],
    ['a run does not try it', { units: 50, unraisedSince: 7, tries: tries(NOON - 9 * MINUTE) }, undefined, 1],
  ])('is forgotten if %s: %j', (_, attempt, lastIncrease, count) => {
    expect(attemptsAfter(known(one(attempt), lastIncrease).observed, [], NOON).size).toBe(count);
  });

  it.each<[string, Attempt, Attempt['raised']]>([
    ['begin', { units: 30, unraisedSince: NOON - 40 * MINUTE }, { from: 30, since: NOON - 8 * MINUTE }],
    [
      'follow each other',
      { units: 40, unraisedSince: NOON - 20 * MINUTE, raised: { from: 30, since: NOON - 30 * MINUTE } },
      { from: 40, since: NOON - 30 * MINUTE },
    ],
    [
      'begin again after a while',
      { units: 40, unraisedSince: NOON - 24 * MINUTE, raised: { from: 30, since: NOON - 30 * MINUTE } },
      { from: 40, since: NOON - 8 * MINUTE },
    ],
  ])('remembers raises that %s, for an hour', (_, attempt, raised) => {
    const { observed } = known(one(attempt), NOON - 9 * MINUTE);
    const after = attemptsAfter(observed, [], NOON);
    expect(after.get(TODAY)?.read).toEqual({ units: 50, unraisedSince: NOON - 8 * MINUTE, raised });
    expect(attemptsFrom(storableAttempts(after), NOON)).toEqual(after);
    expect(attemptsAfter(known(after, NOON - 9 * MINUTE).observed, [], NOON + 80 * MINUTE).size).toBe(0);
  });

  it('is forgotten if the capacity was lowered since', () => {
    const { observed } = known(one({ units: 70, unraisedSince: 7 }), NOON - 9 * MINUTE);
    expect(attemptsAfter(observed, [], NOON).size).toBe(0);
  });

  it('stays remembered while the table cannot be described, but not after the table', () => {
    const earlier = one({ units: 50, unraisedSince: 7 });
    const { observed } = known(earlier);
    observed.learn('description', TODAY, { error: 'no answer' });
    expect(attemptsAfter(observed, [], NOON)).toEqual(earlier);
    expect(attemptsAfter(Object.assign(observedOf([]), { attempts: earlier }), [], NOON).size).toBe(0);
  });

  it('is read as it was stored, unless it is damaged or in the future', () => {
    const attempts = one({ units: 50, unraisedSince: 7, tries: tries(NOON) });
    expect(attemptsFrom(storableAttempts(attempts), NOON)).toEqual(attempts);
    expect(attemptsFrom(storableAttempts(attempts), NOON - 1).get(TODAY)).toEqual({});
    for (const text of ['', 'null', '[1]', '{"a":null}', '{"a":{"read":1}}', '{"a":{"read":{"units":"1"}}}'])
      expect(
        [...attemptsFrom(text, NOON)].flatMap(([, own]) => Object.keys(own)),
        text,
      ).toEqual([]);
  });
});

describe('the time since which requests are throttled at a bound', () => {
  const shortage = (attempts: Attempts) => {
    const { spec, observed } = known(attempts, NOON - 4 * MINUTE);
    return planScale(configOf([spec]), observed, NOON).holds.map((hold) => [
      hold.reason,
      hold.shortage?.minutes,
    ]);
  };

  it('starts after a raise of these requests', () => {
    expect(shortage(new Map())).toEqual([['bounds', 2]]);
  });

  it('does not start again because the other requests were raised', () => {
    expect(shortage(one({ units: 60, unraisedSince: NOON - 99 * MINUTE }, 'write'))).toEqual([
      ['bounds', 10],
    ]);
  });
});
