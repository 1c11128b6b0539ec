/** What a fleet costs: by phase at present, and by month as its metrics say. */
import { iso } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import { type Cost, monthOf } from '../cost.ts';
import type { Phase } from '../phase.ts';
import type { Prices } from '../prices.ts';
import type { Measured } from './chart.ts';
import type { FleetCost, MonthCost, PhaseCost } from './model.ts';
import { UNKNOWN } from './series.ts';
import type { ReportWindow } from './window.ts';

export interface CostedTable {
  readonly phase: Phase;
  /** null if it does not exist. */
  readonly cost: Cost | null;
}

/** In the order of a table's life. A new phase does not compile until it is here. */
const order: Readonly<Record<Phase, number>> = {
  upcoming: 0,
  active: 1,
  draining: 2,
  outdated: 3,
  expired: 4,
};
const phases = (Object.keys(order) as Phase[]).sort((a, b) => order[a] - order[b]);

/** The phases that have tables. */
export const phaseCosts = (tables: readonly CostedTable[]): PhaseCost[] =>
  phases.flatMap((phase) => {
    const costs = tables.flatMap((table) => (table.phase === phase ? (table.cost ?? []) : []));
    if (costs.length === 0) return [];
    const total = (of: (cost: Cost) => number): number => costs.reduce((all, cost) => all + of(cost), 0);
    return [
      {
        phase,
        tables: costs.length,
        throughput: total(({ throughput }) => throughput ?? 0),
        storage: total(({ storage }) => storage),
        unknown: costs.filter(({ throughput }) => throughput === null).length,
      },
    ];
  });

/**
 * The throughput of current tables by calendar month of UTC, of the part of it in the window. Provisioned capacity is paid by
 * the hour, consumption without it by the unit. Every replica writes what its table writes. Steps without any data cost nothing.
 */
export function monthCosts(
  measured: readonly Measured[],
  { from, to, stepMs }: ReportWindow,
  { unitHour, onDemandMillion }: Prices,
  replicas = 0,
): MonthCost[] {
  const months = new Map<string, { steps: number; throughput: number }>();
  const hours = stepMs / HOUR_MS;
  for (let at = from, step = 0; at < to; at += stepMs, step += 1) {
    const name = iso(at).slice(0, 7);
    const month = months.get(name) ?? { steps: 0, throughput: 0 };
    months.set(name, month);
    month.steps += 1;
    for (const { capacity, consumed, dimension } of measured) {
      const copies = dimension === 'write' ? 1 + replicas : 1;
      month.throughput +=
        capacity[step] === UNKNOWN
          ? (consumed[step]! * copies * hours * 3600 * onDemandMillion[dimension]) / 1e6
          : capacity[step]! * hours * unitHour[dimension];
    }
  }
  return [...months].map(([month, { steps, throughput }]) => ({ month, hours: steps * hours, throughput }));
}

/** `months`: of each group, about the same window. */
export const fleetCost = (
  tables: readonly CostedTable[],
  months: readonly (readonly MonthCost[])[],
): FleetCost => ({
  month: tables.reduce((all, { cost }) => all + (cost ? monthOf(cost) : 0), 0),
  phases: phaseCosts(tables),
  months: (months[0] ?? []).map((month, i) => ({
    ...month,
    throughput: months.reduce((all, group) => all + (group[i]?.throughput ?? 0), 0),
  })),
});
