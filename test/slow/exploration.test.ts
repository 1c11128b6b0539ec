/** A larger exploration than `npm test` has time for. docs/safety.md describes it. */
import { expect, test } from 'vitest';
import { explore } from '../../chaos/model.ts';
import { smallConfig } from '../chaos/small-config.ts';
import { at } from '../support/specs.ts';

test('finds no violation for two groups and three periods in any order of two crashes, retries and overlaps a day', async () => {
  const start = at('2026-11-21');
  const explored = await explore({ config: smallConfig, start, days: 3, slots: 2 });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(3_500);
  expect(explored.transitions).toBeGreaterThan(20_000);
  expect(explored.deleted).toBeGreaterThan(1);
});
