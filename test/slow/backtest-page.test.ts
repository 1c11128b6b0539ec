/** Opens the page of a backtest in a real browser: Debian's package `chromium`, without a network. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const trace = 'test/fixtures/traces/nyc_taxi_30min.csv';

const CHROMIUM = '/usr/bin/chromium';
const installed = existsSync(CHROMIUM);
if (!installed)
  console.log(`Skips the backtest page: ${CHROMIUM} is missing. To run it: apt-get install chromium`);

const folder = mkdtempSync(join(tmpdir(), 'turntable-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!installed)('draws the chart of a backtest without an error', async () => {
  const out = join(folder, 'out');
  await run(process.execPath, ['src/cli/main.ts', 'backtest', '--trace', trace, '--out', out], { cwd: root });
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'];
  const args = [
    ...flags,
    '--disable-background-networking',
    '--enable-logging=stderr',
    `--user-data-dir=${join(folder, 'profile')}`,
    '--virtual-time-budget=5000',
    '--dump-dom',
    `file://${join(out, 'backtest.html')}`,
  ];
  // The page holds all its data.
  const { stdout: dom, stderr } = await run(CHROMIUM, args, { maxBuffer: 2 ** 28 });
  expect(stderr).not.toMatch(/CONSOLE.*(Error|Uncaught)/);
  // The script fills the text beside the chart as soon as it has drawn.
  expect(dom).toMatch(/<output[^>]*>[^<]*\d/);
});
