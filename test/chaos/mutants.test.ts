/** Each bug is played in one history in which the checks find it. `npm run test:slow` plays them from the first one. */
import { expect, test } from 'vitest';
import { mutants, playMutant } from './mutants.ts';

test.each(Object.keys(mutants))('finds %s', async (name) => {
  expect(await playMutant(name, mutants[name]!.history)).not.toEqual([]);
});
