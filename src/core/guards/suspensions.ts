import { sayInstant } from '../calendar/instant.ts';
import type { Observed, Suspendable, Suspension } from '../observed.ts';
import type { Draft } from '../plan.ts';
import { capitalised } from '../text.ts';
import { withoutLowering } from './lowering.ts';
import { reduceActions } from './reduce.ts';

export const suspendable: readonly Suspendable[] = ['purging', 'lowering'];

/** One that ends as it begins is what resuming leaves behind. */
export const stands = ({ since, until }: Suspension, now: number): boolean =>
  until === undefined || (since < until && now < until);

/** `Purging is stopped until 2026-11-24 09:00 UTC: bad deploy.` */
export function saySuspension({ what, until, reason }: Suspension): string {
  const title = capitalised(what);
  const end = until === undefined ? '' : ` until ${sayInstant(until)}`;
  return `${title} is stopped${end}${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`;
}

/** Why something may not be done at `now`, where people have stopped it, or where nobody can tell. */
export function stopped(
  { suspensions }: Observed,
  what: Suspendable,
  now: number,
): { reason: 'suspended' | 'unreadable'; message: string } | undefined {
  if ('error' in suspensions) {
    return {
      reason: 'unreadable',
      message: `Nobody can tell whether ${what} is stopped: ${suspensions.error}`,
    };
  }
  const stop = suspensions.find((each) => each.what === what && stands(each, now));
  return stop && { reason: 'suspended', message: saySuspension(stop) };
}

/** Whether purging was stopped after a sentence: it has lapsed, even if no run came while the stop stood. */
export const interrupted = ({ suspensions }: Observed, scheduledAt: number): boolean =>
  !('error' in suspensions) &&
  suspensions.some(({ what, until = Infinity }) => what === 'purging' && scheduledAt < until);

/** A draft without what lowers capacity, if lowering is suspended. What the same actions raise remains. */
export function withoutDecreases(draft: Draft, observed: Observed, now: number): Draft {
  const why = stopped(observed, 'lowering', now);
  if (!why) return draft;
  return reduceActions(draft, { reason: why.reason }, (action) => withoutLowering(action, why.message));
}
