/**
 * A global index that DynamoDB fills. Filling competes with the writes of the table, and if the index throttles, the table
 * does too. So its writes are raised, and nothing of it is lowered.
 */
import { askMetric } from '../../ask.ts';
import { MINUTE_MS } from '../../calendar/period.ts';
import { demandWindow, type Minute, maxSetting } from '../../capacity/demand.ts';
import type { Capacity } from '../../facts.ts';
import { type Answer, nothing } from '../../outcome.ts';
import type { Spec } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { capitalized } from '../../text.ts';
import { isBuilding, raisesBuilding } from '../../throughput.ts';
import { reactive } from '../methods/reactive.ts';
import { type DimensionContext, sayMaximum } from '../sampling/dimension-context.ts';
import { holdingWhileRefused } from '../sampling/refused.ts';
import { sampleTable } from '../sampling/table-sample.ts';
import { unscaledDimensions } from '../sampling/unscaled.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/** Throttled writes of the filling itself, which WriteThrottleEvents does not count: one value for five minutes. */
const ONLINE_THROTTLES = 'OnlineIndexThrottleEvents';
const ONLINE_MS = 5 * MINUTE_MS;
/** A value is published some minutes after its five minutes. */
const NEWEST_ONLINE_MS = 12 * MINUTE_MS;

/** Decides for the writes of every index that DynamoDB fills, also of one that the spec does not have. */
export function decideBuilding(context: TableContext): DimensionDecision[] {
  const { state, table } = context;
  if (!raisesBuilding(table.spec)) return [];
  return state.capacities
    .filter((capacity) => isBuilding(capacity) && capacity.status === 'CREATING')
    .map((capacity) => raised(context, writesOf(table.spec, capacity)));
}

/** An index that the spec does not have has the bounds of its table. */
function writesOf({ resources }: Spec, capacity: Capacity): DimensionContext {
  const resource = resources.find(({ index }) => index === capacity.index) ?? resources[0]!;
  const own = unscaledDimensions(capacity, resource.bounds.write).find(
    ({ dimension }) => dimension === 'write',
  )!;
  return { ...own, maxSetting: maxSetting('write', resource.index) };
}

function raised(context: TableContext, own: DimensionContext): DimensionDecision {
  const sample = sampleTable(context, own, Math.max(context.table.period.start, context.state.createdAt));
  if ('pending' in sample) return undecided(own, sample.pending);
  const online = newestOnline(context, own);
  if ('pending' in online) return undecided(own, online.pending);
  const minutes = withOnline(sample.value.minutes, online.value);
  const { write: provisioned, lastIncrease } = own.capacity;
  const { units, reason, message } = reactive.decide({
    now: context.now,
    minutes,
    provisioned,
    ...(lastIncrease !== undefined && { lastIncrease }),
    scaling: own.resource.scaling,
  });
  if (units <= provisioned) return undecided(own);
  const { max } = own.bounds;
  if (provisioned >= max) {
    const held = `${capitalized(own.name)} need ${units} (${message}), but ${sayMaximum(own)}`;
    const hold = { kind: 'raise', reason: 'bounds', message: held } as const;
    return { dimension: own, outcome: holdingWhileRefused(context, [own], hold) };
  }
  const target = {
    units: Math.min(max, units),
    reason,
    message: `${message}, while DynamoDB fills the index`,
  };
  return { dimension: own, target, refused: minutes.at(-1)?.throttled ?? 0, outcome: nothing };
}

/** Throttled writes of the filling in the newest five minutes that are known, per second. */
function newestOnline(
  { observed, table, now }: TableContext,
  { capacity }: DimensionContext,
): Answer<number> {
  const { index, lastIncrease = -Infinity } = capacity;
  const { to } = demandWindow(now);
  const window = { from: to - NEWEST_ONLINE_MS, to };
  const query = { metric: ONLINE_THROTTLES, table: table.name, ...(index !== undefined && { index }) };
  const series = askMetric(observed, query, window);
  if ('pending' in series) return series;
  const sums = 'sums' in series.value ? [...series.value.sums] : [];
  const newest = sums.filter(([at]) => at >= Math.max(window.from, lastIncrease)).at(-1);
  return { value: (newest?.[1] ?? 0) / (ONLINE_MS / 1000) };
}

/** The minutes, with the throttled writes of the filling in the newest one. */
const withOnline = (minutes: readonly Minute[], online: number): Minute[] =>
  minutes.map((minute, i) =>
    i === minutes.length - 1 ? { ...minute, throttled: minute.throttled + online } : minute,
  );
