import type { Hold, HoldReason } from '../plan.ts';

/**
 * Why holds with a reason last.
 * - `requested`: an operator asked for it, by a command, a tag, a setting or the spec.
 * - `recurs`: it ends and recurs by design.
 * - `unrequested`: none of these. If it lasts for days, a person should look.
 */
type Cause = 'requested' | 'recurs' | 'unrequested';

export const causes: Readonly<Record<HoldReason, Cause>> = {
  draining: 'requested',
  bounds: 'unrequested',
  'decrease-quota': 'recurs',
  'cool-down': 'recurs',
  'billing-quota': 'recurs',
  maintenance: 'requested',
  unhealthy: 'unrequested',
  'account-limit': 'unrequested',
  'no-effect': 'unrequested',
  // A table that stays busy makes the run fail.
  'table-busy': 'recurs',
  'table-unusable': 'unrequested',
  'index-building': 'requested',
  throttled: 'unrequested',
  'metrics-unknown': 'unrequested',
  // An idle table has no data either.
  'missing-data': 'recurs',
  'hot-partition': 'unrequested',
  unreadable: 'unrequested',
  // A changed spec leaves existing tables as they are.
  'settings-differ': 'requested',
  'time-to-live-changing': 'unrequested',
  'consumer-missing': 'unrequested',
  'consumer-disabled': 'requested',
  'consumer-failing': 'unrequested',
  'replica-missing': 'unrequested',
  'replica-unmanaged': 'unrequested',
  'is-replica': 'requested',
  'environment-unlisted': 'unrequested',
  'not-owned': 'unrequested',
  'scheme-changed': 'unrequested',
  'current-missing': 'unrequested',
  'only-table': 'unrequested',
  'deletion-protected': 'unrequested',
  'keep-tag': 'requested',
  restored: 'unrequested',
  'in-use': 'unrequested',
  share: 'unrequested',
  'retention-shortened': 'unrequested',
  'retention-unknown': 'unrequested',
  'purge-disabled': 'requested',
  suspended: 'requested',
  'clock-wrong': 'unrequested',
  'no-lease': 'unrequested',
  'newer-state': 'unrequested',
  'waiting-period': 'requested',
  'stream-records': 'unrequested',
  'backup-pending': 'unrequested',
  // It ends a day after the replica was created.
  'replica-source': 'recurs',
  'replica-pending': 'unrequested',
  'archive-pending': 'unrequested',
  'archive-failed': 'unrequested',
  cap: 'recurs',
  closed: 'requested',
  'not-in-teardown': 'unrequested',
};

/** Whether a hold is unrequested, so that its age counts. An operator can accept throttled requests. */
export const isUnrequested = ({ reason, shortage }: Pick<Hold, 'reason' | 'shortage'>): boolean =>
  causes[reason] === 'unrequested' && !shortage?.accepted;
