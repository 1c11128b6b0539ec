// Generated from schemas/plan.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** Which job wants it. */
export type Job = 'rotate' | 'purge' | 'scale';

/** One change to the fleet. */
export type Action =
  | Create
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
  | Delete;

/** What an action does. */
export type ActionKind =
  | 'create'
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
  | 'delete';

/** Why an action is planned, as a code. docs/reasons.md explains each. */
export type ActionReason =
  | 'missing'
  | 'backfill'
  | 'warm-up'
  | 'late-warm-up'
  | 'period-ended'
  | 'settings-differ'
  | 'outdated'
  | 'utilisation-high'
  | 'utilisation-low'
  | 'throttled'
  | 'cheaper-on-demand'
  | 'cheaper-provisioned'
  | 'out-of-bounds'
  | 'expired'
  | 'still-expired'
  | 'retained'
  | 'held'
  | 'final-backup';

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
  | 'table-busy'
  | 'metrics-unknown'
  | 'missing-data'
  | 'hot-partition'
  | 'unreadable'
  | 'settings-differ'
  | 'not-owned'
  | 'scheme-changed'
  | 'current-missing'
  | 'only-table'
  | 'deletion-protected'
  | 'keep-tag'
  | 'restored'
  | 'in-use'
  | 'share'
  | 'purge-disabled'
  | 'suspended'
  | 'clock-wrong'
  | 'no-lease'
  | 'waiting-period'
  | 'backup-pending'
  | 'cap';

/** What `turntable plan --json` prints and `turntable apply FILE` takes. */
export interface Plan {
  /** Version of this format. */
  version: 1;
  /** The environment. */
  environment: string;
  /** The jobs that it covers. */
  jobs: Job[];
  /** The instant the plan is for. */
  at: string;
  /** When it was made, by the wall clock. */
  madeAt: string;
  /** What people have stopped; absent where nothing is. */
  suspensions?: Suspension[];
  /** In the order in which they are carried out. */
  actions: Action[];
  /** What was wanted and refused. */
  holds: Hold[];
  /** What would be cheaper billed the other way; only where a person asked for the plan. */
  recommendations?: Recommendation[];
  /** Digest of environment, instant and actions: apply makes the plan anew and refuses where it differs. */
  fingerprint: string;
}

/** Something that people have stopped. */
export interface Suspension {
  /** Condemning and deleting, or every decrease of throughput. */
  what: 'purging' | 'lowering';
  /** When it was stopped. */
  since: string;
  /** When it goes on by itself; absent where somebody has to resume it. */
  until?: string;
  /** Why, in the words of whoever stopped it. */
  reason?: string;
}

/** Make a table. */
export interface Create {
  /** Make a table. */
  kind: ActionKind & 'create';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** Input of CreateTable, ownership tags included. */
  input: {
    /** Name of the table. */
    TableName: string;
    [k: string]: unknown;
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
  /** The same for people: one sentence. */
  message: string;
  /** What changes, the table and its indexes in one call. */
  changes: ThroughputChange[];
}

/** New throughput of a table or of one of its global indexes. */
export interface ThroughputChange {
  /** Name of the index; absent for the table itself. */
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
  /** The same for people: one sentence. */
  message: string;
  /** What changes, the table and its indexes in one call. */
  changes: ThroughputChange[];
}

/** Set time to live. */
export interface SetTimeToLive {
  /** Set time to live. */
  kind: ActionKind & 'time-to-live';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** The attribute that holds the time of expiry. */
  attribute: string;
  /** Switch. */
  enabled: boolean;
}

/** Set point-in-time recovery. */
export interface SetRecovery {
  /** Set point-in-time recovery. */
  kind: ActionKind & 'recovery';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** Switch. */
  enabled: boolean;
  /** How many days back a restore can go. */
  days?: number;
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
  /** The same for people: one sentence. */
  message: string;
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
  /** The same for people: one sentence. */
  message: string;
  /** How the table is billed from then on. */
  billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** What is provisioned, the table first, then all of its global indexes; absent for on-demand. */
  throughput?: Provision[];
}

/** Throughput that a table, or one of its global indexes, is to have. */
export interface Provision {
  /** Name of the index; absent for the table itself. */
  index?: string;
  /** Read capacity units per second. */
  read: number;
  /** Write capacity units per second. */
  write: number;
}

/** Change the storage class. */
export interface SetTableClass {
  /** Change the storage class. */
  kind: ActionKind & 'table-class';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** The class of the table from then on. */
  tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

/** First look: the table is due; a later run deletes it if it still is. */
export interface ScheduleDeletion {
  /** First look: the table is due; a later run deletes it if it still is. */
  kind: ActionKind & 'schedule-deletion';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** When the table was made; a sentence is for that very table. */
  createdAt: string;
  /** The time of the first look. */
  scheduledAt: string;
}

/** Lift a sentence. */
export interface CancelDeletion {
  /** Lift a sentence. */
  kind: ActionKind & 'cancel-deletion';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
}

/** Second look, where the settings ask for a final backup: make it. A later run deletes the table. */
export interface BackUp {
  /** Make the final backup. */
  kind: ActionKind & 'back-up';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** When the table was made. */
  createdAt: string;
  /** Name of the backup: the table's, and when it was condemned. */
  backup: string;
}

/** Second look: delete the table. */
export interface Delete {
  /** Second look: delete the table. */
  kind: ActionKind & 'delete';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: ActionReason;
  /** The same for people: one sentence. */
  message: string;
  /** When the table was made. */
  createdAt: string;
  /** When it was condemned. */
  scheduledAt: string;
  /** Present where its deletion protection is taken off first. */
  unprotect?: true;
  /** ARN of its final backup, where the settings ask for one. It has to be AVAILABLE still. */
  backup?: string;
}

/** Something that was wanted and refused. */
export interface Hold {
  /** What was wanted. `read`: facts about the table. */
  kind: ActionKind | 'read';
  job: Job;
  /** TableName of the spec. */
  group: string;
  /** Name of the table. */
  table: string;
  reason: HoldReason;
  /** The same for people: one sentence. */
  message: string;
  /** true where an application suffers until somebody acts: the run fails. */
  urgent?: boolean;
}

/** What would be cheaper billed the other way, by the demand lately; nothing acts on it. */
export interface Recommendation {
  /** TableName of the spec. */
  group: string;
  /** Name of the table whose demand was weighed. */
  table: string;
  /** The cheaper way to bill. */
  billing: 'provisioned' | 'on-demand';
  /** How much is in use of what is provisioned, or would have to be, from 0 to 1. */
  utilisation: number;
  /** Over how many hours. */
  hours: number;
  /** USD per month for throughput as it is billed now. */
  monthNow: number;
  /** USD per month billed the other way. */
  monthInstead: number;
  /** The same for people, and what to change. */
  message: string;
}
