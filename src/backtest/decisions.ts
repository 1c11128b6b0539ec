import { iso } from '../core/calendar/instant.ts';
import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Simulation } from './simulate.ts';
import type { DemandSeries } from './trace.ts';

const rounded = (units: number): number => Math.round(units * 1000) / 1000;

/** One row per minute, units per second: demand, capacity, and what was consumed and throttled. */
export function decisionsCsv({ start, demand }: DemandSeries, simulation: Simulation): string {
  const { capacity, consumed, throttled } = simulation;
  const rows = ['timestamp,demand,provisioned,consumed,throttled'];
  for (let t = 0; t < demand.length; t++) {
    const units = [demand[t]!, capacity[t]!, consumed[t]!, throttled[t]!].map(rounded);
    rows.push(`${iso(start + t * MINUTE_MS)},${units.join(',')}`);
  }
  return `${rows.join('\n')}\n`;
}
