import type { Range } from '../spec.ts';
import { BURST_SECONDS, type Served, serveMinute } from './burst.ts';
import { type Decreases, decreasesToday, nextDecreaseAt } from './quota.ts';

/** A change that is requested in minute t takes effect in minute t + 2. */
export const MINUTES_UNTIL_EFFECTIVE = 2;

/** One throughput dimension of a provisioned table as docs/capacity.md models it: plain data, minute by minute. */
export interface Model {
  /** Capacity in effect, units per second. */
  readonly provisioned: number;
  /** Burst capacity that is left, unit-seconds. */
  readonly burstBalance: number;
  readonly quota: Decreases;
  /** A change under way, and the number of the minute in which it takes effect. No other is accepted until then. */
  readonly change?: { readonly units: number; readonly minute: number };
}

/** A table at a capacity in units per second, with full burst capacity by default. */
export const modeled = (provisioned: number, burstBalance = provisioned * BURST_SECONDS): Model => ({
  provisioned,
  burstBalance,
  quota: { decreases: 0 },
});

/** Its capacity after the change under way, units per second. */
export const capacityAfterChange = ({ provisioned, change }: Model): number => change?.units ?? provisioned;

/** The table at the start of a minute. A change that takes effect in that minute is complete. */
export function modelAt(model: Model, minute: number): Model {
  if (!model.change || model.change.minute > minute) return model;
  const { change, ...rest } = model;
  return { ...rest, provisioned: change.units };
}

/** The table after a minute of demand, units per second, and the part of the demand that was served. */
export function served(
  model: Model,
  demand: number,
  burstSeconds = BURST_SECONDS,
): { readonly model: Model; readonly served: Served } {
  const minute = serveMinute(demand, model.provisioned, model.burstBalance, burstSeconds);
  return { model: { ...model, burstBalance: minute.burstBalance }, served: minute };
}

/**
 * The table after a request for a capacity in a minute. `refused` if the quota allows no decrease at `now`, epoch
 * milliseconds. A table with a change under way stays as it is.
 */
export function changed(model: Model, units: number, minute: number, now: number): Model | 'refused' {
  if (model.change || units === model.provisioned) return model;
  const change = { units, minute: minute + MINUTES_UNTIL_EFFECTIVE };
  if (units > model.provisioned) return { ...model, change };
  if (nextDecreaseAt(model.quota, now) > now) return 'refused';
  return { ...model, change, quota: { decreases: decreasesToday(model.quota, now) + 1, lastDecrease: now } };
}

/** Whole units within bounds. */
export const whole = (units: number, { min, max }: Range): number =>
  Math.min(max, Math.max(min, Math.ceil(units)));
