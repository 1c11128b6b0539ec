/** The bugs of test/chaos/mutants.ts, looked for from the first history on. */
import { expect, test } from 'vitest';
import { mutants, playMutant } from '../chaos/mutants.ts';

const HISTORIES = 100;

test.each(Object.keys(mutants))('finds %s within 100 histories', async (name) => {
  const rules: string[] = [];
  for (let history = 1; history <= HISTORIES && rules.length === 0; history += 1)
    rules.push(...(await playMutant(name, history)));
  expect(rules).not.toEqual([]);
});
