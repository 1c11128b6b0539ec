import fc from 'fast-check';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import type { Spec } from '../../src/core/spec.ts';
import { at, DAY, defaultSettings, HOUR, MINUTE, specOf, units } from './specs.ts';

export const schemes: readonly RotationScheme[] = ['none', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'];
export const rotating = schemes.filter((scheme) => scheme !== 'none');

export const aScheme = fc.constantFrom(...schemes);
export const aRotatingScheme = fc.constantFrom(...rotating);

const FIRST = at('1970-01-01');
const LAST = at('2200-12-31T23:59:59.999');

/** Any instant from 1970 to 2200. Edges of hours, days and months occur more often than by chance. */
export const anInstant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc
    .tuple(
      fc.integer({ min: 1970, max: 2200 }),
      fc.integer({ min: 0, max: 11 }),
      fc.constantFrom(1, 2, 28, 29, 30, 31),
      fc.constantFrom(0, 1, 23),
      fc.constantFrom(-1, 0, 1),
    )
    .map(([year, month, day, hour, off]) => Date.UTC(year, month, day, hour) + off)
    .filter((instant) => instant >= FIRST && instant <= LAST),
);

/** Instants within a few years, for expensive properties. */
export const aRecentInstant: fc.Arbitrary<number> = fc
  .integer({ min: 0, max: (3 * 365 * DAY) / (10 * MINUTE) })
  .map((step) => at('2026-01-01') + step * 10 * MINUTE);

const someUnits = fc
  .tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }))
  .map(([r, w]) => units(r, w));
const throughputs = fc.record({ full: someUnits, outdated: someUnits });

/** A spec that the configuration reader accepts. */
export function aSpec(name: string): fc.Arbitrary<Spec> {
  return fc
    .record({
      scheme: aScheme,
      keep: fc.constantFrom(1, 2, 3, 7, Infinity),
      backfill: fc.integer({ min: 0, max: 3 }),
      own: throughputs,
      indexes: fc.dictionary(fc.constantFrom('byUser', 'byTime'), throughputs, { maxKeys: 2 }),
      onDemand: fc.boolean(),
      ahead: fc.integer({ min: 1, max: 3 }),
      warmUpMs: fc.constantFrom(HOUR, 24 * HOUR, 72 * HOUR),
      drainMs: fc.constantFrom(0, HOUR, 3 * HOUR),
      method: fc.constantFrom('reactive', 'none', 'auto'),
      waitingPeriodMs: fc.constantFrom(HOUR, 12 * HOUR, 30 * HOUR),
      timeToLive: fc.boolean(),
      outdatedAs: fc.record(
        {
          billingMode: fc.constant('PAY_PER_REQUEST' as const),
          tableClass: fc.constantFrom('STANDARD' as const, 'STANDARD_INFREQUENT_ACCESS' as const),
        },
        { requiredKeys: [] },
      ),
    })
    .map((drawn) => {
      const keep = drawn.scheme === 'none' ? Infinity : drawn.keep;
      return specOf({
        name,
        scheme: drawn.scheme,
        keep,
        backfill: drawn.scheme === 'none' ? 0 : Math.min(drawn.backfill, keep - 1),
        ...drawn.own,
        indexes: drawn.indexes,
        onDemand: drawn.onDemand,
        outdatedAs: drawn.scheme === 'none' ? {} : drawn.outdatedAs,
        properties: drawn.timeToLive ? { TimeToLive: { AttributeName: 'expires' } } : {},
        ...(drawn.method === 'auto' && !drawn.onDemand
          ? { scaling: { method: 'predictive' }, billing: 'auto' as const }
          : { scaling: { method: drawn.method === 'auto' ? 'predictive' : drawn.method } }),
        settings: {
          periodsAhead: drawn.ahead,
          warmUpMs: drawn.warmUpMs,
          drainMs: drawn.drainMs,
          purge: { ...defaultSettings.purge, waitingPeriodMs: drawn.waitingPeriodMs },
        },
      });
    });
}

export const someSpecs: fc.Arbitrary<Spec[]> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...['Events', 'Flags', 'Events2'].slice(0, count).map(aSpec)));
