import { describe, expect, it } from 'vitest';
import { ask, askMetric, unmanaged } from '../../src/core/ask.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import { queryFor } from '../../src/core/capacity/demand.ts';
import type { Facts, Reading } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { Observed } from '../../src/core/observed.ts';
import { acting, combined, type HoldBody, holding, needing, nothing } from '../../src/core/outcome.ts';
import type { ActionBody } from '../../src/core/plan.ts';
import { PlanBuilder } from '../../src/core/plan-builder.ts';
import { at, specOf } from '../support/specs.ts';

const NOON = at('2026-11-23T12:00');
const spec = specOf();
const table = tableOf(spec, periodAt(spec.scheme, NOON), NOON);
const about = { job: 'scale', group: spec.name, table: table.name };
const held: HoldBody = { kind: 'raise', reason: 'bounds', message: 'No more.' };
const raise: ActionBody = { kind: 'raise', reason: 'throttled', message: 'More.', changes: [] };

describe('PlanBuilder', () => {
  it('adds what was decided for a table, with the name of the table', () => {
    const builder = new PlanBuilder('scale', new Observed([]));
    const need = { fact: 'tags', table: table.name } as const;
    builder.add(table, combined(acting(raise), holding(held), needing(need)));
    expect(builder.actions).toEqual([{ ...about, ...raise }]);
    expect(builder.holds).toEqual([{ ...about, ...held }]);
    expect(builder.needs).toEqual([need]);
    expect(builder.soFar.actionsOf(table.name)).toEqual(builder.actions);
  });

  it('adds an equal hold only once', () => {
    const builder = new PlanBuilder('scale', new Observed([]));
    builder.add(table, holding(held, held));
    builder.add(table, holding(held, { ...held, message: 'Another.' }));
    expect(builder.holds.map(({ message }) => message)).toEqual(['No more.', 'Another.']);
  });
});

describe('combined', () => {
  it('keeps the order of its parts', () => {
    expect(combined()).toEqual(nothing);
    const first = acting(raise);
    const second = acting({ ...raise, message: 'Later.' });
    expect(combined(first, holding(held), second).actions.map(({ message }) => message)).toEqual([
      'More.',
      'Later.',
    ]);
  });
});

describe('a question', () => {
  const observed = (...readings: Reading<Facts['tags']>[]): Observed => {
    const world = new Observed([table.name]);
    for (const reading of readings) world.learn('tags', table.name, reading);
    return world;
  };

  it('returns a need if the value is not read yet', () => {
    const need = { fact: 'tags', table: table.name };
    expect(ask(observed(), table, 'tags')).toEqual({ pending: { ...nothing, needs: [need] } });
    expect(unmanaged(observed(), table, 'raise')).toEqual({ ...nothing, needs: [need] });
    const query = queryFor(table.name, undefined, 'write', 'consumed');
    const window = { from: NOON - 60_000, to: NOON };
    expect(askMetric(observed(), query, window)).toEqual({
      pending: { ...nothing, needs: [{ fact: 'metric', query, window }] },
    });
  });

  it('returns a hold if the value could not be read', () => {
    const answer = ask(observed({ error: 'AccessDenied' }), table, 'tags');
    const hold = {
      kind: 'read',
      reason: 'unreadable',
      message: "Could not read the table's tags: AccessDenied",
    };
    expect(answer).toEqual({ pending: { ...nothing, holds: [hold] } });
  });

  it('returns a value that was read', () => {
    const value = tagsFor(spec, table.period);
    expect(ask(observed({ value }), table, 'tags')).toEqual({ value });
    expect(unmanaged(observed({ value }), table, 'raise')).toBeUndefined();
  });

  it('returns a hold if the table is unmanaged', () => {
    const outcome = unmanaged(observed({ value: {} }), table, 'raise', true);
    expect(outcome?.holds).toMatchObject([{ kind: 'raise', reason: 'not-owned', urgent: true }]);
  });
});
