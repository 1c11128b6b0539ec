/** `npm start` runs to its end, and the README shows what it prints. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What blocks of the README show of it, without the lines that stand for others. */
const shown = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```console\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line !== '' && line !== '…' && line !== '$ npm start');

test('npm start prints what the README shows, in that order', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/demo/main.ts')], {
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  const printed = stdout.split('\n');
  let place = 0;
  for (const line of shown) {
    const found = printed.indexOf(line, place);
    expect(found, `not printed, or not after what stands above it: ${line}`).toBeGreaterThan(-1);
    place = found + 1;
  }
  expect(shown.length).toBeGreaterThan(10);
});
