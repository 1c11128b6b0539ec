/** What `doctor` asks, and what it was told. Each question has an answer of its own, so that one failure hides no other. */
import type {
  AccountLimits,
  AlarmState,
  Host,
  RunRecord,
  ScalableTarget,
  StoredLease,
  Suspension,
  TableState,
} from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Entry } from '../history/entry.ts';
import type { Observed } from '../observed.ts';
import type { Hold } from '../plan.ts';

/** The tables of the environment, and what the jobs hold. */
export interface Fleet {
  /** Those that exist, and required ones that do not. */
  readonly tables: readonly Table[];
  readonly observed: Observed;
  readonly holds: readonly Hold[];
  /** Tables with the prefix of the environment that match no spec. */
  readonly unmanaged: readonly string[];
}

/** What each question is answered with. `unknown`: only whether AWS answers. */
export interface Answers {
  tables: readonly string[];
  description: unknown;
  tags: unknown;
  timeToLive: unknown;
  recovery: unknown;
  backups: unknown;
  backup: unknown;
  exports: unknown;
  exported: unknown;
  manifests: unknown;
  destinations: unknown;
  replicas: unknown;
  mappings: unknown;
  metrics: unknown;
  limits: AccountLimits;
  /** undefined if it does not exist. */
  stateTable: TableState | undefined;
  scheduledDeletions: unknown;
  suspensions: readonly Suspension[];
  memories: unknown;
  ownership: unknown;
  unmanaged: unknown;
  retentions: unknown;
  closing: unknown;
  /** Of the last days, oldest first. */
  history: readonly Entry[];
  runs: ReadonlyMap<string, RunRecord>;
  leases: readonly StoredLease[];
  /** The hosts that calls of DynamoDB go to. */
  hosts: readonly Host[];
  targets: readonly ScalableTarget[];
  /** The alarms of the stack. */
  alarms: readonly AlarmState[];
  fleet: Fleet;
}

export type QuestionName = keyof Answers;

/**
 * Why a question has no answer. `denied`: the permission is missing. `credentials`: they are missing or invalid.
 * `not-found`: the state table does not exist. `rejected`: the error says what to do, such as to upgrade Turntable.
 */
export type Unanswered = 'denied' | 'credentials' | 'not-found' | 'rejected' | 'failed';

/** An answer, or why it is missing. */
export type Asked<T> = { readonly value: T } | { readonly error: string; readonly why: Unanswered };

/** `undefined`: it was not asked, because nothing needs it. */
export type AllAsked = { readonly [Q in QuestionName]: Asked<Answers[Q]> | undefined };

interface Question {
  /** The IAM action, and of the state table the kind of record; undefined if it is no call of its own. */
  readonly action?: string;
  /** Who cannot work without it. */
  readonly needed: 'jobs' | 'doctor';
}

const jobs = (action: string): Question => ({ action, needed: 'jobs' });
const doctor = (action: string): Question => ({ action, needed: 'doctor' });
const query = (kind: string): string => `dynamodb:Query on the state table, key ${kind}`;

/** Every question. A new one does not compile until it is clear which permission it needs. */
export const questions: Readonly<Record<QuestionName, Question>> = {
  tables: jobs('dynamodb:ListTables'),
  description: jobs('dynamodb:DescribeTable'),
  tags: jobs('dynamodb:ListTagsOfResource'),
  timeToLive: jobs('dynamodb:DescribeTimeToLive'),
  recovery: jobs('dynamodb:DescribeContinuousBackups'),
  backups: jobs('dynamodb:ListBackups'),
  backup: jobs('dynamodb:DescribeBackup'),
  exports: jobs('dynamodb:ListExports'),
  exported: jobs('dynamodb:DescribeExport'),
  manifests: jobs('s3:GetObject with s3:ListBucket in the bucket of Purge.Archive'),
  destinations: jobs('dynamodb:DescribeKinesisStreamingDestination'),
  replicas: jobs('dynamodb:DescribeTable in the Regions of Replicas'),
  mappings: jobs('lambda:ListEventSourceMappings'),
  metrics: jobs('cloudwatch:GetMetricData'),
  limits: jobs('dynamodb:DescribeLimits'),
  stateTable: jobs('dynamodb:DescribeTable on the state table'),
  scheduledDeletions: jobs(query('scheduled-deletion')),
  suspensions: jobs(query('suspension')),
  memories: jobs(query('memory')),
  ownership: jobs(query('ownership')),
  unmanaged: jobs(query('unmanaged')),
  retentions: jobs(query('retention')),
  closing: jobs(query('closing')),
  history: doctor(query('history')),
  runs: jobs(query('run')),
  leases: doctor(query('lease')),
  hosts: { needed: 'doctor' },
  targets: doctor('application-autoscaling:DescribeScalableTargets'),
  alarms: doctor('cloudwatch:DescribeAlarms'),
  fleet: { needed: 'doctor' },
};

export const questionNames = Object.keys(questions) as readonly QuestionName[];
