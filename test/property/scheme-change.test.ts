import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTableName, tableName } from '../../src/core/calendar/naming.ts';
import { periodAt, type RotationScheme } from '../../src/core/calendar/period.ts';
import { firstCommonStart, periodOf, stepped } from '../../src/core/calendar/rotation.ts';
import { partsOf } from '../../src/core/capacity/history.ts';
import { membersOf, requiredTables, windowTables } from '../../src/core/fleet.ts';
import { expiresAt, phaseOf } from '../../src/core/phase.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { type EarlierRotation, type Spec, writtenSchemes } from '../../src/core/spec.ts';
import { createResolver } from '../../src/index.ts';
import { aRotatingScheme } from '../support/arbitrary.ts';
import { at, configOf, DAY, specOf } from '../support/specs.ts';
import { observedOf, sayDraft } from '../support/worlds.ts';

const aKeep = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Infinity));
const aRotation = fc.record({
  scheme: aRotatingScheme,
  keep: aKeep,
  afterDays: fc.integer({ min: 0, max: 60 }),
});

/** A group whose scheme changed up to three times, and an instant around the changes. */
const world = fc
  .record({
    before: fc.array(aRotation, { maxLength: 3 }),
    scheme: aRotatingScheme,
    keep: aKeep,
    periodsAhead: fc.integer({ min: 1, max: 3 }),
    nowDays: fc.integer({ min: -100, max: 100 }),
    minutes: fc.integer({ min: 0, max: 1439 }),
  })
  .map(({ before, scheme, keep, periodsAhead, nowDays, minutes }) => {
    const previously: EarlierRotation[] = [];
    before.forEach((rotation, i) => {
      const next: RotationScheme = before[i + 1]?.scheme ?? scheme;
      const from = (previously.at(-1)?.until ?? at('2026-01-01')) + DAY * (1 + rotation.afterDays);
      previously.push({
        scheme: rotation.scheme,
        keep: rotation.keep,
        until: firstCommonStart(rotation.scheme, next, from)!,
      });
    });
    const base = specOf({ scheme, keep, previously, onDemand: true });
    const spec: Spec = { ...base, settings: { ...base.settings, periodsAhead } };
    const around = previously[0]?.until ?? at('2026-06-01');
    return { spec, now: around + nowDays * DAY + minutes * 60_000 };
  });

function resolverOf({ name, scheme, keep, previously, settings }: Spec, now: number) {
  const tables = [
    {
      TableName: name,
      RotationScheme: scheme,
      PurgeRotation: keep === Infinity ? -1 : keep,
      PeriodsAhead: settings.periodsAhead,
      Previously: writtenSchemes(previously),
    },
  ];
  return createResolver({ environment: 'production', tables: tables as never, now: () => now });
}

describe('in a group whose scheme changed', () => {
  it('every instant belongs to exactly one table, and each table has one period', () => {
    fc.assert(
      fc.property(world, ({ spec, now }) => {
        const names = new Map<string, number>();
        let { start } = stepped(spec, now, -8);
        for (let count = 0; count < 16; count += 1) {
          const period = periodOf(spec, start);
          expect(period.start).toBe(start);
          expect(periodOf(spec, period.end - 1)).toEqual(period);
          const name = tableName(spec, period);
          expect(parseTableName(spec, name)).toEqual(period);
          names.set(name, period.start);
          start = period.end;
        }
        expect(names.size).toBe(16);
        expect([...names.keys()].sort()).toEqual([...names.keys()]);
      }),
    );
  });

  it('the resolver agrees with the planner', () => {
    fc.assert(
      fc.property(world, ({ spec, now }) => {
        const resolver = resolverOf(spec, now);
        const [current, next] = requiredTables(spec, now).map(({ name }) => name);
        expect([resolver.current('Events'), resolver.next('Events')]).toEqual([current, next]);
        const window = windowTables(spec, now);
        const { from, to } = resolver.retention('Events');
        expect(to).toBe(window.at(-1)!.period.end);
        const begin = Math.max(window[0]!.period.start, from);
        expect(resolver.tablesBetween('Events', begin, to)).toEqual(window.map(({ name }) => name));
        for (const { name, period, phase } of membersOf(
          configOf([spec]),
          new Set(window.map((one) => one.name)),
          now,
        ).get(spec)!) {
          expect(resolver.locate('Events', period.start).table).toBe(name);
          expect(phase).toBe(phaseOf(spec, period, now));
        }
      }),
    );
  });

  it('each table is retained for the periods of its own scheme', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: -6, max: 6 }), ({ spec, now }, count) => {
        const period = stepped(spec, now, count);
        const { scheme, keep } = spec.previously.find(({ until }) => period.start < until) ?? spec;
        let end = period.start;
        for (let retained = 0; retained < (keep === Infinity ? 0 : keep); retained += 1)
          ({ end } = periodAt(scheme, end));
        expect(expiresAt(spec, period)).toBe(keep === Infinity ? Infinity : end);
        const expired = resolverOf(spec, now).locate('Events', period.start).status === 'expired';
        expect(expired).toBe(keep !== Infinity && end <= now);
      }),
    );
  });

  it('the demand of a window comes from one table after the other', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 40 }), ({ spec, now }, days) => {
        const window = { from: now - Math.min(days, 3) * DAY, to: now };
        const parts = partsOf(spec, window);
        expect([parts[0]!.from, parts.at(-1)!.to]).toEqual([window.from, window.to]);
        for (const [i, part] of parts.slice(1).entries()) expect(part.from).toBe(parts[i]!.to);
      }),
    );
  });

  it('rotate does nothing twice, and never refuses tables that it created', () => {
    fc.assert(
      fc.property(world, ({ spec, now }) => {
        const names = new Set(
          windowTables(spec, now)
            .slice(-12)
            .map(({ name }) => name),
        );
        const later = stepped(spec, now, 1).start;
        for (const { name } of requiredTables(spec, later)) names.add(name);
        const observed = observedOf([...names].map((name) => ({ spec, name })));
        expect(sayDraft(planRotate(configOf([spec]), observed, later))).toEqual([]);
      }),
    );
  });
});
