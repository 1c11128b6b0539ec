import { describe, expect, it } from 'vitest';
import {
  hasShapeOf,
  isFresh,
  keyOf,
  type Learned,
  restored,
  storable,
  versionOf,
} from '../../src/core/capacity/remembered.ts';
import { decided, learned } from '../../src/core/capacity/series.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';

const predictive = methods.predictive;
const NOON = at('2026-11-21T12:00');

/** A series after some days of demand that swings and jitters. */
function known(days = 3): Learned {
  const from = NOON - days * DAY;
  const minutes = Array.from({ length: days * 1440 }, (_, i) => ({
    at: from + i * MINUTE,
    consumed: 100 + 50 * Math.sin(i / 200) + ((i * 7_919) % 97) / 10,
    throttled: 0,
  }));
  const series = learned(predictive, undefined, minutes, () => 200)!;
  const moment = { now: NOON, provisioned: 200, decreases: { decreases: 0 } };
  const decision = decided(predictive, series, moment, NOON);
  return { ...decision.series, by: versionOf('predictive', predictive), capacity: 200, dataUntil: NOON };
}

describe('what is remembered of demand', () => {
  it('comes back from where it is stored, good to eight digits', () => {
    const one = known();
    const back = restored(storable({ write: one }), NOON).write!;
    const moment = { now: NOON, provisioned: 200, decreases: { decreases: 0 } };
    const decide = (memory: unknown) =>
      predictive.decide(memory as Parameters<typeof predictive.decide>[0], moment).proposal;
    expect(back.learnedTo).toBe(NOON);
    expect(decide(back.memory)).toEqual(decide(one.memory));
  });

  it('takes no more than four kilobytes a dimension, however long it goes on', () => {
    expect(storable({ write: known(3) }).length).toBeLessThan(4_000);
    expect(storable({ write: known(9) }).length).toBeLessThan(4_000);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"write":'],
    ['no object', '7'],
    ['null', 'null'],
    ['a list', '[1]'],
    [
      'no memory',
      '{"write":{"by":"predictive@1","learnedTo":1,"sampleAt":1,"looks":1,"age":1,"capacity":1,"dataUntil":1}}',
    ],
    ['a lost number', storable({ write: known(1) }).replace(/"learnedTo":\d+/, '"learnedTo":null')],
    ['a number that was none', storable({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":null')],
    ['a number beyond reason', storable({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":1e300')],
    ['a word for a number', storable({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":"1"')],
    ['of a negative capacity', storable({ write: { ...known(1), capacity: -5 } })],
    ['learned years ahead', storable({ write: { ...known(1), learnedTo: NOON + 3_650 * DAY } })],
    ['to be looked at in years', storable({ write: { ...known(1), sampleAt: NOON + 3_650 * DAY } })],
    ['heard years ahead', storable({ write: { ...known(1), dataUntil: NOON + 3_650 * DAY } })],
  ])('is forgotten where it is %s', (_, text) => {
    expect(restored(text, NOON)).toEqual({});
  });

  it('is kept where a run comes a little out of turn', () => {
    expect(Object.keys(restored(storable({ write: known(1) }), NOON - 5 * MINUTE))).toEqual(['write']);
  });

  it.each<[string, unknown, boolean]>([
    ['itself', predictive.begin(5), true],
    ['what is learned', known(1).memory, true],
    ['nothing', {}, false],
    ['a part that is missing', { ...predictive.begin(5), bucket: undefined }, false],
    ['a part that is a number', { ...predictive.begin(5), recent: 7 }, false],
    ['a number that is a part', { ...predictive.begin(5), caution: [] }, false],
  ])('has the shape of a beginning: %s', (_, memory, fits) => {
    expect(hasShapeOf(predictive.begin(200), memory)).toBe(fits);
  });

  it('keeps what can be read beside what cannot', () => {
    const text = storable({ read: known(1) }).replace(/}$/, ',"write":{}}');
    expect(Object.keys(restored(text, NOON))).toEqual(['read']);
  });

  it('says little of now after an hour', () => {
    const one = known(1);
    expect(isFresh(one, NOON + HOUR - 1)).toBe(true);
    expect(isFresh(one, NOON + HOUR)).toBe(false);
    expect(isFresh(undefined, NOON)).toBe(false);
  });

  it('is told apart by dimension and index', () => {
    expect([keyOf('write', undefined), keyOf('read', 'byUser')]).toEqual(['write', 'read byUser']);
  });

  /** Another shape is another version: change `version` in src/core/scaling/methods/predictive/index.ts with this. */
  it('has a shape that belongs to its version', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
      if (typeof value !== 'object' || value === null) return typeof value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]));
    };
    const { memory, by } = restored(storable({ write: known() }), NOON).write!;
    expect([by, Object.keys(shape(memory) as object)]).toMatchInlineSnapshot(`
      [
        "predictive@1",
        [
          "age",
          "recent",
          "bucket",
          "forecast",
          "profile",
          "yardstick",
          "ledger",
          "patience",
          "decidedAt",
          "caution",
        ],
      ]
    `);
  });
});
