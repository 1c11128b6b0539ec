import { DAY_MS } from '../../../src/core/calendar/period.ts';
import type { Replica, TableState } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { ReplicaInput } from '../../../src/core/plan.ts';
import type { TableClass } from '../../../src/core/spec.ts';

/** How long a replica of a table is CREATING or DELETING. The table is UPDATING as long. */
const CHANGE_MS = 3 * 60_000;

interface Entry {
  readonly status: 'CREATING' | 'DELETING' | 'CREATION_FAILED';
  readonly changedAt: number;
  readonly input: ReplicaInput;
}

/** What the replicas of a table need of the rest of the world. */
export interface Regions {
  readonly home: string;
  has(region: string, name: string): boolean;
  /** Creates a table like the one of the name in another region, without the settings that DynamoDB does not copy. */
  copy(region: string, name: string, createMs: number): void;
  /** @throws ServiceError */
  remove(region: string, name: string, deleteMs: number): void;
  /** Regions in which DynamoDB cannot create a replica. */
  readonly failing: ReadonlySet<string>;
}

/** The replicas of one table, by the rules of global tables of version 2019.11.21. */
export class SimReplicas {
  readonly #name: string;
  readonly #regions: Regions;
  readonly #entries = new Map<string, Entry>();
  /** When the table was last the source of a new replica, epoch milliseconds. */
  #sourceAt = -Infinity;
  /** A status that DynamoDB gives a replica by itself, by region. */
  readonly impaired = new Map<string, string>();

  constructor(name: string, regions: Regions) {
    this.#name = name;
    this.#regions = regions;
  }

  describe(now: number): Replica[] {
    return [...this.#entries].flatMap(([region, { status, changedAt, input }]): Replica[] => {
      const over = now >= changedAt + CHANGE_MS;
      if (status === 'DELETING' && over) return [];
      const settled = status === 'CREATING' && over ? 'ACTIVE' : status;
      return [
        {
          region,
          status: this.impaired.get(region) ?? settled,
          ...(input.TableClassOverride !== undefined && {
            tableClass: input.TableClassOverride as TableClass,
          }),
        },
      ];
    });
  }

  /** Returns how long the table is UPDATING. @throws ServiceError */
  add({ billingMode, schema }: TableState, input: ReplicaInput, now: number): number {
    const region = input.RegionName;
    if (region === this.#regions.home || this.describe(now).some((one) => one.region === region))
      throw refused(`Replica specified in the Replica Update already exists: ${region}`);
    if (billingMode === 'PROVISIONED')
      throw refused('Table write capacity should either be Pay-Per-Request or AutoScaled.');
    if (schema.StreamSpecification?.StreamViewType !== 'NEW_AND_OLD_IMAGES')
      throw refused('Table needs a stream with NEW_AND_OLD_IMAGES.');
    if (this.#regions.has(region, this.#name))
      throw refused(
        `Failed to create a the new replica of table with name: '${this.#name}' because one or more replicas already existed as tables.`,
      );
    const fails = this.#regions.failing.has(region);
    this.#entries.set(region, { status: fails ? 'CREATION_FAILED' : 'CREATING', changedAt: now, input });
    if (fails) return 0;
    this.#regions.copy(region, this.#name, CHANGE_MS);
    this.#sourceAt = now;
    return CHANGE_MS;
  }

  /** Returns how long the table is UPDATING. @throws ServiceError */
  remove(region: string, now: number): number {
    const entry = this.describe(now).find((one) => one.region === region);
    if (!entry)
      throw refused(
        'Replica specified in the Replica Update or Replica Delete action of the request was not found.',
      );
    if (entry.status === 'DELETING')
      throw new ServiceError('in-use', `The replica is being deleted: ${region}`);
    if (this.impaired.has(region)) throw refused(`The replica is ${entry.status}: ${region}`);
    this.#regions.remove(region, this.#name, CHANGE_MS);
    const { input } = this.#entries.get(region)!;
    this.#entries.set(region, { status: 'DELETING', changedAt: now, input });
    return CHANGE_MS;
  }

  /** DynamoDB deletes the source of a replica after a day at the earliest. @throws ServiceError */
  rejectSource(now: number): void {
    if (now < this.#sourceAt + DAY_MS)
      throw refused(
        'Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.',
      );
  }
}

const refused = (message: string): ServiceError => new ServiceError('refused', message);
