/** What the tables of a fleet cost before and after a plan. */
import { type Billed, costOf, monthOf } from './cost.ts';
import type { Action, ThroughputChange } from './plan.ts';
import type { Prices } from './prices.ts';

export interface PricedTable {
  readonly name: string;
  readonly group: string;
  /** undefined if it could not be read. */
  readonly state: Billed | undefined;
}

/** USD per month of provisioned throughput and storage. */
export interface CostChange {
  readonly group: string;
  readonly before: number;
  readonly after: number;
  /** On-demand tables after the plan. Their throughput is not counted, because requests are not known in advance. */
  readonly onDemand: number;
  /** Tables that could not be read. They are not counted. */
  readonly unread: number;
}

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;
/** A table after an action. undefined: it does not exist. */
type Effects = {
  readonly [K in Action['kind']]: (before: Billed | undefined, action: Of<K>) => Billed | undefined;
};

const unchanged = (before: Billed | undefined): Billed | undefined => before;

/** A new kind of action does not compile until it says what it changes of the bill. */
const effects: Effects = {
  create: (_, { input }) => created(input as CreateInput),
  raise: resized,
  lower: resized,
  billing: (before, { billingMode, throughput }) =>
    before && { ...before, billingMode, capacities: throughput ?? [] },
  'table-class': (before, { tableClass }) => before && { ...before, tableClass },
  'add-replica': (before, { region }) =>
    before && { ...before, replicas: [...(before.replicas ?? []), region] },
  'remove-replica': (before) => before && { ...before, replicas: before.replicas?.slice(1) ?? [] },
  delete: () => undefined,
  'attach-consumer': unchanged,
  'detach-consumer': unchanged,
  'enable-destination': unchanged,
  'tag-replica': unchanged,
  'time-to-live': unchanged,
  recovery: unchanged,
  protection: unchanged,
  'schedule-deletion': unchanged,
  'cancel-deletion': unchanged,
  'back-up': unchanged,
  archive: unchanged,
};

function resized(
  before: Billed | undefined,
  { changes }: { readonly changes: readonly ThroughputChange[] },
): Billed | undefined {
  if (!before) return undefined;
  const to = new Map(changes.map((change) => [change.index, change.to]));
  return { ...before, capacities: before.capacities.map((one) => ({ ...one, ...to.get(one.index) })) };
}

interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** What the input of CreateTable in a plan says about the bill. */
interface CreateInput {
  readonly BillingMode?: Billed['billingMode'];
  readonly TableClass?: Billed['tableClass'];
  readonly ProvisionedThroughput?: Throughput;
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly ProvisionedThroughput?: Throughput;
  }[];
}

function created(input: CreateInput): Billed {
  const { BillingMode, TableClass, ProvisionedThroughput, GlobalSecondaryIndexes = [] } = input;
  const all = [{ ProvisionedThroughput }, ...GlobalSecondaryIndexes];
  return {
    billingMode: BillingMode ?? 'PROVISIONED',
    tableClass: TableClass ?? 'STANDARD',
    sizeBytes: 0,
    capacities: all.flatMap(({ ProvisionedThroughput: own }) =>
      own ? [{ read: own.ReadCapacityUnits, write: own.WriteCapacityUnits }] : [],
    ),
  };
}

const afterAction = (before: Billed | undefined, action: Action): Billed | undefined =>
  (effects[action.kind] as (state: Billed | undefined, action: Action) => Billed | undefined)(before, action);

/** The change of each group that has tables or actions, in the order of the tables. Tables to create are not among `tables`. */
export function planCost(
  actions: readonly Action[],
  tables: readonly PricedTable[],
  prices: Prices,
): CostChange[] {
  const known = new Map(tables.map((table) => [table.name, table.state]));
  const groups = new Set([...tables, ...actions].map(({ group }) => group));
  return [...groups].map((group) => {
    const own = actions.filter((action) => action.group === group);
    const present = tables.filter((table) => table.group === group);
    const names = new Set([...present.map(({ name }) => name), ...own.map(({ table }) => table)]);
    const unread = present.filter(({ state }) => !state).map(({ name }) => name);
    const counted = [...names].filter((name) => !unread.includes(name));
    const before = counted.map((name) => known.get(name));
    const after = counted.map((name) =>
      own.filter(({ table }) => table === name).reduce(afterAction, known.get(name)),
    );
    return {
      group,
      before: sum(before, prices),
      after: sum(after, prices),
      onDemand: after.filter((state) => state?.billingMode === 'PAY_PER_REQUEST').length,
      unread: unread.length,
    };
  });
}

const sum = (states: readonly (Billed | undefined)[], prices: Prices): number =>
  states.reduce((all, state) => all + (state ? monthOf(costOf(state, undefined, prices)) : 0), 0);
