/** What the history of an environment contains: one kind of entry for each thing that a person can see. */
import type { ActionKind, HoldReason, Job } from '../../generated/plan.ts';
import type { Action, Hold } from '../plan.ts';
import type { DrillReason } from '../reasons.ts';

/** An applied action has its own kind. */
export type EntryKind = ActionKind | 'failed' | 'hold-begun' | 'hold-ended' | DrillKind | 'command';

/** How a restore drill ended. */
export type DrillKind = 'drill-passed' | 'drill-failed' | 'drill-skipped';

/** The commands by which a person changes something. */
export type CommandName =
  | 'suspend'
  | 'resume'
  | 'cancel-deletion'
  | 'confirm'
  | 'adopt'
  | 'restore'
  | 'teardown'
  | 'drill'
  | 'apply';

interface Common {
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
}

interface OfTable extends Common {
  readonly job: Job;
  /** TableName of the spec. */
  readonly group: string;
  /** Name of the table. */
  readonly table: string;
}

/** An action that a run, or `apply`, has applied. */
export interface AppliedEntry extends OfTable {
  readonly kind: ActionKind;
  readonly reason: Action['reason'];
  readonly message: string;
}

/** An action that failed. */
export interface FailedEntry extends OfTable {
  readonly kind: 'failed';
  readonly action: ActionKind;
  readonly reason: Action['reason'];
  readonly error: string;
}

/** A hold that the previous run of the job did not have. */
export interface HoldBegunEntry extends OfTable {
  readonly kind: 'hold-begun';
  readonly held: Hold['kind'];
  readonly reason: HoldReason;
  readonly message: string;
}

/** A hold that the job no longer has. */
export interface HoldEndedEntry extends OfTable {
  readonly kind: 'hold-ended';
  readonly held: Hold['kind'];
  readonly reason: HoldReason;
  /** When it began, ISO 8601. */
  readonly since: string;
}

/** A restore drill that ended, or was skipped. */
export interface DrillEntry extends Common {
  readonly kind: DrillKind;
  readonly job: 'drill';
  readonly group: string;
  /** The scratch table. */
  readonly table: string;
  readonly reason: DrillReason;
  readonly message: string;
  /** ARN of the backup. This and what follows are absent as far as they were not reached. */
  readonly backup?: string;
  readonly sizeBytes?: number;
  readonly usd?: number;
  /** From the start of the drill to the first run that saw the table restored. */
  readonly restoreSeconds?: number;
  /** Items of the restored table. */
  readonly items?: number;
}

/** A command of a person. */
export interface CommandEntry extends Common {
  readonly kind: 'command';
  readonly command: CommandName;
  /** ARN of the caller, or `unknown`. */
  readonly by: string;
  /** Why the caller is unknown. */
  readonly byUnknown?: string;
  /** The group that the command is about. Absent if it is about the environment. */
  readonly group?: string;
  readonly message: string;
}

export type Entry = AppliedEntry | FailedEntry | HoldBegunEntry | HoldEndedEntry | DrillEntry | CommandEntry;

/** The kinds of entries that are no applied actions: what each one is, for help and documentation. */
const others = {
  failed: 'an action that failed',
  'hold-begun': 'a hold that began',
  'hold-ended': 'a hold that ended',
  'drill-passed': 'a restore drill passed',
  'drill-failed': 'a restore drill failed',
  'drill-skipped': 'a restore drill was skipped',
  command: 'a command of a person',
} as const;

/** What each kind of entry is. A new kind of action does not compile until it is here. */
export const entryKinds: Readonly<Record<EntryKind, string>> = {
  create: 'a table was created',
  'attach-consumer': 'a consumer was attached',
  'enable-destination': 'a Kinesis data stream was enabled',
  'add-replica': 'a replica was added',
  'tag-replica': 'a replica got its tags',
  raise: 'capacity was raised',
  lower: 'capacity was lowered',
  'time-to-live': 'time to live was changed',
  recovery: 'point-in-time recovery was turned on',
  protection: 'deletion protection was turned on',
  billing: 'the billing mode was changed',
  'table-class': 'the table class was changed',
  'schedule-deletion': 'a deletion was scheduled',
  'cancel-deletion': 'a scheduled deletion was canceled',
  'back-up': 'a final backup was started',
  'remove-replica': 'a replica was removed',
  archive: 'an export to S3 was started',
  delete: 'a table was deleted',
  'detach-consumer': 'a consumer was detached',
  ...others,
};

export const allEntryKinds = Object.keys(entryKinds) as readonly EntryKind[];

export const isApplied = (entry: Entry): entry is AppliedEntry => !Object.hasOwn(others, entry.kind);
