import type { Recovery, TableState, TimeToLive } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { CreateTable, Provision, ReplicaInput, ThroughputChange } from '../../../src/core/plan.ts';
import type { Schema } from '../../../src/core/schema.ts';
import type { TableClass, Units } from '../../../src/core/spec.ts';
import { SimBilling, SimClass } from './billing-and-class.ts';
import { SimDestinations } from './destinations.ts';
import { buildStatus, type IndexBuild, rejectSecondBuild } from './index-build.ts';
import { begin, capacityOf, check, type Provisioned, provisionOf } from './provisioned.ts';
import type { SimReplicas } from './replicas.ts';

interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

interface CreateInput {
  readonly TableName: string;
  readonly BillingMode?: TableState['billingMode'];
  readonly TableClass?: TableClass;
  readonly DeletionProtectionEnabled?: boolean;
  readonly ProvisionedThroughput?: Throughput;
  readonly GlobalSecondaryIndexes?: readonly { IndexName: string; ProvisionedThroughput?: Throughput }[];
  readonly Tags?: readonly { Key: string; Value: string }[];
  readonly VectorIndexes?: readonly unknown[];
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean };
}

/** The region of the world. */
export const HOME = 'us-east-1';

/**
 * How long a change of time to live takes, and how long another one is rejected:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
const TIME_TO_LIVE = { takesMs: 30 * 60_000, lockedMs: 60 * 60_000 };

/** The default of DynamoDB. */
const LONGEST_RECOVERY_DAYS = 35;

const unitsOf = (throughput?: Throughput): Units => ({
  read: throughput?.ReadCapacityUnits ?? 0,
  write: throughput?.WriteCapacityUnits ?? 0,
});

const noProvisionedVectors = () =>
  new ServiceError('refused', 'VectorIndexes are only supported with BillingMode PAY_PER_REQUEST');

/** One simulated table: the states of DynamoDB, the decrease quota, and the throughput during a change. */
export class SimTable {
  readonly tags: Record<string, string>;
  /** By key. */
  readonly items = new Map<string, string>();
  sizeBytes = 0;
  readonly destinations = new SimDestinations();
  /** Its replicas in other regions. A replica itself has none. */
  readonly replicas: SimReplicas | undefined;
  readonly #region: string;
  /** As DynamoDB counts them, about every six hours. */
  itemCount = 0;
  #streamSince: number | undefined;
  readonly input: CreateTable;
  #timeToLive: string | undefined;
  #timeToLiveChangedAt = -Infinity;
  #recovery: Recovery = { enabled: false };
  /** From when on continuous backups are enabled. */
  readonly #backupsFrom: number;
  deletedAt: number | undefined;
  /** TableId. */
  readonly id: string;
  readonly #createdAt: number;
  readonly #restoredFrom: string | undefined;
  readonly #billing: SimBilling;
  readonly #class: SimClass;
  #protected: boolean;
  #provisioned: Provisioned[];
  #build: IndexBuild | undefined;
  /** A status that DynamoDB gives a table by itself, such as ARCHIVED. */
  #impaired: string | undefined;
  #status: 'CREATING' | 'UPDATING' = 'CREATING';
  #settlesAt: number;

  constructor(
    id: string,
    input: CreateTable,
    now: number,
    { createMs, enableBackupsMs }: { readonly createMs: number; readonly enableBackupsMs: number },
    restoredFrom?: string,
    { region, replicas }: { readonly region: string; readonly replicas?: SimReplicas } = { region: HOME },
  ) {
    this.id = id;
    this.#region = region;
    this.replicas = replicas;
    const typed = input as unknown as CreateInput;
    if (typed.VectorIndexes && typed.BillingMode !== 'PAY_PER_REQUEST') throw noProvisionedVectors();
    this.input = input;
    this.tags = Object.fromEntries((typed.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    this.#createdAt = now;
    if (typed.StreamSpecification?.StreamEnabled) this.#streamSince = now;
    this.#restoredFrom = restoredFrom;
    this.#settlesAt = now + createMs;
    this.#backupsFrom = now + createMs + enableBackupsMs;
    this.#billing = new SimBilling(typed.BillingMode);
    this.#class = new SimClass(typed.TableClass);
    this.#protected = typed.DeletionProtectionEnabled ?? false;
    this.#provisioned = [
      { current: unitsOf(typed.ProvisionedThroughput), decreases: 0 },
      ...(typed.GlobalSecondaryIndexes ?? []).map(({ IndexName, ProvisionedThroughput }) => ({
        index: IndexName,
        current: unitsOf(ProvisionedThroughput),
        decreases: 0,
      })),
    ];
  }

  status(now: number): string {
    if (this.deletedAt !== undefined) return 'DELETING';
    if (this.#impaired !== undefined) return this.#impaired;
    return now < this.#settlesAt ? this.#status : 'ACTIVE';
  }

  /** Gives the table a status such as ARCHIVED, or takes it away again. */
  impair(status: string | undefined): void {
    this.#impaired = status;
  }

  /** Enables a stream again, as a person would. It has a new ARN. */
  restartStream(now: number): void {
    this.#streamSince = now;
  }

  describe(now: number): TableState {
    this.#settle(now);
    const status = this.status(now);
    const name = this.input.TableName;
    const arn = `arn:aws:dynamodb:${this.#region}:000000000000:table/${name}`;
    const replicas = this.replicas?.describe(now) ?? [];
    const since = this.#streamSince;
    return {
      name,
      arn,
      stream:
        since === undefined ? undefined : `${arn}/stream/${new Date(since).toISOString().replace('Z', '')}`,
      id: this.id,
      restoredFrom: this.#restoredFrom,
      restoring: this.#restoredFrom !== undefined && status === 'CREATING',
      status,
      createdAt: this.#createdAt,
      ...this.#billing.state,
      ...this.#class.state,
      deletionProtected: this.#protected,
      schema: this.input as unknown as Schema,
      global: replicas.length > 0,
      replicas,
      capacities: this.#provisioned.map((provisioned) => ({
        ...capacityOf(provisioned, status, now),
        ...buildStatus(this.#build, provisioned.index, now),
      })),
      itemCount: Math.max(this.itemCount, this.items.size),
      sizeBytes: this.sizeBytes,
    };
  }

  /** One UpdateTable. @throws ServiceError like DynamoDB. A rejected call uses no quota. */
  resize(changes: readonly ThroughputChange[], now: number, updateMs: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    if (this.#billing.state.billingMode === 'PAY_PER_REQUEST') {
      throw new ServiceError('refused', 'No throughput can be specified when BillingMode is PAY_PER_REQUEST');
    }
    if (changes.some(({ index }) => buildStatus(this.#build, index, now)?.status === 'DELETING'))
      throw new ServiceError(
        'in-use',
        'Attempt to change a resource which is still in use: Index is DELETING',
      );
    const moves = changes.map(({ index, to }) => ({ provisioned: this.#find(index), to }));
    for (const { provisioned, to } of moves) check(provisioned, to, now);
    for (const { provisioned, to } of moves) begin(provisioned, to, now);
    this.#update(now + updateMs);
  }

  /** One UpdateTable. @throws ServiceError like DynamoDB. A rejected call uses no quota. */
  setBilling(throughput: readonly Provision[] | undefined, now: number, updateMs: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    const unset = throughput && this.#provisioned.find(({ index }) => !provisionOf(throughput, index));
    if (unset)
      throw new ServiceError('refused', 'ReadCapacityUnits and WriteCapacityUnits must be specified');
    if (throughput && this.input.VectorIndexes) throw noProvisionedVectors();
    this.#billing.change(throughput ? 'PROVISIONED' : 'PAY_PER_REQUEST', now);
    for (const provisioned of this.#provisioned)
      provisioned.next = (throughput && provisionOf(throughput, provisioned.index)) ?? {
        read: 0,
        write: 0,
      };
    this.#update(now + updateMs);
  }

  /** One UpdateTable. @throws ServiceError like DynamoDB */
  setTableClass(tableClass: TableClass, now: number, updateMs: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    this.#class.change(tableClass, now);
    this.#update(now + updateMs);
  }

  /** One UpdateTable that adds a global index, as a person would. @throws ServiceError */
  addIndex(index: string, units: Units, now: number, updateMs: number, backfillMs: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    rejectSecondBuild(this.#build, now);
    if (this.#provisioned.some((one) => one.index === index))
      throw new ServiceError('refused', `Index already exists: ${index}`);
    this.#provisioned.push({ index, current: units, decreases: 0 });
    this.#build = {
      index,
      status: 'CREATING',
      allocatedAt: now + updateMs,
      endsAt: now + updateMs + backfillMs,
    };
    this.#update(now + updateMs);
  }

  /** One UpdateTable that deletes a global index, as a person would. @throws ServiceError */
  dropIndex(index: string, now: number, updateMs: number, deleteMs: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    rejectSecondBuild(this.#build, now, index);
    this.#find(index);
    this.#build = {
      index,
      status: 'DELETING',
      allocatedAt: now + updateMs,
      endsAt: now + updateMs + deleteMs,
    };
    this.#update(now + updateMs);
  }

  /** One UpdateTable that adds a replica. @throws ServiceError */
  addReplica(input: ReplicaInput, now: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    this.#update(now + (this.replicas?.add(this.describe(now), input, now) ?? 0));
  }

  /** One UpdateTable that removes a replica. @throws ServiceError */
  removeReplica(region: string, now: number): void {
    this.#settle(now);
    this.#rejectWhileChanging(now);
    this.#update(now + (this.replicas?.remove(region, now) ?? 0));
  }

  /** One UpdateTable that changes nothing else. @throws ServiceError */
  protect(on: boolean, now: number, updateMs: number): void {
    this.#settle(now);
    if (this.#impaired !== 'ARCHIVED') this.#rejectWhileChanging(now);
    this.#protected = on;
    this.#update(now + updateMs);
  }

  #update(settlesAt: number): void {
    this.#status = 'UPDATING';
    this.#settlesAt = settlesAt;
  }

  /** The input of CreateTable for a table like this one, without the settings that a backup does not restore. */
  definition(now: number): CreateTable {
    this.#settle(now);
    const { Tags, DeletionProtectionEnabled, TableClass, ...rest } = this.input as unknown as CreateInput;
    const { billingMode } = this.#billing.state;
    const units = (index?: string) => {
      const own = this.#provisioned.find((one) => one.index === index)?.current;
      if (billingMode === 'PAY_PER_REQUEST' || !own) return {};
      return { ProvisionedThroughput: { ReadCapacityUnits: own.read, WriteCapacityUnits: own.write } };
    };
    const { ProvisionedThroughput, GlobalSecondaryIndexes: indexes, ...restored } = rest;
    return {
      ...restored,
      BillingMode: billingMode,
      ...units(),
      ...(indexes && {
        GlobalSecondaryIndexes: indexes.map(({ ProvisionedThroughput: _, ...index }) => ({
          ...index,
          ...units(index.IndexName),
        })),
      }),
    };
  }

  /** Deleting a table that is DELETING is not an error. @throws ServiceError */
  remove(now: number, deleteMs: number): void {
    if (this.deletedAt !== undefined) return;
    if (this.#impaired !== 'ARCHIVED') this.#rejectWhileChanging(now);
    if (this.#protected) {
      throw new ServiceError(
        'refused',
        'Resource cannot be deleted as it is currently protected against deletion.',
      );
    }
    this.replicas?.rejectSource(now);
    this.deletedAt = now + deleteMs;
  }

  get timeToLive(): string | undefined {
    return this.#timeToLive;
  }

  describeTimeToLive(now: number): TimeToLive {
    const changing = this.#timeToLive === undefined ? 'DISABLING' : 'ENABLING';
    return {
      ...(this.#timeToLive !== undefined && { attribute: this.#timeToLive }),
      ...(now < this.#timeToLiveChangedAt + TIME_TO_LIVE.takesMs && { changing }),
    };
  }

  /** One UpdateTimeToLive. @throws ServiceError */
  setTimeToLive(attribute: string, enabled: boolean, now: number): void {
    this.#rejectWhileChanging(now);
    const present = this.#timeToLive;
    if (enabled ? present !== undefined : present !== attribute) {
      const active = present === undefined ? 'disabled' : `active on ${present}`;
      throw new ServiceError('refused', `TimeToLive is already ${active}`);
    }
    if (now < this.#timeToLiveChangedAt + TIME_TO_LIVE.lockedMs)
      throw new ServiceError(
        'refused',
        'Time to live has been modified multiple times within a fixed interval',
      );
    this.#timeToLive = enabled ? attribute : undefined;
    this.#timeToLiveChangedAt = now;
  }

  get recovery(): Recovery {
    return this.#recovery;
  }

  /** One UpdateContinuousBackups. */
  setRecovery({ enabled, days = LONGEST_RECOVERY_DAYS }: Recovery, now: number): void {
    if (now < this.#backupsFrom)
      throw new ServiceError('in-use', `Backups are being enabled for the table: ${this.input.TableName}`);
    this.#recovery = enabled ? { enabled, days } : { enabled };
  }

  #rejectWhileChanging(now: number): void {
    if (this.status(now) === 'ACTIVE') return;
    const name = this.input.TableName;
    throw new ServiceError('in-use', `Attempt to change a resource which is still in use: ${name}`);
  }

  #find(index: string | undefined): Provisioned {
    const found = this.#provisioned.find((provisioned) => provisioned.index === index);
    if (!found)
      throw new ServiceError('not-found', `Requested resource not found: Index: ${index} not found`);
    return found;
  }

  /** Whether demand is served on-demand, without a limit. */
  servesOnDemand(now: number): boolean {
    this.#settle(now);
    return this.#billing.servesOnDemand;
  }

  #settle(now: number): void {
    if (this.#build && now >= this.#build.endsAt) {
      const { index, status } = this.#build;
      if (status === 'DELETING') this.#provisioned = this.#provisioned.filter((one) => one.index !== index);
      this.#build = undefined;
    }
    if (now < this.#settlesAt) return;
    this.#billing.settle();
    for (const provisioned of this.#provisioned) {
      provisioned.current = provisioned.next ?? provisioned.current;
      provisioned.next = undefined;
    }
  }
}
