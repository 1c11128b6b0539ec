import { MINUTE_MS } from '../../calendar/period.ts';
import { type Comparison, compared, noComparison, RUN_TOLERABLE } from '../../capacity/comparison.ts';
import { demandWindow, type Minute } from '../../capacity/demand.ts';
import type { LearningMethod, Moment, Proposal } from '../../capacity/method.ts';
import { isRefusedLately } from '../../capacity/refusals.ts';
import {
  type Checked,
  COMPARED,
  type Compared,
  comparedIn,
  type Learned,
  versionOf,
} from '../../capacity/remembered.ts';
import { decided, isAlert, isDue, learned, type Series } from '../../capacity/series.ts';
import { demandOf, refusedIn } from '../../capacity/throttles.ts';
import { combined, nothing } from '../../outcome.ts';
import { accepts } from '../../shortage.ts';
import type { TableContext } from '../../table-context.ts';
import { type Limited, limit } from '../limits/index.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';
import { memoryKey, memoryOf } from '../sampling/group-memory.ts';
import { type GroupSample, sampleGroup } from '../sampling/group-sample.ts';
import { metricsArrive } from '../sampling/missing-data.ts';
import { holdingWhileRefused, refusedLately, withThrottles } from '../sampling/refused.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/** If the history is shorter, the spec's full throughput is a better start for a period than the learned capacity. */
const ENOUGH_HISTORY_MINUTES = 60;

/**
 * Learns the minutes since the last sample, and decides by everything learned about a group's demand. If a dimension is
 * not due for a sample, nothing is decided, unless it `sharesDecrease`: the other dimension is lowered now, and
 * lowering both costs only one decrease.
 */
export function byLearning<Memory>(
  context: TableContext,
  dimension: DimensionContext,
  method: LearningMethod<Memory>,
  sharesDecrease = false,
  seeksThrottles = false,
): DimensionDecision {
  const { now } = context;
  const { resource, capacity } = dimension;
  const { to } = demandWindow(now);
  const known = memoryOf(context, dimension, method);
  if (known && (to <= known.learnedTo || !(sharesDecrease || isDue(known, to))))
    return { ...undecided(dimension), throttled: isRefusedLately(known.refusedAt, to) };
  const sampled = sampleGroup(context, dimension, method, known, to, seeksThrottles);
  if ('pending' in sampled) return undecided(dimension, sampled.pending);
  const { minutes, before, served, dataUntil, hotRequests, throttledAt, refusedAt } = sampled.value;
  const series = learned(method, before as Series<Memory> | undefined, minutes, served);
  if (!series || minutes.length === 0) return undecided(dimension);
  const provisioned = capacity[dimension.dimension];
  const reliance = resource.scaling.burstReliance;
  const moment: Moment = {
    now,
    provisioned,
    decreases: capacity,
    reliance,
    sharesDecrease,
    ...(context.table.spec.billing === 'auto' && { tolerable: RUN_TOLERABLE }),
  };
  const decision = decided(method, series, moment, to, dimension.dimension);
  // Nothing is lowered before it is known whether requests were throttled.
  const lowers = Math.max(decision.proposal.units, dimension.bounds.min) < provisioned;
  if (lowers && !sampled.value.checked) return byLearning(context, dimension, method, sharesDecrease, true);
  const { outcome, ...target } = limited(context, dimension, method, series, dataUntil, decision.proposal);
  // A decrease that the limits prevented must not end the wait for the next decrease.
  const happened = target.units < provisioned || decision.proposal.units >= provisioned;
  const throttled = isRefusedLately(refusedAt, to);
  const next: Learned = {
    ...decision.series,
    memory: (happened ? decision.series : series).memory,
    by: versionOf(resource.scaling.method, method),
    capacity: provisioned,
    dataUntil,
    ...(isAlert(throttledAt, to) && { sampleAt: to + MINUTE_MS }),
    ...(throttledAt !== undefined && { throttledAt }),
    ...(throttled && refusedAt !== undefined && { refusedAt }),
    ...(known && !sampled.value.checked && { checked: known.checked ?? checkedIn(known) }),
    ...(context.table.spec.billing === 'auto' && { billing: comparisonAfter(known, sampled.value) }),
  };
  const learning = { ...nothing, learned: { [memoryKey(dimension)]: next } };
  return {
    dimension,
    target,
    throttled,
    refused: refusedIn(minutes),
    outcome: combined(withThrottles(context, dimension, outcome, { throttled, hotRequests }), learning),
  };
}

const checkedIn = ({ memory, learnedTo, age, capacity }: Learned): Checked => ({
  memory,
  learnedTo,
  age,
  capacity,
});

function limited<Memory>(
  context: TableContext,
  own: DimensionContext,
  { silentMinutes }: LearningMethod<Memory>,
  { age }: Series<Memory>,
  dataUntil: number,
  proposal: Proposal,
): Limited {
  const { table, now } = context;
  const { resource, capacity, dimension, name, bounds, maxSetting } = own;
  const silent = demandWindow(now).to - dataUntil >= silentMinutes * MINUTE_MS;
  return limit(proposal, {
    now,
    name,
    dimension,
    provisioned: capacity[dimension],
    bounds,
    maxSetting,
    phase: table.phase,
    silence: silent ? { since: dataUntil, metricsArrive: () => metricsArrive(context) } : undefined,
    refused: () => refusedLately(context, own),
    accepted: accepts(table.spec, dimension, resource.index),
    periodStart: table.period.start,
    full: age < ENOUGH_HISTORY_MINUTES ? resource.full[dimension] : undefined,
    holdingRaise: (hold) => holdingWhileRefused(context, [own], hold),
  });
}

/**
 * The comparison of billing modes after the minutes of a sample, at the capacity that served them. The first sample of
 * a dimension does not count, because its earlier capacity is unknown. Minutes that are learned again count once.
 */
function comparisonAfter(known: Learned | undefined, { minutes, served }: GroupSample): Compared {
  const before = comparedIn(known)?.comparison ?? noComparison;
  const one = (so: Comparison, minute: Minute): Comparison =>
    compared(so, demandOf(minute), served(minute.at), minute.throttled);
  const added = minutes.filter(({ at }) => known && at >= known.learnedTo);
  return { version: COMPARED, comparison: added.reduce(one, before) };
}
