/** The reads that a worker of shards starts in each second. */
import { expect, test, vi } from 'vitest';
import { ReadRate } from '../../src/jobs/read-rate.ts';
import { VirtualClock } from '../support/sim/clock.ts';

/** When each of some reads starts, in milliseconds, if one follows the other and each takes `readMs`. */
async function startsOf(perSecond: number, count: number, readMs = 0): Promise<number[]> {
  const clock = new VirtualClock(0);
  const rate = new ReadRate(perSecond, clock);
  const starts: number[] = [];
  for (let i = 0; i < count; i += 1) {
    await rate.next();
    starts.push(clock.now());
    await clock.sleep(readMs);
  }
  return starts;
}

test('starts reads together, and no more than the rate in a second', async () => {
  expect(await startsOf(3, 8)).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000, 2_000]);
});

test('does not wait if reads take longer than the rate asks for', async () => {
  expect(await startsOf(3, 5, 400)).toEqual([0, 400, 800, 1_200, 1_600]);
});

test('lets at least one read start in a second, however many workers there are', async () => {
  expect(await startsOf(0.2, 3)).toEqual([0, 1_000, 2_000]);
});

test('lets reads that wait together start in turn', async () => {
  vi.useFakeTimers({ now: 0 });
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const rate = new ReadRate(2, { now: () => Date.now(), sleep });
  const starts: number[] = [];
  const all = Array.from({ length: 7 }, () => rate.next().then(() => starts.push(Date.now())));
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all(all);
  vi.useRealTimers();
  expect(starts).toEqual([0, 0, 1_000, 1_000, 2_000, 2_000, 3_000]);
});

test('does not wait for ever if the clock stands still', async () => {
  const rate = new ReadRate(1, { now: () => 5, sleep: async () => {} });
  for (let i = 0; i < 5; i += 1) await rate.next();
  expect(await rate.next()).toBeUndefined();
});
