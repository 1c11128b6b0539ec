/** Each bug is played in one of the first hundred histories, in which the checks find it. */
import { expect, test } from 'vitest';
import { mutants, playMutant } from './mutants.ts';

test.each(Object.keys(mutants))('finds %s', async (name) => {
  const { history } = mutants[name]!;
  expect(history).toBeLessThanOrEqual(100);
  expect(await playMutant(name, history)).not.toEqual([]);
});
