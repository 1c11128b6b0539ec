import { sayInstant } from '../calendar/instant.ts';
import type { Observed, Suspendable, Suspension } from '../observed.ts';
import type { Draft } from '../plan.ts';
import { capitalized, withoutFullStop } from '../text.ts';
import { withoutLowering } from './lowering.ts';
import { reduceActions } from './reduce.ts';

export const suspendable: readonly Suspendable[] = ['purging', 'lowering'];

/** Whether a suspension is in force at `now`. Resuming leaves one behind that ends when it starts. */
export const isInForce = ({ since, until }: Suspension, now: number): boolean =>
  until === undefined || (since < until && now < until);

/** `Purging is suspended until 2026-11-24 09:00 UTC: bad deploy.` */
export function saySuspension({ what, until, reason }: Suspension): string {
  const title = capitalized(what);
  const end = until === undefined ? '' : ` until ${sayInstant(until)}`;
  return `${title} is suspended${end}${reason ? `: ${withoutFullStop(reason)}` : ''}.`;
}

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

/** Whether purging was suspended after a deletion was scheduled. The deletion is void, even if no run came meanwhile. */
export const suspendedAfter = ({ suspensions }: Observed, scheduledAt: number): boolean =>
  !('error' in suspensions) &&
  suspensions.some(({ what, until = Infinity }) => what === 'purging' && scheduledAt < until);

/** A draft without what lowers capacity, if lowering is suspended. What the same actions raise remains. */
export function withoutDecreases(draft: Draft, observed: Observed, now: number): Draft {
  const why = suspensionObjection(observed, 'lowering', now);
  if (!why) return draft;
  return reduceActions(draft, { reason: why.reason }, (action) => withoutLowering(action, why.message));
}
