import { MINUTE_MS } from '../../calendar/period.ts';
import { type Comparison, compared, RUN_TOLERABLE } from '../../capacity/comparison.ts';
import type { Dimension, Minute } from '../../capacity/demand.ts';
import type { Learner } from '../../capacity/method.ts';
import { changed, type Model, modelAt, modeled, served, whole } from '../../capacity/model.ts';
import { isRefusedLately } from '../../capacity/refusals.ts';
import { decided, learned, type Series } from '../../capacity/series.ts';
import { demandOf } from '../../capacity/throttles.ts';
import type { Range } from '../../spec.ts';

/**
 * A simulated provisioned run of one dimension while its table is on-demand. It shows what the method would have
 * provisioned and learned, and what that would have cost and throttled.
 */
export interface Shadow<Memory> {
  readonly model: Model;
  /** What the method would have learned; undefined before the first minute. */
  readonly series: Series<Memory> | undefined;
  readonly comparison: Comparison;
  /** Start of the newest minute in which it would have throttled, epoch milliseconds. */
  readonly throttledAt?: number;
}

/** The limits of the simulated run, which are the same as those of a real one. */
export interface ShadowOptions {
  readonly bounds: Range;
  readonly dimension: Dimension;
  /** How much of the burst capacity the method may rely on, from 0 to 1. */
  readonly reliance?: number;
}

/** The assumed utilization of a table at its first demand. */
const STARTING_UTILIZATION = 0.7;

/** The capacity that a table is assumed to have at its first demand, units per second. */
export const startingCapacity = (demand: number): number => demand / STARTING_UTILIZATION;

/** A table at its first demand, units per second, with full burst capacity. */
export const startingModel = (demand: number, bounds: Range): Model =>
  modeled(whole(startingCapacity(demand), bounds));

/**
 * The shadow after minutes that follow the known ones, by the rules of the backtest: no decision knows its own minute.
 */
export function followed<Memory>(
  learner: Learner<Memory>,
  before: Shadow<Memory>,
  minutes: readonly Minute[],
  { bounds, dimension, reliance }: ShadowOptions,
): Shadow<Memory> {
  let { model, series, comparison, throttledAt } = before;
  for (const minute of minutes) {
    const demand = demandOf(minute);
    const { provisioned } = model;
    const after = served(model, demand);
    const { consumed, throttled } = after.served;
    const seen = learned(learner, series, [{ at: minute.at, consumed, throttled }], () => provisioned)!;
    series = { ...seen, sampleAt: series?.sampleAt ?? seen.sampleAt };
    comparison = compared(comparison, demand, provisioned, throttled);
    if (throttled > 0) throttledAt = minute.at;
    const now = minute.at + MINUTE_MS;
    const number = now / MINUTE_MS;
    model = modelAt(after.model, number);
    if (model.change || now < series.sampleAt) continue;
    const moment = {
      now,
      provisioned: model.provisioned,
      decreases: model.quota,
      reliance,
      tolerable: RUN_TOLERABLE,
    };
    const decision = decided(learner, series, moment, now, dimension);
    const units = whole(decision.proposal.units, bounds);
    const held = units < model.provisioned && isRefusedLately(throttledAt, now);
    // A decrease that did not happen must not end the wait for the next decrease.
    series = held ? { ...decision.series, memory: series.memory } : decision.series;
    if (held) continue;
    const next = changed(model, units, number, now);
    if (next !== 'refused') model = next;
  }
  return { model, series, comparison, ...(throttledAt !== undefined && { throttledAt }) };
}
