import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frontierOf } from '../../src/core/scaling/methods/predictive/frontier.ts';
import type { Bill } from '../../src/core/scaling/methods/predictive/totals.ts';

const bills = fc.array(
  fc.record({ cost: fc.integer({ min: 0, max: 1_000 }), throttled: fc.integer({ min: 0, max: 1_000 }) }),
  { minLength: 1, maxLength: 8 },
);

/** What bills in turn cost if they throttle so much together, by the two neighbors of it. */
function costAt(frontier: readonly Bill[], throttled: number): number {
  const after = frontier.findIndex((bill) => bill.throttled > throttled);
  if (after < 0) return frontier.at(-1)!.cost;
  const [cautious, bold] = [frontier[after - 1], frontier[after]!];
  if (!cautious) return Infinity;
  const part = (throttled - cautious.throttled) / (bold.throttled - cautious.throttled);
  return cautious.cost + part * (bold.cost - cautious.cost);
}

it('keeps bills of which a mix costs no more than any other bill, and does not throttle more', () => {
  fc.assert(
    fc.property(bills, (all) => {
      const frontier = frontierOf(all);
      for (const { cost, throttled } of all)
        expect(costAt(frontier, throttled)).toBeLessThanOrEqual(cost + 1e-6);
    }),
  );
});

it('keeps no bill that two others in turn beat, and sorts the rest from the most cautious one', () => {
  fc.assert(
    fc.property(bills, (all) => {
      const frontier = frontierOf(all);
      for (const [i, bill] of frontier.entries()) {
        const others = frontier.filter((_, other) => other !== i);
        if (others.length > 0) expect(costAt(others, bill.throttled)).toBeGreaterThan(bill.cost);
        if (i > 0) expect(bill.throttled).toBeGreaterThan(frontier[i - 1]!.throttled);
      }
    }),
  );
});
