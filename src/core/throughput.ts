import { sayInstant } from './calendar/instant.ts';
import { MINUTE_MS } from './calendar/period.ts';
import { type Dimension, dimensions, sayDimension } from './capacity/demand.ts';
import { type Decreases, nextDecreaseAt } from './capacity/quota.ts';
import type { PartState, TableState } from './facts.ts';
import type { Action, ActionBody, Provision, ThroughputChange } from './plan.ts';
import type { Spec, Units } from './spec.ts';
import { capitalized } from './text.ts';

/** Why a table cannot be changed in every way right now; undefined if it can. */
export function busy(state: TableState): string | undefined {
  return busyWith(state, ({ status }) => status !== 'ACTIVE');
}

/** Why the throughput of a table and its ACTIVE indexes cannot be changed right now; undefined if it can. */
export function unchangeable(state: TableState): string | undefined {
  return busyWith(state, (part) => part.status !== 'ACTIVE' && !isBuilding(part));
}

/**
 * Whether an index is filled or deleted, which takes hours or days. DynamoDB accepts other changes of the table meanwhile:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
 */
export const isBuilding = ({ index, status, backfilling }: PartState): boolean =>
  index !== undefined && (status === 'DELETING' || (status === 'CREATING' && backfilling !== false));

/** Whether scale raises an index of this spec while DynamoDB fills it. */
export const raisesBuilding = ({ resources }: Spec): boolean =>
  resources.some(({ scaling }) => scaling.method !== 'none');

/** The table, its global indexes, and its vector indexes that are not ACTIVE. */
export const partsOf = ({ capacities, vectorIndexes = [] }: TableState): readonly PartState[] => [
  ...capacities,
  ...vectorIndexes,
];

function busyWith(state: TableState, isBusy: (part: PartState) => boolean): string | undefined {
  if (state.status !== 'ACTIVE') return `The table is ${state.status}.`;
  const index = partsOf(state).find(isBusy);
  return index && `The index ${index.index} is ${index.status}.`;
}

/**
 * Why a run for `now` is too late to change throughput; undefined if it is not. A replayed event is about a table's
 * past, so a newer decision knows more.
 */
export function superseded(state: TableState, now: number): string | undefined {
  const at = changedAt(state);
  const what = at === state.createdAt ? 'was created' : 'changed';
  return at > now ? `The table ${what} at ${sayInstant(at)}, after the time of this run.` : undefined;
}

/** A changed table is UPDATING for a minute or two. */
export const USUAL_CHANGE_MS = 2 * MINUTE_MS;

/** When a table was created, or its throughput, billing mode or class last changed; epoch milliseconds. */
export function changedAt({
  createdAt,
  capacities,
  onDemandSince = 0,
  classChangedAt = 0,
}: TableState): number {
  const times = capacities.flatMap(({ lastIncrease = 0, lastDecrease = 0 }) => [lastIncrease, lastDecrease]);
  return Math.max(createdAt, onDemandSince, classChangedAt, ...times);
}

const lowers = ({ from, to }: ThroughputChange): boolean => to.read < from.read || to.write < from.write;

const raised = ({ from, to }: ThroughputChange): Units => ({
  read: Math.max(from.read, to.read),
  write: Math.max(from.write, to.write),
});

/** The raises among some changes. */
export const onlyRaises = (changes: readonly ThroughputChange[]): ThroughputChange[] =>
  changes.map((change) => ({ ...change, to: raised(change) })).filter(differs);

/** The decreases among some changes. */
export const onlyDecreases = (changes: readonly ThroughputChange[]): ThroughputChange[] =>
  changes.map((change) => ({ ...change, to: lowered(change) })).filter(differs);

const lowered = ({ from, to }: ThroughputChange): Units => ({
  read: Math.min(from.read, to.read),
  write: Math.min(from.write, to.write),
});

const differs = ({ from, to }: ThroughputChange): boolean => to.read !== from.read || to.write !== from.write;

/**
 * The changes without every decrease that the quota does not allow now. DynamoDB rejects a whole UpdateTable if a part
 * exceeds the quota, so such a decrease would prevent raises too.
 */
export function withinQuota(
  changes: readonly ThroughputChange[],
  state: TableState,
  now: number,
): { allowed: ThroughputChange[]; refused: { change: ThroughputChange; until: number }[] } {
  const allowed: ThroughputChange[] = [];
  const refused: { change: ThroughputChange; until: number }[] = [];
  for (const change of changes) {
    const capacity: Decreases = state.capacities.find(({ index }) => index === change.index) ?? {
      decreases: 0,
    };
    const until = nextDecreaseAt(capacity, now);
    if (!lowers(change) || until <= now) {
      allowed.push(change);
      continue;
    }
    refused.push({ change, until });
    allowed.push(...onlyRaises([change]));
  }
  return { allowed: allowed.filter(differs), refused };
}

/** Whether an action raises the reads or the writes of a table or index, or makes the table on-demand. */
export function raises(
  action: Action | ActionBody,
  index: string | undefined,
  dimension: Dimension,
): boolean {
  switch (action.kind) {
    case 'billing':
      return action.billingMode === 'PAY_PER_REQUEST';
    case 'raise':
    case 'lower': {
      const own = action.changes.find((change) => change.index === index);
      return own !== undefined && own.to[dimension] > own.from[dimension];
    }
    case 'create':
    case 'attach-consumer':
    case 'enable-destination':
    case 'add-replica':
    case 'tag-replica':
    case 'time-to-live':
    case 'recovery':
    case 'protection':
    case 'table-class':
    case 'cancel-deletion':
    case 'schedule-deletion':
    case 'back-up':
    case 'remove-replica':
    case 'archive':
    case 'delete':
    case 'detach-consumer':
      return false;
    default:
      return action satisfies never;
  }
}

/** `1 read/s, 5 writes/s`. */
export function sayUnits({ read, write }: Units): string {
  const rate = (units: number, what: string): string => `${units} ${what}${units === 1 ? '' : 's'}/s`;
  return `${rate(read, 'read')}, ${rate(write, 'write')}`;
}

/** `1 read/s, 5 writes/s, index byUser 1 read/s, 1 write/s`. */
export const sayProvision = (throughput: readonly Provision[]): string =>
  throughput.map(({ index, ...units }) => `${index ? `index ${index} ` : ''}${sayUnits(units)}`).join(', ');

/** `Writes 5 → 18, index byUser reads 5 → 9`. */
export function describeChanges(changes: readonly ThroughputChange[]): string {
  const parts = changes.flatMap(({ index, from, to }) =>
    dimensions
      .filter((dimension) => from[dimension] !== to[dimension])
      .map((dimension) => `${sayDimension(dimension, index)} ${from[dimension]} → ${to[dimension]}`),
  );
  return capitalized(parts.join(', '));
}
