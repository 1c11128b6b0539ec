import { MINUTE_MS } from '../../../src/core/calendar/period.ts';
import { serveMinute } from '../../../src/core/capacity/burst.ts';
import type { Dimension } from '../../../src/core/capacity/demand.ts';
import type { AccountLimits, Health } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { CreateTable } from '../../../src/core/plan.ts';
import { ofIndex, type Units } from '../../../src/core/spec.ts';
import { sayElsewhere } from '../../../src/core/streams.ts';
import type { Ports, StateStore } from '../../../src/ports.ts';
import { SimBackups } from './backups.ts';
import { VirtualClock } from './clock.ts';
import { SimExports } from './exports.ts';
import { simItems } from './items.ts';
import { SimLambda } from './lambda.ts';
import { SimLateness } from './lateness.ts';
import { SimLoads } from './loads.ts';
import { SimMetrics } from './metrics.ts';
import { SimRate } from './rate.ts';
import { type Regions, SimReplicas } from './replicas.ts';
import { simState } from './state.ts';
import { HOME, SimTable } from './table.ts';
import { SimTopic } from './topic.ts';

/** How long operations take, by the documented order of magnitude. */
export interface Delays {
  readonly createMs: number;
  /** How long after a table is ACTIVE its continuous backups are still being enabled. */
  readonly enableBackupsMs: number;
  readonly updateMs: number;
  readonly deleteMs: number;
  readonly backupMs: number;
  readonly exportMs: number;
  /** How long a load from S3 takes. */
  readonly loadMs: number;
  /** How long a restore takes. Default: as long as a creation. */
  readonly restoreMs?: number;
  /** How long a change of deletion protection takes. */
  readonly protectMs: number;
  /** How long DynamoDB fills a new index of an existing table, or deletes one. */
  readonly backfillMs: number;
}

const defaultDelays: Delays = {
  createMs: 10_000,
  enableBackupsMs: 55_000,
  updateMs: 60_000,
  deleteMs: 10_000,
  backupMs: 60_000,
  exportMs: 300_000,
  loadMs: 300_000,
  protectMs: 5_000,
  backfillMs: 3_600_000,
};

const CAPITAL = { read: 'Read', write: 'Write' } as const;

/** The limit of one partition, in units per second: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const PARTITION = { read: 3000, write: 1000 };

/** DynamoDB and CloudWatch in memory, under a virtual clock. */
export class World {
  readonly clock: VirtualClock;
  readonly metrics: SimMetrics;
  readonly lambda: SimLambda;
  readonly exports = new SimExports();
  readonly loads = new SimLoads();
  /** Names of functions, and ARNs of Kinesis data streams, that do not exist. All others do. */
  readonly absent = new Set<string>();
  /** Set it to configure a topic. */
  topic?: SimTopic;
  /** Called before every change with the operation and the table. If it throws, the call fails with that error. */
  onCall: (operation: string, table: string) => void = () => {};
  limits: AccountLimits = {
    account: { read: 80_000, write: 80_000 },
    table: { read: 40_000, write: 40_000 },
  };
  /** Calls per second in an account: AWS allows about 10 reads of tags, 5 changes of tags, and 2,500 other calls. */
  readonly rates: Readonly<Record<'tagReads' | 'tagWrites' | 'controlCalls', SimRate>>;
  health: (url: string) => Health = () => ({ healthy: true, answer: '200 OK' });
  /** Regions that do not answer. */
  readonly unreachable = new Set<string>();
  /** Regions in which DynamoDB cannot create a replica. */
  readonly failing = new Set<string>();
  readonly #tables = new Map<string, SimTable>();
  /** Tables of other regions: replicas, and tables of the same names. */
  readonly #elsewhere = new Map<string, Map<string, SimTable>>();
  readonly #metricsElsewhere = new Map<string, SimMetrics>();
  readonly #backups = new SimBackups();
  /** Burst capacity that is left after the newest minute of demand, which ended at an instant. */
  readonly #burst = new Map<string, { readonly balance: number; readonly until: number }>();
  readonly #state: StateStore = simState();
  readonly #delays: Delays;
  #ids = 0;

  readonly lateness = new SimLateness();
  /** How many tables can be CREATING, UPDATING or DELETING. DynamoDB sometimes allows fewer for a while. */
  changingAtOnce = 500;
  /** How many tables with indexes can be CREATING. */
  creatingWithIndexesAtOnce = 250;

  constructor(now: number, delays: Partial<Delays> = {}) {
    this.clock = new VirtualClock(now);
    const newRate = () => new SimRate(() => this.clock.now());
    this.rates = { tagReads: newRate(), tagWrites: newRate(), controlCalls: newRate() };
    this.metrics = new SimMetrics(this.clock);
    this.lambda = new SimLambda(this.clock, this.absent, (arn) => {
      const table = this.find(/:table\/([^/]+)\/stream\//.exec(arn)?.[1] ?? '');
      return table?.describe(this.clock.now()).stream === arn;
    });
    this.#delays = { ...defaultDelays, ...delays };
  }

  /** A topic for `topic`. */
  openTopic(): SimTopic {
    this.topic = new SimTopic(this.clock);
    return this.topic;
  }

  /** The same in every run of the same history, unlike real ones. */
  #newId(): string {
    this.#ids += 1;
    return `table-${this.#ids}`;
  }

  /** The names of all tables of a region, including those that are DELETING, in the order of ListTables. */
  names(region: string = HOME): string[] {
    return [...this.#tablesOf(region).keys()].filter((name) => this.find(name, region)).sort();
  }

  find(name: string, region: string = HOME): SimTable | undefined {
    const tables = this.#tablesOf(region);
    const table = tables.get(name);
    if (table?.deletedAt === undefined || table.deletedAt > this.clock.now()) return table;
    tables.delete(name);
    if (region === HOME) this.lateness.deleted(name, table.deletedAt, table.tags);
    return undefined;
  }

  #tablesOf(region: string): Map<string, SimTable> {
    if (region === HOME) return this.#tables;
    const tables = this.#elsewhere.get(region) ?? new Map<string, SimTable>();
    this.#elsewhere.set(region, tables);
    return tables;
  }

  /** The metrics of a region. */
  metricsOf(region: string): SimMetrics {
    if (region === HOME) return this.metrics;
    const metrics = this.#metricsElsewhere.get(region) ?? new SimMetrics(this.clock);
    this.#metricsElsewhere.set(region, metrics);
    return metrics;
  }

  /** What the replicas of tables need. */
  #regions(): Regions {
    return {
      home: HOME,
      has: (region, name) => this.find(name, region) !== undefined,
      copy: (region, name, createMs) => {
        const now = this.clock.now();
        const definition = this.table(name).definition(now);
        const delays = { ...this.#delays, createMs };
        const copy = new SimTable(this.#newId(), definition, now, delays, undefined, { region });
        this.#tablesOf(region).set(name, copy);
      },
      remove: (region, name, deleteMs) => this.find(name, region)?.remove(this.clock.now(), deleteMs),
      failing: this.failing,
    };
  }

  #placeOf(name: string, region: string) {
    return region === HOME ? { region, replicas: new SimReplicas(name, this.#regions()) } : { region };
  }

  /** Whether S3 has a completed export of the table that has this name now. */
  isArchived(name: string): boolean {
    const id = this.find(name)?.id;
    return this.exports.manifests(this.clock.now()).some(({ tableId }) => tableId === id);
  }

  /** @throws ServiceError `not-found` */
  table(name: string, region: string = HOME): SimTable {
    const table = this.find(name, region);
    if (!table) throw new ServiceError('not-found', `Requested resource not found: Table: ${name} not found`);
    return table;
  }

  /**
   * Adds a minute of demand at the clock's time, in units per second. Demand beyond capacity and burst capacity is
   * throttled. `hot` is the part for one key, and is throttled beyond the limit of a partition. Returns the throttled units
   * per second.
   */
  demand(name: string, dimension: Dimension, unitsPerSecond: number, index?: string, hot = 0): number {
    const beyond = Math.max(0, hot - PARTITION[dimension]);
    const requested = unitsPerSecond - beyond;
    const table = this.table(name);
    const state = table.describe(this.clock.now());
    const capacity = state.capacities.find((candidate) => candidate.index === index);
    const units = capacity?.[dimension] ?? 0;
    const key = `${name} ${index ?? ''} ${dimension}`;
    const minute = Math.floor(this.clock.now() / MINUTE_MS) * MINUTE_MS;
    const { balance, until } = this.#burst.get(key) ?? { balance: 0, until: state.createdAt };
    // Idle minutes add to it since the capacity was raised.
    const idleMs = Math.max(0, minute - Math.max(until, capacity?.lastIncrease ?? 0));
    const served = table.servesOnDemand(this.clock.now())
      ? { consumed: requested, throttled: 0, burstBalance: 0 }
      : serveMinute(requested, units, balance + (units * idleMs) / 1000);
    this.#burst.set(key, { balance: served.burstBalance, until: minute + MINUTE_MS });
    const of = { table: name, ...ofIndex(index) };
    const add = (metric: string, rate: number): void =>
      this.metrics.add({ metric, ...of }, minute, rate * 60);
    const events = (reason: string, rate: number): void => {
      if (rate > 0) add(`${CAPITAL[dimension]}${reason}ThrottleEvents`, rate);
    };
    add(`Consumed${CAPITAL[dimension]}CapacityUnits`, served.consumed);
    const provisioned = { metric: `Provisioned${CAPITAL[dimension]}CapacityUnits`, ...of };
    if (!table.servesOnDemand(this.clock.now())) this.metrics.set(provisioned, minute, units);
    events('', served.throttled + beyond);
    events('ProvisionedThroughput', served.throttled);
    events('KeyRangeThroughput', beyond);
    return served.throttled + beyond;
  }

  /** Adds a global index to a table, as a person would. @throws ServiceError */
  addIndex(table: string, index: string, units: Units): void {
    const { updateMs, backfillMs } = this.#delays;
    this.table(table).addIndex(index, units, this.clock.now(), updateMs, backfillMs);
  }

  /** Deletes a global index of a table, as a person would. @throws ServiceError */
  dropIndex(table: string, index: string): void {
    const { updateMs, backfillMs } = this.#delays;
    this.table(table).dropIndex(index, this.clock.now(), updateMs, backfillMs);
  }

  /** Fills the burst capacity of a dimension, as if it had been idle for long enough. */
  fillBurst(name: string, dimension: Dimension, index?: string): void {
    this.#burst.set(`${name} ${index ?? ''} ${dimension}`, { balance: Infinity, until: this.clock.now() });
  }

  ports(): Ports & Required<Pick<Ports, 'items'>> {
    return {
      tables: this.#client(HOME),
      backups: this.#backupClient(),
      exports: this.#exportClient(),
      archive: this.exports.store(() => this.clock.now()),
      loads: this.#loadClient(),
      metrics: this.metrics,
      inRegion: (region) => ({ tables: this.#client(region), metrics: this.#metricsPort(region) }),
      items: simItems((name) => this.table(name)),
      mappings: {
        list: (name) => this.lambda.list(name),
        describe: (id) => this.lambda.describe(id),
        create: (name, stream, settings) => this.lambda.create(name, stream, settings),
        remove: (id) => this.lambda.remove(id),
      },
      state: this.#state,
      ...(this.topic && { notices: this.topic }),
      clock: this.clock,
      health: async (url) => this.health(url),
    };
  }

  #rejectUnreachable(region: string): void {
    if (this.unreachable.has(region))
      throw new ServiceError('unavailable', `Could not reach AWS: no answer from ${region}`);
  }

  #metricsPort(region: string): Ports['metrics'] {
    return {
      read: async (queries, from, to, stepMs) => {
        if (this.unreachable.has(region))
          return queries.map(() => ({ error: `Could not reach AWS: no answer from ${region}` }));
        return this.metricsOf(region).read(queries, from, to, stepMs);
      },
    };
  }

  #client(region: string): Ports['tables'] {
    const { clock, rates } = this;
    const change = (operation: string, name: string): SimTable => {
      this.#rejectUnreachable(region);
      rates[operation === 'TagResource' ? 'tagWrites' : 'controlCalls'].spend();
      this.onCall(region === HOME ? operation : `${operation} ${region}`, name);
      return this.table(name, region);
    };
    const read = (name: string): SimTable => {
      this.#rejectUnreachable(region);
      rates.controlCalls.spend();
      return this.table(name, region);
    };
    const nameOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);
    return {
      limits: async () => this.limits,
      list: async () => {
        rates.controlCalls.spend();
        return this.lateness.listed(this.names(), clock.now());
      },
      describe: async (name) => {
        this.#rejectUnreachable(region);
        rates.controlCalls.spend();
        const isShown = region !== HOME || this.lateness.isDescribed(name, clock.now());
        return isShown ? this.find(name, region)?.describe(clock.now()) : undefined;
      },
      tags: async (arn) => {
        this.#rejectUnreachable(region);
        rates.tagReads.spend();
        const { tags } = this.table(nameOf(arn), region);
        return { ...(region === HOME ? this.lateness.tagsOf(nameOf(arn), clock.now(), tags) : tags) };
      },
      tag: async (arn, tags) => {
        Object.assign(change('TagResource', nameOf(arn)).tags, tags);
      },
      create: async (input) => {
        rates.controlCalls.spend();
        const name = input.TableName;
        this.onCall('CreateTable', name);
        if (this.find(name, region)) throw new ServiceError('in-use', `Table already exists: ${name}`);
        this.#rejectTooManyChanging(input);
        const place = this.#placeOf(name, region);
        const created = new SimTable(this.#newId(), input, clock.now(), this.#delays, undefined, place);
        this.#tablesOf(region).set(name, created);
        if (region === HOME) this.lateness.created(name, clock.now());
      },
      resize: async (name, changes) =>
        change('UpdateTable', name).resize(changes, clock.now(), this.#delays.updateMs),
      setBilling: async (name, throughput) =>
        change('UpdateTable', name).setBilling(throughput, clock.now(), this.#delays.updateMs),
      setTableClass: async (name, tableClass) =>
        change('UpdateTable', name).setTableClass(tableClass, clock.now(), this.#delays.updateMs),
      protect: async (name, on) =>
        change('UpdateTable', name).protect(on, clock.now(), this.#delays.protectMs),
      remove: async (name) => this.#remove(change('DeleteTable', name)),
      addReplica: async (name, replica) => change('UpdateTable', name).addReplica(replica, clock.now()),
      removeReplica: async (name, of) => change('UpdateTable', name).removeReplica(of, clock.now()),
      timeToLive: async (name) => read(name).describeTimeToLive(clock.now()),
      setTimeToLive: async (name, attribute, enabled) =>
        change('UpdateTimeToLive', name).setTimeToLive(attribute, enabled, clock.now()),
      recovery: async (name) => read(name).recovery,
      setRecovery: async (name, recovery) =>
        change('UpdateContinuousBackups', name).setRecovery(recovery, clock.now()),
      destinations: async (name) => read(name).destinations.describe(clock.now()),
      enableDestination: async (name, stream, precision = 'MILLISECOND') => {
        const table = change('EnableKinesisStreamingDestination', name);
        if (table.status(clock.now()) !== 'ACTIVE')
          throw new ServiceError('in-use', `Table is not active: ${name}`);
        if (sayElsewhere(stream, table.describe(clock.now()).arn, 'the table') !== undefined)
          throw new ServiceError(
            'refused',
            'The stream must be in the same account and region as the table.',
          );
        if (this.absent.has(stream))
          throw new ServiceError('not-found', `Requested resource not found: Stream: ${stream} not found`);
        table.destinations.enable(stream, precision, clock.now());
      },
    };
  }

  #rejectTooManyChanging(input: CreateTable): void {
    const now = this.clock.now();
    const all = this.names().map((name) => this.table(name));
    const changing = all.filter((table) => table.status(now) !== 'ACTIVE').length;
    const indexed = all.filter((table) => table.status(now) === 'CREATING' && hasIndexes(table.input)).length;
    if (changing >= this.changingAtOnce || (hasIndexes(input) && indexed >= this.creatingWithIndexesAtOnce))
      throw new ServiceError('limit-exceeded', 'Subscriber limit exceeded: too many tables are changing');
  }

  #remove(table: SimTable): void {
    const now = this.clock.now();
    if (this.#backups.creating(table, now))
      throw new ServiceError('in-use', `A backup of the table is being created: ${table.input.TableName}`);
    const starts = table.deletedAt === undefined;
    table.remove(now, this.#delays.deleteMs);
    if (starts && table.recovery.enabled) this.#backups.addSystemBackup(table, now);
  }

  #exportClient(): Ports['exports'] {
    const { clock, exports } = this;
    return {
      start: async (arn, request) => {
        const name = arn.slice(arn.indexOf('/') + 1);
        this.onCall('ExportTableToPointInTime', name);
        exports.start(this.table(name), request, clock.now(), this.#delays.exportMs);
      },
      list: async (arn) => exports.of(arn, clock.now()),
      describe: async (arn) => exports.find(arn, clock.now()),
    };
  }

  #loadClient(): NonNullable<Ports['loads']> {
    const { clock, loads } = this;
    return {
      start: async (name, request) => {
        this.onCall('StartBulkPutItems', name);
        const { count, items } = this.exports.below(request.bucket, request.prefix);
        const load = loads.start(this.table(name), request, count, clock.now(), this.#delays.loadMs);
        for (const [key, item] of items) this.table(name).items.set(key, item);
        return load;
      },
      describe: async (arn) => loads.find(arn, clock.now()),
    };
  }

  #backupClient(): Ports['backups'] {
    const { clock } = this;
    return {
      create: async (name, backup) => {
        this.onCall('CreateBackup', name);
        this.#backups.take(this.table(name), backup, clock.now(), this.#delays.backupMs);
      },
      list: async (table) => this.#backups.of(table, clock.now()),
      listAll: async () => this.#backups.all(clock.now()),
      describe: async (arn) => this.#backups.find(arn, clock.now()),
      restore: async (arn, name, onDemand) => {
        this.onCall('RestoreTableFromBackup', name);
        const definition = this.#backups.definition(arn, clock.now());
        if (this.find(name)) throw new ServiceError('in-use', `Table already exists: ${name}`);
        const input = { ...(onDemand ? withoutThroughput(definition) : definition), TableName: name };
        const { restoreMs = this.#delays.createMs } = this.#delays;
        const delays = { ...this.#delays, createMs: restoreMs };
        const table = new SimTable(this.#newId(), input, clock.now(), delays, arn, this.#placeOf(name, HOME));
        for (const [key, item] of this.#backups.itemsOf(arn)) table.items.set(key, item);
        table.sizeBytes = this.#backups.find(arn, clock.now())?.sizeBytes ?? 0;
        this.#tables.set(name, table);
      },
    };
  }
}

/** The same table without provisioned throughput. */
function withoutThroughput(definition: CreateTable): CreateTable {
  const {
    ProvisionedThroughput: _,
    GlobalSecondaryIndexes: indexes,
    ...rest
  } = definition as CreateTable & {
    readonly GlobalSecondaryIndexes?: readonly { readonly ProvisionedThroughput?: unknown }[];
  };
  return {
    ...rest,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes && {
      GlobalSecondaryIndexes: indexes.map(({ ProvisionedThroughput: __, ...index }) => index),
    }),
  } as CreateTable;
}

const hasIndexes = (input: CreateTable): boolean =>
  ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].some(
    (kind) => ((input as Record<string, unknown>)[kind] as unknown[] | undefined)?.length,
  );
