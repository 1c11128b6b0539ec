/** How the benches of docs/capacity.md compare a method with target tracking. */
import type { Figures } from '../src/backtest/figures.ts';

/** Provisioned capacity is a reasonable choice if target tracking throttles less than this share. */
const STEADY = 0.1;
/** The share of demand that may be throttled in any case. */
export const NEGLIGIBLE = 0.0005;

export const isSteady = (tracking: Figures): boolean => tracking.throttledShare < STEADY;

/** Whether a method throttles more than target tracking and more than a negligible share. */
export const throttlesMore = (method: Figures, tracking: Figures, negligible: number): boolean =>
  method.throttledShare > Math.max(negligible, tracking.throttledShare);
