/** What compiles and what does not; `npm run types` is what fails where a promise is broken. */
import { expect, expectTypeOf, test } from 'vitest';
import demo from '../../examples/demo/config/tables.json' with { type: 'json' };
import { createResolver, type Instant, type Resolver, ResolverError } from '../../src/index.ts';

const environment = 'production';

test('groups of literal specs are typed', () => {
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
  // @ts-expect-error there is no such group
  expect(() => resolver.current('Event')).toThrow(ResolverError);
  // @ts-expect-error an instant is needed
  expect(() => resolver.tableFor('Events')).toThrow(ResolverError);
});

test('groups of constants, and of a file’s literal content, are typed', () => {
  const tables = [{ TableName: 'Events', RotationScheme: 'daily' }] as const;
  expectTypeOf(createResolver({ environment, tables })).toEqualTypeOf<Resolver<'Events'>>();
  expectTypeOf(createResolver({ environment, tables: { Tables: tables } })).toEqualTypeOf<
    Resolver<'Events'>
  >();
});

test('groups of an imported file are any string, since JSON has no literals', () => {
  expectTypeOf(createResolver({ environment, tables: demo })).toEqualTypeOf<Resolver<string>>();
});

test('a scheme that there is not does not compile', () => {
  const wrong = () =>
    createResolver({
      environment,
      tables: [
        { TableName: 'Users', RotationScheme: 'none' },
        // @ts-expect-error there is no such scheme
        { TableName: 'Events', RotationScheme: 'dayly' },
      ],
    });
  expect(wrong).toThrow(ResolverError);
});

test('codes of errors are a closed list', () => {
  expectTypeOf<ResolverError['code']>().toEqualTypeOf<
    'unknown-group' | 'invalid-instant' | 'seconds' | 'outside-retention' | 'invalid-options'
  >();
});
