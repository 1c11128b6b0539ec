import { ServiceError } from '../core/failure.ts';
import { iso } from '../core/instant.ts';
import type { Capacity, Recovery, TableState } from '../core/observed.ts';
import type { CreateTable, ThroughputChange } from '../core/plan.ts';
import { decreasesToday, nextDecreaseAt } from '../core/quota.ts';
import type { Units } from '../core/spec.ts';

interface Provisioned {
  readonly index?: string;
  serving: Units;
  /** What serves from `settlesAt` on. */
  coming?: Units;
  lastIncrease?: number;
  lastDecrease?: number;
  decreases: number;
}

interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

interface CreateInput {
  readonly TableName: string;
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly DeletionProtectionEnabled?: boolean;
  readonly ProvisionedThroughput?: Throughput;
  readonly GlobalSecondaryIndexes?: readonly { IndexName: string; ProvisionedThroughput?: Throughput }[];
  readonly Tags?: readonly { Key: string; Value: string }[];
}

const unitsOf = (throughput?: Throughput): Units => ({
  read: throughput?.ReadCapacityUnits ?? 0,
  write: throughput?.WriteCapacityUnits ?? 0,
});

/** One simulated table: DynamoDB's states, its decrease quota, and what serves while a change is under way. */
export class SimTable {
  readonly tags: Record<string, string>;
  readonly input: CreateTable;
  timeToLive: string | undefined;
  recovery: Recovery = { enabled: false };
  deletedAt: number | undefined;
  readonly #createdAt: number;
  readonly #billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly #protected: boolean;
  readonly #provisioned: Provisioned[];
  #status: 'CREATING' | 'UPDATING' = 'CREATING';
  #settlesAt: number;

  constructor(input: CreateTable, now: number, createMs: number) {
    const typed = input as unknown as CreateInput;
    this.input = input;
    this.tags = Object.fromEntries((typed.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    this.#createdAt = now;
    this.#settlesAt = now + createMs;
    this.#billingMode = typed.BillingMode ?? 'PROVISIONED';
    this.#protected = typed.DeletionProtectionEnabled ?? false;
    this.#provisioned = [
      { serving: unitsOf(typed.ProvisionedThroughput), decreases: 0 },
      ...(typed.GlobalSecondaryIndexes ?? []).map(({ IndexName, ProvisionedThroughput }) => ({
        index: IndexName,
        serving: unitsOf(ProvisionedThroughput),
        decreases: 0,
      })),
    ];
  }

  status(now: number): string {
    if (this.deletedAt !== undefined) return 'DELETING';
    return now < this.#settlesAt ? this.#status : 'ACTIVE';
  }

  describe(now: number): TableState {
    this.#settle(now);
    const status = this.status(now);
    const name = this.input.TableName;
    return {
      name,
      arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
      status,
      createdAt: this.#createdAt,
      billingMode: this.#billingMode,
      deletionProtected: this.#protected,
      capacities: this.#provisioned.map((provisioned) => capacityOf(provisioned, status)),
      itemCount: 0,
      sizeBytes: 0,
    };
  }

  /** One UpdateTable. @throws ServiceError as DynamoDB would refuse it; a refused call spends nothing */
  resize(changes: readonly ThroughputChange[], now: number, updateMs: number): void {
    this.#settle(now);
    const name = this.input.TableName;
    if (this.status(now) !== 'ACTIVE') {
      throw new ServiceError('in-use', `Attempt to change a resource which is still in use: ${name}`);
    }
    const moves = changes.map(({ index, to }) => ({ provisioned: this.#find(index), to }));
    for (const { provisioned, to } of moves) check(provisioned, to, now);
    for (const { provisioned, to } of moves) begin(provisioned, to, now);
    this.#status = 'UPDATING';
    this.#settlesAt = now + updateMs;
  }

  /** @throws ServiceError */
  remove(now: number, deleteMs: number): void {
    if (this.status(now) !== 'ACTIVE') {
      throw new ServiceError(
        'in-use',
        `Attempt to change a resource which is still in use: ${this.input.TableName}`,
      );
    }
    if (this.#protected) {
      throw new ServiceError(
        'refused',
        'Resource cannot be deleted as it is currently protected against deletion.',
      );
    }
    this.deletedAt = now + deleteMs;
  }

  #find(index: string | undefined): Provisioned {
    const found = this.#provisioned.find((provisioned) => provisioned.index === index);
    if (!found) throw new ServiceError('refused', `There is no index ${index}.`);
    return found;
  }

  #settle(now: number): void {
    if (now < this.#settlesAt) return;
    for (const provisioned of this.#provisioned) {
      provisioned.serving = provisioned.coming ?? provisioned.serving;
      provisioned.coming = undefined;
    }
  }
}

function capacityOf(
  { index, serving, lastIncrease, lastDecrease, decreases }: Provisioned,
  status: string,
): Capacity {
  return {
    ...(index === undefined ? {} : { index }),
    ...serving,
    status,
    lastIncrease,
    lastDecrease,
    decreases,
  };
}

const lowers = (from: Units, to: Units): boolean => to.read < from.read || to.write < from.write;
const raises = (from: Units, to: Units): boolean => to.read > from.read || to.write > from.write;

function check(provisioned: Provisioned, to: Units, now: number): void {
  const { serving } = provisioned;
  if (!lowers(serving, to) && !raises(serving, to)) {
    throw new ServiceError('refused', 'The provisioned throughput for the table will not change.');
  }
  const until = nextDecreaseAt(provisioned, now);
  if (lowers(serving, to) && until > now) {
    throw new ServiceError(
      'refused',
      `Provisioned throughput decreases are limited within a given UTC day until ${iso(until)}.`,
    );
  }
}

function begin(provisioned: Provisioned, to: Units, now: number): void {
  const { serving } = provisioned;
  if (raises(serving, to)) provisioned.lastIncrease = now;
  if (lowers(serving, to)) {
    provisioned.decreases = decreasesToday(provisioned, now) + 1;
    provisioned.lastDecrease = now;
  }
  provisioned.coming = to;
}
