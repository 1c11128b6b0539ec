import { sayInstant } from '../calendar/instant.ts';
import { rotationAt } from '../calendar/rotation.ts';
import type { Retention } from '../facts.ts';
import type { Spec } from '../spec.ts';

/** The number of retained periods, as in a spec. */
export const sayKeep = ({ keep }: Pick<Retention, 'keep'>): string =>
  keep === Infinity ? '-1' : String(keep);

/** `PurgeRotation 14`, or `PurgeRotation 14 (daily)` if the schemes differ. */
const sayRetention = (one: Retention, other: Retention): string =>
  `${sayKeep(one)}${one.scheme === other.scheme ? '' : ` (${one.scheme})`}`;

/** What changed, of the present scheme or of the tables of an earlier one. */
export function sayChange(before: Retention, spec: Spec): string {
  const present = `PurgeRotation changed from ${sayRetention(before, spec)} to ${sayRetention(spec, before)}`;
  if (before.scheme === spec.scheme && before.keep !== spec.keep) return present;
  // A new scheme has a retention of its own, so it is the earlier one that can be compared with the one before.
  const earlier = spec.previously.find(({ until, keep }) => rotationAt(before, until - 1).keep !== keep);
  if (!earlier) return before.scheme === spec.scheme ? 'Previously changed' : present;
  const was = rotationAt(before, earlier.until - 1);
  return `PurgeRotation of tables before ${sayInstant(earlier.until)} changed from ${sayRetention(was, earlier)} to ${sayRetention(earlier, was)}`;
}
