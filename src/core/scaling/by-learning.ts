import { MINUTE_MS } from '../calendar/period.ts';
import { type Comparison, compared, noComparison } from '../capacity/comparison.ts';
import { demandWindow, type Minute, type Source } from '../capacity/demand.ts';
import type { Learner } from '../capacity/method.ts';
import {
  COMPARED,
  type Compared,
  comparedIn,
  hasShapeOf,
  keyOf,
  type Learned,
  versionOf,
} from '../capacity/remembered.ts';
import { decided, isDue, learned, type Series } from '../capacity/series.ts';
import { demandOf } from '../capacity/throttles.ts';
import type { TableContext } from '../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { metricsFlow } from './heartbeat.ts';
import { hotPartition } from './hot-partition.ts';
import { type Limited, limit } from './limits.ts';
import { HISTORY_MS, type Look, look } from './sample.ts';

/**
 * What a method that learns wants of a group's current table, within the limits; undefined where it does not look in
 * this minute. What it has learned goes into the draft. `alongside` a decrease of the other dimension it looks anyway.
 */
export function byLearning<Memory>(
  subject: TableContext,
  dimensionContext: DimensionContext,
  learner: Learner<Memory>,
  alongside: boolean,
): Limited | undefined {
  const { draft, observed, table, now } = subject;
  const { resource, capacity, dimension, name, bounds } = dimensionContext;
  const by = versionOf(resource.scaling.method, learner);
  const { to } = demandWindow(now);
  const known = knownOf(subject, dimensionContext, learner, to);
  if (known && !alongside && !isDue(known, to)) return undefined;
  const seen = newMinutes(subject, dimensionContext, known, to);
  if (!seen) return undefined;
  const provisioned = capacity[dimension];
  const series = learned(learner, known as Series<Memory> | undefined, seen.minutes, seen.served);
  if (!series) return undefined;
  const moment = {
    now,
    provisioned,
    decreases: capacity,
    reliance: resource.scaling.burstReliance,
    alongside,
  };
  const decision = decided(learner, series, moment, to);
  const { heardAt, hot } = seen;
  const limited = limit(decision.proposal, {
    now,
    name,
    provisioned,
    bounds,
    phase: table.phase,
    silentSince: to - heardAt >= SILENT_MINUTES * MINUTE_MS ? heardAt : undefined,
    metricsFlow: () => metricsFlow(subject),
    began: table.period.start,
    full: isYoung(series) ? resource.full[dimension] : undefined,
  });
  // What the limits have kept from happening has spent no patience.
  const happened = limited.units < provisioned || decision.proposal.units >= provisioned;
  const { memory } = happened ? decision.series : series;
  const next: Learned = {
    ...decision.series,
    memory,
    by,
    capacity: provisioned,
    heardAt,
    ...(table.spec.billing === 'auto' && { billing: billed(known, seen) }),
  };
  draft.learn(observed, table.spec, keyOf(dimension, resource.index), next);
  return hot > 0 ? { ...limited, held: [...limited.held, hotPartition(name, hot)] } : limited;
}

/** What is remembered, as far as it is of this method and not too old. */
export function knownOf<Memory>(
  { observed, table }: TableContext,
  { dimension, resource }: DimensionContext,
  learner: Learner<Memory>,
  to: number,
): Learned | undefined {
  const kept = observed.memories.get(table.spec.name)?.[keyOf(dimension, resource.index)];
  if (kept?.by !== versionOf(resource.scaling.method, learner)) return undefined;
  if (to - kept.learnedTo >= HISTORY_MS) return undefined;
  return hasShapeOf(learner.begin(kept.capacity), kept.memory) ? kept : undefined;
}

/** A look at the minutes up to `to` that are not known yet; undefined where there are none, or none can be told. */
export function newMinutes(
  { draft, observed, table, state }: TableContext,
  { capacity, dimension, name }: DimensionContext,
  known: Learned | undefined,
  to: number,
): Look | undefined {
  if (known ? to <= known.learnedTo : !draft.mayBegin()) return undefined;
  const source: Source = (query, window) => draft.metric(observed, query, window);
  const seen = look(source, { table, capacity, dimension, createdAt: state.createdAt }, known, to);
  if (seen && 'error' in seen) return draft.unknown(table, name, seen.error);
  return seen && seen.minutes.length > 0 ? seen : undefined;
}

/** What the capacity that served comes to. What it was before anything was known, nobody can tell. */
function billed(known: Learned | undefined, { minutes, served }: Look): Compared {
  const before = comparedIn(known)?.comparison ?? noComparison;
  const one = (so: Comparison, minute: Minute): Comparison =>
    compared(so, demandOf(minute), served(minute.at), minute.throttled);
  return { version: COMPARED, comparison: known ? minutes.reduce(one, before) : before };
}

/** Without any datapoint for so many minutes a method would begin to take silence for little demand. */
const SILENT_MINUTES = 3;
/** Too little is known of demand for it to say what a new period begins with. */
const YOUNG_MINUTES = 60;

const isYoung = ({ age }: Series<unknown>): boolean => age < YOUNG_MINUTES;
