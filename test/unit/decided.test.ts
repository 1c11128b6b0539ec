import { describe, expect, it } from 'vitest';
import { Decided } from '../../src/core/decided.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Action } from '../../src/core/plan.ts';
import { specOf, units } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';
const actionOn = (table: string, kind: string, own: object = {}) =>
  ({ job: 'scale', group: 'Events', table, kind, reason: 'warm-up', message: 'Why.', ...own }) as Action;

describe('what a run has decided so far', () => {
  it('has the actions on a table in their order, and those alone', () => {
    const [first, second] = [actionOn(TODAY, 'billing'), actionOn(TODAY, 'tag')];
    const decided = new Decided(new Observed([]), undefined, [first]);
    decided.add(actionOn(TOMORROW, 'tag'));
    decided.add(second);
    expect(decided.actionsOf(TODAY)).toEqual([first, second]);
    expect(decided.actionsOf('production.Events.20261123')).toEqual([]);
  });

  it('remembers what is known of a group, unless it is told otherwise', () => {
    const known = { write: { by: 'predictive@4' } } as never;
    const observed = new Observed([], [], [], new Map([['Events', known]]));
    expect(new Decided(observed).remembered('Events')).toBe(known);
    expect(new Decided(observed, () => undefined).remembered('Events')).toBeUndefined();
  });

  it('counts the throughput of other tables as it is added, never that of the table itself', () => {
    const spec = specOf({ full: units(100, 100) });
    const observed = observedOf([TODAY, TOMORROW].map((name) => ({ spec, name, table: units(100, 100) })));
    const decided = new Decided(observed);
    const raise = { changes: [{ from: units(100, 100), to: units(150, 90) }] };
    expect(decided.elsewhere(TODAY)).toEqual(units(100, 100));
    decided.add(actionOn(TODAY, 'raise', raise));
    decided.add(actionOn(TOMORROW, 'raise', raise));
    expect(decided.elsewhere(TODAY)).toEqual(units(150, 100));
    expect(decided.elsewhere('production.Events.20261123')).toEqual(units(300, 200));
  });
});
