/** How `turntable doctor` shows many findings. */
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { viewDoctor } from '../../src/cli/views/doctor.ts';
import type { Finding } from '../../src/core/doctor/finding.ts';

const finding = (group: string, more: Partial<Finding> = {}): Finding => ({
  ...{ check: 'throughput', severity: 'note', group, message: `${group} has little.`, cure: 'Raise it.' },
  ...more,
});

it('shows five findings of a check with the same severity, and counts the others', () => {
  const many = Array.from({ length: 300 }, (_, i) => finding(`Group${i}`));
  const findings = [finding('A', { severity: 'severe' }), finding('B', { check: 'alarms' }), ...many];
  const text = stripVTControlCharacters(
    viewDoctor({
      environment: 'production',
      region: 'eu-west-1',
      account: '123456789012',
      at: '2025-11-21T09:00:00.000Z',
      findings,
      skipped: [],
      counts: { severe: 1, warning: 0, note: 301 },
    }),
  );
  expect(text.match(/has little/g)).toHaveLength(7);
  expect(text).toContain('\n  throughput: 295 more findings. --json shows each.\n');
  expect(text).toContain('Doctor: 1 severe, 0 warnings, 301 notes.');
});
