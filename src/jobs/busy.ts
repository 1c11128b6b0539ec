import { isFailure, Superseded } from '../core/failure.ts';
import { jobs } from '../core/jobs.ts';
import type { Action } from '../core/plan.ts';
import { withoutFinalDot } from '../core/text.ts';

/**
 * The error of a change whose table was busy. A change that follows demand is superseded, because the next run decides
 * again a minute later. Other changes have to be repeated until they succeed.
 */
export function busyFailure({ job }: Action, error: unknown): unknown {
  if (!jobs[job].followsDemand || !isFailure(error, 'in-use')) return error;
  const why = withoutFinalDot(error.message);
  return new Superseded(`The table is busy with another change: ${why}. The next run decides again.`, {
    cause: error,
  });
}
