import {
  type Demand,
  type MetricQuery,
  type MetricSeries,
  metricKey,
  type Window,
} from './capacity/demand.ts';
import type { Remembered } from './capacity/remembered.ts';
import type { Schema } from './schema.ts';
import type { TableClass, Units } from './spec.ts';

/** Provisioned throughput as DescribeTable tells it, of a table or of one of its global indexes. */
export interface Capacity extends Units {
  /** undefined for the table itself. */
  readonly index?: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly lastIncrease?: number;
  /** Epoch milliseconds. */
  readonly lastDecrease?: number;
  /** NumberOfDecreasesToday: decreases in the UTC day of the last one. */
  readonly decreases: number;
}

/** What DescribeTable tells of a table. */
export interface TableState {
  readonly name: string;
  readonly arn: string;
  /** TableId: another one for each table of the same name. */
  readonly id: string;
  /** ARN of the backup that it was restored from. */
  readonly restoredFrom?: string;
  /** TableStatus: CREATING, UPDATING, ACTIVE, DELETING… */
  readonly status: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** When it was last switched from provisioned to on demand, epoch milliseconds. */
  readonly onDemandSince?: number;
  readonly tableClass: TableClass;
  /** When its class was last changed, epoch milliseconds. */
  readonly classChangedAt?: number;
  readonly deletionProtected: boolean;
  readonly schema: Schema;
  /** Whether it has replicas in other regions. */
  readonly global: boolean;
  /** The table first, then its global indexes. */
  readonly capacities: readonly Capacity[];
  /** About six hours old, as AWS tells it. */
  readonly itemCount: number;
  /** All indexes included; about six hours old, as AWS tells it. */
  readonly sizeBytes: number;
}

/** A backup of a table, which outlasts it. */
export interface Backup {
  readonly arn: string;
  readonly name: string;
  /** Name of the table that was backed up. */
  readonly table: string;
  /** TableId of the very table that was backed up. */
  readonly tableId: string;
  /** `SYSTEM`: left by DynamoDB itself where a table with point-in-time recovery was deleted. */
  readonly type: 'USER' | 'SYSTEM' | 'AWS_BACKUP';
  readonly status: 'CREATING' | 'AVAILABLE' | 'DELETED';
  /** When it was asked for, epoch milliseconds: it holds what the table held then. */
  readonly createdAt: number;
  readonly sizeBytes: number;
  /** Names of the key's attributes, HASH first; a list of backups does not tell them. */
  readonly key?: readonly string[];
}

/** Point-in-time recovery of a table. */
export interface Recovery {
  readonly enabled: boolean;
  readonly days?: number;
}

/** A first look at a table that is due: recorded, and looked at again before anything is deleted. */
export interface ScheduledDeletion {
  readonly table: string;
  /** Creation of the table that was looked at, epoch milliseconds: the sentence is for no other of the same name. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
}

/** `purging`: condemning and deleting. `lowering`: every decrease of provisioned throughput. */
export type Suspendable = 'purging' | 'lowering';

/** Something that people have stopped, until they resume it or the time is over. Times are epoch milliseconds. */
export interface Suspension {
  readonly what: Suspendable;
  readonly since: number;
  /** undefined until it is resumed. */
  readonly until?: number;
  /** Why, in the words of whoever stopped it. */
  readonly reason?: string;
}

/** What a read brought: a value, or why there is none. */
export type Reading<T> = { readonly value: T } | { readonly error: string };

/** What the application's own health URL says. */
export interface Health {
  readonly healthy: boolean;
  /** `503 Service Unavailable`, `no answer within 3 s`. */
  readonly answer: string;
}

/** DescribeLimits: what all tables of the region may have, and one with its indexes; units per second. */
export interface AccountLimits {
  readonly account: Units;
  readonly table: Units;
}

/** What can be read about a table. Each fact is read only if a planner needs it. */
export interface Facts {
  description: TableState | undefined;
  tags: Readonly<Record<string, string>>;
  timeToLive: string | undefined;
  recovery: Recovery;
  /** Backups of every table that has ever had this name. */
  backups: readonly Backup[];
  /** Demand since the instant that the need named. */
  traffic: Demand;
}

export type Fact = keyof Facts;

/** A fact whose need names only the table. */
export type TableFact = Exclude<Fact, 'traffic'>;

/** Something that a planner cannot decide without. The job reads it and plans again. */
export type Need =
  | { readonly fact: TableFact; readonly table: string }
  | {
      readonly fact: 'traffic';
      readonly table: string;
      /** Epoch milliseconds. */
      readonly from: number;
    }
  | { readonly fact: 'health'; readonly url: string }
  /** What the account allows in this region. */
  | { readonly fact: 'limits' }
  | { readonly fact: 'metric'; readonly query: MetricQuery; readonly window: Window };

/** What is known of the world: every name, what was kept, what people have stopped, and the facts and metrics that were asked for. */
export class Observed {
  readonly names: ReadonlySet<string>;
  readonly scheduledDeletions: ReadonlyMap<string, ScheduledDeletion>;
  readonly suspensions: readonly Suspension[] | { readonly error: string };
  /** What is remembered of demand, by group. */
  readonly memories: ReadonlyMap<string, Remembered>;
  readonly #facts = new Map<string, Reading<unknown>>();
  readonly #health = new Map<string, Health>();
  readonly #metrics = new Map<string, { readonly window: Window; readonly series: MetricSeries }>();
  #limits: Reading<AccountLimits> | undefined;

  constructor(
    names: Iterable<string>,
    scheduledDeletions: Iterable<ScheduledDeletion> = [],
    suspensions: readonly Suspension[] | { readonly error: string } = [],
    memories: ReadonlyMap<string, Remembered> = new Map(),
  ) {
    this.names = new Set(names);
    this.suspensions = suspensions;
    this.scheduledDeletions = new Map(
      [...scheduledDeletions].map((scheduled) => [scheduled.table, scheduled]),
    );
    this.memories = memories;
  }

  learn<F extends Fact>(fact: F, table: string, reading: Reading<Facts[F]>): void {
    this.#facts.set(`${fact} ${table}`, reading);
  }

  /** undefined where nobody has asked yet. */
  get<F extends Fact>(fact: F, table: string): Reading<Facts[F]> | undefined {
    return this.#facts.get(`${fact} ${table}`) as Reading<Facts[F]> | undefined;
  }

  /** undefined where nobody has asked yet, too, or it could not be read. */
  known<F extends Fact>(fact: F, table: string): Facts[F] | undefined {
    const reading = this.get(fact, table);
    return reading && 'value' in reading ? reading.value : undefined;
  }

  learnHealth(url: string, health: Health): void {
    this.#health.set(url, health);
  }

  /** undefined until it is read. */
  health(url: string): Health | undefined {
    return this.#health.get(url);
  }

  learnLimits(reading: Reading<AccountLimits>): void {
    this.#limits = reading;
  }

  /** What the account allows in this region; undefined until it is read. */
  get limits(): Reading<AccountLimits> | undefined {
    return this.#limits;
  }

  learnMetric(query: MetricQuery, window: Window, series: MetricSeries): void {
    this.#metrics.set(metricKey(query), { window, series });
  }

  /** The window in which a metric is known. */
  windowOf(query: MetricQuery): Window | undefined {
    return this.#metrics.get(metricKey(query))?.window;
  }

  /** undefined where nobody has asked for all of the window yet. */
  metric(query: MetricQuery, { from, to }: Window): MetricSeries | undefined {
    const known = this.#metrics.get(metricKey(query));
    return known && known.window.from <= from && known.window.to >= to ? known.series : undefined;
  }
}
