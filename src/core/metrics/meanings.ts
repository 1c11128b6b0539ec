import type { MetricName } from './catalog.ts';

/**
 * What each metric means, in Markdown, for docs/metrics.md and for Prometheus. No Lambda function imports this file, so that its
 * text is not part of every function.
 */
export const meanings: Readonly<Record<MetricName, string>> = {
  NextTableLate:
    'Groups whose next table does not exist an hour before its period, or a quarter of the period before for hourly groups. A missing current table counts too, unless the group has no table yet.',
  SecondsCovered:
    'Time until a period starts whose table does not exist: the least of all groups. 0 if a current table is missing.',
  ThrottledRequests:
    'Requests that DynamoDB throttled in the newest five minutes, of the tables whose throttles the run has read. Missing if it has read none.',
  SecondsThrottledAtBound:
    'For how long DynamoDB has throttled requests of a table whose capacity is at `Max` or at a quota: the longest of all tables. Only minutes with throttled requests count. `AcceptThrottling` exempts reads or writes.',
  SecondsHeld: 'Age of the oldest [unrequested hold](#unrequested-holds) of any job.',
  SecondsSuspended: 'Age of the oldest suspension that is in force.',
  SecondsSinceRotate:
    'Time since a run of rotate last succeeded. It starts at 0 when scale runs for the first time, and after scale has not run for an hour.',
  SecondsSincePurge: 'The same for purge.',
  SecondsSinceScale: 'The same for scale. 0 in a run that succeeds.',
  ConfigInvalid:
    '1 if the newest configuration in S3 is invalid and the run used the one before, 0 otherwise. Missing if the configuration is not in S3.',
  DrillsFailing:
    'Groups whose newest [restore drill](recipes/restore-drills.md) failed. A drill that is skipped changes nothing. Only a stack with `RestoreDrills` sends it.',
  SkippedInARow:
    'Runs of a job that were skipped in a row, because another run had its lease. 0 if the run got its lease.',
  CapacityAtBound: 'Reads and writes of current tables and their indexes whose capacity is at `Max`.',
  Tables: 'Existing tables whose names match a spec, in each phase.',
  Actions: 'Actions that runs applied, of each kind.',
  FailedActions: 'Actions that failed or were skipped, of each kind.',
  Holds: 'Holds of a run, for each reason.',
};
