import { expect, it } from 'vitest';
import { RateLimiter } from '../../src/jobs/rate-limiter.ts';

/** A clock that stands still except in pauses. */
function pausing() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (durationMs: number) => {
      now += durationMs;
    },
  };
}

it('starts changes at once until AWS throttles one, and then one by one at the rate', async () => {
  const clock = pausing();
  const rateLimiter = new RateLimiter(2, clock, Infinity);
  expect([await rateLimiter.next(), await rateLimiter.next(), clock.now()]).toEqual([true, true, 0]);
  rateLimiter.throttled();
  const starts = [];
  for (let i = 0; i < 3; i += 1) {
    await rateLimiter.next();
    starts.push(clock.now());
  }
  expect(starts).toEqual([500, 1000, 1500]);
  // A second throttled change does not slow down further.
  rateLimiter.throttled();
  await rateLimiter.next();
  expect(clock.now()).toBe(2000);
});

it('keeps its rate for changes that start at the same time', async () => {
  const starts: number[] = [];
  const sleeps: number[] = [];
  const clock = { now: () => 0, sleep: async (durationMs: number) => void sleeps.push(durationMs) };
  const rateLimiter = new RateLimiter(1, clock, Infinity);
  rateLimiter.throttled();
  await Promise.all([0, 1, 2].map(() => rateLimiter.next().then(() => starts.push(1))));
  expect(sleeps).toEqual([1000, 2000, 3000]);
});

it('gives no turn after the deadline, and does not wait for it', async () => {
  const clock = pausing();
  const rateLimiter = new RateLimiter(1, clock, 1500);
  rateLimiter.throttled();
  expect([await rateLimiter.next(), await rateLimiter.next(), clock.now()]).toEqual([true, false, 1000]);
});
