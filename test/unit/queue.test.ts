import { describe, expect, it } from 'vitest';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import { queueOf } from '../../src/core/capacity/queue.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { observedOf, sayDraft } from '../support/worlds.ts';

const groupsOf = (count: number, scheme: RotationScheme, write: number) =>
  Array.from({ length: count }, (_, i) => specOf({ name: `${scheme}${i}`, scheme, full: units(0, write) }));

const minutesOf = (...all: Parameters<typeof queueOf>): Record<string, number> =>
  Object.fromEntries([...queueOf(...all)].map(([name, ms]) => [name, ms / MINUTE]));

describe('the queue of the raises before a midnight', () => {
  it('is empty in a small fleet', () => {
    expect(Object.values(minutesOf(groupsOf(150, 'daily', 10), 5)).every((minutes) => minutes === 0)).toBe(
      true,
    );
  });

  it.each([
    [1_000, 1, 33],
    [1_000, 10, 3],
    [100, 1, 3],
  ])(
    'begins so early that %i raises fit at %i per second, in half of each minute',
    (count, rate, minutes) => {
      const queue = Object.values(minutesOf(groupsOf(count, 'daily', 10), rate));
      expect([Math.max(...queue), Math.min(...queue)]).toEqual([minutes, 0]);
      for (let minute = 0; minute < minutes; minute += 1)
        expect(queue.filter((one) => one === minute).length).toBeLessThanOrEqual(30 * rate);
    },
  );

  it('has the largest tables first', () => {
    const queue = minutesOf(
      [...groupsOf(90, 'daily', 10), specOf({ name: 'Large', full: units(0, 500) })],
      1,
    );
    expect(queue.Large).toBe(3);
    expect(Math.max(...Object.values(queue))).toBe(3);
    expect(queue.daily89).toBe(0);
  });

  it('has only the groups whose periods can start at the same time', () => {
    const specs = [...groupsOf(95, 'daily', 10), ...groupsOf(2, 'hourly', 500), ...groupsOf(1, 'weekly', 5)];
    const queue = minutesOf(specs, 1);
    // Hourly tables are not raised earlier in each hour because of what happens once a day.
    expect([queue.hourly0, queue.hourly1]).toEqual([0, 0]);
    expect(queue.weekly0).toBe(0);
    expect(Math.max(...Object.values(queue))).toBe(3);
  });

  it('leaves out groups whose tables are never raised', () => {
    const onDemand = Array.from({ length: 100 }, (_, i) => specOf({ name: `Free${i}`, onDemand: true }));
    expect(minutesOf([...onDemand, ...groupsOf(1, 'none', 10), ...groupsOf(1, 'daily', 10)], 1)).toEqual({
      daily0: 0,
    });
  });
});

describe('an upcoming table with a place in the queue', () => {
  const MIDNIGHT = at('2026-11-22');
  const [today, tomorrow] = ['production.Events.20261121', 'production.Events.20261122'];
  const spec = { ...specOf({ scaling: { method: 'predictive' } }), queueMs: 10 * MINUTE };
  const known = [
    { spec, name: today },
    { spec, name: tomorrow, table: { read: 1, write: 1 }, state: { createdAt: at('2026-11-21T01:00') } },
  ];
  const raised = [`raise ${tomorrow} (warm-up)`];

  it.each([
    ['scale', planScale, 17],
    ['rotate, in case scale does not run', planRotate, 17],
  ] as const)('is raised so much earlier by %s', (_, plan, before) => {
    const at = (minutes: number) =>
      sayDraft(plan(configOf([spec]), observedOf(known), MIDNIGHT - minutes * MINUTE));
    expect([at(before + 1), at(before)]).toEqual([[], raised]);
  });
});
