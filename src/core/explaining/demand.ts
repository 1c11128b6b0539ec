/** What each method wants for the reads and writes of a table, and why. */
import { sayInstant } from '../calendar/instant.ts';
import { DRAINED_MINUTES } from '../capacity/handover.ts';
import type { LearningMethod, Moment } from '../capacity/method.ts';
import { decreasesToday, nextDecreaseAt } from '../capacity/quota.ts';
import { Decided } from '../decided.ts';
import type { Need } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Draft } from '../plan.ts';
import type { DimensionDecision } from '../scaling/decisions/decision.ts';
import { handoverUnits } from '../scaling/decisions/handover.ts';
import { methodOf } from '../scaling/methods/index.ts';
import { type DimensionContext, dimensionsOf } from '../scaling/sampling/dimension-context.ts';
import { memoryKey, memoryOf } from '../scaling/sampling/group-memory.ts';
import { demandedOf } from '../scaling/table.ts';
import type { Scaling } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { capitalized } from '../text.ts';

/** The reads or writes of a table or index. Capacity units per second. */
export interface Wanted {
  readonly index?: string;
  readonly dimension: 'read' | 'write';
  readonly provisioned: number;
  readonly min: number;
  readonly max: number;
  readonly method: Scaling['method'];
  /** What the method wants, within the limits; null if it decides nothing now. */
  readonly wants: number | null;
  /** Why, one sentence each. */
  readonly why: readonly string[];
}

/** Decreases of a table or index today, and when DynamoDB allows the next one, epoch milliseconds. */
export interface DecreaseBudget {
  readonly index?: string;
  readonly today: number;
  readonly nextAt: number;
}

const contextOf = (
  observed: Observed,
  table: Table,
  draft: Pick<Draft, 'actions'>,
  now: number,
): TableContext | undefined => {
  const state = observed.known('description', table.name);
  const usable = state?.status === 'ACTIVE' || state?.status === 'UPDATING';
  if (!state || !usable || state.billingMode !== 'PROVISIONED') return undefined;
  const soFar = new Decided(observed, undefined, draft.actions);
  return { observed, table, state, now, soFar };
};

/** What has to be read to explain a table, besides what a plan reads. */
export function demandNeeds(...[observed, table, draft, now]: Parameters<typeof contextOf>): readonly Need[] {
  const context = contextOf(observed, table, draft, now);
  return context ? demandedOf(context, () => true).outcome.needs : [];
}

/** Empty if the table has no provisioned throughput, or cannot be changed. */
export function wantedOf(...[observed, table, draft, now]: Parameters<typeof contextOf>): Wanted[] {
  const context = contextOf(observed, table, draft, now);
  if (!context) return [];
  const { decisions } = demandedOf(context, () => true);
  return table.spec.resources.flatMap((resource) =>
    dimensionsOf(context, resource).map((own): Wanted => {
      const { dimension, bounds, capacity } = own;
      const isOwn = (one: DimensionDecision): boolean =>
        one.dimension.dimension === dimension && one.dimension.capacity === capacity;
      return {
        ...(resource.index !== undefined && { index: resource.index }),
        dimension,
        provisioned: capacity[dimension],
        ...bounds,
        method: resource.scaling.method,
        ...explained(context, own, decisions.find(isOwn)),
      };
    }),
  );
}

export const budgetsOf = (...[observed, table, draft, now]: Parameters<typeof contextOf>): DecreaseBudget[] =>
  (contextOf(observed, table, draft, now)?.state.capacities ?? []).map((capacity) => ({
    ...(capacity.index !== undefined && { index: capacity.index }),
    today: decreasesToday(capacity, now),
    nextAt: nextDecreaseAt(capacity, now),
  }));

type Explained = Pick<Wanted, 'wants' | 'why'>;

function explained(
  context: TableContext,
  own: DimensionContext,
  decision: DimensionDecision | undefined,
): Explained {
  const { phase } = context.table;
  const method = methodOf(own.resource.scaling);
  if (phase === 'upcoming') return beforePeriod(context, own, method?.learns ?? false, decision);
  if (!method) return { wants: null, why: ['Scaling.Method "none": demand changes nothing.'] };
  const learned = phase === 'active' && method.learns ? byMemory(context, own, method, decision) : undefined;
  const target = decision?.target;
  if (learned) return learned;
  return target
    ? { wants: target.units, why: [sentence(target.message)] }
    : { wants: null, why: [UNDECIDED[phase]] };
}

const UNDECIDED: Readonly<Record<Exclude<TableContext['table']['phase'], 'upcoming'>, string>> = {
  active: 'Nothing is known of demand yet.',
  draining: `The table keeps its capacity for late writers, and is lowered when it has had no traffic for ${DRAINED_MINUTES} minutes.`,
  outdated: 'An outdated table is sampled now and then, and not at this time.',
  expired: 'An expired table is sampled now and then, and not at this time.',
};

const sentence = (message: string): string => `${capitalized(message)}.`;

/** What a learning method decides, or would decide, by what it has learned up to its last sample. */
function byMemory<Memory>(
  context: TableContext,
  own: DimensionContext,
  method: LearningMethod<Memory>,
  decision: DimensionDecision | undefined,
): Explained | undefined {
  const known = decision?.outcome.learned[memoryKey(own)] ?? memoryOf(context, own, method);
  if (!known) return undefined;
  const memory = known.memory as Memory;
  const { capacity, dimension, resource, bounds } = own;
  const moment: Moment = {
    now: context.now,
    provisioned: capacity[dimension],
    decreases: capacity,
    reliance: resource.scaling.burstReliance,
  };
  const { units, message } = decision?.target ?? method.decide(memory, moment).proposal;
  return {
    wants: Math.min(bounds.max, Math.max(bounds.min, units)),
    why: [
      sentence(message),
      ...method.explain(memory, moment),
      `It has learned the minutes up to ${sayInstant(known.learnedTo)}.`,
    ],
  };
}

/** An upcoming table follows no demand of its own. */
function beforePeriod(
  context: TableContext,
  own: DimensionContext,
  learns: boolean,
  decision: DimensionDecision | undefined,
): Explained {
  const target = decision?.target;
  if (target) return { wants: target.units, why: [sentence(target.message)] };
  if (!learns) return { wants: null, why: ['The table gets its full capacity shortly before its period.'] };
  const units = handoverUnits(context, own.resource);
  const known = 'value' in units ? units.value?.[own.dimension] : undefined;
  const amount = known === undefined ? '' : `, which is ${known} now`;
  return {
    wants: null,
    why: [`Shortly before its period, the table gets the capacity of the table before it${amount}.`],
  };
}
