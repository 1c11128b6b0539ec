/** What a run of scale has parsed stays parsed until the record changes, whoever changes it. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memoryFrom } from '../../src/aws/state-items.ts';
import { restored } from '../../src/core/capacity/remembered.ts';
import { keepParsed, parsedOf } from '../../src/jobs/parsed-before.ts';
import { at } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const text = (learnedTo: number): string =>
  JSON.stringify({
    read: {
      ...{ by: 'predictive@1', memory: { age: 1 }, learnedTo, sampleAt: learnedTo, samples: 1 },
      ...{ age: 1, capacity: 5, dataUntil: learnedTo },
    },
  });
const read = (group: string, json: string, now = NOON) =>
  restored(json, now, (one) => parsedOf(group, one)).read;

describe('a memory that was parsed before', () => {
  it('is the same object while its text is the same', () => {
    expect(read('A', text(NOON))).toBe(read('A', text(NOON)));
    expect(read('A', text(NOON))).toEqual(read('B', text(NOON)));
  });

  it('is parsed again if another process has stored another one, also an older one', () => {
    for (const learnedTo of [NOON, NOON - 1, NOON])
      expect(read('A', text(learnedTo))).toMatchObject({ learnedTo });
  });

  it('is not parsed if this process has stored it, unless another process has stored another one since', () => {
    const value = JSON.parse(text(NOON));
    keepParsed('C', text(NOON), value);
    expect(parsedOf('C', text(NOON))).toBe(value);
    expect(read('C', text(NOON - 1))).toMatchObject({ learnedTo: NOON - 1 });
    expect(parsedOf('C', text(NOON))).toEqual(value);
  });

  it('is checked against the time of each run', () => {
    expect(read('A', text(NOON))).toBeDefined();
    expect(read('A', text(NOON), NOON - 86_400_000)).toBeUndefined();
    expect(read('A', text(NOON))).toBeDefined();
  });

  it('is ignored each time if it has anything but numbers', () => {
    const invalid = text(NOON).replace('"age":1}', '"age":"x"}');
    for (let run = 0; run < 2; run += 1) expect(read('A', invalid)).toBeUndefined();
  });

  it('is ignored each time if it is not JSON', () => {
    for (let run = 0; run < 2; run += 1) expect(read('A', '{')).toBeUndefined();
  });
});

it('decompresses a record again if its bytes differ, and ignores an invalid one each time', () => {
  const item = (bytes: Uint8Array) => ({ Id: { S: 'A' }, Memory: { B: bytes } });
  for (const memory of ['one', 'two', 'one'])
    expect(memoryFrom(item(deflateRawSync(memory)))).toEqual(['A', memory]);
  for (let run = 0; run < 2; run += 1) expect(memoryFrom(item(Uint8Array.of(1, 2)))).toEqual(['A', '']);
});
