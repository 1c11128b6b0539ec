import { describe, expect, it } from 'vitest';
import { viewPlan } from '../../src/cli/views/plan.ts';
import type { Hold, Plan } from '../../src/core/plan.ts';

const held: Hold = {
  job: 'scale',
  kind: 'lower',
  table: 'production.Events.20261121',
  group: 'Events',
  reason: 'unhealthy',
  message: 'Reads 5 → 1: not while the health URL fails: no connection.',
};
const plan = (holds: Hold[]): Plan => ({
  version: 1,
  environment: 'production',
  jobs: ['scale'],
  at: '2026-11-22T01:30:00.000Z',
  madeAt: '2026-11-22T01:30:00.000Z',
  actions: [],
  holds,
  fingerprint: '',
});

describe('a plan without changes', () => {
  it('says that all is as the specs want it', () => {
    expect(viewPlan(plan([]))).toBe(
      'No changes. production is as its specs want it at 2026-11-22 01:30 UTC.',
    );
  });

  it('does not say so where something is held', () => {
    const [first, ...rest] = viewPlan(plan([held])).split('\n\n');
    expect(first).toBe('No changes now, 1 held: production at 2026-11-22 01:30 UTC.');
    expect(rest.join('\n')).toContain('no connection. [unhealthy]');
  });
});
