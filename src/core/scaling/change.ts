import { unmanaged } from '../ask.ts';
import type { Dimension } from '../capacity/demand.ts';
import { acting, combined, type HoldBody, nothing, type Outcome } from '../outcome.ts';
import type { Refused } from '../permits/account.ts';
import { permitted } from '../permits/index.ts';
import { type ActionReason, kindOf, resized, type ThroughputChange } from '../plan.ts';
import { ofIndex, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { describeChanges, superseded, unchangeable } from '../throughput.ts';
import type { DimensionDecision } from './decisions/decision.ts';
import type { DimensionContext } from './sampling/dimension-context.ts';
import { holdingWhileRefused } from './sampling/refused.ts';

/**
 * One UpdateTable with every decision for a table and its indexes that the limits of the whole table permit. DynamoDB
 * rejects the whole call if it rejects a part of it.
 */
export function changeTable(context: TableContext, decisions: readonly DimensionDecision[]): Outcome {
  const { observed, table, state, now } = context;
  const targets = targetsOf(decisions);
  const changes = changesOf(targets);
  if (changes.length === 0) return nothing;
  const kind = kindOf(changes);
  const urgent = reasonsOf(changes, targets).some(
    ({ raises, reason }) => raises && (reason === 'throttled' || reason === 'utilization-high'),
  );
  const raising = targets.filter(({ dimension, units }) => units > dimension.capacity[dimension.dimension]);
  const holdingRaise = (hold: HoldBody, dimension?: Dimension, index?: string): Outcome => {
    const held = raising
      .map((target) => target.dimension)
      .filter((own) => !dimension || (own.dimension === dimension && own.resource.index === index));
    return holdingWhileRefused(context, held, hold);
  };
  const obstacle = unmanaged(observed, table, kind, urgent);
  if (obstacle)
    return combined({ ...obstacle, holds: [] }, ...obstacle.holds.map((hold) => holdingRaise(hold)));
  const why = unchangeable(state) ?? superseded(state, now);
  if (why)
    return holdingRaise({ kind, reason: 'table-busy', message: `${describeChanges(changes)}: ${why}` });
  const { allowed, outcome, orElse } = permitted(
    { ...context, holdingRaise, refused: refusedBy(targets) },
    changes,
  );
  if (allowed.length === 0) return outcome;
  const allowedKind = kindOf(allowed);
  const reasons = reasonsOf(allowed, targets);
  const first = reasons.find(({ raises }) => raises === (allowedKind === 'raise')) ?? reasons[0]!;
  const message = `${reasons.map(({ what, message }) => `${what}: ${message}`).join('. ')}.`;
  return combined(outcome, acting(resized({ reason: first.reason, message }, allowed, orElse)));
}

/** How urgent a table's raises are. Compared in the order of the members. */
export interface Urgency {
  /** Requests per second that DynamoDB refuses for want of capacity. */
  readonly refused: number;
  /** Units per second by which capacity is raised. */
  readonly raised: number;
}

/** A raise of one dimension, for a number of refused requests per second. */
interface Raise {
  readonly dimension: Dimension;
  /** Units per second. */
  readonly by: number;
  readonly refused: number;
}

/** The raises among some decisions. */
export const raisesIn = (decisions: readonly DimensionDecision[]): Raise[] =>
  targetsOf(decisions)
    .map(({ dimension: { capacity, dimension }, units, refused }) => ({
      dimension,
      by: units - capacity[dimension],
      refused,
    }))
    .filter(({ by }) => by > 0);

/** The urgency of the raises among some decisions. */
export function urgencyOf(decisions: readonly DimensionDecision[]): Urgency {
  const raises = raisesIn(decisions);
  return {
    refused: Math.max(0, ...raises.map(({ refused }) => refused)),
    raised: raises.reduce((sum, { by }) => sum + by, 0),
  };
}

const refusedBy =
  (targets: readonly Target[]): Refused =>
  ({ index }, dimension) =>
    targets.find((one) => one.dimension.capacity.index === index && one.dimension.dimension === dimension)
      ?.refused ?? 0;

/** A decision to change capacity. */
interface Target {
  readonly dimension: DimensionContext;
  readonly units: number;
  readonly refused: number;
  readonly reason: ActionReason;
  readonly message: string;
}

const targetsOf = (decisions: readonly DimensionDecision[]): Target[] =>
  decisions.flatMap(({ dimension, target, refused = 0 }) => {
    if (!target || target.units === dimension.capacity[dimension.dimension]) return [];
    const { reason } = target;
    return reason === 'steady' ? [] : [{ dimension, ...target, reason, refused }];
  });

/** The changes, one for each table or index. */
function changesOf(targets: readonly Target[]): ThroughputChange[] {
  const capacities = new Set(targets.map(({ dimension }) => dimension.capacity));
  return [...capacities].map((capacity) => {
    const from: Units = { read: capacity.read, write: capacity.write };
    const own = targets.filter(({ dimension }) => dimension.capacity === capacity);
    const to = own.map(({ dimension: { dimension }, units }) => [dimension, units] as const);
    return { ...ofIndex(capacity.index), from, to: { ...from, ...Object.fromEntries(to) } };
  });
}

interface Why {
  readonly reason: ActionReason;
  readonly message: string;
  /** `Writes 5 → 18`. */
  readonly what: string;
  readonly raises: boolean;
}

/** The reasons of the changes. A target that a limit has removed gives no reason. */
function reasonsOf(changes: readonly ThroughputChange[], targets: readonly Target[]): Why[] {
  return changes.flatMap(({ index, from, to }) =>
    targets.flatMap(({ dimension: { capacity, dimension }, reason, message }) => {
      if (capacity.index !== index || from[dimension] === to[dimension]) return [];
      const what = describeChanges([{ index, from, to: { ...from, [dimension]: to[dimension] } }]);
      return [{ reason, message, what, raises: to[dimension] > from[dimension] }];
    }),
  );
}
