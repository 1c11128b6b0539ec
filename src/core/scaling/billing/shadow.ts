import { MINUTE_MS } from '../../calendar/period.ts';
import { type Comparison, compared } from '../../capacity/comparison.ts';
import type { Minute } from '../../capacity/demand.ts';
import type { Learner } from '../../capacity/method.ts';
import { asked, landed, type Model, modelled, served, whole } from '../../capacity/model.ts';
import { decided, learned, type Series } from '../../capacity/series.ts';
import { demandOf } from '../../capacity/throttles.ts';
import type { Range } from '../../spec.ts';

/**
 * A dimension of a provisioned table that is followed in thought, because the real one is billed by request: what
 * would have been provisioned, what is known of it, and what it comes to.
 */
export interface Shadow<Memory> {
  readonly model: Model;
  /** What the method would have learned, had it provisioned; undefined before the first minute. */
  readonly series: Series<Memory> | undefined;
  readonly comparison: Comparison;
}

/** What bounds the method in thought as it would in earnest. */
export interface ShadowOptions {
  readonly bounds: Range;
  /** How much of the burst capacity it may rely on, from 0 to 1. */
  readonly reliance?: number;
}

/** Utilisation that a table is assumed to start with. */
const STARTING_UTILISATION = 0.7;

/** Capacity that a table is assumed to start with at its first demand, units per second. */
export const startingCapacity = (demand: number): number => demand / STARTING_UTILISATION;

/** A table that starts at its first demand, units per second, with a full bucket. */
export const startingModel = (demand: number, bounds: Range): Model =>
  modelled(whole(startingCapacity(demand), bounds));

/** After minutes that follow on what is known, by the very rules of the backtest: it sees no minute before it is over. */
export function followed<Memory>(
  learner: Learner<Memory>,
  before: Shadow<Memory>,
  minutes: readonly Minute[],
  { bounds, reliance }: ShadowOptions,
): Shadow<Memory> {
  let { model, series, comparison } = before;
  for (const minute of minutes) {
    const demand = demandOf(minute);
    const { provisioned } = model;
    const after = served(model, demand);
    const { consumed, throttled } = after.served;
    const seen = learned(learner, series, [{ at: minute.at, consumed, throttled }], () => provisioned)!;
    series = { ...seen, sampleAt: series?.sampleAt ?? seen.sampleAt };
    comparison = compared(comparison, demand, provisioned, throttled);
    const now = minute.at + MINUTE_MS;
    const place = now / MINUTE_MS;
    model = landed(after.model, place);
    if (model.coming || now < series.sampleAt) continue;
    const moment = { now, provisioned: model.provisioned, decreases: model.quota, reliance };
    const decision = decided(learner, series, moment, now);
    series = decision.series;
    const changed = asked(model, whole(decision.proposal.units, bounds), place, now);
    if (changed !== 'refused') model = changed;
  }
  return { model, series, comparison };
}
