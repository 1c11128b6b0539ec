/** What a run may leave to the next one without failing. */
import { expect, it } from 'vitest';
import type { Action } from '../../src/core/plan.ts';
import { postponable } from '../../src/jobs/postponable.ts';
import { configOf, predictiveSpec, specOf, units } from '../support/specs.ts';

const changes = [{ from: units(5, 1), to: units(9, 1) }];
const create = { kind: 'create', reason: 'missing', urgency: 'next', input: {} };

it.each<[string, boolean, 'learned' | 'fixed', Omit<Action, 'job' | 'group' | 'table' | 'message'> | object]>(
  [
    ['a lowering', true, 'fixed', { kind: 'lower', reason: 'period-ended', changes }],
    [
      'the raise of an upcoming table that scale raises too',
      true,
      'learned',
      { kind: 'raise', reason: 'warm-up', changes },
    ],
    [
      'the raise of an upcoming table that only rotate raises',
      false,
      'fixed',
      { kind: 'raise', reason: 'warm-up', changes },
    ],
    [
      'a raise after the period has started',
      false,
      'learned',
      { kind: 'raise', reason: 'late-warm-up', changes },
    ],
    ['a raise that demand needs', false, 'learned', { kind: 'raise', reason: 'utilization-high', changes }],
    ['a creation', false, 'learned', create],
  ],
)('%s can wait: %s', (_, expected, group, body) => {
  const config = configOf([
    { ...predictiveSpec(), name: 'learned' },
    { ...specOf(), name: 'fixed' },
  ]);
  const action = {
    job: 'rotate',
    table: `production.${group}.20261122`,
    message: '',
    ...body,
    group,
  } as Action;
  expect(postponable(config)(action)).toBe(expected);
});
