import {
  type MetricQuery,
  type MetricSeries,
  metricKey,
  soundSeries,
  type Window,
} from './capacity/demand.ts';
import type { Remembered } from './capacity/remembered.ts';
import type {
  AccountLimits,
  AppliedRetention,
  Attempts,
  Closing,
  EventSourceMapping,
  Fact,
  Facts,
  Health,
  Reading,
  ScheduledDeletion,
  SeenKind,
  SeenOwnership,
  Sighting,
  Suspension,
} from './facts.ts';
import type { Units } from './spec.ts';

/** The retention that purge last applied, by group, or why it is not known. */
export type AppliedRetentions = ReadonlyMap<string, AppliedRetention> | { readonly error: string };

type Circumstances = Pick<
  Observed,
  | 'newerState'
  | 'unreadMemories'
  | 'sightings'
  | 'undelivered'
  | 'attempts'
  | 'thorough'
  | 'retentions'
  | 'closing'
  | 'canTell'
  | 'elsewhere'
>;

/**
 * Everything that is known: all table names, the content of the state table, and the facts and metrics that planners
 * needed.
 */
export class Observed {
  readonly names: ReadonlySet<string>;
  readonly scheduledDeletions: ReadonlyMap<string, ScheduledDeletion>;
  readonly suspensions: readonly Suspension[] | { readonly error: string };
  /** Learned demand from earlier runs, by group. */
  readonly memories: ReadonlyMap<string, Remembered>;
  #newerState: string | undefined;
  /** Why the memories, the sightings and the attempts could not be read. */
  readonly unreadMemories: string | undefined;
  /** The tables that earlier runs have seen in another status than ACTIVE, by name. */
  readonly sightings: ReadonlyMap<string, Sighting>;
  /** Since when runs of rotate have seen that changes of tables do not reach a consumer. */
  readonly undelivered: ReadonlyMap<string, Sighting>;
  /** The raises that runs have sent, until they take effect. */
  readonly attempts: Attempts;
  /** Whether a person asks, so that what jobs read now and then is read too. */
  readonly thorough: boolean;
  /** Whether notices can be sent: a topic is configured. */
  readonly canTell: boolean;
  /** What tables may have that this run does not know, because they are of other shards; units per second. */
  readonly elsewhere: Units;
  /** By the fact and the region, and then by table. */
  readonly #facts = new Map<string, Map<string, Reading<unknown>>>();
  readonly #health = new Map<string, Health>();
  readonly #metrics = new Map<string, { readonly window: Window; readonly series: MetricSeries }>();
  readonly #measured = new Set<string>();
  readonly #mappings = new Map<string, Reading<readonly EventSourceMapping[] | undefined>>();
  #limits: Reading<AccountLimits> | undefined;
  #tableArn: string | undefined;
  readonly #seen = new Map<SeenKind, ReadonlyMap<string, SeenOwnership>>();
  #retentions: AppliedRetentions | undefined;
  #closing: Reading<Closing | undefined> | undefined;

  constructor(
    names: Iterable<string>,
    scheduledDeletions: Iterable<ScheduledDeletion> = [],
    suspensions: readonly Suspension[] | { readonly error: string } = [],
    memories: ReadonlyMap<string, Remembered> = new Map(),
    {
      newerState,
      unreadMemories,
      sightings = new Map(),
      undelivered = new Map(),
      attempts = new Map(),
      thorough = false,
      retentions,
      closing,
      canTell = false,
      elsewhere = { read: 0, write: 0 },
    }: Partial<Circumstances> = {},
  ) {
    this.names = new Set(names);
    this.suspensions = suspensions;
    this.scheduledDeletions = new Map(
      [...scheduledDeletions].map((scheduled) => [scheduled.table, scheduled]),
    );
    this.memories = memories;
    this.#newerState = newerState;
    this.unreadMemories = unreadMemories;
    this.sightings = sightings;
    this.undelivered = undelivered;
    this.attempts = attempts;
    this.thorough = thorough;
    this.#retentions = retentions;
    this.#closing = closing;
    this.canTell = canTell;
    this.elsewhere = elsewhere;
  }

  /** `region`: that of a replica. Without it, the fact is about the table itself. */
  learn<F extends Fact>(fact: F, table: string, reading: Reading<Facts[F]>, region?: string): void {
    const kind = kindOf(fact, region);
    const byTable = this.#facts.get(kind) ?? new Map<string, Reading<unknown>>();
    this.#facts.set(kind, byTable.set(table, reading));
    if (region === undefined) this.#tableArn ??= this.known('description', table)?.arn;
  }

  /** Makes a fact unknown, so that it is read again. */
  unlearn(fact: Fact, table: string): void {
    this.#facts.get(fact)?.delete(table);
  }

  /** undefined until it is read. */
  get<F extends Fact>(fact: F, table: string, region?: string): Reading<Facts[F]> | undefined {
    return this.#facts.get(kindOf(fact, region))?.get(table) as Reading<Facts[F]> | undefined;
  }

  /** undefined until it is read, and if it could not be read. */
  known<F extends Fact>(fact: F, table: string, region?: string): Facts[F] | undefined {
    const reading = this.get(fact, table, region);
    return reading && 'value' in reading ? reading.value : undefined;
  }

  /** The ARN of one of the tables, which are all in one account and Region; undefined until one is described. */
  get tableArn(): string | undefined {
    return this.#tableArn;
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

  learnMappings(functionName: string, reading: Reading<readonly EventSourceMapping[] | undefined>): void {
    this.#mappings.set(functionName, reading);
  }

  /**
   * The event source mappings of a function, whose value is undefined if the function does not exist; undefined until they
   * are read.
   */
  mappings(functionName: string): Reading<readonly EventSourceMapping[] | undefined> | undefined {
    return this.#mappings.get(functionName);
  }

  learnNewerState(message: string): void {
    this.#newerState = message;
  }

  /** Why records of the state table are not known: a newer version of Turntable wrote them. */
  get newerState(): string | undefined {
    return this.#newerState;
  }

  learnRetentions(retentions: AppliedRetentions): void {
    this.#retentions = retentions;
  }

  /** None until they are read. */
  get retentions(): AppliedRetentions {
    return this.#retentions ?? new Map();
  }

  get hasReadRetentions(): boolean {
    return this.#retentions !== undefined;
  }

  learnClosing(closing: Reading<Closing | undefined>): void {
    this.#closing = closing;
  }

  /** The mark that the environment is closed, whose value is undefined if it is not; undefined until it is read. */
  get closing(): Reading<Closing | undefined> | undefined {
    return this.#closing;
  }

  learnSeen(kind: SeenKind, seen: ReadonlyMap<string, SeenOwnership>): void {
    this.#seen.set(kind, seen);
  }

  /** What counts as seen of the tags, by group; undefined until it is read. */
  seen(kind: SeenKind): ReadonlyMap<string, SeenOwnership> | undefined {
    return this.#seen.get(kind);
  }

  /** A series with an invalid value in its last hour counts as an error. */
  learnMetric(query: MetricQuery, window: Window, series: MetricSeries): void {
    this.#metrics.set(metricKey(query), { window, series: soundSeries(series, window) });
    this.#measured.add(query.table);
  }

  /** Whether any metric of a table is known. */
  hasMetrics(table: string): boolean {
    return this.#measured.has(table);
  }

  /** The window for which a metric is known. */
  windowOf(query: MetricQuery): Window | undefined {
    return this.#metrics.get(metricKey(query))?.window;
  }

  /** undefined until all of the window is read. */
  metric(query: MetricQuery, { from, to }: Window): MetricSeries | undefined {
    const known = this.#metrics.get(metricKey(query));
    return known && known.window.from <= from && known.window.to >= to ? known.series : undefined;
  }
}

const kindOf = (fact: Fact, region: string | undefined): string =>
  region === undefined ? fact : `${fact} ${region}`;
