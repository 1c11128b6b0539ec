/** 20. A clock that is wrong by hours or days, detected by the Date header of the embedded AWS's responses. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plannerOf } from '../../src/core/planners.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { handlerOf } from '../../src/handler.ts';
import { awsPorts } from '../../src/runtime.ts';
import { runHere } from '../support/in-process.ts';
import { at, DAY, HOUR } from '../support/specs.ts';
import { virtualDate } from '../support/virtual-date.ts';

const NOON = at('2025-11-21T12:00');
let aws: EmbeddedAws;
let machine: number;
/** The time in the responses of AWS. */
let service: number;
beforeEach(async () => {
  machine = NOON;
  service = NOON;
  aws = await startEmbeddedAws({ now: () => service });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('TURNTABLE_CONFIG', join(import.meta.dirname, '../fixtures/e2e/config'));
  vi.stubEnv('TURNTABLE_ENVIRONMENT', 'production');
  vi.stubEnv('TURNTABLE_LOG', 'silent');
  virtualDate(() => machine);
  await awsPorts('production').state.initialize();
});
afterEach(async () => {
  await aws.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const rotate = (time: number) => handlerOf(plannerOf('rotate'))({ time: new Date(time).toISOString() });

test.each([3 * HOUR, -3 * HOUR, 2 * DAY, -2 * DAY])(
  'creates no table if the machine’s clock is wrong by %i ms',
  async (off) => {
    machine = NOON + off;
    await expect(rotate(NOON)).rejects.toThrow(
      /This machine's clock says .*AWS's clock says 2025-11-21 12:00 UTC\. Correct this machine's clock/,
    );
    expect(aws.calls.get('CreateTable')).toBe(1);
  },
);

test('creates no table for an event from the future', async () => {
  await expect(rotate(NOON + DAY)).rejects.toThrow('The run is too early');
  expect(aws.calls.get('CreateTable')).toBe(1);
});

test('rejects apply if the machine’s clock is wrong', async () => {
  machine = NOON + 3 * HOUR;
  const { code, stderr } = await runHere(['apply', '--yes']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/Nothing was applied\. This machine's clock says 2025-11-21 15:00/),
  ]);
  expect(aws.calls.get('CreateTable')).toBe(1);
});

test('accepts clocks that differ by minutes', async () => {
  machine = NOON + 4 * 60_000;
  expect((await rotate(NOON)).outcome).toBe('done');
});

test('creates missing tables and purges nothing if a single response has another time', async () => {
  aws.intercept = (operation) => {
    service = operation === 'ListTables' ? NOON + 3 * DAY : NOON;
    return undefined;
  };
  await expect(rotate(NOON)).rejects.toThrow(
    /^rotate for production: 4 applied, 0 failed or skipped, 0 held\. The run is for .* The run is too late\./,
  );
  expect(aws.calls.get('CreateTable')).toBe(3);
});
