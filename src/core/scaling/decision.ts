import { type Dimension, dimensions, sayDimension } from '../capacity/demand.ts';
import type { Table } from '../fleet.ts';
import type { Capacity } from '../observed.ts';
import type { ActionReason, ThroughputChange } from '../plan.ts';
import { ofIndex, type Resource } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { busy } from '../throughput.ts';
import { follow } from './billing/follow.ts';
import { byLearning } from './by-learning.ts';
import { byMethod, finished } from './by-method.ts';
import type { DimensionContext } from './dimension-context.ts';
import type { Limited } from './limits.ts';
import { learners, methods } from './methods/index.ts';

export interface Decision {
  readonly change: ThroughputChange;
  readonly why: readonly Why[];
}

interface Why {
  readonly dimension: Dimension;
  readonly reason: ActionReason;
  readonly message: string;
}

/** Reads and writes of one table or index, each by itself. Unknown demand changes nothing. */
export function decide(subject: TableContext, resource: Resource, capacity: Capacity): Decision | undefined {
  const { draft, table } = subject;
  const from = { read: capacity.read, write: capacity.write };
  const to = { ...from };
  const why: Why[] = [];
  for (const [dimension, limited] of outcomes(subject, resource, capacity)) {
    for (const { wanted, reason, message } of limited.held) draft.hold(table, wanted, reason, message);
    if (limited.units === from[dimension] || limited.reason === 'steady') continue;
    to[dimension] = limited.units;
    why.push({ dimension, reason: limited.reason, message: limited.message });
  }
  if (why.length === 0) return undefined;
  return { change: { ...ofIndex(resource.index), from, to }, why };
}

type Outcomes = ReadonlyMap<Dimension, Limited>;

function outcomes(subject: TableContext, resource: Resource, capacity: Capacity): Outcomes {
  const { phase } = subject.table;
  const learner = learners[resource.scaling.method];
  const method = methods[resource.scaling.method];
  const each = (decider: (dimensionContext: DimensionContext) => Limited | undefined): Outcomes =>
    new Map(
      dimensions.flatMap((dimension) => {
        const limited = decider(contextOf(subject.table, resource, capacity, dimension));
        return limited ? [[dimension, limited] as const] : [];
      }),
    );
  if (method) return each((dimensionContext) => byMethod(subject, dimensionContext, method));
  if (!learner) return new Map();
  if (phase !== 'active') return each((dimensionContext) => finished(subject, dimensionContext));
  // A look is worth its price once something can be done.
  if (busy(subject.state)) return new Map();
  const own = each((dimensionContext) => byLearning(subject, dimensionContext, learner, false));
  const lowering = dimensions.filter(
    (dimension) => (own.get(dimension)?.units ?? Infinity) < capacity[dimension],
  );
  if (lowering.length !== 1) return own;
  // A decrease of both costs what a decrease of one does.
  const alongside = each((dimensionContext) =>
    dimensionContext.dimension === lowering[0]
      ? own.get(dimensionContext.dimension)
      : byLearning(subject, dimensionContext, learner, true),
  );
  return new Map([...own, ...alongside]);
}

/** Follows in thought what reads and writes of a table that is on demand would have provisioned. */
export function followDemand(subject: TableContext, resource: Resource): void {
  const learner = learners[resource.scaling.method];
  const capacity = subject.state.capacities.find(({ index }) => index === resource.index);
  if (!learner || !capacity) return;
  for (const dimension of dimensions)
    follow(subject, contextOf(subject.table, resource, capacity, dimension), learner);
}

function contextOf(
  table: Table,
  resource: Resource,
  capacity: Capacity,
  dimension: Dimension,
): DimensionContext {
  const over = table.phase === 'outdated' || table.phase === 'expired' || table.phase === 'draining';
  const { min, max } = resource.bounds[dimension];
  return {
    resource,
    capacity,
    dimension,
    name: sayDimension(dimension, resource.index),
    bounds: over ? { min: Math.min(min, resource.outdated[dimension]), max } : { min, max },
  };
}
