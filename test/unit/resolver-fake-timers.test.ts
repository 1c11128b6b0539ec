/** Fake timers replace the global Date. A resolver made at module level is older than they are. */
import { mock } from 'node:test';
import { install } from '@sinonjs/fake-timers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createResolver } from '../../src/index.ts';

const resolver = createResolver({
  environment: 'production',
  tables: [{ TableName: 'Visits', RotationScheme: 'daily', PurgeRotation: 7 }],
});
const BEFORE_MIDNIGHT = Date.parse('2031-05-01T23:59:59.999Z');

afterEach(() => {
  vi.useRealTimers();
  mock.timers.reset();
});

describe('a resolver made at module level', () => {
  it('follows the fake timers of vitest, and returns to the wall clock after them', () => {
    vi.useFakeTimers({ now: BEFORE_MIDNIGHT });
    expect(resolver.current('Visits')).toBe('production.Visits.20310501');
    vi.advanceTimersByTime(1);
    expect(resolver.current('Visits')).toBe('production.Visits.20310502');
    expect(resolver.tablesBetween('Visits', 0, Date.now())).toHaveLength(6);
    vi.useRealTimers();
    expect(Math.abs(resolver.now() - Date.now())).toBeLessThan(60_000);
  });

  // `useFakeTimers` of sinon and the modern fake timers of jest install these.
  it('follows the fake timers of sinon and jest, and returns to the wall clock after them', () => {
    const clock = install({ now: BEFORE_MIDNIGHT });
    try {
      expect(resolver.current('Visits')).toBe('production.Visits.20310501');
      clock.tick(1);
      expect(resolver.current('Visits')).toBe('production.Visits.20310502');
      clock.setSystemTime(BEFORE_MIDNIGHT - 86_400_000);
      expect(resolver.current('Visits')).toBe('production.Visits.20310430');
      expect(resolver.next('Visits')).toBe('production.Visits.20310501');
    } finally {
      clock.uninstall();
    }
    expect(Math.abs(resolver.now() - Date.now())).toBeLessThan(60_000);
    expect(Date.now()).toBeLessThan(BEFORE_MIDNIGHT);
  });

  it('follows them if only the date is fake', () => {
    const clock = install({ now: BEFORE_MIDNIGHT, toFake: ['Date'] });
    expect(resolver.tableFor('Visits', new Date())).toBe('production.Visits.20310501');
    clock.uninstall();
  });

  it('follows the mock timers of node:test', () => {
    mock.timers.enable({ apis: ['Date'], now: BEFORE_MIDNIGHT });
    expect(resolver.current('Visits')).toBe('production.Visits.20310501');
    mock.timers.tick(1);
    expect(resolver.current('Visits')).toBe('production.Visits.20310502');
  });
});
