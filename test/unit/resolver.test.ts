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
    ['epoch microseconds', MIDNIGHT * 1000, 'outside-retention'],
  ])('can not be %s', (_, instant, code) => {
    expect(refusal(() => resolver.tableFor('Events', instant as Instant)).code).toBe(code);
  });

  it('in seconds gets told what to do', () => {
    expect(refusal(() => resolver.current('Events', 1_795_305_600)).message).toBe(
      '1795305600 looks like seconds; instants are epoch milliseconds: multiply by 1000.',
    );
  });
});

describe('a group', () => {
  it('has to be known', () => {
    expect(refusal(() => resolver.current('Nobody' as 'Events'))).toEqual({
      code: 'unknown-group',
      message: 'There is no group "Nobody"; known are: Events, Logs, Clicks, Users.',
    });
    expect(refusal(() => resolver.current('toString' as 'Events')).code).toBe('unknown-group');
  });

  it.each<[string, WrittenSpec]>([
    ['a scheme that there is not', { TableName: 'A', RotationScheme: 'dayly' }],
    ['no name', { TableName: '', RotationScheme: 'daily' }],
    ['retention of nothing', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 0 }],
    ['retention that is no number', { TableName: 'A', RotationScheme: 'daily', PurgeRotation: 'all' }],
  ])('can not have %s', (_, spec) => {
    const { code } = refusal(() => createResolver({ environment: 'production', tables: [spec] }));
    expect(code).toBe('invalid-options');
  });

  it('belongs to an environment', () => {
    const environment = process.env.NO_SUCH_VARIABLE as string;
    expect(refusal(() => createResolver({ environment, tables: [] }))).toEqual({
      code: 'invalid-options',
      message: 'The environment is missing.',
    });
  });
});
