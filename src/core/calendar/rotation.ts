import { iso } from './instant.ts';
import { type Period, type RotationScheme, shift } from './period.ts';

/** The rotation of a group at some time: its scheme, and until when the group has it. */
interface Rotation {
  readonly scheme: RotationScheme;
}

/** A rotation that a group had before its scheme changed. */
export interface Earlier extends Rotation {
  /** The first instant of the next rotation, epoch milliseconds. Both schemes begin a period then. */
  readonly until: number;
}

/** The present rotation of a group, and its earlier ones, oldest first. */
export interface Rotations<Before extends Earlier = Earlier> extends Rotation {
  readonly previously?: readonly Before[];
}

/** The rotation of a group at an instant. Each instant has exactly one. */
export const rotationAt = <Before extends Earlier, Present extends Rotations<Before>>(
  present: Present & Rotations<Before>,
  instant: number,
): Before | Present => present.previously?.find(({ until }) => instant < until) ?? present;

/** The period of a group that contains `instant`. */
export const periodOf = (rotations: Rotations, instant: number): Period =>
  shift(rotationAt(rotations, instant).scheme, instant, 0);

/** The period that is `count` periods of the group after the one that contains `instant`. A negative `count` goes back. */
export function stepped(rotations: Rotations, instant: number, count: number): Period {
  let period = periodOf(rotations, instant);
  for (let left = count; left > 0; left -= 1) period = periodOf(rotations, period.end);
  for (let left = count; left < 0; left += 1) period = periodOf(rotations, period.start - 1);
  return period;
}

/** Whether a period of the scheme begins at `instant`. */
export const begins = (scheme: RotationScheme, instant: number): boolean =>
  shift(scheme, instant, 0).start === instant;

/**
 * The first instant from `from` on at which periods of both schemes begin. undefined for `none`, whose only period has
 * no beginning.
 */
export function firstCommonStart(
  one: RotationScheme,
  other: RotationScheme,
  from: number,
): number | undefined {
  if (one === 'none' || other === 'none') return undefined;
  // Weeks and years begin together at least every 11 years, so this ends.
  let { start } = shift(one, from, from === shift(one, from, 0).start ? 0 : 1);
  while (!begins(other, start)) start = shift(one, start, 1).start;
  return start;
}

/** `2026-11-30`, or with its time if that is not midnight: the form of `Until` in a spec. */
export const sayUntil = (until: number): string =>
  iso(until).replace('T00:00:00.000Z', '').replace('.000Z', 'Z');
