import type { Proposal } from '../../capacity/method.ts';

/** A proposal whose reason is utilization. */
export function proposed(units: number, provisioned: number, message: string): Proposal {
  if (units === provisioned) return { units, reason: 'steady', message };
  return { units, reason: units > provisioned ? 'utilization-high' : 'utilization-low', message };
}

/** `12.4/s is 248% of 5`. */
export const usage = (rate: number, provisioned: number): string =>
  `${Number(rate.toFixed(1))}/s is ${Math.round((rate * 100) / provisioned)}% of ${provisioned}`;
