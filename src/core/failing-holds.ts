import type { HoldReason } from '../generated/plan.ts';

/**
 * Whether every hold with a reason makes the run fail, because an operator has to know at once. Others do only if the
 * hold itself is urgent.
 */
export const failsRun: Readonly<Record<HoldReason, boolean>> = {
  draining: false,
  bounds: false,
  'decrease-quota': false,
  'cool-down': false,
  'billing-quota': false,
  maintenance: false,
  unhealthy: false,
  'account-limit': false,
  'table-busy': false,
  'metrics-unknown': true,
  'missing-data': false,
  'hot-partition': false,
  unreadable: true,
  'settings-differ': false,
  'not-owned': false,
  'scheme-changed': false,
  'current-missing': false,
  'only-table': false,
  'deletion-protected': false,
  'keep-tag': false,
  restored: false,
  'in-use': false,
  share: false,
  'purge-disabled': false,
  suspended: false,
  'clock-wrong': false,
  'no-lease': false,
  'newer-state': false,
  'waiting-period': false,
  'backup-pending': false,
  cap: false,
};
