import { saySuspension } from '../../core/guards/suspensions.ts';
import type { Suspendable } from '../../core/observed.ts';
import type { Plan } from '../../core/plan.ts';
import { style, visible } from './text.ts';

/** How to end a stop. */
export const sayResume = (what: Suspendable, environment: string): string =>
  `To end that: turntable resume ${what} --env ${environment}`;

/** A line for each thing that people have stopped, and how to end that. */
export const viewSuspensions = (
  suspensions: NonNullable<Plan['suspensions']>,
  environment: string,
): string[] =>
  suspensions.map(({ what, since, until, reason }) => {
    const stop = {
      what,
      since: Date.parse(since),
      until: until === undefined ? until : Date.parse(until),
      reason,
    };
    return `${style.hold('!')} ${visible(saySuspension(stop))} ${visible(sayResume(what, environment))}`;
  });
