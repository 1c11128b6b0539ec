import type { Demand } from './demand.ts';
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
  /** The table first, then its global indexes. */
  readonly capacities: readonly Capacity[];
  readonly itemCount: number;
  /** All indexes included; about six hours old, as AWS tells it. */
  readonly sizeBytes: number;
}

/** Point-in-time recovery of a table. */
export interface Recovery {
  readonly enabled: boolean;
  readonly days?: number;
}

/** A first look at a table that is due: recorded, and looked at again before anything is deleted. */
export interface Sentence {
  readonly table: string;
  /** Creation of the table that was looked at, epoch milliseconds: the sentence is for no other of the same name. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly condemnedAt: number;
}

/** `purging`: condemning and deleting. `lowering`: every decrease of provisioned throughput. */
export type Stoppable = 'purging' | 'lowering';

/** Something that people have stopped, until they resume it or the time is over. Times are epoch milliseconds. */
export interface Stop {
  readonly what: Stoppable;
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

/** What can be read of a table, each only when a plan asks for it; health is a URL's, limits are the account's. */
export interface Facts {
  description: TableState | undefined;
  tags: Readonly<Record<string, string>>;
  timeToLive: string | undefined;
  recovery: Recovery;
  demand: Demand;
  health: Health;
  limits: AccountLimits;
  /** Like demand, from the instant that was asked for. */
  traffic: Demand;
}

export type Fact = keyof Facts;

/** Something a plan cannot do without: it is read, and the plan made again. */
export interface Need {
  readonly fact: Fact;
  readonly table: string;
  /** `traffic` only: from when on, epoch milliseconds. */
  readonly from?: number;
}

/** What is known of the world: every name, every sentence, what people have stopped, and the facts that were asked for. */
export class Observed {
  readonly names: ReadonlySet<string>;
  readonly sentences: ReadonlyMap<string, Sentence>;
  readonly stops: readonly Stop[] | { readonly error: string };
  readonly #facts = new Map<string, Reading<unknown>>();

  constructor(
    names: Iterable<string>,
    sentences: Iterable<Sentence> = [],
    stops: readonly Stop[] | { readonly error: string } = [],
  ) {
    this.names = new Set(names);
    this.stops = stops;
    this.sentences = new Map([...sentences].map((sentence) => [sentence.table, sentence]));
  }

  learn<F extends Fact>(fact: F, table: string, reading: Reading<Facts[F]>): void {
    this.#facts.set(`${fact} ${table}`, reading);
  }

  /** undefined where nobody has asked yet. */
  get<F extends Fact>(fact: F, table: string): Reading<Facts[F]> | undefined {
    return this.#facts.get(`${fact} ${table}`) as Reading<Facts[F]> | undefined;
  }
}
