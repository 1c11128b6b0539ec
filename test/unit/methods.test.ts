/** Methods without a memory: what they propose for the newest minutes. */
import { describe, expect, it } from 'vitest';
import settingsSchema from '../../schemas/settings.schema.json' with { type: 'json' };
import type { MethodInput } from '../../src/core/capacity/method.ts';
import { methodOf, methods } from '../../src/core/scaling/methods/index.ts';
import { at, defaultScaling, MINUTE } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');

interface Given extends Partial<Omit<MethodInput, 'scaling'>> {
  readonly scaling?: Partial<MethodInput['scaling']>;
  /** One value for each of the newest minutes. */
  readonly throttled?: readonly number[];
}

/** A proposal at 100 units per second, after minutes of these rates. The newest ended a minute ago. */
function proposal(
  method: 'target-tracking' | 'step',
  rates: readonly number[],
  { throttled = [], scaling, ...given }: Given = {},
) {
  const minutes = rates.map((consumed, i) => ({
    at: NOON - (rates.length + 1 - i) * MINUTE,
    consumed,
    throttled: throttled.at(i - rates.length) ?? 0,
  }));
  const input = { now: NOON, minutes, provisioned: 100, ...given };
  return methods[method].decide({ ...input, scaling: { ...defaultScaling, ...scaling } });
}

describe('the index of methods', () => {
  const definitions = settingsSchema.definitions;

  it('has the methods of the settings schema, and no other', () => {
    expect([...Object.keys(methods), 'none']).toEqual(definitions.Method.enum);
  });

  it('names only parameters of the settings schema, and each of them for at least one method', () => {
    const { Method: _, Read: __, Write: ___, ...parameters } = definitions.IndexScaling.properties;
    const used = new Set(Object.values(methods).flatMap((method) => [...method.parameters]));
    expect([...used].sort()).toEqual(Object.keys(parameters).sort());
  });

  it('rejects an unknown method', () => {
    expect(methodOf({ method: 'none' })).toBeUndefined();
    for (const method of ['unknown', 'toString'])
      expect(() => methodOf({ method: method as 'none' })).toThrow(`Unknown scaling method: ${method}`);
  });
});

const times = (count: number, rate: number): number[] => Array(count).fill(rate);

describe('target-tracking', () => {
  it.each<[string, number[], number]>([
    ['raises after two minutes above the target, by the newest', [75, 84], 120],
    ['does not raise after one minute', [70, 200], 100],
    ['does not raise if only the minute before was above', [200, 70], 100],
    ['does not raise for the first minute', [200], 100],
    ['lowers after 15 minutes at 20 points below the target, by the newest', [...times(14, 49), 7], 10],
    ['does not lower after 14 minutes', times(14, 7), 100],
    ['does not lower at exactly 20 points below', [50, ...times(14, 7)], 100],
    ['ignores the 16th minute', [99, ...times(15, 7)], 10],
    ['lowers to no less than 1', times(15, 0), 1],
    ['stays within 20 points', times(60, 60), 100],
    ['stays before the first minute', [], 100],
  ])('%s', (_, rates, expected) => {
    expect(proposal('target-tracking', rates).units).toBe(expected);
  });

  it('uses the target of the settings', () => {
    const scaling = { targetUtilization: 50 };
    expect(proposal('target-tracking', [60, 60], { scaling }).units).toBe(120);
    expect(proposal('target-tracking', times(15, 30), { scaling }).units).toBe(100);
    expect(proposal('target-tracking', times(15, 29), { scaling }).units).toBe(58);
  });

  it('ignores throttled demand', () => {
    expect(proposal('target-tracking', [60, 60], { throttled: [90, 90] }).units).toBe(100);
  });

  it.each<[number[], string, string]>([
    [[75, 84], 'utilization-high', '84/s is 84% of 100, target 70%'],
    [times(15, 7), 'utilization-low', '7/s is 7% of 100, target 70%'],
    [[60, 60], 'steady', '60/s is 60% of 100, target 70%'],
  ])('gives its reason: %j', (rates, reason, message) => {
    expect(proposal('target-tracking', rates)).toMatchObject({ reason, message });
  });
});

describe('step', () => {
  it.each<[string, number[], number]>([
    ['raises by half above 90%', times(5, 91), 150],
    ['does not raise at 90%', times(5, 90), 100],
    ['raises from consumption if that is more', times(5, 200), 300],
    ['uses the mean of five minutes', [0, 0, 0, 0, 460], 150],
    ['ignores the sixth minute', [999, ...times(5, 60)], 100],
    ['waits for five minutes', times(4, 95), 100],
    ['lowers by half below 30%', times(5, 29), 50],
    ['does not lower at 30%', times(5, 30), 100],
    ['lowers if nothing is consumed', times(5, 0), 50],
  ])('%s', (_, rates, expected) => {
    expect(proposal('step', rates).units).toBe(expected);
  });

  it('uses the percentages of the settings', () => {
    const scaling = { step: { raiseAbove: 80, raiseBy: 15, lowerBelow: 60, lowerBy: 20 } };
    expect(proposal('step', times(5, 81), { scaling }).units).toBe(115);
    expect(proposal('step', times(5, 59), { scaling }).units).toBe(80);
  });

  it('never lowers below consumption', () => {
    const scaling = { step: { raiseAbove: 90, raiseBy: 50, lowerBelow: 60, lowerBy: 50 } };
    expect(proposal('step', times(5, 50), { scaling }).units).toBe(50);
    expect(proposal('step', times(5, 51), { scaling }).units).toBe(100);
  });

  it('raises at once after throttled requests, and once per raise', () => {
    expect(proposal('step', [60], { throttled: [1] })).toMatchObject({ units: 150, reason: 'throttled' });
    expect(proposal('step', [60, 60], { throttled: [1, 0], lastIncrease: NOON - 2 * MINUTE }).units).toBe(
      100,
    );
  });

  it.each(['lastIncrease', 'lastDecrease'] as const)('waits for five minutes after the %s', (last) => {
    expect(proposal('step', times(5, 95), { [last]: NOON - 6 * MINUTE }).units).toBe(100);
    expect(proposal('step', times(5, 95), { [last]: NOON - 7 * MINUTE }).units).toBe(150);
  });

  it.each<[number[], string, string]>([
    [times(5, 95), 'utilization-high', '95/s is 95% of 100 over 5 minutes'],
    [times(5, 10), 'utilization-low', '10/s is 10% of 100 over 5 minutes'],
    [times(5, 60), 'steady', '60/s is 60% of 100 over 5 minutes'],
  ])('gives its reason: %j', (rates, reason, message) => {
    expect(proposal('step', rates)).toMatchObject({ reason, message });
  });
});
