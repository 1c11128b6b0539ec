/** The promises as simple rules. They use tags and names, and not the code of the planners. */

import { type Period, periodAt, shift } from '../src/core/calendar/period.ts';
import type { Dimension } from '../src/core/capacity/demand.ts';
import { ownershipTags } from '../src/core/guards/ownership.ts';
import type { Config, Spec } from '../src/core/spec.ts';

type Tags = Readonly<Record<string, string>>;

/** The spec of a table, if the configuration still has it with the same scheme. */
export function specOf(config: Config, tags: Tags): Spec | undefined {
  return config.specs.find(
    ({ name, scheme, environment }) =>
      tags[ownershipTags.spec] === name &&
      tags[ownershipTags.scheme] === scheme &&
      tags[ownershipTags.environment] === environment,
  );
}

/** The start of the period of a table, in epoch milliseconds. */
export const periodOf = (tags: Tags): number => Date.parse(tags[ownershipTags.period] ?? '');

/** Whether a period is older than all retained periods at `instant`, and its drain window has ended. */
export function expired(spec: Spec, start: number, instant: number): boolean {
  if (spec.keep === Infinity || spec.scheme === 'none' || Number.isNaN(start)) return false;
  let oldest = periodAt(spec.scheme, instant);
  for (let retained = 1; retained < spec.keep; retained += 1)
    oldest = periodAt(spec.scheme, oldest.start - 1);
  return start < oldest.start && periodAt(spec.scheme, start).end + spec.settings.drainMs <= instant;
}

export const currentName = (spec: Spec, instant: number): string =>
  nameOf(spec, periodAt(spec.scheme, instant));

/** The names of the tables that a run can create at `instant`: current, upcoming and backfilled ones. */
export function creatableNames(spec: Spec, instant: number): string[] {
  const { periodsAhead } = spec.settings;
  const count = spec.scheme === 'none' ? 1 : spec.backfill + 1 + periodsAhead;
  const offset = (place: number): number => (spec.scheme === 'none' ? 0 : place - spec.backfill);
  return Array.from({ length: count }, (_, place) =>
    nameOf(spec, shift(spec.scheme, instant, offset(place))),
  );
}

function nameOf({ environment, name, scheme }: Spec, { start }: Period): string {
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
