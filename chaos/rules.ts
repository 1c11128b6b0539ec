/** The promises as simple rules. They use tags and names, and not the code of the planners. */

import { type Period, periodAt } from '../src/core/calendar/period.ts';
import type { Dimension } from '../src/core/capacity/demand.ts';
import type { Retention } from '../src/core/facts.ts';
import { ownershipTags } from '../src/core/guards/ownership.ts';
import type { Config, Spec } from '../src/core/spec.ts';

type Tags = Readonly<Record<string, string>>;

/** The scheme and the retention that a spec has for periods that start at `start`. NaN: the only table of `none`. */
function rotationFor(spec: Retention, start: number): Pick<Spec, 'scheme' | 'keep'> {
  let found: Pick<Spec, 'scheme' | 'keep'> = spec;
  for (const earlier of (spec.previously ?? []).toReversed()) if (start < earlier.until) found = earlier;
  return found;
}

/** The spec of a table, if the configuration still has it with the table's scheme for the table's period. */
export function specOf(config: Pick<Config, 'specs'>, tags: Tags): Spec | undefined {
  return config.specs.find(
    (spec) =>
      isOfGroup(spec, tags) && tags[ownershipTags.scheme] === rotationFor(spec, periodOf(tags)).scheme,
  );
}

/** Whether a table was created for a spec that the configuration now has with another scheme. */
export const isOfOtherScheme = (config: Config, tags: Tags): boolean =>
  specOf(config, tags) === undefined && config.specs.some((spec) => isOfGroup(spec, tags));

const isOfGroup = (spec: Spec, tags: Tags): boolean =>
  tags[ownershipTags.spec] === spec.name && tags[ownershipTags.environment] === spec.environment;

/** The start of the period of a table, in epoch milliseconds. */
export const periodOf = (tags: Tags): number => Date.parse(tags[ownershipTags.period] ?? '');

/** Whether a period is older than all retained periods of its scheme at `instant`, and its drain window has ended. */
export function expired(spec: Spec, start: number, instant: number): boolean {
  return retentionEnded(spec, start, instant) && drainedAt(spec, start) <= instant;
}

/** The period of a group that contains `instant`. */
export const periodAround = (spec: Spec, instant: number): Period =>
  periodAt(rotationFor(spec, instant).scheme, instant);

/** When the drain window of a period ends. */
export const drainedAt = (spec: Spec, start: number): number =>
  periodAround(spec, start).end + spec.settings.drainMs;

/** Whether a period is older than all retained periods of its scheme at `instant`. */
export function retentionEnded(retention: Retention, start: number, instant: number): boolean {
  const { scheme, keep } = rotationFor(retention, start);
  if (keep === Infinity || scheme === 'none' || Number.isNaN(start)) return false;
  let oldest = periodAt(scheme, instant);
  for (let retained = 1; retained < keep; retained += 1) oldest = periodAt(scheme, oldest.start - 1);
  return start < oldest.start;
}

/** Whether a table with this name belongs to the group, or seems to. */
export const isNameOf = ({ environment, name }: Spec, table: string): boolean =>
  table.startsWith(`${environment}.${name}.`) && /^\d{8}(\d\d)?$/.test(table.split('.')[2] ?? '');

export const currentName = (spec: Spec, instant: number): string => nameOf(spec, periodAround(spec, instant));

/** The names of the tables that a run can create at `instant`: current, upcoming and backfilled ones. */
export function creatableNames(spec: Spec, instant: number): string[] {
  const current = periodAround(spec, instant);
  if (spec.scheme === 'none') return [nameOf(spec, current)];
  const periods = [current];
  for (let back = 0; back < spec.backfill; back += 1)
    periods.unshift(periodAround(spec, periods[0]!.start - 1));
  for (let ahead = 0; ahead < spec.settings.periodsAhead; ahead += 1)
    periods.push(periodAround(spec, periods.at(-1)!.end));
  return periods.map((period) => nameOf(spec, period));
}

/** The name of a table whose retention ended some periods before `instant`. */
export function expiredName(spec: Spec, instant: number, periods: number): string {
  let period = periodAround(spec, instant);
  for (let back = 0; back < spec.keep + periods; back += 1) period = periodAround(spec, period.start - 1);
  return nameOf(spec, period);
}

function nameOf(spec: Spec, { start }: Period): string {
  const { scheme } = rotationFor(spec, start);
  const { environment, name } = spec;
  if (scheme === 'none') return `${environment}.${name}`;
  const [date = '', time = ''] = new Date(start).toISOString().split('T');
  const hour = scheme === 'hourly' ? time.slice(0, 2) : '';
  return `${environment}.${name}.${date.replaceAll('-', '')}${hour}`;
}

/** The range of allowed capacity: the bounds, extended by the spec's own full and outdated units. */
export function throughputRange(
  spec: Spec,
  index: string | undefined,
  dimension: Dimension,
  active: boolean,
) {
  const resource = spec.resources.find((each) => each.index === index);
  if (!resource) return { low: Infinity, high: -Infinity };
  const { full, outdated, bounds } = resource;
  const low = Math.min(bounds[dimension].min, full[dimension]);
  const high = Math.max(bounds[dimension].max, full[dimension], outdated[dimension]);
  return { low: active ? low : Math.min(low, outdated[dimension]), high };
}
