import type { Range } from '../spec.ts';
import { BURST_SECONDS, type Served, serveMinute } from './burst.ts';
import { type Decreases, decreasesToday, nextDecreaseAt } from './quota.ts';

/** A change asked for in minute t serves from minute t + 2. */
export const LANDING_MINUTES = 2;

/** One throughput dimension of a provisioned table as docs/capacity.md models it: plain data, minute by minute. */
export interface Model {
  /** Capacity that serves, units per second. */
  readonly provisioned: number;
  /** Unit-seconds in the burst capacity. */
  readonly bucket: number;
  readonly quota: Decreases;
  /** What serves from a minute on, by the number of the minute; nothing further is accepted until then. */
  readonly coming?: { readonly units: number; readonly minute: number };
}

/** A table at a capacity in units per second, its bucket full unless told otherwise. */
export const modelled = (provisioned: number, bucket = provisioned * BURST_SECONDS): Model => ({
  provisioned,
  bucket,
  quota: { decreases: 0 },
});

/** Capacity that it has, or will have once the change under way serves. */
export const heading = ({ provisioned, coming }: Model): number => coming?.units ?? provisioned;

/** As it stands when a minute begins. */
export function landed(model: Model, minute: number): Model {
  if (!model.coming || model.coming.minute > minute) return model;
  const { coming, ...rest } = model;
  return { ...rest, provisioned: coming.units };
}

/** After a minute of demand, units per second, and what became of that. */
export function served(
  model: Model,
  demand: number,
  burstSeconds = BURST_SECONDS,
): { readonly model: Model; readonly served: Served } {
  const of = serveMinute(demand, model.provisioned, model.bucket, burstSeconds);
  return { model: { ...model, bucket: of.bucket }, served: of };
}

/**
 * After a capacity was asked for in a minute; `refused` where the quota has no decrease left at `now`, epoch
 * milliseconds. A table that is changing takes nothing.
 */
export function asked(model: Model, units: number, minute: number, now: number): Model | 'refused' {
  if (model.coming || units === model.provisioned) return model;
  const coming = { units, minute: minute + LANDING_MINUTES };
  if (units > model.provisioned) return { ...model, coming };
  if (nextDecreaseAt(model.quota, now) > now) return 'refused';
  return { ...model, coming, quota: { decreases: decreasesToday(model.quota, now) + 1, lastDecrease: now } };
}

/** Whole units within bounds. */
export const whole = (units: number, { min, max }: Range): number =>
  Math.min(max, Math.max(min, Math.ceil(units)));
