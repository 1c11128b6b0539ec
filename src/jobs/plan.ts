/** Plans of jobs by their names, for what knows every job. */
import type { Observed } from '../core/observed.ts';
import type { Draft, Job } from '../core/plan.ts';
import { plannerOf } from '../core/planners.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { draftBy, type MadePlan, makePlanBy, type PlanOptions } from './planning.ts';

/** The plan of the given jobs at `now`, epoch milliseconds, without suspended changes. */
export const draftOf = (jobs: readonly Job[], config: Config, observed: Observed, now: number): Draft =>
  draftBy(jobs.map(plannerOf), config, observed, now);

/** `makePlanBy` with the planners of the given jobs. @throws ServiceError */
export const makePlan = (
  jobs: readonly Job[],
  config: Config,
  ports: Ports,
  now: number,
  options?: PlanOptions,
): Promise<MadePlan> => makePlanBy(jobs.map(plannerOf), config, ports, now, options);
