/** What a run has decided so far, by table: a decision on one table looks only at its own group, whatever the size of the fleet. */
import type { Properties } from '../generated/tables.ts';
import type { Learned } from './capacity/remembered.ts';
import { together } from './cost.ts';
import type { Observed } from './observed.ts';
import type { Action, CreateTable } from './plan.ts';
import type { Units } from './spec.ts';
import { onlyRaises } from './throughput.ts';

/** The decisions of this run so far. Read-only. */
export interface DecidedSoFar {
  /** The actions on a table by the job that decides, in the order of the decisions. */
  actionsOf(table: string): readonly Action[];
  /**
   * The throughput of the other known tables, including creations and raises of this run, and what other shards may have; in units per
   * second.
   */
  elsewhere(table: string): Units;
  /** What is remembered about a group's demand, including what this run has learned. */
  remembered(group: string): Readonly<Record<string, Learned>> | undefined;
}

export class Decided implements DecidedSoFar {
  readonly remembered: DecidedSoFar['remembered'];
  readonly #observed: Observed;
  readonly #byTable = new Map<string, Action[]>();
  /** Of all tables together, units per second: what the known ones have, and what actions add. */
  #present: Units | undefined;
  #added: Units = { read: 0, write: 0 };

  /** `observed` does not change while a run decides. */
  constructor(
    observed: Observed,
    remembered: DecidedSoFar['remembered'] = (group) => observed.memories.get(group),
    actions: readonly Action[] = [],
  ) {
    this.#observed = observed;
    this.remembered = remembered;
    for (const action of actions) this.add(action);
  }

  add(action: Action): void {
    const own = this.#byTable.get(action.table);
    if (own) own.push(action);
    else this.#byTable.set(action.table, [action]);
    this.#added = together([this.#added, ...unitsAdded(action)]);
  }

  actionsOf(table: string): readonly Action[] {
    return this.#byTable.get(table) ?? [];
  }

  /** The throughput of all known tables, in units per second. */
  known(): Units {
    const { names } = this.#observed;
    this.#present ??= together([...names].flatMap((name) => this.#capacitiesOf(name)));
    return together([this.#present, this.#added]);
  }

  elsewhere(table: string): Units {
    const { names, elsewhere } = this.#observed;
    const known = this.known();
    const own = together([
      ...(names.has(table) ? this.#capacitiesOf(table) : []),
      ...this.actionsOf(table).flatMap(unitsAdded),
    ]);
    return {
      read: elsewhere.read + known.read - own.read,
      write: elsewhere.write + known.write - own.write,
    };
  }

  #capacitiesOf(table: string): readonly Units[] {
    return this.#observed.known('description', table)?.capacities ?? [];
  }
}

/** What an action adds to the throughput of its table and indexes. Decreases count only after they have taken effect. */
function unitsAdded(action: Action): readonly Units[] {
  if ('changes' in action)
    return onlyRaises(action.changes).map(({ from, to }) => ({
      read: to.read - from.read,
      write: to.write - from.write,
    }));
  if (action.kind === 'billing') return action.throughput ?? [];
  return action.kind === 'create' ? createdWith(action.input) : [];
}

/** The throughput of a table that is created, and of its indexes. */
function createdWith(input: CreateTable): Units[] {
  const { GlobalSecondaryIndexes = [] } = input as Partial<Properties>;
  return [input as Partial<Properties>, ...GlobalSecondaryIndexes].flatMap(
    ({ ProvisionedThroughput: units }) =>
      units ? { read: Number(units.ReadCapacityUnits), write: Number(units.WriteCapacityUnits) } : [],
  );
}
