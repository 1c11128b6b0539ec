import { isFailure, Superseded } from '../core/failure.ts';
import { jobs } from '../core/jobs.ts';
import type { Action } from '../core/plan.ts';

/**
 * The failure of a change that found its table busy. Demand is looked at every minute anew, so that scale's is
 * overtaken; what rotate steps has to arrive before its period does.
 */
export function busyFailure({ job }: Action, error: unknown): unknown {
  if (!jobs[job].followsDemand || !isFailure(error, 'in-use')) return error;
  return new Superseded('It is busy with another change; the next run looks again.', { cause: error });
}
