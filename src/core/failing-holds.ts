import type { Hold, HoldReason } from '../generated/plan.ts';

/**
 * When holds with a reason make the run fail. Any hold does if the decision itself calls it urgent.
 * - `at-once`: an operator has to know about each one.
 * - `if-lasting`: after the times of `FailAfter`, if a current or upcoming table falls short of what is asked of it.
 * - `never`: only if urgent. DynamoDB's quota of decreases is one of these, because it is met daily by design.
 */
type Failing = 'at-once' | 'if-lasting' | 'never';

export const failing: Readonly<Record<HoldReason, Failing>> = {
  draining: 'never',
  bounds: 'if-lasting',
  'decrease-quota': 'never',
  'cool-down': 'never',
  'billing-quota': 'never',
  maintenance: 'never',
  unhealthy: 'never',
  'account-limit': 'if-lasting',
  'no-effect': 'if-lasting',
  'table-busy': 'if-lasting',
  'table-unusable': 'if-lasting',
  'index-building': 'never',
  throttled: 'if-lasting',
  'metrics-unknown': 'at-once',
  'missing-data': 'never',
  'hot-partition': 'if-lasting',
  unreadable: 'at-once',
  'is-replica': 'never',
  'environment-unlisted': 'at-once',
  'settings-differ': 'never',
  'time-to-live-changing': 'never',
  'consumer-missing': 'if-lasting',
  'consumer-disabled': 'if-lasting',
  'consumer-failing': 'if-lasting',
  'replica-missing': 'if-lasting',
  'replica-unmanaged': 'never',
  'not-owned': 'if-lasting',
  'scheme-changed': 'if-lasting',
  'current-missing': 'never',
  'only-table': 'never',
  'deletion-protected': 'never',
  'keep-tag': 'never',
  restored: 'never',
  'in-use': 'never',
  share: 'never',
  'retention-shortened': 'never',
  'retention-unknown': 'never',
  'purge-disabled': 'never',
  suspended: 'never',
  'clock-wrong': 'never',
  'no-lease': 'never',
  'newer-state': 'never',
  'waiting-period': 'never',
  'stream-records': 'never',
  'backup-pending': 'never',
  'replica-source': 'never',
  'replica-pending': 'never',
  'archive-pending': 'never',
  'archive-failed': 'never',
  cap: 'never',
  closed: 'never',
  'not-in-teardown': 'never',
};

/** Whether a hold refuses a whole group, because its scheme changed and its spec does not say when. */
export const refusesGroup = ({ kind, reason }: Pick<Hold, 'kind' | 'reason'>): boolean =>
  kind === 'create' && reason === 'scheme-changed';

/** Whether a hold makes the run, or `apply`, fail, because an operator has to know about it at once. */
export const needsAttention = ({ reason, urgent }: Pick<Hold, 'reason' | 'urgent'>): boolean =>
  urgent === true || failing[reason] === 'at-once';
