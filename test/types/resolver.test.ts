/** Which code compiles, and which does not. If a type is wrong, `npm run types` fails. */
import { expect, expectTypeOf, test } from 'vitest';
import demo from '../../examples/demo/config/tables.json' with { type: 'json' };
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import type { TableSpec } from '../../src/generated/tables.ts';
import { createResolver, type Instant, type Resolver, ResolverError } from '../../src/index.ts';
import type { SpecKey } from '../../src/resolver/types.ts';

const environment = 'production';
const EVENTS = { TableName: 'Events', RotationScheme: 'daily' } as const;
const weekly = { RotationScheme: 'weekly', Until: '2026-11-23' } as const;

test('types the groups of literal specs', () => {
  const resolver = createResolver({
    environment,
    tables: [
      { TableName: 'Events', RotationScheme: 'daily', PurgeRotation: '14' },
      { TableName: 'Users', RotationScheme: 'none' },
    ],
  });
  expectTypeOf(resolver).toEqualTypeOf<Resolver<'Events' | 'Users'>>();
  expectTypeOf(resolver.tablesBetween).returns.toEqualTypeOf<string[]>();
  expectTypeOf(resolver.current).parameter(1).toEqualTypeOf<Instant | undefined>();
  // @ts-expect-error unknown group
  expect(() => resolver.current('Event')).toThrow(ResolverError);
  // @ts-expect-error missing instant
  expect(() => resolver.tableFor('Events')).toThrow(ResolverError);
});

test('types the groups of constants, and of the literal content of a file', () => {
  const tables = [{ TableName: 'Events', RotationScheme: 'daily' }] as const;
  expectTypeOf(createResolver({ environment, tables })).toEqualTypeOf<Resolver<'Events'>>();
  expectTypeOf(createResolver({ environment, tables: { Tables: tables } })).toEqualTypeOf<
    Resolver<'Events'>
  >();
});

test('accepts generated constants of a group whose scheme changed', () => {
  const tables = [
    {
      TableName: 'Events',
      RotationScheme: 'weekly',
      PurgeRotation: 4,
      Previously: [{ RotationScheme: 'daily', PurgeRotation: 14, Until: '2026-11-30' }],
    },
  ] as const;
  expectTypeOf(createResolver({ environment, tables })).toEqualTypeOf<Resolver<'Events'>>();
});

test('accepts any string as a group of an imported file, because JSON has no literal types', () => {
  expectTypeOf(createResolver({ environment, tables: demo })).toEqualTypeOf<Resolver<string>>();
});

test('rejects an unknown scheme at compile time', () => {
  const wrong = () =>
    createResolver({
      environment,
      tables: [
        { TableName: 'Users', RotationScheme: 'none' },
        // @ts-expect-error unknown scheme
        { TableName: 'Events', RotationScheme: 'dayly' },
      ],
    });
  expect(wrong).toThrow(ResolverError);
  const earlier = <const RotationScheme extends string>(RotationScheme: RotationScheme) =>
    [{ RotationScheme, Until: '2026-11-30' }] as const;
  const wrongEarlier = [
    // @ts-expect-error unknown earlier scheme
    () => createResolver({ environment, tables: [{ ...EVENTS, Previously: earlier('dayly') }] }),
    () => createResolver({ environment, tables: [{ ...EVENTS, Previously: earlier('daily' as string) }] }),
  ];
  expect(wrongEarlier[0]).toThrow(ResolverError);
});

test('rejects a literal none within Previously at compile time, and misspelt keys beside it', () => {
  const none = [{ RotationScheme: 'none', Until: '2026-11-30' }] as const;
  const tables = [{ ...EVENTS, Previously: none }] as const;
  const wrong = [
    // @ts-expect-error none as an earlier scheme
    () => createResolver({ environment, tables: [{ ...EVENTS, Previously: none }] }),
    // @ts-expect-error none as an earlier scheme of a constant
    () => createResolver({ environment, tables }),
    // @ts-expect-error none as an earlier scheme in the literal content of a file
    () => createResolver({ environment, tables: { Tables: tables } }),
    // @ts-expect-error none as the second earlier scheme
    () => createResolver({ environment, tables: [{ ...EVENTS, Previously: [weekly, ...none] }] }),
    // @ts-expect-error PurgeRotation of the spec
    () => createResolver({ environment, tables: [{ ...EVENTS, PurgeRoation: 7, Previously: none }] }),
    () =>
      createResolver({
        environment,
        // @ts-expect-error PurgeRotation of the earlier scheme
        tables: [{ ...EVENTS, Previously: [{ ...none[0], PurgeRoation: 7 }] }],
      }),
  ];
  const some = { RotationScheme: 'weekly' as RotationScheme, Until: '2026-11-23' };
  createResolver({ environment, tables: [{ ...EVENTS, Previously: [some] }] });
  expect(wrong).toHaveLength(6);
});

test('rejects misspelt keys of literal specs at compile time', () => {
  const Previously = [{ RotationScheme: 'daily', Until: '2026-11-30', PurgeRoation: 14 }] as const;
  const misspelt = [
    // @ts-expect-error PurgeRotation
    () => createResolver({ environment, tables: [{ ...EVENTS, PurgeRoation: 7 }] }),
    // @ts-expect-error PurgeRotation of the second spec
    () => createResolver({ environment, tables: [EVENTS, { ...EVENTS, PurgeRoation: 7 }] }),
    // @ts-expect-error PeriodsAhead of a constant
    () => createResolver({ environment, tables: [{ ...EVENTS, PeriodAhead: 2 }] as const }),
    // @ts-expect-error PurgeRotation in the literal content of a file
    () => createResolver({ environment, tables: { Tables: [{ ...EVENTS, PurgeRoation: 7 }] } }),
    // @ts-expect-error PurgeRotation of an earlier scheme
    () => createResolver({ environment, tables: [{ ...EVENTS, Previously }] }),
    // @ts-expect-error Previously
    () => createResolver({ environment, tables: [{ ...EVENTS, Previous: [] }] }),
    // @ts-expect-error environment
    () => createResolver({ environmnt: 'production', tables: [EVENTS] }),
    // @ts-expect-error now
    () => createResolver({ environment, tables: [EVENTS], clock: Date.now }),
  ];
  expect(misspelt).toHaveLength(8);
});

test('accepts every key of a spec in tables.json', () => {
  expectTypeOf<SpecKey>().toEqualTypeOf<keyof TableSpec | 'PeriodsAhead'>();
  const spec = { ...EVENTS, Backfill: 2, Properties: { BillingMode: 'PAY_PER_REQUEST' } } as const;
  expectTypeOf(createResolver({ environment, tables: [spec] })).toEqualTypeOf<Resolver<'Events'>>();
});

test('limits error codes to a closed list', () => {
  expectTypeOf<ResolverError['code']>().toEqualTypeOf<
    'unknown-group' | 'invalid-instant' | 'seconds' | 'outside-retention' | 'invalid-options'
  >();
});
