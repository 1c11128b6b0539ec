/** What `turntable doctor` reports. */

/** `severe`: something fails, or is going to. `warning`: an operator has to look at it. `note`: good to know. */
export const severities = ['severe', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** What is checked, in the order of the report. */
export const checkNames = [
  'permissions',
  'endpoints',
  'clock',
  'abac',
  'state-table',
  'tables',
  'runs',
  'leases',
  'suspensions',
  'quotas',
  'auto-scaling',
  'schema',
  'unmanaged',
  'retention',
  'throughput',
  'alarms',
  'function-size',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface Finding {
  readonly check: CheckName;
  readonly severity: Severity;
  /** TableName of the spec; absent if the finding is about the account or the environment. */
  readonly group?: string;
  /** What is wrong, with values. */
  readonly message: string;
  /** What to do. */
  readonly cure: string;
}

/** A check that was not made, and why. */
export interface Skipped {
  readonly check: CheckName;
  readonly reason: string;
}

/** What a check says. */
export type Said = Omit<Finding, 'check'>;

export interface Diagnosis {
  /** The most severe first. */
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
}
