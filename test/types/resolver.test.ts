/** Which code compiles, and which does not. If a type is wrong, `npm run types` fails. */
import { expect, expectTypeOf, test } from 'vitest';
import demo from '../../examples/demo/config/tables.json' with { type: 'json' };
import { createResolver, type Instant, type Resolver, ResolverError } from '../../src/index.ts';

const environment = 'production';

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
});

test('limits error codes to a closed list', () => {
  expectTypeOf<ResolverError['code']>().toEqualTypeOf<
    'unknown-group' | 'invalid-instant' | 'seconds' | 'outside-retention' | 'invalid-options'
  >();
});
