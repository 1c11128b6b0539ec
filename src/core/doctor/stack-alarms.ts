/**
 * The alarms of stack/alarms.yml, which every stack has. CloudFormation adds the stack before each name, and random letters
 * behind it.
 */
export const STACK_ALARMS = [
  'RotateFailed',
  'RotateLate',
  'RotateNearTimeout',
  'PurgeFailed',
  'PurgeLate',
  'PurgeNearTimeout',
  'ScaleFailed',
  'ScaleLate',
  'ScaleNearTimeout',
  'RunsSkipped',
  'NextTableLate',
  'ThrottledAtBound',
  'HeldForLong',
  'SuspendedForLong',
] as const;

/** The alarms that a stack has only with a key of deployment.json. */
export const OPTIONAL_ALARMS = {
  ConfigBucket: ['ConfigInvalid'],
  ReportBucket: ['ReportFailed'],
  RestoreDrills: ['DrillFailing', 'DrillRunsFailed'],
  Shards: ['ShardsFailed', 'ShardsNearTimeout', 'TicksDead'],
} as const satisfies Record<string, readonly string[]>;

/** A key of deployment.json that adds alarms to the stack. */
export type AlarmKey = keyof typeof OPTIONAL_ALARMS;
