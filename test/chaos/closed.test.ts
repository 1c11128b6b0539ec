import { expect, test } from 'vitest';
import { closedMutants, IN_NPM_TEST, playClosed } from './closed-histories.ts';

test('keeps every promise while environments are closed and opened again', async () => {
  const { violations, counts, timeline } = await playClosed({ last: IN_NPM_TEST });
  expect(violations, timeline.join('\n')).toEqual([]);
  expect(counts.closed).toBeGreaterThan(IN_NPM_TEST / 2);
  expect(counts.opened).toBeGreaterThan(IN_NPM_TEST / 4);
  expect(counts.deleted).toBeGreaterThan(IN_NPM_TEST);
});

test.each(Object.entries(closedMutants))('finds %s', async (_, { job, rule }) => {
  const { violations } = await playClosed({ last: 60 }, job);
  expect(violations[0]).toMatch(rule);
});
