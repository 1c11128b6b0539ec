import { sayInstant } from '../calendar/instant.ts';
import type { Observed, Suspendable, Suspension } from '../observed.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import { capitalised } from '../text.ts';
import { withoutLowering } from './lowering.ts';

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

/** The draft without what lowers, where lowering is stopped. What rises along with it still does. */
export function withoutDecreases(draft: Draft, observed: Observed, now: number): Draft {
  const why = stopped(observed, 'lowering', now);
  if (!why) return draft;
  const actions: Action[] = [];
  const holds: Hold[] = [];
  for (const action of draft.actions) {
    const { left, held } = withoutLowering(action, why.message);
    if (left) actions.push(left);
    if (held === undefined) continue;
    const { job, group, table } = action;
    holds.push({ job, group, table, kind: 'lower', reason: why.reason, message: held });
  }
  return { ...draft, actions, holds: [...draft.holds, ...holds] };
}
