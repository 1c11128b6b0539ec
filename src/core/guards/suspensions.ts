import { sayInstant } from '../calendar/instant.ts';
import type { Suspendable, Suspension } from '../facts.ts';
import type { Observed } from '../observed.ts';
import type { Draft } from '../plan.ts';
import { capitalized, withoutFinalDot } from '../text.ts';
import { withoutLowering } from './lowering.ts';
import { reduceActions } from './reduce.ts';

export const suspendable: readonly Suspendable[] = ['purging', 'lowering'];

/** Whether a suspension is in force at `now`. `resume` leaves a suspension whose end is its start. */
export const isInForce = ({ since, until }: Suspension, now: number): boolean =>
  until === undefined || (since < until && now < until);

/** `Purging is suspended until 2026-11-24 09:00 UTC: bad deploy.` */
export function saySuspension({ what, until, reason }: Suspension): string {
  const title = capitalized(what);
  const end = until === undefined ? '' : ` until ${sayInstant(until)}`;
  return `${title} is suspended${end}${reason ? `: ${withoutFinalDot(reason)}` : ''}.`;
}

/** `It has been suspended since 2026-11-24 09:00 UTC by arn:aws:iam::123456789012:user/ann.` */
export const saySuspended = ({ since, by }: Suspension): string =>
  `It has been suspended since ${sayInstant(since)}${by === undefined ? '' : ` by ${by}`}.`;

/** Why something may not be done at `now`: it is suspended, or the suspensions could not be read. */
export function suspensionObjection(
  { suspensions }: Observed,
  what: Suspendable,
  now: number,
): { reason: 'suspended' | 'unreadable'; message: string } | undefined {
  if ('error' in suspensions) {
    return {
      reason: 'unreadable',
      message: `Could not read whether ${what} is suspended: ${suspensions.error}`,
    };
  }
  const suspension = suspensions.find((each) => each.what === what && isInForce(each, now));
  return suspension && { reason: 'suspended', message: saySuspension(suspension) };
}

/**
 * Whether purging was suspended after a deletion was scheduled. The scheduled deletion is then void, even if no job ran
 * during the suspension.
 */
export const suspendedAfter = ({ suspensions }: Observed, scheduledAt: number): boolean =>
  !('error' in suspensions) &&
  suspensions.some(({ what, until = Infinity }) => what === 'purging' && scheduledAt < until);

/** A draft without the changes that lower capacity, if lowering is suspended. Raises in the same actions remain. */
export function withoutDecreases(draft: Draft, observed: Observed, now: number): Draft {
  const why = suspensionObjection(observed, 'lowering', now);
  if (!why) return draft;
  return reduceActions(draft, { reason: why.reason }, (action) => withoutLowering(action, why.message));
}
