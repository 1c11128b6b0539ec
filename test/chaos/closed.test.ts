import { expect, test } from 'vitest';
import { closedMutants, playClosed } from './closed-histories.ts';

const HISTORIES = 10;

test('keeps every promise while environments are closed and opened again', async () => {
  const { violations, counts, timeline } = await playClosed(HISTORIES);
  expect(violations, timeline.join('\n')).toEqual([]);
  expect(counts.closed).toBeGreaterThan(HISTORIES / 2);
  expect(counts.opened).toBeGreaterThan(HISTORIES / 4);
  expect(counts.deleted).toBeGreaterThan(HISTORIES);
});

test.each(Object.entries(closedMutants))('finds %s', async (_, { job, rule }) => {
  const { violations } = await playClosed(60, job);
  expect(violations[0]).toMatch(rule);
});
