import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  hasShapeOf,
  isFresh,
  keyOf,
  type Learned,
  type Remembered,
  restored,
  storable,
  versionOf,
} from '../../src/core/capacity/remembered.ts';
import { decided, learned } from '../../src/core/capacity/series.ts';
import { methods } from '../../src/core/scaling/methods/index.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';

const predictive = methods.predictive;
const NOON = at('2026-11-21T12:00');

const textOf = (remembered: Remembered): string => storable(remembered).text;

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
  const decision = decided(predictive, series, moment, NOON, 'write');
  return { ...decision.series, by: versionOf('predictive', predictive), capacity: 200, dataUntil: NOON };
}

describe('the memory of a group', () => {
  it('is restored from what was stored, with eight digits', () => {
    const one = known();
    const back = restored(textOf({ write: one }), NOON).write!;
    const moment = { now: NOON, provisioned: 200, decreases: { decreases: 0 } };
    const decide = (memory: unknown) =>
      predictive.decide(memory as Parameters<typeof predictive.decide>[0], moment).proposal;
    expect(back.learnedTo).toBe(NOON);
    expect(decide(back.memory)).toEqual(decide(one.memory));
  });

  it('is the same when it is parsed, whatever numbers it has', () => {
    const recent = [-0, 0, 1 / 3, 123_456_789.123, 1e-9, -2e21, Number.NaN, Infinity, 1e300];
    const long = Array.from({ length: 200 }, (_, i) => i / 7);
    const one = { ...known(1), throttledAt: undefined, memory: { recent, long, none: null } } as Learned;
    const { text, value } = storable({ write: one });
    expect(value).toStrictEqual(JSON.parse(text));
    expect(JSON.parse(text).write.memory.recent).toEqual([
      0,
      0,
      0.33333333,
      123456790,
      1e-9,
      -2e21,
      null,
      null,
      1e300,
    ]);
    const again = storable({
      write: { ...one, memory: { ...((value as Remembered).write!.memory as object), recent: [2 / 3] } },
    });
    expect(again.value).toStrictEqual(JSON.parse(again.text));
    expect(JSON.parse(again.text).write.memory).toEqual({
      recent: [0.66666667],
      long: JSON.parse(text).write.memory.long,
      none: null,
    });
  });

  it('needs no more than five kilobytes per dimension, however long the group exists', () => {
    expect(textOf({ write: known(3) }).length).toBeLessThan(5_000);
    expect(textOf({ write: known(9) }).length).toBeLessThan(5_000);
  });

  it.each([
    ['empty', ''],
    ['not JSON', '{"write":'],
    ['not an object', '7'],
    ['null', 'null'],
    ['a list', '[1]'],
    [
      'without a memory',
      '{"write":{"by":"predictive@5","learnedTo":1,"sampleAt":1,"samples":1,"age":1,"capacity":1,"dataUntil":1}}',
    ],
    ['without a number', textOf({ write: known(1) }).replace(/"learnedTo":\d+/, '"learnedTo":null')],
    [
      'with NaN, which is stored as null',
      textOf({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":null'),
    ],
    [
      'with a number that is too large',
      textOf({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":1e300'),
    ],
    ['with text instead of a number', textOf({ write: known(1) }).replace(/"trust":[\d.]+/, '"trust":"1"')],
    ['with a negative capacity', textOf({ write: { ...known(1), capacity: -5 } })],
    ['learned up to years ahead', textOf({ write: { ...known(1), learnedTo: NOON + 3_650 * DAY } })],
    ['with the next sample in years', textOf({ write: { ...known(1), sampleAt: NOON + 3_650 * DAY } })],
    ['sampled in years', textOf({ write: { ...known(1), sampled: { at: NOON + 3_650 * DAY, count: 1 } } })],
    [
      'with a number of samples that is unknown',
      textOf({ write: { ...known(1), sampled: { at: NOON, count: Number.NaN } } }),
    ],
    ['with datapoints of years ahead', textOf({ write: { ...known(1), dataUntil: NOON + 3_650 * DAY } })],
  ])('is ignored if it is %s', (_, text) => {
    expect(restored(text, NOON)).toEqual({});
  });

  /** Turntable 0.1.0 stored this for 200 minutes of demand. */
  it('is ignored if 0.1.0 stored it', () => {
    const stored = readFileSync(new URL('../fixtures/memories/0.1.0.json', import.meta.url), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ read: { by: 'riding@1' }, write: { by: 'riding@1' } });
    expect(restored(stored, at('2026-11-24T12:00'))).toEqual({});
  });

  it('is used if a run is slightly out of order', () => {
    expect(Object.keys(restored(textOf({ write: known(1) }), NOON - 5 * MINUTE))).toEqual(['write']);
  });

  it.each<[string, unknown, boolean]>([
    ['a new memory', predictive.begin(5), true],
    ['a memory after some days', known(1).memory, true],
    ['an empty object', {}, false],
    ['a missing part', { ...predictive.begin(5), burst: undefined }, false],
    ['a number instead of a part', { ...predictive.begin(5), recent: 7 }, false],
    ['a list instead of a number', { ...predictive.begin(5), jumps: [] }, false],
    ['fewer parts of a list', { ...predictive.begin(5), copies: predictive.begin(5).copies.slice(1) }, false],
    ['a list of something else', { ...predictive.begin(5), copies: [1, 2, 3, 4, 5] }, false],
  ])('is compared with the shape of a new one: %s', (_, memory, fits) => {
    expect(hasShapeOf(predictive.begin(200), memory)).toBe(fits);
  });

  it('is restored for each dimension that is valid', () => {
    const text = textOf({ read: known(1) }).replace(/}$/, ',"write":{}}');
    expect(Object.keys(restored(text, NOON))).toEqual(['read']);
  });

  it('is outdated after an hour', () => {
    const one = known(1);
    expect(isFresh(one, NOON + HOUR - 1)).toBe(true);
    expect(isFresh(one, NOON + HOUR)).toBe(false);
    expect(isFresh(undefined, NOON)).toBe(false);
  });

  it('has one key for each dimension and index', () => {
    expect([keyOf('write', undefined), keyOf('read', 'byUser')]).toEqual(['write', 'read byUser']);
  });

  /** A memory of another shape needs another `version` in src/core/scaling/methods/predictive/index.ts. */
  it('has the shape of its version', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
      if (typeof value !== 'object' || value === null) return typeof value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]));
    };
    const { memory, by } = restored(textOf({ write: known() }), NOON).write!;
    expect([by, Object.keys(shape(memory) as object)]).toMatchInlineSnapshot(`
      [
        "predictive@7",
        [
          "age",
          "recent",
          "burst",
          "forecast",
          "profile",
          "baseline",
          "totals",
          "timing",
          "outage",
          "decidedAt",
          "jumps",
          "variant",
          "copies",
          "chosen",
          "throttled",
          "limits",
        ],
      ]
    `);
  });
});
