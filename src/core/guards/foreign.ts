import { parseTableName } from '../calendar/naming.ts';
import { type Period, type RotationScheme, SCHEMES } from '../calendar/period.ts';
import { rotationAt } from '../calendar/rotation.ts';
import type { Spec } from '../spec.ts';
import { disowned, ownershipTags } from './ownership.ts';

/** A table of a group whose scheme is not the one that the spec has for its period. */
export interface Foreign {
  readonly name: string;
  readonly scheme: RotationScheme;
  readonly period: Period;
}

/** A spec as it was when it had a scheme. */
export const withScheme = (spec: Spec, scheme: RotationScheme): Spec => ({ ...spec, scheme, previously: [] });

/** What the tags of a table show of its scheme; undefined if the spec has it, or if Turntable did not create the table. */
export function foreignBy(
  spec: Spec,
  name: string,
  tags: Readonly<Record<string, string>>,
): Foreign | undefined {
  const scheme = tags[ownershipTags.scheme] as RotationScheme;
  if (!SCHEMES.includes(scheme)) return undefined;
  const asCreated = withScheme(spec, scheme);
  const period = parseTableName(asCreated, name);
  if (!period || disowned(asCreated, period, name, tags)) return undefined;
  const wanted = rotationAt(spec, period.start).scheme;
  return wanted === scheme ? undefined : { name, scheme, period };
}

/** The one whose period starts last. */
export const newestOf = (found: readonly Foreign[]): Foreign =>
  found.reduce((last, each) => (each.period.start > last.period.start ? each : last));
