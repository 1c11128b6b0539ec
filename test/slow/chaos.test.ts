/** More random histories than `npm test` has time for. docs/safety.md describes them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

test('plays five hundred random histories without a violation', async () => {
  const args = ['chaos/main.ts', '--histories', '500', '--seed', '77'];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(/^histories 500, faults \d+, checks \d+, violations 0$/m);
});
