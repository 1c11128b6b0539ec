import type { Suspendable } from '../../core/facts.ts';
import { saySuspended, saySuspension } from '../../core/guards/suspensions.ts';
import type { Plan } from '../../core/plan.ts';
import { style, visible } from './text.ts';

/** The command that ends a suspension. */
export const sayResume = (what: Suspendable, environment: string): string =>
  `To resume: turntable resume ${what} --env ${environment}`;

/** Formats one line per suspension, with the command that ends it. */
export const viewSuspensions = (
  suspensions: NonNullable<Plan['suspensions']>,
  environment: string,
): string[] =>
  suspensions.map(({ what, since, until, reason, by }) => {
    const suspension = {
      what,
      since: Date.parse(since),
      ...(until !== undefined && { until: Date.parse(until) }),
      ...(reason !== undefined && { reason }),
      ...(by !== undefined && { by }),
    };
    const said = `${saySuspension(suspension)} ${saySuspended(suspension)} ${sayResume(what, environment)}`;
    return `${style.hold('!')} ${visible(said)}`;
  });
