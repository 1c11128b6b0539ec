/** Holds the console blocks of the README to the output of `npm start`. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { RENEW } from '../support/golden.ts';

const root = join(import.meta.dirname, '../..');

/** The lines of the README's console blocks, without the ellipses. */
const shown = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```console\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line !== '' && line !== '…' && line !== '$ npm start');

test('npm start prints the lines that the README shows, in that order', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/demo/main.ts')], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, NO_COLOR: '1' },
  });
  const printed = stdout.split('\n');
  let place = 0;
  for (const line of shown) {
    const found = printed.indexOf(line, place);
    expect(found, `not printed after the line above it: ${line}\n${RENEW}`).toBeGreaterThan(-1);
    place = found + 1;
  }
  expect(shown.length).toBeGreaterThan(10);
});
