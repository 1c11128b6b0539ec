import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensions } from '../../src/core/capacity/demand.ts';
import { raisesIn, urgencyOf } from '../../src/core/scaling/change.ts';
import { claimsAfter } from '../../src/core/scaling/claims.ts';
import type { DimensionDecision } from '../../src/core/scaling/decisions/decision.ts';
import type { Demanded } from '../../src/core/scaling/table.ts';

const decision = fc
  .record({
    dimension: fc.constantFrom(...dimensions),
    from: fc.integer({ min: 1, max: 9 }),
    units: fc.integer({ min: 1, max: 20 }),
    refused: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ dimension, from, units, refused }) => {
    const capacity = { read: from, write: from };
    const target = { units, reason: 'throttled', message: 'Why.' };
    return { dimension: { dimension, capacity }, target, refused } as unknown as DimensionDecision;
  });

/** Tables in the order in which scale changes them. DynamoDB refuses to change some of them now. */
const fleet = fc
  .array(fc.record({ busy: fc.boolean(), decisions: fc.array(decision, { maxLength: 4 }) }), {
    maxLength: 12,
  })
  .map((tables) =>
    tables
      .map(({ busy, decisions }) => {
        const context = { state: { status: busy ? 'UPDATING' : 'ACTIVE', capacities: [] } };
        return { context, decisions, urgency: urgencyOf(decisions) } as unknown as Demanded;
      })
      .sort((a, b) => b.urgency.refused - a.urgency.refused || b.urgency.raised - a.urgency.raised),
  );

describe('what later tables claim of the quota of the account', () => {
  it('is what their raises with more refused requests add up to', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(...dimensions),
        (sorted, refused, dimension) => {
          const claimed = claimsAfter(sorted).map((reserved) => reserved(dimension, refused));
          const summed = sorted.map((_, place) =>
            sorted
              .slice(place + 1)
              .filter(({ context }) => context.state.status === 'ACTIVE')
              .flatMap(({ decisions }) => raisesIn(decisions))
              .filter((raise) => raise.dimension === dimension && raise.refused > refused)
              .reduce((sum, { by }) => sum + by, 0),
          );
          expect(claimed).toEqual(summed);
        },
      ),
    );
  });
});
