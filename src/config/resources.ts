import { TABLE_QUOTA } from '../core/capacity/quota.ts';
import type { Scaling as CoreScaling, Range, Resource, Step, Units } from '../core/spec.ts';
import type { Range as RangeSetting, Scaling, Step as StepSetting } from '../generated/settings.ts';
import type { Properties, Throughput } from '../generated/tables.ts';
import { merge } from './merge.ts';

/** Limits the cost of a wrong measurement or method to this multiple of the provisioned throughput in the spec. */
const HIGHEST_FACTOR = 10;

/**
 * The provisioned resources of a spec: its table, then each global index. An on-demand spec has none.
 * Strings in `properties` and `scaling` must already be converted to numbers.
 */
export function resourcesOf(properties: Properties, scaling: Scaling): Resource[] {
  if (properties.BillingMode === 'PAY_PER_REQUEST') return [];
  const indexes = (properties.GlobalSecondaryIndexes ?? []).map((index) => {
    const own = Object.hasOwn(scaling.Indexes ?? {}, index.IndexName)
      ? scaling.Indexes?.[index.IndexName]
      : {};
    const { Read: _, Write: __, ...shared } = scaling;
    return { index: index.IndexName, ...throughputOf(index, merge([shared, own]) as Scaling) };
  });
  const all = [throughputOf(properties, scaling), ...indexes];
  return properties.Outdated?.BillingMode === 'PAY_PER_REQUEST' ? all.map(parkedLow) : all;
}

/**
 * A spec whose outdated tables are on-demand has no throughput of outdated tables to park upcoming ones at. Until warm-up, they
 * have the least that scaling may set. Otherwise, idle tables would cost full price.
 */
function parkedLow<R extends Omit<Resource, 'index'>>(resource: R): R {
  const { full, bounds } = resource;
  return { ...resource, parked: mapped(full, bounds, (units, { min }) => Math.min(units, min)) };
}

interface Provisioned {
  readonly ProvisionedThroughput?: Throughput;
  readonly OutdatedTableProvisionedThroughput?: Throughput;
}

function throughputOf(part: Provisioned, set: Scaling): Omit<Resource, 'index'> {
  const full = unitsOf(part.ProvisionedThroughput);
  const lowered = part.OutdatedTableProvisionedThroughput;
  const outdated = lowered ? unitsOf(lowered) : full;
  const range = (own: RangeSetting | undefined, dimension: keyof Units): Range => {
    const both = [full[dimension], outdated[dimension]];
    return rangeOf(own, lowered ? Math.min(...both) : 1, highestOf(Math.max(...both)));
  };
  const bounds = { read: range(set.Read, 'read'), write: range(set.Write, 'write') };
  // The default minimum of a table whose period has ended is its outdated throughput, even if that is above full.
  const lowest = (own: RangeSetting = {}, dimension: keyof Units): number =>
    own.Min === undefined && lowered
      ? Math.min(bounds[dimension].max, outdated[dimension])
      : Math.min(bounds[dimension].min, outdated[dimension]);
  return {
    full: mapped(full, bounds, (units, { min, max }) => Math.min(max, Math.max(min, units))),
    outdated: mapped(outdated, bounds, (units, { max }) => Math.min(max, units)),
    bounds,
    lowestAfter: { read: lowest(set.Read, 'read'), write: lowest(set.Write, 'write') },
    scaling: {
      method: String(set.Method) as CoreScaling['method'],
      targetUtilization: Number(set.TargetUtilization),
      step: stepOf(set.Step),
      burstReliance: Number(set.BurstReliance) / 100,
    },
  };
}

const stepOf = ({ RaiseAbove, RaiseBy, LowerBelow, LowerBy }: StepSetting = {}): Step => ({
  raiseAbove: Number(RaiseAbove),
  raiseBy: Number(RaiseBy),
  lowerBelow: Number(LowerBelow),
  lowerBy: Number(LowerBy),
});

/** Exceeds the default quota only if the spec does, which means that AWS has raised the quota. */
const highestOf = (units: number): number => Math.max(units, Math.min(TABLE_QUOTA, units * HIGHEST_FACTOR));

function mapped(
  { read, write }: Units,
  bounds: Resource['bounds'],
  change: (units: number, range: Range) => number,
): Units {
  return { read: change(read, bounds.read), write: change(write, bounds.write) };
}

function unitsOf(throughput: Throughput | undefined): Units {
  return {
    read: Number(throughput?.ReadCapacityUnits),
    write: Number(throughput?.WriteCapacityUnits),
  };
}

/** Bounds that are set apply. A derived bound moves if it contradicts a bound that is set. */
function rangeOf(set: RangeSetting = {}, lowest: number, highest: number): Range {
  const min = set.Min === undefined ? undefined : Number(set.Min);
  const max = set.Max === undefined ? undefined : Number(set.Max);
  return {
    min: min ?? Math.min(lowest, max ?? lowest),
    max: max ?? Math.max(highest, min ?? highest),
  };
}
