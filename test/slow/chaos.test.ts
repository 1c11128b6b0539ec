/** More histories, and a larger exploration, than `npm test` has time for. docs/safety.md describes them. */
import { expect, test } from 'vitest';
import { explore } from '../../chaos/model.ts';
import { IN_NPM_TEST, playClosed } from '../chaos/closed-histories.ts';
import { expectNoViolation } from '../chaos/command.ts';
import { smallConfig } from '../chaos/small-config.ts';
import { at } from '../support/specs.ts';

// `npm run chaos -- --histories 10000` plays more.
test('plays sixty random histories without a violation', () => expectNoViolation(60, 77));

test('plays twenty more histories in which environments are closed and opened again', async () => {
  const { violations, timeline } = await playClosed({ first: IN_NPM_TEST + 1, last: IN_NPM_TEST + 20 });
  expect(violations, timeline.join('\n')).toEqual([]);
});

test('finds no violation for two groups and three periods in any order of two crashes, retries and overlaps a day', async () => {
  const start = at('2026-11-21');
  const explored = await explore({ config: smallConfig, start, days: 3, slots: 2 });
  expect(explored.violations.slice(0, 3)).toEqual([]);
  expect(explored.states).toBeGreaterThan(3_500);
  expect(explored.transitions).toBeGreaterThan(20_000);
  expect(explored.deleted).toBeGreaterThan(1);
});
