import { describe, expect, it } from 'vitest';
import { viewPlan } from '../../src/cli/views/plan.ts';
import type { Hold, Plan } from '../../src/core/plan.ts';

const held: Hold = {
  job: 'scale',
  kind: 'lower',
  table: 'production.Events.20261121',
  group: 'Events',
  reason: 'unhealthy',
  message: 'Reads 5 → 1: held while the health URL fails: no connection.',
};
const plan = (holds: Hold[]): Plan => ({
  version: 1,
  environment: 'production',
  jobs: ['scale'],
  at: '2026-11-22T01:30:00.000Z',
  createdAt: '2026-11-22T01:30:00.000Z',
  actions: [],
  holds,
  fingerprint: '',
});

describe('viewPlan without actions', () => {
  it('says that the tables match the configuration', () => {
    expect(viewPlan(plan([]))).toBe(
      'No changes. The tables of production match the configuration, as of 2026-11-22 01:30 UTC.',
    );
  });

  it('counts the held actions instead', () => {
    const [first, ...rest] = viewPlan(plan([held])).split('\n\n');
    expect(first).toBe('No changes now. 1 action held in production, as of 2026-11-22 01:30 UTC.');
    expect(rest.join('\n')).toContain('no connection. [unhealthy]');
  });
});
