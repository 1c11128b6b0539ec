/** Opens reports of 1, 30 and 300 groups in a real browser. With SCREENSHOTS=DIR, it stores what they look like. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../src/report/page.ts';
import { isInstalled, launch, open, sayIfMissing } from '../support/chromium.ts';
import { aGroup, aReport } from '../support/reports.ts';

sayIfMissing('the report in Chromium');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'turntable-report-'));
const { SCREENSHOTS: shots } = process.env;
let browser: Browser;

beforeAll(async () => {
  if (isInstalled) browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const nameOf = (i: number): string => `${['Events', 'SessionFlags', 'Clicks', 'Readings'][i % 4]}${i}`;

function fileOf(groups: number): string {
  const file = join(folder, `${groups}.html`);
  const report = aReport({
    groups: Array.from({ length: groups }, (_, i) => aGroup({ name: nameOf(i) })),
  });
  writeFileSync(file, reportPage(report));
  return file;
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const DESK = { viewport: { width: 1280, height: 800 } };

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: false });
};

/** What axe-core finds, with the rules of WCAG and its own recommendations. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
}

const openAll = (page: Page) =>
  page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
const isWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
const rangeIn = (page: Page) => page.locator('figure.chart output').first().textContent();

describe.skipIf(!isInstalled)('the report', () => {
  test.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('is accessible and fits: %s, %j', async (colorScheme, device) => {
    const { page, complaints, requests } = await open(browser, fileOf(1), { ...device, colorScheme });
    await openAll(page);
    await page.locator('figure.chart').scrollIntoViewIfNeeded();
    await page.waitForSelector('figure.chart canvas');
    expect(await isWide(page)).toBe(false);
    expect(await problemsOf(page)).toEqual([]);
    expect([complaints, requests]).toEqual([[], []]);
    await shoot(page, `report-1-${colorScheme}-${device.viewport.width}-chart`);
    await page.evaluate('scrollTo(0, 0)');
    await shoot(page, `report-1-${colorScheme}-${device.viewport.width}`);
    await page.context().close();
  });

  test.each([1, 30, 300])('opens fast with %d groups', async (groups) => {
    const file = fileOf(groups);
    const bytes = readFileSync(file).length;
    const begun = performance.now();
    const { page, complaints } = await open(browser, file, DESK);
    await page.waitForFunction('document.readyState === "complete"');
    const openedMs = performance.now() - begun;
    console.log(`${groups} groups: ${(bytes / 1e6).toFixed(2)} MB, open after ${Math.round(openedMs)} ms`);
    expect(bytes).toBeLessThan(6e6);
    expect(openedMs).toBeLessThan(20_000);
    expect(complaints).toEqual([]);
    expect(await isWide(page)).toBe(false);
    await shoot(page, `report-${groups}-desk`);
    await page.context().close();
  });

  test('opens the group of a link, draws only what is seen, and filters', async () => {
    const { page } = await open(browser, fileOf(30), DESK);
    expect(await page.locator('canvas').count()).toBe(0);
    await page.evaluate('location.hash = "#group-17"');
    await page.waitForSelector('#group-17[open] canvas');
    expect(await page.locator('canvas').count()).toBe(1);
    await page.fill('#filter', 'events1');
    expect(await page.locator('#matches').textContent()).toBe('2 of 30 groups');
    expect(await page.locator('details.group:visible').count()).toBe(2);
    expect(await problemsOf(page)).toEqual([]);
    await shoot(page, 'report-30-filtered');
    await page.context().close();
  });

  test('zooms and moves by mouse, wheel, keyboard and button', async () => {
    const { page } = await open(browser, fileOf(1), DESK);
    await page.locator('figure.chart').scrollIntoViewIfNeeded();
    const over = page.locator('.u-over').first();
    const whole = await rangeIn(page);
    const box = (await over.boundingBox())!;
    const drag = async (from: number, to: number) => {
      await page.mouse.move(box.x + from * box.width, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + to * box.width, box.y + 60, { steps: 5 });
      await page.mouse.up();
      await page.mouse.move(0, 0);
    };
    const changed = async (act: () => Promise<unknown>): Promise<void> => {
      const before = await rangeIn(page);
      await act();
      await expect.poll(() => rangeIn(page)).not.toBe(before);
    };
    await changed(() => drag(0.25, 0.5));
    expect(await rangeIn(page)).toMatch(/^2026-11-21 1[78]:.* to 2026-11-2[12] (23|00):.* UTC$/);
    const plot = page.locator('.plot').first();
    await changed(() => plot.press('ArrowRight'));
    await changed(() => plot.press('+'));
    await changed(() => plot.press('Home'));
    expect(await rangeIn(page)).toBe(whole);
    await changed(() => page.getByRole('button', { name: 'Zoom in' }).first().click());
    await changed(() => page.getByRole('button', { name: 'Earlier' }).first().click());
    await over.dblclick({ position: { x: 200, y: 80 } });
    await page.mouse.move(0, 0);
    await expect.poll(() => rangeIn(page)).toBe(whole);
    // The wheel alone scrolls the page.
    await over.hover();
    const top = await page.evaluate('scrollY');
    await page.mouse.wheel(0, -200);
    await expect.poll(() => page.evaluate('scrollY')).not.toBe(top);
    await page.mouse.move(0, 0);
    expect(await rangeIn(page)).toBe(whole);
    await page.keyboard.down('Control');
    await over.hover();
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await page.mouse.move(0, 0);
    await expect.poll(() => rangeIn(page)).not.toBe(whole);
    await page.context().close();
  });

  test('zooms with two fingers, moves with one, and scrolls past the chart on a phone', async () => {
    const { page } = await open(browser, fileOf(1), PHONE);
    await page.locator('figure.chart').scrollIntoViewIfNeeded();
    await page.locator('.u-over').scrollIntoViewIfNeeded();
    const whole = (await rangeIn(page))!;
    const box = (await page.locator('.u-over').first().boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const middle = box.y + box.height / 2;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: (readonly [number, number])[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map(([x, y], id) => ({ x, y, id })),
      });
    const at = (share: number): number => box.x + share * box.width;
    await touch('touchStart', [at(0.4), middle], [at(0.6), middle]);
    await touch('touchMove', [at(0.3), middle], [at(0.7), middle]);
    await touch('touchMove', [at(0.2), middle], [at(0.8), middle]);
    await touch('touchEnd');
    await expect.poll(() => rangeIn(page)).not.toBe(whole);
    const zoomed = await rangeIn(page);
    await touch('touchStart', [at(0.6), middle]);
    for (const share of [0.55, 0.5, 0.45, 0.4]) await touch('touchMove', [at(share), middle]);
    await touch('touchEnd');
    await expect.poll(() => rangeIn(page)).not.toBe(zoomed);
    const moved = await rangeIn(page);
    const top = (await page.evaluate('scrollY')) as number;
    await touch('touchStart', [at(0.5), middle]);
    for (const down of [40, 80, 120, 160, 200]) await touch('touchMove', [at(0.5), middle - down]);
    await touch('touchEnd');
    await expect.poll(() => page.evaluate('scrollY')).not.toBe(top);
    expect(await rangeIn(page)).toBe(moved);
    await shoot(page, 'report-1-phone-zoomed');
    await page.context().close();
  });

  test('follows the color scheme while it is open', async () => {
    const { page } = await open(browser, fileOf(1), { ...DESK, colorScheme: 'light' });
    const color = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await color()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await color()).toBe('rgb(21, 24, 28)');
    await page.context().close();
  });
});
