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

/** The code and the message that something is refused with. */
function refusal(attempt: () => unknown): { code: string; message: string } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ResolverError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('the resolver', () => {
  it('knows the current table, to the millisecond', () => {
    expect(resolver.current('Events', MIDNIGHT - 1)).toBe('production.Events.20261121');
    expect(resolver.current('Events', MIDNIGHT)).toBe('production.Events.20261122');
    expect(resolver.current('Users', MIDNIGHT)).toBe('production.Users');
  });

  it('takes its clock’s time where nobody says when, and the wall clock’s where it was given none', () => {
    expect(resolver.current('Events')).toBe('production.Events.20261122');
    const tables = [{ TableName: 'Events', RotationScheme: 'yearly' }] as const;
    const year = new Date().getUTCFullYear();
    expect(createResolver({ environment: 'dev', tables }).current('Events')).toBe(`dev.Events.${year}0101`);
  });

  it('knows the next table, of a single one itself', () => {
    expect(resolver.next('Events', MIDNIGHT - 1)).toBe('production.Events.20261122');
    expect(resolver.next('Events')).toBe('production.Events.20261123');
    expect(resolver.next('Logs', MIDNIGHT)).toBe('production.Logs.20261123');
    expect(resolver.next('Users', MIDNIGHT)).toBe('production.Users');
  });

  it('answers the same for times that go back and forth', () => {
    const days = [0, 1, 0, -1, 1, 0];
    const names = days.map((day) => resolver.current('Events', MIDNIGHT + day * 86_400_000).slice(-2));
    expect(names).toEqual(['22', '23', '22', '21', '23', '22']);
  });

  it('reads the content of a spec file as it is', () => {
    const written = createResolver({ environment: 'production', tables: demo, now: () => MIDNIGHT });
    expect(written.current('Clicks')).toBe('production.Clicks.20261101');
    expect(written.retention('SessionFlags')).toEqual({ from: at('2026-11-21'), to: at('2026-11-24') });
  });
});

describe('an instant', () => {
  it.each<[string, Instant]>([
    ['a Date', new Date(MIDNIGHT)],
    ['milliseconds', MIDNIGHT],
    ['ISO', '2026-11-22T00:00:00.000Z'],
    ['ISO without a zone, which is UTC', '2026-11-22T00:00'],
    ['a day', '2026-11-22'],
    ['ISO with microseconds, as Python writes it', '2026-11-22T00:00:00.123456+00:00'],
    ['ISO with nanoseconds', '2026-11-22T00:00:00.123456789Z'],
    ['ISO in another zone', '2026-11-22T02:00:00+02:00'],
  ])('can be %s', (_, instant) => {
    expect(resolver.tableFor('Events', instant)).toBe('production.Events.20261122');
  });

  it.each<[string, unknown, ResolverError['code']]>([
    ['epoch seconds', MIDNIGHT / 1000, 'seconds'],
    ['a Date made of epoch seconds', new Date(MIDNIGHT / 1000), 'seconds'],
    ['words', 'yesterday', 'invalid-instant'],
    ['a day that does not exist', '2026-02-30', 'invalid-instant'],
    ['an invalid Date', new Date('never'), 'invalid-instant'],
    ['no number', Number.NaN, 'invalid-instant'],
    ['infinity', Number.POSITIVE_INFINITY, 'invalid-instant'],
    ['more than a Date can say', 9e15, 'invalid-instant'],
    ['nothing', null, 'invalid-instant'],
    ['undefined', undefined, 'invalid-instant'],
    ['an empty string', '', 'invalid-instant'],
    ['epoch microseconds', MIDNIGHT * 1000, 'invalid-instant'],
    ['before the year 0', -1e14, 'invalid-instant'],
  ])('can not be %s', (_, instant, code) => {
    expect(refusal(() => resolver.tableFor('Events', instant as Instant)).code).toBe(code);
  });

  it('in seconds gets told what to do', () => {
    expect(refusal(() => resolver.current('Events', 1_795_305_600)).message).toBe(
      'Not milliseconds but seconds (multiply by 1000): 1795305600.',
    );
  });

  it('in microseconds gets told so', () => {
    expect(refusal(() => resolver.current('Events', MIDNIGHT * 1000)).message).toBe(
      'Not an instant in milliseconds, years 0 to 9999: 1795305600000000.',
    );
  });

  it.each<[string, unknown, ResolverError['code']]>([
    ['seconds', MIDNIGHT / 1000, 'seconds'],
    ['microseconds', MIDNIGHT * 1000, 'invalid-instant'],
    ['no number', Number.NaN, 'invalid-instant'],
    ['words', 'today', 'invalid-instant'],
    ['nothing', undefined, 'invalid-instant'],
  ])('is checked where the clock gives it: %s', (_, time, code) => {
    const wrong = createResolver({
      environment: 'production',
      tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation: 3 }],
      now: () => time as number,
    });
    expect(refusal(() => wrong.current('Events')).code).toBe(code);
    expect(refusal(() => wrong.next('Events')).code).toBe(code);
    expect(refusal(() => wrong.retention('Events')).code).toBe(code);
    expect(refusal(() => wrong.tableFor('Events', MIDNIGHT)).code).toBe(code);
    expect(refusal(() => wrong.now()).code).toBe(code);
  });

  it('may come from the clock as anything that is one', () => {
    const tables = [{ TableName: 'Events', RotationScheme: 'daily' }] as const;
    const now = (() => new Date(MIDNIGHT)) as unknown as () => number;
    const dated = createResolver({ environment: 'production', tables, now });
    expect(dated.current('Events')).toBe('production.Events.20261122');
    expect(dated.now()).toBe(MIDNIGHT);
  });
});

describe('a group', () => {
  it('has to be known', () => {
    expect(refusal(() => resolver.current('Nobody' as 'Events'))).toEqual({
      code: 'unknown-group',
      message: 'Not a group of Events,Logs,Clicks,Users: Nobody.',
    });
    expect(refusal(() => resolver.current('toString' as 'Events')).code).toBe('unknown-group');
  });

  it.each<[string, WrittenSpec]>([
    ['a scheme that there is not', { TableName: 'A', RotationScheme: 'dayly' }],
    ['no name', { TableName: '', RotationScheme: 'daily' }],
    ['a name that no table can have', { TableName: 'Visits!', RotationScheme: 'daily' }],
    ['retention of nothing', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 0 }],
    ['retention that is no number', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 'all' }],
    ['half a period', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 2.5 }],
    ['a retention of none', { TableName: 'A', RotationScheme: 'none', PurgeRotation: 0 }],
    ['fewer coming tables than none', { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: -1 }],
    ['half a coming table', { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: 2.5 }],
    [
      'coming tables that are no number',
      { TableName: 'A', RotationScheme: 'daily', PeriodsAhead: Number.NaN },
    ],
    ['no scheme', { TableName: 'A' } as WrittenSpec],
    ['nothing in it', null as unknown as WrittenSpec],
  ])('can not have %s', (_, spec) => {
    const { code } = refusal(() => createResolver({ environment: 'production', tables: [spec] }));
    expect(code).toBe('invalid-options');
  });

  it('takes counts as strings, as spec files have them', () => {
    const tables = [
      { TableName: 'A', RotationScheme: 'daily', PurgeRotation: '2', PeriodsAhead: '2' },
    ] as const;
    const written = createResolver({ environment: 'production', tables, now: () => MIDNIGHT });
    expect(written.retention('A')).toEqual({ from: at('2026-11-21'), to: at('2026-11-25') });
  });

  it('has one spec', () => {
    const twice = ['daily', 'hourly'].map((RotationScheme) => ({ TableName: 'A', RotationScheme }));
    expect(refusal(() => createResolver({ environment: 'production', tables: twice }))).toEqual({
      code: 'invalid-options',
      message: 'Not the only spec: A.',
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no tables', { environment: 'production' }],
    ['tables of null', { environment: 'production', tables: null }],
    ['tables that are no list', { environment: 'production', tables: {} }],
    ['tables that are words', { environment: 'production', tables: 'Events' }],
  ])('is not looked for in %s', (_, options) => {
    const make = createResolver as (options: unknown) => unknown;
    expect(refusal(() => make(options)).code).toBe('invalid-options');
  });

  it('has its tables in an order that there is', () => {
    const descending = 'desc' as 'newest-first';
    expect(refusal(() => resolver.tablesBetween('Events', 0, MIDNIGHT, descending))).toEqual({
      code: 'invalid-options',
      message: 'Not oldest-first or newest-first: desc.',
    });
  });

  it('belongs to an environment', () => {
    const environment = process.env.NO_SUCH_VARIABLE as string;
    expect(refusal(() => createResolver({ environment, tables: [] }))).toEqual({
      code: 'invalid-options',
      message: 'Not an environment name: undefined.',
    });
  });

  it.each(['', 'pro duction!', 'a.b', 'prod\n', null, 5])(
    'belongs to no environment that no configuration allows: %j',
    (environment) => {
      const attempt = () => createResolver({ environment: environment as string, tables: [] });
      expect(refusal(attempt).code).toBe('invalid-options');
    },
  );
});

describe('whatever is given in place of what should be', () => {
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
    ...['TableName', 'RotationScheme', 'PurgeRotation', 'PeriodsAhead'].map(
      (key): (typeof places)[number] => [
        key,
        (value) => create({ environment: 'dev', tables: [{ ...tables[0], [key]: value }] }),
      ],
    ),
    ['now', (now) => create({ environment: 'dev', tables, now }).current!('A')],
    ['the clock’s time', (time) => create({ environment: 'dev', tables, now: () => time }).current!('A')],
    ...Object.keys(loose)
      .filter((name) => name !== 'now')
      .flatMap((name): (typeof places)[number][] => [
        [`${name}(group)`, (group) => loose[name]!(group, MIDNIGHT, MIDNIGHT)],
        [`${name}(…, instant)`, (instant) => loose[name]!('Events', instant, MIDNIGHT)],
        [`${name}(…, to)`, (to) => loose[name]!('Events', MIDNIGHT, to)],
        [`${name}(…, order)`, (order) => loose[name]!('Events', MIDNIGHT, MIDNIGHT, order)],
      ]),
  ];

  it.each(places)('is a coded error, or does no harm: %s', (_, attempt) => {
    for (const value of wrong) {
      try {
        attempt(value);
      } catch (error) {
        expect(error).toBeInstanceOf(ResolverError);
      }
    }
  });

  it('is refused where it can not be meant', () => {
    for (const value of [undefined, null, 'words', bare, Symbol('x'), 1n, Number.NaN]) {
      expect(refusal(() => loose.tableFor!('Events', value)).code).toBe('invalid-instant');
      expect(refusal(() => loose.current!(value)).code).toBe('unknown-group');
    }
  });
});
