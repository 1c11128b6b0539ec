import { MINUTE_MS } from '../calendar/period.ts';
import { demandWindow, dimensions, queryFor } from '../capacity/demand.ts';
import { PAUSE_MINUTES } from '../capacity/refusals.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Hold, HoldReason } from '../plan.ts';

/** Requests throttled in the newest minutes, as far as a run has read them; undefined if it has read none. */
export function throttledRequests(
  tables: readonly Table[],
  observed: Observed,
  now: number,
): number | undefined {
  const { to } = demandWindow(now);
  const from = to - PAUSE_MINUTES * MINUTE_MS;
  const measured = tables.filter(({ name }) => observed.hasMetrics(name));
  const known = measured.flatMap(({ name, spec }) =>
    [undefined, ...spec.resources.flatMap(({ index }) => index ?? [])].flatMap((index) =>
      dimensions.flatMap((dimension) => {
        const query = queryFor(name, index, dimension, 'throttled');
        const window = observed.windowOf(query);
        if (!window || window.to <= from) return [];
        const series = observed.metric(query, window);
        return series && 'sums' in series ? [sumSince(series.sums, from)] : [];
      }),
    ),
  );
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0);
}

const sumSince = (sums: ReadonlyMap<number, number>, from: number): number =>
  [...sums].reduce((sum, [at, one]) => (at >= from ? sum + one : sum), 0);

/** Why a table that throttles requests is not raised: its own maximum, or a quota. */
const atBound: ReadonlySet<HoldReason> = new Set<HoldReason>(['bounds', 'account-limit']);

/** The longest time for which requests have been throttled at a bound, in seconds. Accepted ones do not count. */
export const secondsThrottledAtBound = (holds: readonly Hold[]): number =>
  Math.max(
    0,
    ...holds.map(({ reason, shortage }) =>
      atBound.has(reason) && shortage?.cause === 'refused' && !shortage.accepted
        ? (shortage.minutes ?? 0) * 60
        : 0,
    ),
  );

/** The reads and writes of current tables and their indexes whose capacity is at its maximum: `Events write`. */
export const capacityAtBound = (tables: readonly Table[], observed: Observed): string[] =>
  tables
    .filter(({ phase }) => phase === 'active')
    .flatMap(({ name, spec }) => {
      const state = observed.known('description', name);
      if (state?.billingMode !== 'PROVISIONED') return [];
      return spec.resources
        .filter(({ scaling }) => scaling.method !== 'none')
        .flatMap(({ index, bounds }) => {
          const capacity = state.capacities.find((one) => one.index === index);
          const full = dimensions.filter((one) => capacity && capacity[one] >= bounds[one].max);
          return full.map((one) => [name, index, one].filter(Boolean).join(' '));
        });
    });
