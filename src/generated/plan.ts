// Generated from schemas/plan.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** The job that wants it. */
export type Job = 'rotate' | 'purge' | 'scale';

/** One change to the fleet. */
export type Action =
  | Create
  | AttachConsumer
  | EnableDestination
  | AddReplica
  | TagReplica
  | Raise
  | Lower
  | SetTimeToLive
  | SetRecovery
  | Protect
  | SetBilling
  | SetTableClass
  | ScheduleDeletion
  | CancelDeletion
  | BackUp
  | Archive
  | RemoveReplica
  | Delete
  | DetachConsumer;

/** What an action does. */
export type ActionKind =
  | 'create'
  | 'attach-consumer'
  | 'enable-destination'
  | 'add-replica'
  | 'tag-replica'
  | 'raise'
  | 'lower'
  | 'time-to-live'
  | 'recovery'
  | 'protection'
  | 'billing'
  | 'table-class'
  | 'schedule-deletion'
  | 'cancel-deletion'
  | 'back-up'
  | 'archive'
  | 'remove-replica'
  | 'delete'
  | 'detach-consumer';

/** Why an action is planned, as a code. docs/reasons.md explains each. */
export type ActionReason =
  | 'missing'
  | 'backfill'
  | 'consumer-missing'
  | 'replica-missing'
  | 'warm-up'
  | 'late-warm-up'
  | 'period-ended'
  | 'settings-differ'
  | 'outdated'
  | 'utilization-high'
  | 'utilization-low'
  | 'throttled'
  | 'cheaper-on-demand'
  | 'cheaper-provisioned'
  | 'out-of-bounds'
  | 'expired'
  | 'still-expired'
  | 'closed'
  | 'retained'
  | 'held'
  | 'future-time'
  | 'final-backup'
  | 'archive'
  | 'stream-ended';

/** Why something is held, as a code. docs/reasons.md explains each. */
export type HoldReason =
  | 'draining'
  | 'bounds'
  | 'decrease-quota'
  | 'cool-down'
  | 'billing-quota'
  | 'maintenance'
  | 'unhealthy'
  | 'account-limit'
  | 'no-effect'
  | 'table-busy'
  | 'table-unusable'
  | 'index-building'
  | 'throttled'
  | 'metrics-unknown'
  | 'missing-data'
  | 'hot-partition'
  | 'unreadable'
  | 'settings-differ'
  | 'time-to-live-changing'
  | 'consumer-missing'
  | 'consumer-disabled'
  | 'consumer-failing'
  | 'replica-missing'
  | 'replica-unmanaged'
  | 'is-replica'
  | 'environment-unlisted'
  | 'not-owned'
  | 'scheme-changed'
  | 'current-missing'
  | 'only-table'
  | 'deletion-protected'
  | 'keep-tag'
  | 'restored'
  | 'in-use'
  | 'share'
  | 'retention-shortened'
  | 'retention-unknown'
  | 'purge-disabled'
  | 'suspended'
  | 'clock-wrong'
  | 'no-lease'
  | 'newer-state'
  | 'waiting-period'
  | 'stream-records'
  | 'backup-pending'
  | 'archive-pending'
  | 'archive-failed'
  | 'replica-source'
  | 'replica-pending'
  | 'cap'
  | 'closed'
  | 'not-in-teardown';

/** What `turntable plan --json` prints and `turntable apply FILE` accepts. */
export interface Plan {
  /** Version of this format. */
  version: 1;
  /** The environment. */
  environment: string;
  /**
   * The AWS region. Only in plans from the command line, and `apply FILE` rejects a plan of another region.
   */
  region?: string;
  /**
   * The AWS account. Only in plans from the command line, and absent if it is unknown. `apply FILE` rejects a
   * plan of another account.
   */
  account?: string;
  /** The jobs of the plan. */
  jobs: Job[];
  /**
   * The groups that the plan is limited to. Absent if it is of all. Caps and account limits count the whole
   * fleet.
   */
  groups?: string[];
  /** The instant of the plan. */
  at: string;
  /** When the plan was created, by the wall clock. */
  createdAt: string;
  /** Suspensions in force. Absent if nothing is suspended. */
  suspensions?: Suspension[];
  closed?: Closed;
  /**
   * Why it is not known whether the environment is closed. Rotate then creates tables, and purge deletes none
   * because of a teardown. Absent if it is known.
   */
  closedUnread?: string;
  /** Actions, in the order in which they are applied. */
  actions: Action[];
  /** Actions that are held. */
  holds: Hold[];
  /** Tables that another billing mode would make cheaper. Only in plans from the command line. */
  recommendations?: Recommendation[];
  /**
   * Digest of environment, jobs, groups, instant and actions. `apply FILE` creates the plan again and rejects
   * the file if the digest differs.
   */
  fingerprint: string;
}

/** A suspension by an operator. */
export interface Suspension {
  /** `purging`: scheduled and final deletions. `lowering`: every decrease of throughput. */
  what: 'purging' | 'lowering';
  /** When the suspension started. */
  since: string;
  /** When the suspension ends. Absent if it lasts until `turntable resume`. */
  until?: string;
  /** Why, in the operator's words. */
  reason?: string;
  /** The ARN of the user or role who suspended it. Absent if it is unknown. */
  by?: string;
}

/** The teardown in force. Absent if the environment is open. */
export interface Closed {
  /** When the environment was closed. */
  since: string;
  /** The ARN of the user or role who closed it. Absent if it is unknown. */
  by?: string;
}

/** Create a table. */
export interface Create {
  /** Create a table. */
  kind: ActionKind & 'create';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /**
   * When the table is needed. A run creates all `current` tables first, then `next`, `later` and `backfill`.
   */
  urgency: 'current' | 'next' | 'later' | 'backfill';
  /** Input of CreateTable, including the ownership tags. */
  input: {
    /** Name of the table. */
    TableName: string;
    [k: string]: unknown;
  };
}

/** Create the event source mapping of a Lambda function for the stream of the table. */
export interface AttachConsumer {
  /** Create the event source mapping of a Lambda function for the stream of the table. */
  kind: ActionKind & 'attach-consumer';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Name or ARN of the function. */
  function: string;
  /** The other parameters of CreateEventSourceMapping. */
  settings: {
    [k: string]: unknown;
  };
}

/** Begin to send the changes of the table to a Kinesis data stream. */
export interface EnableDestination {
  /** Begin to send the changes of the table to a Kinesis data stream. */
  kind: ActionKind & 'enable-destination';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** ARN of the Kinesis data stream. */
  stream: string;
  /** Precision of the timestamps in the records, ApproximateCreationDateTimePrecision. */
  precision?: string;
}

/** Add a replica of the table in another Region. */
export interface AddReplica {
  /** Add a replica of the table in another Region. */
  kind: ActionKind & 'add-replica';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Region of the replica. */
  region: string;
  /** What UpdateTable gets about the replica: the Create of ReplicaUpdates. */
  input: {
    /** Region of the replica. */
    RegionName: string;
    [k: string]: unknown;
  };
}

/** Set the tags of a replica, which DynamoDB does not copy from the table. */
export interface TagReplica {
  /** Set the tags of a replica, which DynamoDB does not copy from the table. */
  kind: ActionKind & 'tag-replica';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Region of the replica. */
  region: string;
  /** Tags to set, by key. */
  tags: {
    [k: string]: string;
  };
}

/** Raise provisioned throughput. */
export interface Raise {
  /** Raise provisioned throughput. */
  kind: ActionKind & 'raise';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** All changes of the table and its indexes. One call applies them. */
  changes: ThroughputChange[];
  /**
   * The changes that one call applies if DynamoDB counts the indexes in the quota of the table and rejects
   * `changes`. Absent if no quota matters.
   */
  orElse?: ThroughputChange[];
}

/** New throughput of a table or of one of its global indexes. */
export interface ThroughputChange {
  /** Name of the index. Absent for the table itself. */
  index?: string;
  from: Units;
  to: Units;
}

/** Capacity units per second. */
export interface Units {
  /** Reads. */
  read: number;
  /** Writes. */
  write: number;
}

/** Lower provisioned throughput. */
export interface Lower {
  /** Lower provisioned throughput. */
  kind: ActionKind & 'lower';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** All changes of the table and its indexes. One call applies them. */
  changes: ThroughputChange[];
}

/** Turn time to live on or off. */
export interface SetTimeToLive {
  /** Turn time to live on or off. */
  kind: ActionKind & 'time-to-live';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** The attribute with the time at which an item expires. */
  attribute: string;
  /** Whether time to live is on afterwards. */
  enabled: boolean;
}

/** Turn point-in-time recovery on, or change its days. */
export interface SetRecovery {
  /** Turn point-in-time recovery on, or change its days. */
  kind: ActionKind & 'recovery';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Whether point-in-time recovery is on afterwards. */
  enabled: boolean;
  /** How many days back a restore can reach. */
  days?: number;
  /** Region of the replica. Absent if the action is about the table itself. */
  region?: string;
}

/** Turn deletion protection on. */
export interface Protect {
  /** Turn deletion protection on. */
  kind: ActionKind & 'protection';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Region of the replica. Absent if the action is about the table itself. */
  region?: string;
}

/** Change the billing mode. */
export interface SetBilling {
  /** Change the billing mode. */
  kind: ActionKind & 'billing';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** The new billing mode. */
  billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** Provisioned throughput of the table, then of all its global indexes. Absent for on-demand. */
  throughput?: Provision[];
}

/** Planned throughput of a table or of one of its global indexes. */
export interface Provision {
  /** Name of the index. Absent for the table itself. */
  index?: string;
  /** Read capacity units per second. */
  read: number;
  /** Write capacity units per second. */
  write: number;
}

/** Change the table class. */
export interface SetTableClass {
  /** Change the table class. */
  kind: ActionKind & 'table-class';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** The new table class. */
  tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

/**
 * Schedule the deletion of an expired table, or of a table in a closed environment. A later run deletes the
 * table after the waiting period, if it is still due.
 */
export interface ScheduleDeletion {
  /**
   * Schedule the deletion of an expired table, or of a table in a closed environment. A later run deletes the
   * table after the waiting period, if it is still due.
   */
  kind: ActionKind & 'schedule-deletion';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** When the table was created. The scheduled deletion is for no other table of the same name. */
  createdAt: string;
  /** When the deletion was scheduled: the waiting period starts then. */
  scheduledAt: string;
  /**
   * true if the deletion is more than the usual one table per period. If a topic is configured, a notice is
   * sent first, and the waiting period starts when SNS accepts it.
   */
  notify?: boolean;
  /** When a person closed the environment. Absent if the retention of the table has ended. */
  closedAt?: string;
}

/** Cancel a scheduled deletion. */
export interface CancelDeletion {
  /** Cancel a scheduled deletion. */
  kind: ActionKind & 'cancel-deletion';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
}

/** Create the final backup after the waiting period, if FinalBackup is set. A later run deletes the table. */
export interface BackUp {
  /** Create the final backup. */
  kind: ActionKind & 'back-up';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** When the table was created. */
  createdAt: string;
  /** Name of the backup: the table's name, and when the deletion was scheduled. */
  backup: string;
}

/** Export the table to S3 after the waiting period, if Archive is set. A later run deletes the table. */
export interface Archive {
  /** Export the table to S3. */
  kind: ActionKind & 'archive';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** When the table was created. */
  createdAt: string;
  /**
   * ClientToken of the export: the TableId, the period, when the deletion was scheduled, and which try it is.
   * A repeated call starts no second export.
   */
  token: string;
  /** Name of the bucket. */
  bucket: string;
  /** What the keys of the export start with: the Prefix of Archive and the name of the table. */
  prefix: string;
  /** Format of the items. */
  format: 'DYNAMODB_JSON' | 'ION';
}

/** Remove a replica of a table that is deleted after its replicas are gone. */
export interface RemoveReplica {
  /** Remove a replica of a table that is deleted after its replicas are gone. */
  kind: ActionKind & 'remove-replica';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Region of the replica. */
  region: string;
  /** When the table was created. */
  createdAt: string;
  /** When the deletion was scheduled. */
  scheduledAt: string;
  /** When the replica was created. */
  replicaCreatedAt: string;
  /** Present if the deletion protection of the replica is turned off first. */
  unprotect?: true;
  /**
   * When a person closed the environment. The replica is removed only if it is still closed, with this table
   * in the confirmed plan. Absent if it is not closed.
   */
  closedAt?: string;
}

/** Delete the table after the waiting period. */
export interface Delete {
  /** Delete the table after the waiting period. */
  kind: ActionKind & 'delete';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** When the table was created. */
  createdAt: string;
  /** When the deletion was scheduled. */
  scheduledAt: string;
  /** Present if deletion protection is turned off first. */
  unprotect?: true;
  /** ARN of the final backup, if FinalBackup is set. It must still be AVAILABLE. */
  backup?: string;
  /** ARN of the export, if Archive is set. It must still be COMPLETED, with its manifest in S3. */
  archive?: string;
  /**
   * When a person closed the environment. The table is deleted only if it is still closed, with this table in
   * the confirmed plan. Absent if it is not closed.
   */
  closedAt?: string;
}

/** Delete the event source mapping of a stream that has ended. */
export interface DetachConsumer {
  /** Delete the event source mapping of a stream that has ended. */
  kind: ActionKind & 'detach-consumer';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** Name or ARN of the function. */
  function: string;
  /** UUID of the event source mapping. */
  mapping: string;
  /** ARN of the stream. */
  stream: string;
}

/** An action that is held. */
export interface Hold {
  /**
   * The action that is held. `read`: something about the table could not be read. `use`: the table cannot
   * serve requests, or is not the one that the spec requires.
   */
  kind: ActionKind | ('read' | 'use');
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: HoldReason;
  /** Human-readable message, one sentence. */
  message: string;
  /** true if an application suffers until an operator acts. The run then fails. */
  urgent?: boolean;
  shortage?: Shortage;
}

/** How a current or upcoming table cannot serve what is asked of it. */
export interface Shortage {
  /**
   * `refused`: DynamoDB throttles requests. `unusable`: the table serves no requests, or might lose the
   * ability to. `busy`: the table cannot be changed. `undelivered`: the changes of the table do not reach a
   * consumer.
   */
  cause: 'refused' | 'unusable' | 'busy' | 'undelivered';
  /** Since when. With `refused`, the start of the first minute with throttled requests. */
  since: string;
  /** Number of minutes with throttled requests. */
  minutes?: number;
  /** Number of throttled requests. */
  requests?: number;
  /** Percentage of the demand that was throttled. */
  percent?: number;
  /** Present if `AcceptThrottling` is set, so that the run does not fail. */
  accepted?: true;
}

/** A table that another billing mode would make cheaper at recent demand. Turntable does not change it. */
export interface Recommendation {
  /** TableName of the spec. */
  group: string;
  /** Name of the table whose demand was compared. */
  table: string;
  /** The cheaper billing mode. */
  billing: 'provisioned' | 'on-demand';
  /** Share of capacity in use, from 0 to 1. For an on-demand table: of the capacity that it would need. */
  utilization: number;
  /** How many hours of demand were compared. */
  hours: number;
  /** USD per month for throughput in the current billing mode. */
  monthNow: number;
  /** USD per month for throughput in the cheaper billing mode. */
  monthInstead: number;
  /** Human-readable message, and what to change. */
  message: string;
}

/** The teardown of an environment, by a person. */
export interface Closed1 {
  /** When the environment was closed. */
  since: string;
  /** The ARN of the user or role who closed it. Absent if it is unknown. */
  by?: string;
}
