/** Opens the page of a backtest in a real browser, without a network. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled, launch, open, sayIfMissing } from '../support/chromium.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const trace = 'test/fixtures/traces/nyc_taxi_30min.csv';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { SCREENSHOTS: shots } = process.env;

sayIfMissing('the backtest page');
const folder = mkdtempSync(join(tmpdir(), 'turntable-page-'));
const file = join(folder, 'out/backtest.html');
let browser: Browser;

beforeAll(async () => {
  if (!isInstalled) return;
  await run(
    process.execPath,
    ['src/cli/main.ts', 'backtest', '--trace', trace, '--out', join(folder, 'out')],
    {
      cwd: root,
    },
  );
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isInstalled)('the page of a backtest', () => {
  test.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)(
    'fits into %d pixels, is accessible in %s, and sends no request',
    async (width, colorScheme) => {
      const { page, complaints, requests } = await open(browser, file, {
        viewport: { width, height: 800 },
        colorScheme,
      });
      await page.waitForSelector('canvas');
      await page.evaluate(axe);
      const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      expect([complaints, requests]).toEqual([[], []]);
      const isWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(isWide)).toBe(false);
      if (shots)
        await page.screenshot({ path: join(shots, `backtest-${width}-${colorScheme}.png`), fullPage: true });
      await page.context().close();
    },
  );

  test('shows and hides methods, and says what is below the pointer', async () => {
    const { page } = await open(browser, file, { viewport: { width: 1280, height: 800 } });
    const readout = page.locator('output');
    await page.locator('.u-over').hover({ position: { x: 300, y: 50 } });
    await expect.poll(() => readout.textContent()).toMatch(/UTC {2}· {2}demand [\d,.]+\/s {2}· {2}/);
    expect(await readout.textContent()).not.toContain('fixed-at-peak');
    const height = (await page.locator('canvas').boundingBox())!.height;
    await page.locator('tr', { hasText: 'reactive' }).locator('input').check();
    expect((await page.locator('canvas').boundingBox())!.height).toBeGreaterThan(height);
    await page.locator('.u-over').hover({ position: { x: 310, y: 50 } });
    await expect.poll(() => readout.textContent()).toContain('reactive');
    await page.context().close();
  });
});
