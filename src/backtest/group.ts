import { MINUTE_MS, periodAt, type RotationScheme } from '../core/calendar/period.ts';
import { startingCapacity } from '../core/scaling/billing/shadow.ts';
import type { Simulation, SimulationOptions } from './simulate.ts';
import { threeTables } from './standing.ts';
import { Table } from './table.ts';
import { type DemandSeries, sum } from './trace.ts';

/** The tables of a rotated group: the current, the upcoming and the previous one. */
export interface Group {
  readonly current: Table;
  readonly upcoming: Table;
  readonly previous: Table | undefined;
}

/** What a group's controller knows at the end of minute `t`. */
export interface GroupView extends Group {
  readonly t: number;
  /** Start of minute t, epoch milliseconds. */
  readonly now: number;
  /** End of the current period, epoch milliseconds. */
  readonly periodEnd: number;
  /** Minutes since the current period started. */
  readonly age: number;
  /** Of the table that was current in each minute: consumed and throttled up to t − 1, capacity up to t; units per second. */
  readonly consumed: Float64Array;
  readonly throttled: Float64Array;
  readonly capacity: Float64Array;
}

export interface GroupController {
  /** Requests the capacities that the tables should have. */
  decide(view: GroupView): void;
  /** Capacity with which a table is created, one period before it is current. */
  readonly created: number;
  /**
   * How long before its period an upcoming table gets the current table's `units`, milliseconds. If demand starts later
   * than that, the first upcoming table is ready from the start. Default: the first upcoming table keeps the capacity
   * of its creation.
   */
  handoverMs?(units: number): number;
}

/**
 * Replays demand over a group whose tables follow each other. The current table gets all demand. The upcoming table
 * exists one period ahead, and `standing` says which others exist. The cost is that of all tables.
 */
export function simulateGroup(
  { start, demand }: DemandSeries,
  scheme: RotationScheme,
  controller: GroupController,
  options: SimulationOptions = {},
): Simulation {
  const n = demand.length;
  const minutes = (): Float64Array => new Float64Array(n);
  const [capacity, consumed, throttled, beside] = [minutes(), minutes(), minutes(), minutes()];
  const create = (units: number): Table => new Table(units, options);
  const first = create(Math.max(controller.created, options.initial ?? startingCapacity(demand[0]!)));
  const { ahead, goneAt } = options.standing ?? threeTables(scheme);
  let { start: periodStart, end: periodEnd } = periodAt(scheme, start);
  const units = first.provisioned;
  const ready = periodEnd - start <= (controller.handoverMs?.(units) ?? 0);
  const next = create(ready ? units : controller.created);
  let group: Group = { current: first, upcoming: next, previous: undefined };
  const all: Table[] = [first, next];
  /** Tables whose period has ended, and when they are deleted. */
  let ended: { readonly table: Table; readonly goneAt: number }[] = [];
  let began = 0;
  for (let t = 0; t < n; t++) {
    const now = start + t * MINUTE_MS;
    if (now >= periodEnd) {
      ended.push({ table: group.current, goneAt: goneAt(periodStart) });
      group = { current: group.upcoming, upcoming: create(controller.created), previous: group.current };
      all.push(group.upcoming);
      ({ start: periodStart, end: periodEnd } = periodAt(scheme, now));
      began = t;
    }
    const { current, upcoming, previous } = group;
    const served = current.serve(t, demand[t]!);
    upcoming.serve(t, 0);
    previous?.serve(t, 0);
    capacity[t] = current.provisioned;
    ended = ended.filter((one) => one.goneAt > now);
    const later = Math.max(0, ahead - 1) * controller.created;
    beside[t] = ended.reduce((units, { table }) => units + table.provisioned, upcoming.provisioned + later);
    controller.decide({ ...group, t, now, periodEnd, age: t - began, consumed, throttled, capacity });
    consumed[t] = served.consumed;
    throttled[t] = served.throttled;
  }
  const count = (of: 'raises' | 'decreases' | 'refused'): number =>
    sum(Float64Array.from(all, (table) => table[of]));
  return {
    capacity,
    consumed,
    throttled,
    raises: count('raises'),
    decreases: count('decreases'),
    refused: count('refused'),
    beside,
    billed: sum(capacity) + sum(beside),
    metricReads: 0,
  };
}
