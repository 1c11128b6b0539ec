import { describe, expect, it } from 'vitest';
import demo from '../../examples/demo/config/tables.json' with { type: 'json' };
import { createResolver, type Instant, ResolverError, type WrittenSpec } from '../../src/index.ts';
import { at } from '../support/specs.ts';

const MIDNIGHT = at('2026-11-22');

const resolver = createResolver({
  environment: 'production',
  now: () => MIDNIGHT,
  tables: [
    { TableName: 'Events', RotationScheme: 'daily', PurgeRotation: '14' },
    { TableName: 'Logs', RotationScheme: 'weekly' },
    { TableName: 'Clicks', RotationScheme: 'hourly' },
    { TableName: 'Users', RotationScheme: 'none', PurgeRotation: -1 },
  ],
});

/** The code and the message of the ResolverError that `attempt` throws. */
function failureOf(attempt: () => unknown): { code: string; message: string } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ResolverError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('createResolver', () => {
  it('finds the current table to the millisecond', () => {
    expect(resolver.current('Events', MIDNIGHT - 1)).toBe('production.Events.20261121');
    expect(resolver.current('Events', MIDNIGHT)).toBe('production.Events.20261122');
    expect(resolver.current('Users', MIDNIGHT)).toBe('production.Users');
  });

  it('uses its clock if no time is given, and the wall clock if it has no clock', () => {
    expect(resolver.current('Events')).toBe('production.Events.20261122');
    const tables = [{ TableName: 'Events', RotationScheme: 'yearly' }] as const;
    const year = new Date().getUTCFullYear();
    expect(createResolver({ environment: 'dev', tables }).current('Events')).toBe(`dev.Events.${year}0101`);
  });

  it('finds the next table, and the only table for none', () => {
    expect(resolver.next('Events', MIDNIGHT - 1)).toBe('production.Events.20261122');
    expect(resolver.next('Events')).toBe('production.Events.20261123');
    expect(resolver.next('Logs', MIDNIGHT)).toBe('production.Logs.20261123');
    expect(resolver.next('Users', MIDNIGHT)).toBe('production.Users');
  });

  it('gives the same answers if times go back and forth', () => {
    const days = [0, 1, 0, -1, 1, 0];
    const names = days.map((day) => resolver.current('Events', MIDNIGHT + day * 86_400_000).slice(-2));
    expect(names).toEqual(['22', '23', '22', '21', '23', '22']);
  });

  it('reads the content of a spec file unchanged', () => {
    const written = createResolver({ environment: 'production', tables: demo, now: () => MIDNIGHT });
    expect(written.current('Clicks')).toBe('production.Clicks.20261101');
    expect(written.retention('SessionFlags')).toEqual({ from: at('2026-11-21'), to: at('2026-11-24') });
  });
});

describe('an instant', () => {
  it.each<[string, Instant]>([
    ['a Date', new Date(MIDNIGHT)],
    ['milliseconds', MIDNIGHT],
    ['ISO 8601', '2026-11-22T00:00:00.000Z'],
    ['ISO 8601 without an offset as UTC', '2026-11-22T00:00'],
    ['a date', '2026-11-22'],
    ['ISO 8601 with microseconds, as Python writes it', '2026-11-22T00:00:00.123456+00:00'],
    ['ISO 8601 with nanoseconds', '2026-11-22T00:00:00.123456789Z'],
    ['ISO 8601 with an offset', '2026-11-22T02:00:00+02:00'],
    ['an offset without a colon', '2026-11-21T19:00:00-0500'],
    ['a space and lowercase letters, as RFC 3339 allows', '2026-11-22 00:00:00z'],
    ['24:00 as the next midnight', '2026-11-21T24:00Z'],
  ])('accepts %s', (_, instant) => {
    expect(resolver.tableFor('Events', instant)).toBe('production.Events.20261122');
  });

  it.each<[string, unknown, ResolverError['code']]>([
    ['epoch seconds', MIDNIGHT / 1000, 'seconds'],
    ['a Date created from epoch seconds', new Date(MIDNIGHT / 1000), 'seconds'],
    ['words', 'yesterday', 'invalid-instant'],
    ['a date that does not exist', '2026-02-30', 'invalid-instant'],
    ['an hour that does not exist', '2026-11-22T25:00Z', 'invalid-instant'],
    ['an offset without a time', '2026-11-22+02:00', 'invalid-instant'],
    ['an invalid Date', new Date('never'), 'invalid-instant'],
    ['NaN', Number.NaN, 'invalid-instant'],
    ['infinity', Number.POSITIVE_INFINITY, 'invalid-instant'],
    ['more than a Date can hold', 9e15, 'invalid-instant'],
    ['null', null, 'invalid-instant'],
    ['undefined', undefined, 'invalid-instant'],
    ['an empty string', '', 'invalid-instant'],
    ['epoch microseconds', MIDNIGHT * 1000, 'invalid-instant'],
    ['a time before the year 0', -1e14, 'invalid-instant'],
  ])('rejects %s', (_, instant, code) => {
    expect(failureOf(() => resolver.tableFor('Events', instant as Instant)).code).toBe(code);
  });

  it('reports epoch seconds', () => {
    expect(failureOf(() => resolver.current('Events', 1_795_305_600)).message).toBe(
      'Invalid instant: 1795305600. Valid: milliseconds.',
    );
  });

  it('reports epoch microseconds', () => {
    expect(failureOf(() => resolver.current('Events', MIDNIGHT * 1000)).message).toBe(
      'Invalid instant: 1795305600000000. Valid: a Date, ISO 8601 or milliseconds.',
    );
  });

  it.each<[string, unknown, ResolverError['code']]>([
    ['seconds', MIDNIGHT / 1000, 'seconds'],
    ['microseconds', MIDNIGHT * 1000, 'invalid-instant'],
    ['NaN', Number.NaN, 'invalid-instant'],
    ['words', 'today', 'invalid-instant'],
    ['undefined', undefined, 'invalid-instant'],
  ])('rejects a clock that returns %s', (_, time, code) => {
    const wrong = createResolver({
      environment: 'production',
      tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation: 3 }],
      now: () => time as number,
    });
    expect(failureOf(() => wrong.current('Events')).code).toBe(code);
    expect(failureOf(() => wrong.next('Events')).code).toBe(code);
    expect(failureOf(() => wrong.retention('Events')).code).toBe(code);
    expect(failureOf(() => wrong.tableFor('Events', MIDNIGHT)).code).toBe(code);
    expect(failureOf(() => wrong.now()).code).toBe(code);
  });

  it('accepts a clock that returns a Date', () => {
    const tables = [{ TableName: 'Events', RotationScheme: 'daily' }] as const;
    const now = (() => new Date(MIDNIGHT)) as unknown as () => number;
    const dated = createResolver({ environment: 'production', tables, now });
    expect(dated.current('Events')).toBe('production.Events.20261122');
    expect(dated.now()).toBe(MIDNIGHT);
  });
});

describe('a group', () => {
  it('rejects an unknown group and lists the known ones', () => {
    expect(failureOf(() => resolver.current('Visits' as 'Events'))).toEqual({
      code: 'unknown-group',
      message: 'Invalid group: Visits. Valid: Events,Logs,Clicks,Users.',
    });
    expect(failureOf(() => resolver.current('toString' as 'Events')).code).toBe('unknown-group');
  });

  it.each<[string, WrittenSpec]>([
    ['an unknown scheme', { TableName: 'A', RotationScheme: 'dayly' }],
    ['an empty name', { TableName: '', RotationScheme: 'daily' }],
    ['a name that DynamoDB does not allow', { TableName: 'Visits!', RotationScheme: 'daily' }],
    ['a retention of 0 periods', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 0 }],
    ['a retention that is not a number', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 'all' }],
    ['a retention of half a period', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 2.5 }],
    ['a retention of 0 for none', { TableName: 'A', RotationScheme: 'none', PurgeRotation: 0 }],
    ['a negative number of upcoming periods', { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: -1 }],
    ['half an upcoming period', { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: 2.5 }],
    [
      'upcoming periods that are not a number',
      { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: Number.NaN },
    ],
    [
      'an earlier scheme that is unknown',
      {
        TableName: 'A',
        RotationScheme: 'weekly',
        Previously: [{ RotationScheme: 'dayly', Until: '2026-11-30' }],
      },
    ],
    [
      'null instead of an earlier scheme',
      { TableName: 'A', RotationScheme: 'weekly', Previously: [null] } as unknown as WrittenSpec,
    ],
    ['a missing scheme', { TableName: 'A' } as WrittenSpec],
    ['null instead of properties', null as unknown as WrittenSpec],
  ])('rejects a spec with %s', (_, spec) => {
    const { code } = failureOf(() => createResolver({ environment: 'production', tables: [spec] }));
    expect(code).toBe('invalid-options');
  });

  it.each([
    ['invalid', '2026-11-31'],
    ['missing', undefined as unknown as string],
  ])('rejects an earlier scheme whose end is %s', (_, Until) => {
    const Previously = [{ RotationScheme: 'daily' as const, Until }];
    const tables = [{ TableName: 'A', RotationScheme: 'weekly' as const, Previously }];
    expect(failureOf(() => createResolver({ environment: 'production', tables })).code).toBe(
      'invalid-instant',
    );
  });

  it('accepts counts as strings, as spec files can have them', () => {
    const tables = [
      { TableName: 'A', RotationScheme: 'daily', PurgeRotation: '2', PeriodsAhead: '2' },
    ] as const;
    const written = createResolver({ environment: 'production', tables, now: () => MIDNIGHT });
    expect(written.retention('A')).toEqual({ from: at('2026-11-21'), to: at('2026-11-25') });
  });

  it('rejects two specs with the same name', () => {
    const twice = ['daily', 'hourly'].map((RotationScheme) => ({ TableName: 'A', RotationScheme }));
    expect(failureOf(() => createResolver({ environment: 'production', tables: twice }))).toEqual({
      code: 'invalid-options',
      message: 'Invalid TableName: A. Valid: another name.',
    });
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['options without tables', { environment: 'production' }],
    ['tables of null', { environment: 'production', tables: null }],
    ['tables that are not an array', { environment: 'production', tables: {} }],
    ['tables that are words', { environment: 'production', tables: 'Events' }],
  ])('rejects %s', (_, options) => {
    const create = createResolver as (options: unknown) => unknown;
    expect(failureOf(() => create(options)).code).toBe('invalid-options');
  });

  it('rejects an unknown order', () => {
    const descending = 'desc' as 'newest-first';
    expect(failureOf(() => resolver.tablesBetween('Events', 0, MIDNIGHT, descending))).toEqual({
      code: 'invalid-options',
      message: 'Invalid order: desc. Valid: /^(old|new)est-first$/.',
    });
  });

  it('rejects a missing environment', () => {
    const environment = process.env.NO_SUCH_VARIABLE as string;
    expect(failureOf(() => createResolver({ environment, tables: [] }))).toEqual({
      code: 'invalid-options',
      message: 'Invalid environment: undefined. Valid: /^[\\w-]+$/.',
    });
  });

  it.each(['', 'pro duction!', 'a.b', 'prod\n', null, 5])(
    'rejects the environment %j, which configurations do not allow',
    (environment) => {
      const attempt = () => createResolver({ environment: environment as string, tables: [] });
      expect(failureOf(attempt).code).toBe('invalid-options');
    },
  );
});

describe('an argument of any type', () => {
  const bare = Object.create(null) as object;
  const wrong = [undefined, null, true, 5, '', 'words', [], {}, bare, () => {}, Symbol('x'), 1n, Number.NaN];
  const tables = [{ TableName: 'A', RotationScheme: 'daily' }];
  type Loose = Record<string, (...args: unknown[]) => unknown>;
  const loose = resolver as unknown as Loose;
  const create = createResolver as unknown as (options: unknown) => Loose;
  const places: readonly [string, (value: unknown) => unknown][] = [
    ['options', (value) => create(value)],
    ['environment', (environment) => create({ environment, tables })],
    ['tables', (value) => create({ environment: 'dev', tables: value })],
    ['Tables', (Tables) => create({ environment: 'dev', tables: { Tables } })],
    ['spec', (spec) => create({ environment: 'dev', tables: [spec] })],
    ...['TableName', 'RotationScheme', 'PurgeRotation', 'PeriodsAhead', 'Previously'].map(
      (key): (typeof places)[number] => [
        key,
        (value) => create({ environment: 'dev', tables: [{ ...tables[0], [key]: value }] }),
      ],
    ),
    ['now', (now) => create({ environment: 'dev', tables, now }).current!('A')],
    ['the result of now', (time) => create({ environment: 'dev', tables, now: () => time }).current!('A')],
    ...Object.keys(loose)
      .filter((name) => name !== 'now')
      .flatMap((name): (typeof places)[number][] => [
        [`${name}(group)`, (group) => loose[name]!(group, MIDNIGHT, MIDNIGHT)],
        [`${name}(…, instant)`, (instant) => loose[name]!('Events', instant, MIDNIGHT)],
        [`${name}(…, to)`, (to) => loose[name]!('Events', MIDNIGHT, to)],
        [`${name}(…, order)`, (order) => loose[name]!('Events', MIDNIGHT, MIDNIGHT, order)],
      ]),
  ];

  it.each(places)('throws only ResolverErrors: %s', (_, attempt) => {
    for (const value of wrong) {
      try {
        attempt(value);
      } catch (error) {
        expect(error).toBeInstanceOf(ResolverError);
      }
    }
  });

  it('rejects a wrong type of instant and of group', () => {
    for (const value of [undefined, null, 'words', bare, Symbol('x'), 1n, Number.NaN]) {
      expect(failureOf(() => loose.tableFor!('Events', value)).code).toBe('invalid-instant');
      expect(failureOf(() => loose.current!(value)).code).toBe('unknown-group');
    }
  });
});
