/** TypeScript 6 needs seconds for what TypeScript 7 does at once, and TypeScript 7 does not have the resolution node10. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applicationErrors, type Consumer, createConsumer } from '../e2e/consumer.ts';

let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer();
});

afterAll(() => rmSync(consumer.folder, { recursive: true, force: true }));

test.each([
  'nodenext',
  'esnext --moduleResolution bundler',
  'esnext --moduleResolution node10 --ignoreDeprecations 6.0',
])('the example application compiles under TypeScript 6, --module %s', async (module) => {
  expect(await applicationErrors(consumer, module, 6)).toEqual([]);
});
