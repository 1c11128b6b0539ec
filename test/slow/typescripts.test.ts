/**
 * The published types under every TypeScript that applications use. TypeScript 5 and 6 need seconds for what TypeScript 7 does
 * at once.
 */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applicationErrors, type Consumer, createConsumer } from '../e2e/consumer.ts';
import { type TypeScript, typeErrors } from '../support/tsc.ts';

const root = join(import.meta.dirname, '../..');
let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer();
  symlinkSync(join(root, 'node_modules/vitest'), join(consumer.folder, 'node_modules/vitest'));
});

afterAll(() => rmSync(consumer.folder, { recursive: true, force: true }));

const bundler = 'esnext --moduleResolution bundler';
const node10 = 'esnext --moduleResolution node10';

test.each<[TypeScript, string]>([
  [5, 'nodenext'],
  [5, bundler],
  [5, node10],
  [6, 'nodenext'],
  [6, bundler],
  [6, `${node10} --ignoreDeprecations 6.0`],
  [7, 'nodenext'],
  [7, bundler],
])('the example application compiles under TypeScript %i, --module %s', async (version, module) => {
  expect(await applicationErrors(consumer, module, version)).toEqual([]);
});

test('TypeScript 7 no longer has the resolution node10', async () => {
  expect(await applicationErrors(consumer, node10, 7)).toEqual([expect.stringContaining('node10')]);
});

const common = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];

test.each<TypeScript>([5, 6, 7])(
  'the published types reject the same mistakes as the sources under TypeScript %i',
  async (version) => {
    const text = readFileSync(join(root, 'test/types/client-keys.test.ts'), 'utf8');
    const file = join(consumer.folder, 'client-keys.ts');
    writeFileSync(
      file,
      text
        .replace('../../src/client/index.ts', 'turntable/client')
        .replace('../../src/index.ts', 'turntable'),
    );
    expect(await typeErrors([...common, '--types', 'node', file], consumer.folder, version)).toEqual([]);
  },
);

test.each<TypeScript>([5, 6])('the type tests hold under TypeScript %i', async (version) => {
  const project = join(consumer.folder, 'tsconfig.json');
  const files = ['client', 'client-keys', 'resolver'].map((name) => join(root, `test/types/${name}.test.ts`));
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
  writeFileSync(
    project,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), files, include: [], compilerOptions }),
  );
  expect(await typeErrors(['-p', project], root, version)).toEqual([]);
});
