/** The promises in their simplest words, reckoned anew from tags and names, and not by the planners' code. */

import { type Period, periodAt, shift } from '../src/core/calendar/period.ts';
import type { Dimension } from '../src/core/capacity/demand.ts';
import { ownershipTags } from '../src/core/guards/ownership.ts';
import type { Config, Spec } from '../src/core/spec.ts';

type Tags = Readonly<Record<string, string>>;

/** The spec that a table was made for, as far as the config still has it in that form. */
export function specOf(config: Config, tags: Tags): Spec | undefined {
  return config.specs.find(
    ({ name, scheme, environment }) =>
      tags[ownershipTags.spec] === name &&
      tags[ownershipTags.scheme] === scheme &&
      tags[ownershipTags.environment] === environment,
  );
}

/** The start of the period that a table was made for. */
export const periodOf = (tags: Tags): number => Date.parse(tags[ownershipTags.period] ?? '');

/** Whether a period is before the oldest that is kept at `instant`, and late writers have had their time. */
export function expired(spec: Spec, start: number, instant: number): boolean {
  if (spec.keep === Infinity || spec.scheme === 'none' || Number.isNaN(start)) return false;
  let oldest = periodAt(spec.scheme, instant);
  for (let kept = 1; kept < spec.keep; kept += 1) oldest = periodAt(spec.scheme, oldest.start - 1);
  return start < oldest.start && periodAt(spec.scheme, start).end + spec.settings.drainMs <= instant;
}

export const currentName = (spec: Spec, instant: number): string =>
  nameOf(spec, periodAt(spec.scheme, instant));

/** Names of the tables that may be made at `instant`: the current one, those ahead, those backfilled. */
export function wantedNames(spec: Spec, instant: number): string[] {
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

/** What capacity may be set to: within the bounds, or the spec's own full and outdated units. */
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
